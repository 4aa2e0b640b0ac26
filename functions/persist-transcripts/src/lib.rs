#![doc = include_str!("../README.md")]

mod batch;
mod config;
mod delivery;
mod ledger;
mod mapping;
mod pace;
mod plan;

use std::time::Duration;

use call_centers::CallCenters;
use chrono::{DateTime, Utc};
use connect::Malformed;
use futures_util::{StreamExt, stream};
use lambda_kit::contacts::Contacts;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::kinesis::{BatchReply, KinesisEvent, Record};
use lambda_kit::metrics::Metrics;
use lambda_kit::state::{Delivered, StateTable};
use lambda_runtime::Diagnostic;
use serde_json::Value;
use tokio::time::Instant;
use tracing::{error, info, warn};

pub use config::{Config, TranscriptSource};

use batch::Batch;
use delivery::Delivery;
use pace::Pace;
use plan::{Lane, Plan};

/// What is left of an invocation when nothing more is sent: the marks have to be written, and the last dead letters.
const TIME_TO_NOTE: Duration = Duration::from_secs(3);

/// How many marks are written at once.
const MARKS_AT_ONCE: usize = 16;

/// The dead-letter reason of a record that is no event of the stream.
const MALFORMED: &str = "MalformedRecord";

/// The function, with its clients.
pub struct App {
    config: Config,
    clients: Clients,
    pace: Pace,
    metrics: Metrics,
}

/// Whom the function talks to.
pub struct Clients {
    /// Salesforce.
    pub call_centers: CallCenters,
    /// What is known of contacts.
    pub state: StateTable,
    /// Amazon Connect.
    pub contacts: Contacts,
    /// Where records go that can never be delivered.
    pub dead_letters: DeadLetterQueue,
}

/// The invocation as a whole is not a batch of records. Lambda retries it, splits it, and in the end sends it to the
/// failure destination of the event source.
#[derive(Debug, thiserror::Error)]
#[error("the event is not a batch of a Kinesis stream: {0}")]
pub struct NotABatch(#[from] Malformed);

impl From<NotABatch> for Diagnostic {
    fn from(error: NotABatch) -> Self {
        Diagnostic { error_type: "InvalidEvent".to_owned(), error_message: error.to_string() }
    }
}

impl App {
    /// An app over these clients. No I/O.
    pub fn new(config: Config, clients: Clients, metrics: Metrics) -> Self {
        let pace = Pace::new(config.messages_per_second);
        Self { config, clients, pace, metrics }
    }

    /// Delivers a batch. The reply names the first record that must come again, if any; everything before it is
    /// delivered, skipped or in the dead-letter queue. Of what follows it, what was delivered is marked, and skipped when
    /// it comes again.
    ///
    /// # Errors
    /// [`NotABatch`], when there are no records to speak of.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<BatchReply, NotABatch> {
        let started = Instant::now();
        let KinesisEvent { records, replay } = connect::from_value(event)?;
        let redeliver = self.deliver(&records, replay, deadline).await;
        let outcome = if redeliver.is_some() { "redeliver" } else { "ok" };
        self.metrics.invocation("batch", outcome, started.elapsed());
        info!(records = records.len(), redeliver_from = redeliver, replay, "batch done");
        Ok(BatchReply::redeliver_from(&records, redeliver))
    }

    /// The first record that must come again.
    async fn deliver(&self, records: &[Record], replay: bool, deadline: Instant) -> Option<usize> {
        let mut batch = Batch::read(records, Utc::now());
        let contacts: Vec<&str> = batch.contacts.iter().map(|contact| contact.id.as_str()).collect();
        let states = match contacts.as_slice() {
            [] => Ok(Default::default()),
            contacts => self.clients.state.transcripts(contacts, deadline).await,
        };
        let mut states = match states {
            Ok(states) => states,
            Err(e) => {
                // Without the marks nobody knows what was delivered before.
                error!(error_type = e.kind(), "the whole batch must come again: {e}");
                return Some(0);
            }
        };
        let until = deadline.checked_sub(TIME_TO_NOTE).unwrap_or(deadline);
        let delivery = Delivery { app: self, records, until, deadline };
        let (mut plan, audio_starts) = batch.plan(records, &mut states, replay, &self.config);
        delivery.run(&mut plan).await;
        if !replay {
            self.mark(&plan, &audio_starts, records, deadline).await;
        }
        self.tell_of(&batch);
        let mut redeliver = plan.ledger().first_unsettled();
        // What is behind a record that comes again comes again, too.
        for (index, problem) in &batch.malformed {
            if redeliver.is_some_and(|first| first < *index) {
                break;
            }
            if delivery.bury(*index, MALFORMED, problem).await.is_err() {
                redeliver = Some(*index);
            }
        }
        redeliver
    }

    /// Notes how far each contact is delivered. What is delivered and not noted is sent again only if Lambda delivers it
    /// again; so a failure is no reason to have it delivered again.
    async fn mark(
        &self,
        plan: &Plan,
        audio_starts: &[Option<DateTime<Utc>>],
        records: &[Record],
        deadline: Instant,
    ) {
        let mark = async |(lane, audio_start): (&Lane, &Option<DateTime<Utc>>)| {
            let Some((record, segments)) = plan.ledger().progress(&lane.records) else { return };
            let payload = &records[record].kinesis;
            let delivered = Delivered {
                partition_key: payload.partition_key.clone(),
                sequence: payload.sequence_number.clone(),
                segments,
            };
            let audio_start = audio_start.unwrap_or_else(Utc::now);
            let marked = self
                .clients
                .state
                .mark_delivered(lane.contact.as_str(), &delivered, audio_start, deadline)
                .await;
            if let Err(e) = marked {
                warn!(contact_id = %lane.contact, error_type = e.kind(), "delivered, but not noted: {e}");
            }
        };
        let lanes = plan.lanes().iter().zip(audio_starts).filter(|(lane, _)| lane.is_to_be_noted());
        stream::iter(lanes).map(mark).buffer_unordered(MARKS_AT_ONCE).collect::<()>().await;
    }

    /// Counts and logs what nothing is done about.
    fn tell_of(&self, batch: &Batch) {
        batch.skipped.iter().for_each(|reason| self.metrics.skipped(reason));
        for contact in &batch.failed {
            warn!(contact_id = %contact, "Contact Lens could not analyze this call to its end");
        }
    }
}

#[cfg(test)]
mod tests;
