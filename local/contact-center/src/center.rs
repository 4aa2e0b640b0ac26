//! The whole contact center: a Salesforce org, the AWS services, the functions, and what invokes them.

mod faults;
mod line;
mod playing;
mod preparing;
mod secret;
mod streaming;
mod watch;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use local_aws::LocalAws;
use salesforce_org::{FlowTarget, Org};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::binaries::Binaries;
use crate::functions::{
    self, ANALYSIS_FILE_RECEIVES, ANALYSIS_FILES, CONTACT_EVENTS, CONTACT_LENS, CONTACT_RECORDS,
    PERSIST_TRANSCRIPTS, POST_CALL_ANALYSIS, Resources, SYNC_CONTACT_RECORDS,
};
use crate::lambda::{self, Destination, Host};
use crate::script::{BUCKET, Instance, PREFIX, SalesforceFault, Target};
use crate::sources::{EventBridge, KinesisSource, Redrive, S3Source, SqsSource};
pub(crate) use line::Line;
pub use playing::Outcome;
use secret::{Keys, SECRET_NAME};
use streaming::Streaming;
use watch::Watch;

/// How many calls are played at the same time at most.
const CALLS: u32 = 1000;
const STATE_TABLE: &str = "CallState";
const DEAD_LETTERS: &str = "callbridge-dead-letters";
/// What every script can rely on: the queues, the agents, and an Omni flow that sends calls to the first queue.
const QUEUES: [&str; 2] = ["Service", "Billing"];
const AGENTS: [&str; 2] = ["agent-1", "agent-2"];
const OMNI_FLOW: &str = "Service_Routing";
/// What the org has beyond the standard objects, as an administrator would have added it.
const CUSTOM_OBJECTS: [&str; 2] = [include_str!("../org/Case.yaml"), include_str!("../org/Reminder__c.yaml")];

/// How a contact center is started. `Options::default()` suits most tests: what fails is repeated at once.
#[derive(Debug, Clone)]
pub struct Options {
    /// The function binaries; built first, if none are given.
    pub binaries: Option<Binaries>,
    /// How the org is set up.
    pub org: salesforce_org::Settings,
    /// The port of Lambda's Invoke API; 0 takes any free one.
    pub invoke_port: u16,
    /// Variables that every function has beside those of the template, or instead of them.
    pub environment: Vec<(String, String)>,
    /// How long the contact-record stream waits before it repeats an invocation that failed.
    pub stream_retry_delay: Duration,
    /// How long a failed contact event waits before its first and its second repetition.
    pub event_retry_delays: [Duration; 2],
    /// How long an analysis file that comes too early, or fails, waits before it comes again.
    pub queue_retry_delay: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            binaries: None,
            org: salesforce_org::Settings::default(),
            invoke_port: 0,
            environment: Vec::new(),
            stream_retry_delay: Duration::from_millis(100),
            event_retry_delays: [Duration::from_millis(50); 2],
            // The function waits ten times, and within that the rest of a call has to be played.
            queue_retry_delay: Duration::from_secs(2),
        }
    }
}

/// A running contact center. Everything in it ends with it.
#[derive(Debug)]
pub struct Center {
    org: Org,
    aws: LocalAws,
    host: Host,
    contact_records: KinesisSource,
    contact_events: EventBridge,
    contact_lens: KinesisSource,
    analysis_files: S3Source,
    instance: Instance,
    keys: tokio::sync::Mutex<Keys>,
    dead_letters_url: String,
    retry_pauses: Duration,
    watch: Arc<Watch>,
    faults: Mutex<Vec<SalesforceFault>>,
    /// What is streamed of the calls that are being played.
    streaming: Mutex<Vec<Streaming>>,
    known: Mutex<BTreeSet<Target>>,
    /// What scripts have left in the org: sObject and id.
    left: Mutex<Vec<(String, String)>>,
    /// Calls are played side by side, but for those that change or count something for the whole center.
    playing: Semaphore,
}

impl Center {
    /// Builds the functions if they are not given, and starts everything. No function is invoked yet: the first
    /// invocation of each is cold.
    ///
    /// # Errors
    /// When the functions cannot be built, or a port cannot be had.
    pub async fn start(options: Options) -> anyhow::Result<Self> {
        let binaries = match options.binaries {
            Some(binaries) => binaries,
            None => Binaries::build().await?,
        };
        let mut settings = options.org;
        for object in CUSTOM_OBJECTS {
            settings.objects.push(object.parse()?);
        }
        let (org, aws, keys) = tokio::try_join!(Org::start(settings), LocalAws::start(), Keys::generate())?;
        let instance = Instance;
        org.add_flow(OMNI_FLOW, FlowTarget::Queue(QUEUES[0].to_owned()));
        keys.register(&org)?;
        aws.put_secret(SECRET_NAME, &keys.secret(&org));
        aws.create_table(STATE_TABLE);
        let dead_letters_url = aws.create_queue(DEAD_LETTERS);

        let resources = Resources {
            aws_url: aws.url().to_owned(),
            secret_name: SECRET_NAME,
            state_table: STATE_TABLE,
            dead_letters_url: dead_letters_url.clone(),
            analysis_bucket: BUCKET,
            analysis_prefix: PREFIX.trim_end_matches('/'),
            more: options.environment,
        };
        // As in the template, one queue takes what functions and what Lambda itself give up.
        let on_failure = Destination::new({
            let (aws, url) = (aws.clone(), dead_letters_url.clone());
            move |record| aws.send_message(&url, &record.to_string(), &[])
        });
        let functions = functions::all(&binaries, &resources, &on_failure)?;
        let host_options = lambda::Options {
            invoke_port: options.invoke_port,
            region: instance.region().to_owned(),
            account: instance.account_id().to_owned(),
            retry_delays: options.event_retry_delays,
            ..lambda::Options::default()
        };
        let host = Host::start(functions, host_options).await?;
        let watch = Arc::new(Watch::default());
        host.observe({
            let watch = Arc::clone(&watch);
            move |invocation| watch.see(invocation)
        });
        let delay = options.stream_retry_delay;
        let stream = |function, name, mapping| -> anyhow::Result<_> {
            Ok(KinesisSource::new(host.clone(), function, name, mapping)?.kept_in(&aws))
        };
        let records_mapping = functions::contact_records_mapping(delay, on_failure.clone());
        let lens_mapping = functions::contact_lens_mapping(delay, on_failure);
        let redrive = Redrive {
            visibility_timeout: options.queue_retry_delay,
            max_receives: ANALYSIS_FILE_RECEIVES,
            dead_letters: Destination::new({
                let (aws, url) = (aws.clone(), dead_letters_url.clone());
                let arn = host.site().arn("sqs", ANALYSIS_FILES);
                move |body| aws.redrive(&url, &body.to_string(), &arn)
            }),
        };
        let queue = SqsSource::new(host.clone(), POST_CALL_ANALYSIS.name, ANALYSIS_FILES, redrive)?;
        let center = Self {
            contact_records: stream(SYNC_CONTACT_RECORDS.name, CONTACT_RECORDS, records_mapping)?,
            contact_events: EventBridge::new(host.clone(), CONTACT_EVENTS.name),
            contact_lens: stream(PERSIST_TRANSCRIPTS.name, CONTACT_LENS, lens_mapping)?,
            analysis_files: S3Source::new(aws.clone(), BUCKET, EventBridge::into_queue(queue)),
            org,
            aws,
            host,
            instance,
            keys: keys.into(),
            dead_letters_url,
            retry_pauses: options.stream_retry_delay
                + options.event_retry_delays.iter().sum::<Duration>()
                + options.queue_retry_delay,
            watch,
            faults: Mutex::default(),
            streaming: Mutex::default(),
            known: Mutex::default(),
            left: Mutex::default(),
            playing: Semaphore::new(CALLS as usize),
        };
        center.make_known(QUEUES.map(|name| Target::Queue(name.to_owned())))?;
        center.make_known(AGENTS.map(|name| Target::Agent(name.to_owned())))?;
        Ok(center)
    }

    /// The Salesforce org.
    pub fn org(&self) -> &Org {
        &self.org
    }

    /// The AWS services.
    pub fn aws(&self) -> &LocalAws {
        &self.aws
    }

    /// The host of the functions.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// The Amazon Connect instance, for the ARNs of queues and agents.
    pub fn instance(&self) -> Instance {
        self.instance
    }

    /// Everything that was given up and lies in the dead-letter queue: dead letters of functions, and Lambda's records of
    /// invocations and batches that failed for good.
    pub fn dead_letters(&self) -> Vec<String> {
        self.aws.messages(&self.dead_letters_url)
    }

    /// The URL of the dead-letter queue.
    pub fn dead_letters_url(&self) -> &str {
        &self.dead_letters_url
    }

    /// Ends the functions' processes and the org. What was not delivered is lost.
    pub async fn shutdown(&self) {
        self.host.shutdown().await;
        self.org.shutdown().await;
    }

    /// The stream of contact records.
    pub fn contact_records(&self) -> &KinesisSource {
        &self.contact_records
    }

    /// The bus of contact events.
    pub fn contact_events(&self) -> &EventBridge {
        &self.contact_events
    }

    /// Contact Lens's real-time stream.
    pub fn contact_lens(&self) -> &KinesisSource {
        &self.contact_lens
    }

    /// The instance's bucket, as far as Contact Lens writes files to it.
    pub fn analysis_files(&self) -> &S3Source {
        &self.analysis_files
    }

    /// Puts a contact record on the stream.
    pub(crate) fn put_contact_record(&self, contact_id: &str, record: &Value) {
        self.contact_records.put(contact_id, record.to_string());
    }

    /// Sends a contact event to EventBridge, whose rule lets some through.
    pub(crate) fn publish_contact_event(&self, event: &Value) -> anyhow::Result<()> {
        if functions::rule_lets_through(event) {
            self.contact_events.deliver(event)?;
        }
        Ok(())
    }

    /// Tells the org of queues and agents that it does not know yet.
    pub(crate) fn make_known(&self, targets: impl IntoIterator<Item = Target>) -> anyhow::Result<()> {
        for target in targets {
            if !lock(&self.known).insert(target.clone()) {
                continue;
            }
            match &target {
                Target::Queue(name) => self.org.add_queue(name, &self.instance.queue_arn(name))?,
                Target::Agent(name) => self.org.add_agent(name, &self.instance.agent_arn(name))?,
            };
        }
        Ok(())
    }

    /// The queues and agents that there are.
    pub(crate) fn targets(&self) -> Vec<Target> {
        lock(&self.known).iter().cloned().collect()
    }
}

/// What is behind these locks is sound even after a panic elsewhere.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
