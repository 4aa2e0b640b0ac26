//! EventBridge with a rule that sends every event to one function, or to its queue.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::SqsSource;
use crate::lambda::{Host, InvokeError};

/// Delivers events to its target.
#[derive(Debug, Clone)]
pub struct EventBridge(Target);

#[derive(Debug, Clone)]
enum Target {
    /// A function, asynchronously: the host repeats what fails.
    Function(Host, String),
    Queue(SqsSource),
}

/// An event, before EventBridge wraps it.
#[derive(Debug, Clone)]
pub struct Event {
    /// Who sent it, e.g. `aws.connect`.
    pub source: String,
    /// What kind it is, e.g. `Amazon Connect Contact Event`.
    pub detail_type: String,
    /// The ARNs of what it is about.
    pub resources: Vec<String>,
    /// When it happened; the envelope has whole seconds.
    pub time: DateTime<Utc>,
    /// The event itself.
    pub detail: Value,
}

impl EventBridge {
    /// A bus whose only rule has `function` as its target.
    pub fn new(host: Host, function: impl Into<String>) -> Self {
        Self(Target::Function(host, function.into()))
    }

    /// A bus whose only rule has a queue as its target.
    pub fn into_queue(queue: SqsSource) -> Self {
        Self(Target::Queue(queue))
    }

    /// Wraps an event and delivers it; returns the event's id.
    ///
    /// # Errors
    /// When the host has no such function, or the event is too large.
    pub fn put(&self, event: Event) -> Result<String, InvokeError> {
        let id = uuid::Uuid::new_v4().to_string();
        let site = match &self.0 {
            Target::Function(host, _) => host.site(),
            Target::Queue(queue) => queue.host().site(),
        };
        self.deliver(&json!({
            "version": "0",
            "id": id,
            "detail-type": event.detail_type,
            "source": event.source,
            "account": site.account,
            "time": event.time.to_rfc3339_opts(SecondsFormat::Secs, true),
            "region": site.region,
            "resources": event.resources,
            "detail": event.detail,
        }))?;
        Ok(id)
    }

    /// Delivers an event that is wrapped already.
    ///
    /// # Errors
    /// As [`EventBridge::put`].
    pub fn deliver(&self, envelope: &Value) -> Result<(), InvokeError> {
        match &self.0 {
            Target::Function(host, function) => host.invoke_later(function, envelope).map(drop),
            Target::Queue(queue) => {
                queue.send(envelope);
                Ok(())
            }
        }
    }

    /// Waits until every event is applied, or was given up.
    pub async fn drain(&self) {
        match &self.0 {
            // It fails only where there is no such function, and then nothing was delivered.
            Target::Function(host, function) => drop(host.settle_of(function).await),
            Target::Queue(queue) => queue.drain().await,
        }
    }

    /// Waits until every event is applied, was given up, or waits in the queue for its next time.
    pub async fn tried(&self) {
        match &self.0 {
            Target::Function(..) => self.drain().await,
            Target::Queue(queue) => queue.tried().await,
        }
    }
}
