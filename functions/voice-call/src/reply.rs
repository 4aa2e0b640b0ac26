//! What the flow gets: a flat map of strings, which is all that a flow block with STRING_MAP takes.

use salesforce::telephony::{Accepted, CallbackRequested, Routing, VoiceCallCreated};
use serde_json::{Map, Value};

use crate::error::HandlerError;

/// A reply: names that flows read (`$.External.voiceCallId`), each with a text that is not empty.
#[derive(Debug, Default)]
pub(crate) struct Reply(Map<String, Value>);

impl Reply {
    pub(crate) fn with(mut self, name: &str, value: Option<impl Into<String>>) -> Self {
        let value = value.map(Into::into).filter(|value: &String| !value.is_empty());
        self.0.extend(value.map(|value| (name.to_owned(), Value::String(value))));
        self
    }

    /// An error that a flow can branch on (`onError=reply`).
    pub(crate) fn failure(error: &HandlerError) -> Self {
        Reply::default()
            .with("success", Some("false"))
            .with("errorCode", Some(error.code().unwrap_or(error.kind())))
            .with("errorMessage", Some(error.to_string()))
            .with("statusCode", error.status().map(|status| status.to_string()))
    }

    pub(crate) fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

impl From<VoiceCallCreated> for Reply {
    fn from(created: VoiceCallCreated) -> Self {
        Reply::default().with("voiceCallId", Some(created.voice_call_id)).with("errors", created.errors)
    }
}

impl From<Routing> for Reply {
    fn from(routing: Routing) -> Self {
        Reply::default()
            .with("agent", routing.agent)
            .with("queue", routing.queue)
            .with("errors", routing.errors)
    }
}

impl From<CallbackRequested> for Reply {
    fn from(requested: CallbackRequested) -> Self {
        Reply::default().with("recordId", Some(requested.record_id))
    }
}

impl From<Accepted> for Reply {
    /// An answer without a word of its own is a yes.
    fn from(accepted: Accepted) -> Self {
        Reply::default().with("status", Some(accepted.status.unwrap_or_else(|| "Success".to_owned())))
    }
}
