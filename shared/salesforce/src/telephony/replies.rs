//! What the Telephony Integration API answers.

use crate::Error;
use crate::reply::Reply;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt;

/// Reply to creation.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct VoiceCallCreated {
    /// Record id of the VoiceCall (0LQ…). The reference function's own description calls it `voiceCallRecordId`.
    #[serde(rename = "voiceCallId", alias = "voiceCallRecordId")]
    pub voice_call_id: String,
    /// What was not taken over although the VoiceCall was created, in Salesforce's words: may name a person.
    #[serde(default, deserialize_with = "joined")]
    pub errors: Option<String>,
}

/// Reply to an Omni flow: the routing target in Connect's terms, both ARNs. Neither when the flow found nobody.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Routing {
    /// ARN of the agent.
    #[serde(default)]
    pub agent: Option<String>,
    /// ARN of the queue.
    #[serde(default)]
    pub queue: Option<String>,
    /// What went wrong in the flow, in Salesforce's words: may name a person.
    #[serde(default, deserialize_with = "joined")]
    pub errors: Option<String>,
}

/// Reply to a callback request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CallbackRequested {
    /// Id of the ContactRequest.
    #[serde(rename = "recordId")]
    pub record_id: String,
}

/// Salesforce has taken the request; most of these it works off later, and offers no way to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Its word for that (`pending`, `Success`, `Accepted`), if the reply had one.
    pub status: Option<String>,
}

impl Accepted {
    /// Several of these replies are not documented, so an empty one or any JSON will do. But not a web page:
    /// that comes from something in between, and says nothing about the request.
    pub(super) fn read(reply: &Reply) -> Result<Self, Error> {
        if reply.is_empty() {
            return Ok(Self::default());
        }
        let body: Value = reply.json()?;
        let word = ["status", "result"].iter().find_map(|name| body.get(name)?.as_str());
        Ok(Self { status: word.map(str::to_owned) })
    }
}

/// `errors` is an empty list when all is well and one sentence when not; a list of sentences is documented elsewhere.
fn joined<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let sentences = match Value::deserialize(deserializer)? {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().map(sentence).collect(),
        other => vec![sentence(&other)],
    };
    let text = sentences.into_iter().filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join("; ");
    Ok((!text.is_empty()).then_some(text))
}

fn sentence(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Object(fields) => match fields.get("message") {
            Some(Value::String(text)) => text.trim().to_owned(),
            _ if fields.is_empty() => String::new(),
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

impl fmt::Debug for VoiceCallCreated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VoiceCallCreated")
            .field("voice_call_id", &self.voice_call_id)
            .field("has_errors", &self.errors.is_some())
            .finish()
    }
}

impl fmt::Debug for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routing")
            .field("agent", &self.agent)
            .field("queue", &self.queue)
            .field("has_errors", &self.errors.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests;
