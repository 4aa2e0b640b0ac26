//! What the voice-call function costs, beside a function that does nothing.
//!
//! Times on one machine are not times in Lambda; their ratio, taken in pairs, is what can be compared. Nothing is
//! asserted here: the numbers are printed. The org and the AWS services answer from this very program: run it with
//! `--release`, or their time is what is measured.

mod report;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};

pub use report::{Report, Spread};

use crate::binaries::Binaries;
use crate::center::{self, Center};
use crate::functions::{self, VOICE_CALL};
use crate::lambda::{self, Function, Host, Invocation};
use report::Sample;

const EMPTY: &str = "empty-function";

/// The event that both functions get, as the contact flow of an inbound call sends it.
const CREATE_VOICE_CALL: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../events/voice-call/create-voice-call.json"));

/// Where Linux distributions keep their certificates in one file. Lambda's is the first, and the template names it;
/// without one, a client reads a directory of hundreds of files.
const CERTIFICATES: [&str; 3] =
    ["/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"];

/// How long a process that was ended may still need the processor.
const PAUSE: Duration = Duration::from_millis(20);

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many cold starts of each function.
    pub pairs: usize,
    /// How many warm invocations of each function.
    pub warm: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { pairs: 21, warm: 200 }
    }
}

/// Builds both functions as they are deployed, and measures them: cold starts in alternating pairs, then warm
/// invocations.
///
/// # Errors
/// When the functions cannot be built, or an invocation fails.
pub async fn run(options: Options) -> anyhow::Result<Report> {
    ensure!(
        options.pairs > 0 && options.warm > 0,
        "at least one pair and one warm invocation must be measured"
    );
    let packages: Vec<&str> = functions::ALL.iter().map(|function| function.package).chain([EMPTY]).collect();
    let binaries = Binaries::build_for_release(&packages).await?;
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
    let mut voice_call = Subject::new(center.host(), VOICE_CALL.name)?;
    let mut empty = Subject::new(&empty, EMPTY)?;

    // The first start reads the binary from disk: that is not what is compared.
    voice_call.cold().await?;
    empty.cold().await?;
    let mut report = Report::new(size(binaries.path(VOICE_CALL.package)?)?, size(binaries.path(EMPTY)?)?);
    for pair in 0..options.pairs {
        // Each goes first as often as the other.
        if pair % 2 == 0 {
            report.voice_call.cold.push(voice_call.cold().await?);
            report.empty.cold.push(empty.cold().await?);
        } else {
            report.empty.cold.push(empty.cold().await?);
            report.voice_call.cold.push(voice_call.cold().await?);
        }
    }
    for _ in 0..options.warm {
        report.voice_call.warm.push(voice_call.invoke().await?);
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
    fn new(host: &Host, name: &'a str) -> anyhow::Result<Self> {
        let event =
            serde_json::from_str(CREATE_VOICE_CALL).context("reading the event of an inbound call")?;
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
