//! What a contact flow sends to a Lambda, and what other Lambdas send in the same envelope.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html>

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    Attributes, Channel, ContactId, Endpoint, InitiationMethod, InstanceArn, SegmentAttributes, lenient,
};

/// One invocation from a contact flow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FlowEvent {
    /// `ContactFlowEvent`; absent when another Lambda invokes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The contact and the parameters.
    pub details: Details,
}

impl FlowEvent {
    /// The event that a flow sends for this contact with these parameters.
    pub fn new(contact: ContactData, parameters: Map<String, Value>) -> Self {
        let details = Details { contact_data: Some(contact), parameters };
        Self { name: Some("ContactFlowEvent".to_owned()), details }
    }
}

/// The contact and the parameters of an invocation.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Details {
    /// The contact that the flow runs for; absent when another Lambda invokes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_data: Option<ContactData>,
    /// What the block passes. Text from a flow; any JSON from other Lambdas.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub parameters: Map<String, Value>,
}

impl Details {
    /// A parameter as text: numbers and booleans as they are written in JSON; `None` when it is absent, null, empty,
    /// an object or an array. A flow passes an unset value as an empty string.
    pub fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        match self.parameters.get(name)? {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(Cow::Borrowed(text)),
            value @ (Value::Bool(_) | Value::Number(_)) => Some(Cow::Owned(value.to_string())),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The parameters whose names start with `prefix`, without it.
    pub fn parameters_with_prefix(&self, prefix: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.parameters.iter().filter_map(move |(name, value)| {
            let name = name.strip_prefix(prefix)?;
            (!name.is_empty()).then_some((name, value))
        })
    }
}

/// Prints the names of the parameters, not their values: they hold phone numbers and message texts.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Details")
            .field("contact_data", &self.contact_data)
            .field("parameters", &self.parameters.keys().collect::<Vec<_>>())
            .finish()
    }
}

/// A contact as a flow sees it while it is going on.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContactData {
    /// Attributes set by flows, agents and API calls.
    #[serde(default, skip_serializing_if = "Attributes::is_absent")]
    pub attributes: Attributes,
    /// The channel.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// This contact.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    /// The first contact of the conversation; the contact itself before any transfer.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub initial_contact_id: Option<ContactId>,
    /// The contact that was transferred into this one.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub previous_contact_id: Option<ContactId>,
    /// A contact that this one belongs to without having been transferred from it.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub related_contact_id: Option<ContactId>,
    /// The customer's end; null on WebRTC and API contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_endpoint: Option<Endpoint>,
    /// The contact center's end; null on WebRTC and API contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_endpoint: Option<Endpoint>,
    /// The customer's id in another system, when a flow has set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The name of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The description of the contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The language that the flow has set, such as `en-US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    /// How the contact came about.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub initiation_method: Option<InitiationMethod>,
    /// The Connect instance.
    #[serde(
        rename = "InstanceARN",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub instance_arn: Option<InstanceArn>,
    /// Live audio, once the flow has started media streaming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_streams: Option<MediaStreams>,
    /// The queue that the flow has set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Queue>,
    /// Links to related documents, as sent: name to `{Type, Value}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<Value>,
    /// What Connect notes about the contact.
    #[serde(default, skip_serializing_if = "SegmentAttributes::is_empty")]
    pub segment_attributes: SegmentAttributes,
    /// Tags, AWS's own and the user's.
    #[serde(default, skip_serializing_if = "Attributes::is_absent")]
    pub tags: Attributes,
}

impl ContactData {
    /// Whether this is a call from an app or a web page rather than a phone call. A transferred one tells by its
    /// subtype only, and an older instance, which sends no subtype, by the initiation method only.
    pub fn is_web_rtc(&self) -> bool {
        self.initiation_method == Some(InitiationMethod::WebRtcApi) || self.segment_attributes.is_web_rtc()
    }

    /// The customer's live audio, once media streaming has started.
    pub fn customer_audio(&self) -> Option<&Audio> {
        self.media_streams.as_ref()?.customer.as_ref()?.audio.as_ref()
    }
}

/// Leaves out what may name the customer.
impl fmt::Debug for ContactData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactData")
            .field("contact_id", &self.contact_id)
            .field("channel", &self.channel)
            .field("initiation_method", &self.initiation_method)
            .field("customer_endpoint", &self.customer_endpoint)
            .field("system_endpoint", &self.system_endpoint)
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}

/// The queue of a contact in a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Queue {
    /// The queue's ARN.
    #[serde(rename = "ARN", default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The queue's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The number that calls out of this queue show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound_caller_id: Option<Endpoint>,
}

/// Live media of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MediaStreams {
    /// The customer's side of the contact, which carries both directions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerMedia>,
}

/// Live media of the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomerMedia {
    /// Null until the flow has started media streaming.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<Audio>,
}

/// Where the live audio is, in Kinesis Video Streams. All values are text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Audio {
    /// The ARN of the video stream; streams are used again by later contacts.
    #[serde(rename = "StreamARN", default, skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
    /// When streaming started, in milliseconds since 1970, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_timestamp: Option<String>,
    /// When streaming stopped, in milliseconds since 1970, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_timestamp: Option<String>,
    /// The first fragment of this contact: a decimal number of some 47 digits, beyond any integer type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_fragment_number: Option<String>,
}

#[cfg(test)]
mod tests;
