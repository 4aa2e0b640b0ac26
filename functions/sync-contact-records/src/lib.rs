#![doc = include_str!("../README.md")]

mod config;
mod mapping;
mod sync;

use call_centers::CallCenters;
use connect::Malformed;
use connect::contact_record::ContactRecord;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::kinesis::{BatchReply, KinesisEvent, Record, in_lanes};
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use lambda_runtime::Diagnostic;
use serde_json::Value;
use tokio::time::Instant;
use tracing::info;

pub use config::Config;
pub use mapping::{Skip, voice_call_update};

use sync::Delivery;

/// The function, with its clients.
pub struct App {
    config: Config,
    call_centers: CallCenters,
    state: StateTable,
    dead_letters: DeadLetterQueue,
    metrics: Metrics,
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
    pub fn new(
        config: Config,
        call_centers: CallCenters,
        state: StateTable,
        dead_letters: DeadLetterQueue,
        metrics: Metrics,
    ) -> Self {
        Self { config, call_centers, state, dead_letters, metrics }
    }

    /// Applies a batch of contact records: different contacts at once, one contact in order. The reply names the
    /// first record that must come again, if any; everything before it is applied, skipped or dead-lettered.
    ///
    /// # Errors
    /// [`NotABatch`], when there are no records to speak of.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<BatchReply, NotABatch> {
        let started = Instant::now();
        let records = connect::from_value::<KinesisEvent>(event)?.records;
        let deliveries = records.iter().map(read).collect();
        let apply = |delivery| self.apply(delivery, deadline);
        let redeliver = in_lanes(deliveries, self.config.concurrency, deadline, apply).await;
        let outcome = if redeliver.is_some() { "redeliver" } else { "ok" };
        self.metrics.invocation("batch", outcome, started.elapsed());
        info!(records = records.len(), redeliver_from = redeliver, "batch done");
        Ok(BatchReply::redeliver_from(&records, redeliver))
    }
}

/// A record with its lane: the contact, so that one contact's versions stay in order. What has no contact is a lane
/// of its own.
fn read(record: &Record) -> (String, Delivery<'_>) {
    let contact = record
        .data()
        .map_err(|e| e.to_string())
        .and_then(|json| connect::from_slice::<ContactRecord>(&json).map_err(|e| e.to_string()));
    let lane = match &contact {
        Ok(contact) => contact.contact_id.as_str().to_owned(),
        Err(_) => record.sequence_number().to_owned(),
    };
    (lane, Delivery { record, contact })
}

#[cfg(test)]
mod tests;
