//! What a function that contact flows invoke costs, beside a function that does nothing.
//!
//! Times on one machine are not times in Lambda; their ratio, taken in pairs, is what can be compared. Nothing is
//! asserted here: the numbers are printed. The org and the AWS services answer from this very program: run it with
//! `--release`, or their time is what is measured.

mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use serde_json::{Value, json};

pub use report::{Report, Spread};

use crate::binaries::Binaries;
use crate::center::{self, Center};
use crate::functions::{self, Deployed, SALESFORCE_REST, VOICE_CALL};
use crate::lambda::{self, Function, Host, Invocation};
use report::Sample;

const EMPTY: &str = "empty-function";

/// What can be measured, with the event that it and the empty function get.
const SUBJECTS: [(&Deployed, &str); 2] = [
    (
        &VOICE_CALL,
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/voice-call/create-voice-call.json")),
    ),
    (
        &SALESFORCE_REST,
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/salesforce-rest/look-up-case.json")),
    ),
];

/// Where Linux distributions keep their certificates in one file. Lambda's is the first, and the template names it;
/// without one, a client reads a directory of hundreds of files.
const CERTIFICATES: [&str; 3] =
    ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"];

/// How long a process that was ended may still need the processor.
const PAUSE: Duration = Duration::from_millis(20);

/// What is measured, and how much of it.
#[derive(Debug, Clone)]
pub struct Options {
    /// The function, by the name of its folder: one that contact flows invoke.
    pub function: String,
    /// How many cold starts of each function.
    pub pairs: usize,
    /// How many warm invocations of each function.
    pub warm: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { function: VOICE_CALL.package.to_owned(), pairs: 21, warm: 200 }
    }
}

/// Builds the functions as they are deployed, and measures them: cold starts in alternating pairs, then warm
/// invocations.
///
/// # Errors
/// When the functions cannot be built, or an invocation fails.
pub async fn run(options: Options) -> anyhow::Result<Report> {
    ensure!(
        options.pairs > 0 && options.warm > 0,
        "at least one pair and one warm invocation must be measured"
    );
    let Some((deployed, event)) =
        SUBJECTS.into_iter().find(|(deployed, _)| deployed.package == options.function)
    else {
        let known = SUBJECTS.map(|(deployed, _)| deployed.package).join(", ");
        bail!("there is nothing to invoke `{}` with; what can be measured is {known}", options.function);
    };
    let binaries = Binaries::build_for_release(functions::packages().chain([EMPTY])).await?;
    let certificates = CERTIFICATES.into_iter().find(|file| Path::new(file).exists());
    let environment = certificates.map(|file| ("SSL_CERT_FILE".to_owned(), file.to_owned()));
    let center = Center::start(center::Options {
        binaries: Some(binaries.clone()),
        environment: environment.into_iter().collect(),
        ..center::Options::default()
    })
    .await?;
    let empty = Function::new(EMPTY, binaries.path(EMPTY)?);
    let empty = Host::start(vec![empty], lambda::Options::default()).await?;
    let mut measured = Subject::new(center.host(), deployed.name, event)?;
    let mut empty = Subject::new(&empty, EMPTY, event)?;

    // The first start reads the binary from disk: that is not what is compared.
    measured.cold().await?;
    empty.cold().await?;
    let mut report =
        Report::new(deployed.package, size(binaries.path(deployed.package)?)?, size(binaries.path(EMPTY)?)?);
    for pair in 0..options.pairs {
        // Each goes first as often as the other.
        if pair % 2 == 0 {
            report.measured.cold.push(measured.cold().await?);
            report.empty.cold.push(empty.cold().await?);
        } else {
            report.empty.cold.push(empty.cold().await?);
            report.measured.cold.push(measured.cold().await?);
        }
    }
    for _ in 0..options.warm {
        report.measured.warm.push(measured.invoke().await?);
        report.empty.warm.push(empty.invoke().await?);
    }
    center.shutdown().await;
    Ok(report)
}

/// A function that is measured.
struct Subject<'a> {
    host: Host,
    name: &'a str,
    event: Value,
}

impl<'a> Subject<'a> {
    fn new(host: &Host, name: &'a str, event: &str) -> anyhow::Result<Self> {
        let event = serde_json::from_str(event).context("reading the sample event")?;
        Ok(Self { host: host.clone(), name, event })
    }

    async fn cold(&mut self) -> anyhow::Result<Sample> {
        self.host.recycle(self.name)?;
        tokio::time::sleep(PAUSE).await;
        let sample = self.invoke().await?;
        ensure!(sample.start.is_some(), "{} was not started anew", self.name);
        Ok(sample)
    }

    /// Every invocation is another call.
    async fn invoke(&mut self) -> anyhow::Result<Sample> {
        let contact = json!(uuid::Uuid::new_v4().to_string());
        let data = &mut self.event["Details"]["ContactData"];
        for id in ["ContactId", "InitialContactId", "PreviousContactId"] {
            data[id] = contact.clone();
        }
        let invocation = self.host.invoke(self.name, &self.event).await?;
        sample(&invocation)
    }
}

fn sample(invocation: &Invocation) -> anyhow::Result<Sample> {
    if let Err(error) = &invocation.reply {
        anyhow::bail!("{} failed, so there is nothing to measure: {error}", invocation.function);
    }
    Ok(Sample {
        start: invocation.init,
        reply: invocation.duration,
        cpu: invocation.cpu,
        memory_mb: invocation.memory_mb,
    })
}

fn size(binary: &Path) -> anyhow::Result<u64> {
    let file = binary.metadata().with_context(|| format!("looking at {}", binary.display()))?;
    Ok(file.len())
}
