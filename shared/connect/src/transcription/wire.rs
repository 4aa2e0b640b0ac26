//! The job as JSON: fields by name, settings as texts.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::{Map, Value};

use super::{Checkpoint, Engine, InvalidSetting, Sides, TranscriptionJob, is_fragment_number};
use crate::{ContactId, InstanceArn, PhoneNumber, StreamArn, lenient};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire {
    #[serde(rename = "streamARN")]
    stream: StreamArn,
    #[serde(deserialize_with = "fragment_number")]
    start_fragment_num: String,
    #[serde(deserialize_with = "milliseconds", serialize_with = "as_text")]
    audio_start_timestamp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    customer_phone_number: Option<PhoneNumber>,
    voice_call_id: ContactId,
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    conversation_id: Option<ContactId>,
    #[serde(
        rename = "instanceARN",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    instance_arn: Option<InstanceArn>,
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    secret_name: Option<String>,
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    lease_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoint: Option<Checkpoint>,
    #[serde(flatten)]
    settings: Map<String, Value>,
}

impl TryFrom<Wire> for TranscriptionJob {
    type Error = InvalidSetting;

    fn try_from(wire: Wire) -> Result<Self, InvalidSetting> {
        let setting = |name: &str| text(wire.settings.get(name)?);
        Ok(Self {
            stream: wire.stream,
            start_fragment: wire.start_fragment_num,
            starts_at_ms: wire.audio_start_timestamp,
            customer: wire.customer_phone_number,
            conversation_id: wire.conversation_id.unwrap_or_else(|| wire.voice_call_id.clone()),
            contact_id: wire.voice_call_id,
            instance_arn: wire.instance_arn,
            sides: Sides::read(setting)?,
            engine: Engine::read(setting)?,
            secret_name: wire.secret_name,
            lease_id: wire.lease_id,
            checkpoint: wire.checkpoint,
        })
    }
}

impl From<TranscriptionJob> for Wire {
    fn from(job: TranscriptionJob) -> Self {
        let settings = job.sides.settings().into_iter().chain(job.engine.settings());
        Self {
            settings: settings.map(|(name, value)| (name.to_owned(), value)).collect(),
            stream: job.stream,
            start_fragment_num: job.start_fragment,
            audio_start_timestamp: job.starts_at_ms,
            customer_phone_number: job.customer,
            voice_call_id: job.contact_id,
            conversation_id: Some(job.conversation_id),
            instance_arn: job.instance_arn,
            secret_name: job.secret_name,
            lease_id: job.lease_id,
            checkpoint: job.checkpoint,
        }
    }
}

/// The text of a setting. Lists of texts become what flows write: texts separated by commas.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
        Value::Null | Value::Object(_) => None,
    }
}

pub(super) fn fragment_number<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let number = String::deserialize(from)?;
    if is_fragment_number(&number) {
        Ok(number)
    } else {
        Err(de::Error::custom("not a fragment number: expected 1 to 128 digits"))
    }
}

/// Milliseconds since 1970, as text (Salesforce's function passes on what the flow has) or as a number.
fn milliseconds<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let number = match Value::deserialize(from)? {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_i64(),
    };
    number.ok_or_else(|| de::Error::custom("not a time: expected milliseconds since 1970"))
}

/// What Salesforce's `kvsTranscriber` reads.
fn as_text<S: serde::Serializer>(number: &i64, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(number)
}
