#![doc = include_str!("../README.md")]

mod config;
mod error;
mod event;
mod mapping;
mod patience;
mod queue;

use analysis_files::{AnalysisFiles, AnalysisKey};
use call_centers::CallCenters;
use connect::ContactId;
use connect::analysis::Analysis;
use event::{DETAIL_TYPE, Detail, ObjectCreated};
use lambda_kit::contacts::Contacts;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::metrics::Metrics;
use lambda_kit::state::{Marked, StateTable};
use patience::patiently;
use salesforce::telephony::{CallKey, PostCallEvents, SignalService, Telephony};
use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::{info, warn};

pub use config::{Config, Version};
pub use error::HandlerError;
pub use mapping::{CallTimes, Signal, signals};

/// The analysis of a call of four hours has two to three megabytes. In bytes; the function has memory for it several
/// times.
const LARGEST_FILE: usize = 24 * 1024 * 1024;

/// The function, with its clients.
pub struct App {
    config: Config,
    clients: Clients,
    metrics: Metrics,
}

/// Whom the function talks to.
pub struct Clients {
    /// Salesforce.
    pub call_centers: CallCenters,
    /// Connect: when the call was, and which conversation it belongs to.
    pub contacts: Contacts,
    /// S3.
    pub files: AnalysisFiles,
    /// How far the signals of a file are sent, and which call center serves the contact.
    pub state: StateTable,
    /// For what can never be sent.
    pub dead_letters: DeadLetterQueue,
}

/// The signals of a call, and where they go.
struct Call {
    contact: ContactId,
    /// The first contact of the conversation: Salesforce takes signals under no other.
    conversation: ContactId,
    times: CallTimes,
    signals: Vec<Signal>,
}

impl App {
    /// An app over these clients. No I/O.
    pub fn new(config: Config, clients: Clients, metrics: Metrics) -> Self {
        Self { config, clients, metrics }
    }

    /// Handles what it is invoked with: messages of the queue, or an event by itself, as from somebody who sends a dead letter
    /// again. The reply names the messages that must come again; for an event it is null.
    ///
    /// # Errors
    /// The event may succeed later: Lambda invokes again, and in the end sends it to the failure destination.
    pub async fn handle(&self, input: Value, deadline: Instant) -> Result<Value, HandlerError> {
        let Some(messages) = queue::messages(&input) else {
            return self.settle(&input, false, deadline).await.map(|()| Value::Null);
        };
        let mut again = Vec::new();
        for message in messages.map_err(HandlerError::Event)? {
            if self.settle(&message.event(), message.is_last_try(), deadline).await.is_err() {
                again.push(json!({ "itemIdentifier": message.message_id }));
            }
        }
        Ok(json!({ "batchItemFailures": again }))
    }

    /// Handles one event. What can never succeed goes to the dead-letter queue and is done with, and so does what fails in its
    /// last try.
    async fn settle(&self, event: &Value, is_last_try: bool, deadline: Instant) -> Result<(), HandlerError> {
        let started = Instant::now();
        let result = match self.react(event, deadline).await {
            Err(e) if is_last_try || e.is_permanent() => {
                let sent = self.clients.dead_letters.send_event(event, "id", e.kind(), &e, deadline);
                sent.await.map(|()| "dead_letter").map_err(HandlerError::from)
            }
            other => other,
        };
        let outcome = result.as_ref().map_or_else(HandlerError::kind, |outcome| *outcome);
        self.metrics.invocation("analysis", outcome, started.elapsed());
        match result {
            Ok(_) => Ok(()),
            Err(e) => {
                // No error yet: of a transferred call, every leg's but the last one's comes too early.
                warn!(error_type = e.kind(), "the event must come again: {e}");
                Err(e)
            }
        }
    }

    /// What came of the event, as a metrics dimension.
    async fn react(&self, event: &Value, deadline: Instant) -> Result<&'static str, HandlerError> {
        if event.get("detail-type").is_none_or(|kind| kind != DETAIL_TYPE) {
            return Ok(self.skip("not_object_created"));
        }
        let ObjectCreated { detail } = connect::from_value(event.clone()).map_err(HandlerError::Event)?;
        let Some(key) = AnalysisKey::parse(&detail.object.key) else {
            return Ok(self.skip("not_an_analysis"));
        };
        if let Some(reason) = self.config.declines(&key) {
            return Ok(self.skip(reason));
        }
        match self.call(&detail, &key, deadline).await? {
            Some(call) => self.send(&call, &detail.identity(), deadline).await,
            None => Ok(self.skip("no_signals")),
        }
    }

    fn skip(&self, reason: &'static str) -> &'static str {
        self.metrics.skipped(reason);
        "skipped"
    }

    /// What a file says of a call; `None` if that is nothing.
    async fn call(
        &self,
        detail: &Detail,
        key: &AnalysisKey<'_>,
        deadline: Instant,
    ) -> Result<Option<Call>, HandlerError> {
        let Clients { files, contacts, .. } = &self.clients;
        let (signals, duration, about) = {
            let file = files.read(&detail.bucket.name, &detail.object.key, LARGEST_FILE, deadline).await?;
            let analysis = Analysis::read(&file).map_err(HandlerError::Analysis)?;
            let signals = signals(&analysis, self.config.overall_scores);
            (signals, analysis.duration_millis(), analysis.customer_metadata)
        };
        if signals.is_empty() {
            return Ok(None);
        }
        let contact = about.contact_id.unwrap_or_else(|| key.contact_id.clone());
        let instance = about.instance_id.or_else(|| self.config.instance_id.clone());
        let instance = instance.ok_or(HandlerError::NoInstance)?;
        let described = patiently(deadline, async || {
            contacts.describe(&instance, contact.as_str(), deadline).await.map_err(HandlerError::Contact)
        });
        let described = described.await?;
        let times = CallTimes::of(&described, key, duration).ok_or(HandlerError::NoTime)?;
        let first = described.initial_contact_id.as_deref().and_then(|id| ContactId::parse(id).ok());
        let conversation = first.unwrap_or_else(|| contact.clone());
        Ok(Some(Call { contact, conversation, times, signals }))
    }

    /// Sends the signals batch by batch, from the first one on that was not sent when the file came before.
    async fn send(&self, call: &Call, file: &str, deadline: Instant) -> Result<&'static str, HandlerError> {
        let Clients { call_centers, state, .. } = &self.clients;
        let conversation = CallKey::parse(call.conversation.as_str())?;
        let secret_name = self.call_center_of(call, deadline).await?;
        let batches: Vec<&[Signal]> = call.signals.chunks(PostCallEvents::MAX_EVENTS).collect();
        let sent_before = state.post_call_progress(file, deadline).await?;
        if sent_before >= batches.len() {
            return Ok(self.skip("already_sent"));
        }
        for (index, batch) in batches.iter().enumerate().skip(sent_before) {
            let events = PostCallEvents {
                service: SignalService::AmazonConnectContactLens,
                events: batch.iter().map(|signal| signal.of_call(&call.times)).collect(),
            };
            patiently(deadline, async || {
                let send = async |client: &Telephony| {
                    client.send_post_call_events(&conversation, &events, deadline).await
                };
                Ok(call_centers.telephony(secret_name.as_deref(), deadline, send).await?)
            })
            .await?;
            match state.note_post_call_progress(file, index + 1, deadline).await {
                Ok(Marked::Newest) => {}
                // The event came twice, and who got it first is further. If they fail, theirs comes again.
                Ok(Marked::Superseded) => return Ok(self.skip("already_sent")),
                // Signals have no id that Salesforce would know them by. So it is better to go on, and to note it
                // with the next batch, than to have this one come again.
                Err(e) => warn!(
                    contact_id = %call.contact, error_type = e.kind(), "a batch is sent, and not noted: {e}"
                ),
            }
        }
        info!(contact_id = %call.contact, signals = call.signals.len(), resumed = sent_before > 0, "signals sent");
        Ok("ok")
    }

    /// The secret of the call center that serves the contact, or else the one that serves its conversation, if it is not
    /// the default.
    async fn call_center_of(&self, call: &Call, deadline: Instant) -> Result<Option<String>, HandlerError> {
        let Clients { state, .. } = &self.clients;
        let own = state.call_center_of(call.contact.as_str(), deadline).await?;
        if own.is_some() || call.contact == call.conversation {
            return Ok(own);
        }
        Ok(state.call_center_of(call.conversation.as_str(), deadline).await?)
    }
}

#[cfg(test)]
mod tests;
