//! EventBridge with a rule that sends every event to one function.
//!
//! Source: <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::lambda::{Host, InvokeError};

/// Delivers events to a function, asynchronously: the host repeats what fails.
#[derive(Debug, Clone)]
pub struct EventBridge {
    host: Host,
    function: String,
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
        Self { host, function: function.into() }
    }

    /// Wraps an event and delivers it; returns the event's id.
    ///
    /// # Errors
    /// When the host has no such function, or the event is too large.
    pub fn put(&self, event: Event) -> Result<String, InvokeError> {
        let id = uuid::Uuid::new_v4().to_string();
        let site = self.host.site();
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
        self.host.invoke_later(&self.function, envelope).map(drop)
    }

    /// Waits until every event is applied, or was told to the function's on-failure destination.
    pub async fn drain(&self) {
        // It fails only where there is no such function, and then nothing was delivered.
        let _ = self.host.settle_of(&self.function).await;
    }
}
