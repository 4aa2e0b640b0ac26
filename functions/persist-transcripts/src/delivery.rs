//! Carries out a plan: several requests at once, until there is nothing left to do or no time.

use std::time::Duration;

use call_centers::Error;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use lambda_kit::aws::AwsError;
use lambda_kit::dead_letter::DeadLetter;
use lambda_kit::kinesis::Record;
use salesforce::telephony::{
    Accepted, CallAttributes, CallKey, MessageBatch, RealtimeEvents, UpdateVoiceCall,
};
use salesforce::{Fields, Private};
use serde_json::Map;
use tokio::time::Instant;
use tracing::{error, info, warn};

use crate::App;
use crate::plan::{Call, Fault, Outcome, Plan, Work, of_look_up};

/// Signals are not sent with less time than this: nobody would learn what became of them.
const LEAST_TIME_FOR_SIGNALS: Duration = Duration::from_secs(2);

/// A batch under way.
pub(crate) struct Delivery<'a> {
    pub(crate) app: &'a App,
    pub(crate) records: &'a [Record],
    /// Nothing is asked of Salesforce or Connect after this.
    pub(crate) until: Instant,
    /// The end of the invocation.
    pub(crate) deadline: Instant,
}

impl Delivery<'_> {
    /// Carries out the plan as far as it goes.
    pub(crate) async fn run(&self, plan: &mut Plan) {
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < self.app.config.requests_at_once.get()
                && let Some(work) = plan.next()
            {
                running.push(self.perform(work));
            }
            match running.next().await {
                Some((work, outcome)) => plan.finish(work, outcome),
                None => return,
            }
        }
    }

    async fn perform(&self, work: Work) -> (Work, Outcome) {
        let outcome = match &work {
            Work::Bury { records, fault, .. } => self.bury_all(records, fault).await,
            _ if Instant::now() >= self.until => Outcome::Later,
            Work::Messages { center, batch, .. } => self.send(center.as_deref(), batch).await,
            Work::Signals { call, events, .. } => self.signal(call, events).await,
            Work::Summary { contact, center, text, .. } => {
                self.summarize(center.as_deref(), contact, text).await
            }
            Work::LookUp { instance, contact, .. } => self.look_up(instance, contact).await,
        };
        (work, outcome)
    }

    async fn send(&self, center: Option<&str>, batch: &MessageBatch) -> Outcome {
        if self.app.pace.take(batch.len(), self.until).await.is_err() {
            return Outcome::Later;
        }
        let sent = self
            .app
            .clients
            .call_centers
            .telephony(center, self.until, async |client| client.send_messages(batch, self.until).await);
        sent.await.map_or_else(|e| failed("messages", &e), |_| Outcome::Done)
    }

    async fn signal(&self, call: &Call, events: &RealtimeEvents) -> Outcome {
        if self.until.saturating_duration_since(Instant::now()) < LEAST_TIME_FOR_SIGNALS {
            return Outcome::Later;
        }
        let sent =
            self.app.clients.call_centers.telephony(call.center.as_deref(), self.until, async |client| {
                client.send_realtime_events(&call.conversation, events, self.until).await
            });
        match sent.await {
            Ok(Accepted { .. }) => Outcome::Done,
            // Salesforce has said yes.
            Err(Error::Salesforce(salesforce::Error::UnreadableReply { .. })) => Outcome::Done,
            Err(e) if is_in_the_dark(&e) => Outcome::Refused(Fault::unknown_outcome(&e)),
            Err(e) => failed("signals", &e),
        }
    }

    /// Writes the summary into a field of the contact's own VoiceCall. The call is said to be active: else the update
    /// would end it, and set to 0 what the contact record says of holds.
    async fn summarize(&self, center: Option<&str>, contact: &CallKey, text: &Private) -> Outcome {
        let Some(field) = &self.app.config.summary_field else { return Outcome::Done };
        let fields = Map::from_iter([(field.as_str().to_owned(), text.as_str().into())]);
        let update = UpdateVoiceCall {
            call_attributes: Some(CallAttributes(Fields(fields))),
            is_active_call: Some(true),
            ..UpdateVoiceCall::default()
        };
        let sent = self.app.clients.call_centers.telephony(center, self.until, async |client| {
            client.update_voice_call(contact, &update, self.until).await
        });
        match sent.await {
            Ok(_) => Outcome::Done,
            Err(e) => match failed("summary", &e) {
                Outcome::Refused(fault) => Outcome::Refused(fault.of_what_was_sent()),
                other => other,
            },
        }
    }

    /// Connect's answer is noted, so that nobody asks again.
    async fn look_up(&self, instance: &str, contact: &CallKey) -> Outcome {
        let described = self.app.clients.contacts.describe(instance, contact.as_str(), self.until).await;
        let first = match described {
            Ok(described) => described.initial_contact_id.unwrap_or_else(|| contact.as_str().to_owned()),
            Err(e) => {
                warn!(contact_id = %contact, error_type = e.kind(), "the first contact is not known: {e}");
                return of_look_up(&e);
            }
        };
        info!(contact_id = %contact, first_contact_id = first, "Connect was asked for the first contact");
        let noted = self.app.clients.state.note_first_contact(contact.as_str(), &first, self.until).await;
        if let Err(e) = noted {
            warn!(contact_id = %contact, error_type = e.kind(), "the first contact is not noted: {e}");
        }
        Outcome::FirstContact(CallKey::parse(&first).ok())
    }

    async fn bury_all(&self, records: &[usize], fault: &Fault) -> Outcome {
        for record in records {
            if self.bury(*record, fault.code, &fault.reason).await.is_err() {
                return Outcome::Later;
            }
        }
        Outcome::Done
    }

    /// Sends a record (by its position) to the dead-letter queue. Until it is there, it must come again.
    pub(crate) async fn bury(&self, record: usize, code: &'static str, reason: &str) -> Result<(), AwsError> {
        let record = &self.records[record];
        let content = record.content();
        let letter = DeadLetter { code, message: reason, source: record.source(), record: &content };
        let sent = self.app.clients.dead_letters.send(&letter, self.deadline).await;
        sent.inspect_err(|e| {
            error!(
                sequence_number = record.sequence_number(),
                code, "record not sent to the dead-letter queue: {e}"
            );
        })
    }
}

fn failed(what: &'static str, error: &Error) -> Outcome {
    if error.is_permanent() {
        return Outcome::Refused(Fault::of(error));
    }
    warn!(error_type = error.kind(), what, "not delivered, to come again: {error}");
    Outcome::Later
}

/// Whether a request that must not be repeated may have been executed: there was no answer. An answer that says that
/// Salesforce is in trouble is taken at its word.
fn is_in_the_dark(error: &Error) -> bool {
    use salesforce::Error::{OutOfTime, Unavailable};
    use salesforce::Outcome::Unknown;
    matches!(error, Error::Salesforce(OutOfTime { .. } | Unavailable { status: None, outcome: Unknown, .. }))
}
