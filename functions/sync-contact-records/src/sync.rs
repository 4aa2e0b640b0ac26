//! What happens when a contact record arrives.

use chrono::{DateTime, Utc};
use connect::contact_record::ContactRecord;
use lambda_kit::dead_letter::DeadLetter;
use lambda_kit::kinesis::{Outcome, Record};
use salesforce::telephony::{CallKey, InvalidCallKey};
use tokio::time::Instant;
use tracing::{error, info, warn};

use crate::App;
use crate::mapping::{Skip, voice_call_update};

/// The dead-letter reason of a record that is no contact record.
const MALFORMED: &str = "MalformedRecord";

/// A record of the stream, and the contact record in it or why there is none.
pub(crate) struct Delivery<'a> {
    pub(crate) record: &'a Record,
    pub(crate) contact: Result<ContactRecord, String>,
}

/// Why a contact record was not applied.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Salesforce(#[from] call_centers::Error),
    #[error(transparent)]
    State(#[from] lambda_kit::aws::AwsError),
    #[error(transparent)]
    ContactId(#[from] InvalidCallKey),
}

impl Failure {
    fn is_permanent(&self) -> bool {
        match self {
            Failure::Salesforce(e) => e.is_permanent(),
            Failure::State(_) => false,
            Failure::ContactId(_) => true,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Failure::Salesforce(e) => e.kind(),
            Failure::State(e) => e.kind(),
            Failure::ContactId(_) => MALFORMED,
        }
    }
}

impl App {
    /// Applies one record. It is settled when Salesforce has it, when there is nothing to do, or when it is in the
    /// dead-letter queue; otherwise it must come again.
    pub(crate) async fn apply(&self, delivery: Delivery<'_>, deadline: Instant) -> Outcome {
        let Delivery { record, contact } = delivery;
        let contact = match contact {
            Ok(contact) => contact,
            Err(problem) => return self.bury(record, MALFORMED, &problem, deadline).await,
        };
        let contact_id = contact.contact_id.as_str();
        match self.sync(&contact, deadline).await {
            Ok(Ok(())) => {
                info!(contact_id, "contact record applied");
                Outcome::Settled
            }
            Ok(Err(skip)) => {
                self.metrics.skipped(skip.name());
                info!(contact_id, reason = skip.name(), "contact record skipped");
                Outcome::Settled
            }
            Err(failure) if failure.is_permanent() => {
                self.bury(record, failure.kind(), &failure.to_string(), deadline).await
            }
            Err(failure) => {
                warn!(contact_id, error_type = failure.kind(), "contact record must come again: {failure}");
                Outcome::Retry
            }
        }
    }

    /// Looks whether a newer version is applied already, sends the update, and notes the version. If the function
    /// dies before the note, the same version is sent again: at least once, and never an older one after a newer.
    async fn sync(&self, contact: &ContactRecord, deadline: Instant) -> Result<Result<(), Skip>, Failure> {
        let update = match voice_call_update(contact) {
            Ok(update) => update,
            Err(skip) => return Ok(Err(skip)),
        };
        let contact_id = contact.contact_id.as_str();
        let version = contact.last_update_timestamp;
        if self.is_applied(contact_id, version, deadline).await? {
            return Ok(Err(Skip::AlreadyApplied));
        }
        let call = &CallKey::parse(contact_id)?;
        let secret_name = contact.attributes.non_empty("secretName");
        self.call_centers
            .telephony(secret_name, deadline, async |client| {
                client.update_voice_call(call, &update, deadline).await
            })
            .await?;
        if let Some(version) = version {
            self.state.mark_applied(contact_id, version, deadline).await?;
        }
        Ok(Ok(()))
    }

    /// A record without a version is applied whenever it comes.
    async fn is_applied(
        &self,
        contact_id: &str,
        version: Option<DateTime<Utc>>,
        deadline: Instant,
    ) -> Result<bool, Failure> {
        let Some(version) = version else { return Ok(false) };
        Ok(self.state.applied(contact_id, deadline).await?.is_some_and(|applied| applied >= version))
    }

    /// Sends what can never be applied to the dead-letter queue. Until it is there, it must come again.
    async fn bury(&self, record: &Record, code: &'static str, reason: &str, deadline: Instant) -> Outcome {
        let content = record.content();
        let letter = DeadLetter { code, message: reason, source: record.source(), record: &content };
        match self.dead_letters.send(&letter, deadline).await {
            Ok(()) => Outcome::Settled,
            Err(e) => {
                error!(
                    sequence_number = record.sequence_number(),
                    code, "record not sent to the dead-letter queue: {e}"
                );
                Outcome::Retry
            }
        }
    }
}
