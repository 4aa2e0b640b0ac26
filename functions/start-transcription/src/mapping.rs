//! What the flow sent, into what the transcriber gets.

use std::borrow::Cow;

use connect::flow::{Audio, ContactData, Details};
use connect::transcription::{Engine, InvalidSetting, Sides, TranscriptionJob, is_fragment_number};
use connect::{ContactId, StreamArn};

use crate::error::HandlerError;

/// Settings that may differ from call to call: a flow sets them as contact attributes, too. All the others are
/// parameters of the block only, because an attribute of the same name may well mean something else.
const ATTRIBUTES: [&str; 5] = [
    "languageCode",
    "languageOptions",
    "preferredLanguage",
    "streamAudioFromCustomer",
    "streamAudioToCustomer",
];

/// The job of the flow's contact, without a lease.
pub(crate) fn job(details: &Details) -> Result<TranscriptionJob, HandlerError> {
    let contact = details.contact_data.as_ref().ok_or(HandlerError::NoContact)?;
    let contact_id = contact.contact_id.clone().ok_or(HandlerError::NoContact)?;
    let audio = live_audio(contact)?;
    let setting = |name: &str| setting(details, contact, name);
    Ok(TranscriptionJob {
        stream: needed(audio.stream_arn.as_deref(), "StreamARN", |text| StreamArn::parse(text).ok())?,
        start_fragment: needed(audio.start_fragment_number.as_deref(), "StartFragmentNumber", |text| {
            is_fragment_number(text).then(|| text.to_owned())
        })?,
        starts_at_ms: needed(audio.start_timestamp.as_deref(), "StartTimestamp", |text| text.parse().ok())?,
        customer: contact.customer_endpoint.as_ref().and_then(|endpoint| endpoint.address.clone()),
        conversation_id: conversation(contact, &contact_id),
        contact_id,
        instance_arn: contact.instance_arn.clone(),
        sides: Sides::read(setting).map_err(invalid)?,
        engine: Engine::read(setting).map_err(invalid)?,
        secret_name: secret_name(details, contact),
        lease_id: None,
        checkpoint: None,
    })
}

/// The audio, if it is being streamed.
fn live_audio(contact: &ContactData) -> Result<&Audio, HandlerError> {
    let audio = contact.customer_audio().ok_or(HandlerError::NotStreaming)?;
    let millis = |text: &Option<String>| text.as_deref()?.parse::<i64>().ok();
    match (millis(&audio.start_timestamp), millis(&audio.stop_timestamp)) {
        // A time before the start is that of an earlier stretch.
        (Some(start), Some(stop)) if stop > start => Err(HandlerError::Stopped),
        _ if audio.stream_arn.as_deref().is_none_or(str::is_empty) => Err(HandlerError::NotStreaming),
        _ => Ok(audio),
    }
}

/// What only Connect can get wrong.
fn needed<T>(
    value: Option<&str>,
    field: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, HandlerError> {
    value.and_then(parse).ok_or(HandlerError::Media { field })
}

/// Salesforce takes messages under the conversation's first contact only.
fn conversation(contact: &ContactData, contact_id: &ContactId) -> ContactId {
    contact.initial_contact_id.as_ref().unwrap_or(contact_id).clone()
}

fn setting(details: &Details, contact: &ContactData, name: &str) -> Option<String> {
    let attribute = || contact.attributes.non_empty(name).map(Cow::Borrowed);
    let value = details.parameter(name).or_else(|| ATTRIBUTES.contains(&name).then(attribute)?);
    value.map(Cow::into_owned)
}

fn secret_name(details: &Details, contact: &ContactData) -> Option<String> {
    const SECRET_NAME: &str = "secretName";
    let attribute = contact.attributes.non_empty(SECRET_NAME).map(Cow::Borrowed);
    attribute.or_else(|| details.parameter(SECRET_NAME)).map(Cow::into_owned)
}

fn invalid(source: InvalidSetting) -> HandlerError {
    HandlerError::Setting { may_be_attribute: ATTRIBUTES.contains(&source.setting()), source }
}
