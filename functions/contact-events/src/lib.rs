#![doc = include_str!("../README.md")]

mod error;
mod mapping;

use call_centers::CallCenters;
use connect::ContactId;
use connect::contact_event::{ContactEvent, DETAIL_TYPE};
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use salesforce::telephony::{Accepted, CallKey, Telephony};
use serde_json::Value;
use tokio::time::Instant;
use tracing::{error, info};

pub use error::HandlerError;
pub use mapping::{Decision, decide};

/// The function, with its clients.
pub struct App {
    call_centers: CallCenters,
    state: StateTable,
    dead_letters: DeadLetterQueue,
    metrics: Metrics,
}

impl App {
    /// An app over these clients. No I/O.
    pub fn new(
        call_centers: CallCenters,
        state: StateTable,
        dead_letters: DeadLetterQueue,
        metrics: Metrics,
    ) -> Self {
        Self { call_centers, state, dead_letters, metrics }
    }

    /// Handles one event. What can never succeed goes to the dead-letter queue and is done with.
    ///
    /// # Errors
    /// What may succeed later: Lambda invokes again, and in the end sends the event to the failure destination.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<(), HandlerError> {
        let started = Instant::now();
        // A rule may let other events of Amazon Connect through, and those look different altogether.
        let is_contact_event = event.get("detail-type").is_some_and(|kind| kind == DETAIL_TYPE);
        let (method, result) = match connect::from_value::<ContactEvent>(event.clone()) {
            _ if !is_contact_event => self.skip("not_a_contact_event"),
            Ok(event) => self.react(&event, deadline).await,
            Err(malformed) => ("none", Err(malformed.into())),
        };
        let result = match result {
            Err(e) if e.is_permanent() => {
                let sent = self.dead_letters.send_event(&event, "id", e.kind(), &e, deadline);
                sent.await.map(|()| "dead_letter").map_err(HandlerError::from)
            }
            other => other,
        };
        let outcome = result.as_ref().map_or_else(HandlerError::kind, |outcome| *outcome);
        self.metrics.invocation(method, outcome, started.elapsed());
        match result {
            Ok(_) => Ok(()),
            Err(e) => {
                error!(error_type = e.kind(), method, "the event must come again: {e}");
                Err(e)
            }
        }
    }

    /// What the event asked for, and what came of it, both as metrics dimensions.
    async fn react(
        &self,
        event: &ContactEvent,
        deadline: Instant,
    ) -> (&'static str, Result<&'static str, HandlerError>) {
        match decide(event) {
            Decision::ClearRouting(contact) => {
                let clear =
                    async |client: &Telephony, call: &CallKey| client.clear_routing(call, deadline).await;
                ("clearRouting", self.tell_salesforce(contact, deadline, clear).await)
            }
            Decision::Reroute(contact) => {
                let reroute = async |client: &Telephony, call: &CallKey| client.reroute(call, deadline).await;
                ("reroute", self.tell_salesforce(contact, deadline, reroute).await)
            }
            Decision::NoteFirstContact { contact, first } => {
                ("noteFirstContact", self.note_first_contact(contact, first, deadline).await)
            }
            Decision::Nothing(reason) => self.skip(reason),
        }
    }

    fn skip(&self, reason: &'static str) -> (&'static str, Result<&'static str, HandlerError>) {
        self.metrics.skipped(reason);
        ("none", Ok("skipped"))
    }

    async fn note_first_contact(
        &self,
        contact: &ContactId,
        first: &ContactId,
        deadline: Instant,
    ) -> Result<&'static str, HandlerError> {
        self.state.note_first_contact(contact.as_str(), first.as_str(), deadline).await?;
        info!(contact_id = %contact, first_contact_id = %first, "done");
        Ok("ok")
    }

    async fn tell_salesforce(
        &self,
        contact: &ContactId,
        deadline: Instant,
        operation: impl AsyncFn(&Telephony, &CallKey) -> Result<Accepted, salesforce::Error>,
    ) -> Result<&'static str, HandlerError> {
        let call = &CallKey::parse(contact.as_str())?;
        let secret_name = self.state.call_center_of(contact.as_str(), deadline).await?;
        let told = self
            .call_centers
            .telephony(secret_name.as_deref(), deadline, async |client| operation(client, call).await);
        match told.await {
            Ok(_) => {
                info!(contact_id = %contact, "done");
                Ok("ok")
            }
            // A flow without Salesforce has abandoned calls, too: there is no VoiceCall, so there is no routing.
            Err(e) if e.status() == Some(404) => {
                info!(contact_id = %contact, "no VoiceCall for this contact: nothing to do");
                Ok("no_voice_call")
            }
            Err(e) => Err(e.into()),
        }
    }
}

#[cfg(test)]
mod tests;
