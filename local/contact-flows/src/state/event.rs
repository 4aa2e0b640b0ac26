//! What Amazon Connect sends to a function.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html>. The page leaves out fields that the
//! event has (`AwsRegion`, `RelatedContactId`, `SegmentAttributes`, `Tags`), and never shows the ones that are null.

use serde_json::{Map, Value, json};

use super::{Audio, ContactState, Endpoint, Queue};

impl ContactState {
    /// The event of an invocation with these parameters.
    pub fn event(&self, parameters: Map<String, Value>) -> Value {
        json!({
            "Name": "ContactFlowEvent",
            "Details": {"ContactData": self.contact_data(), "Parameters": parameters},
        })
    }

    /// The part of the event that tells of the contact.
    fn contact_data(&self) -> Value {
        json!({
            "Attributes": self.attributes,
            "AwsRegion": self.region,
            "Channel": self.channel,
            "ContactId": self.contact_id,
            "CustomerEndpoint": self.customer_endpoint.as_ref().map(endpoint),
            "CustomerId": self.customer_id,
            "Description": self.description,
            "InitialContactId": self.initial_contact_id,
            "InitiationMethod": self.initiation_method,
            "InstanceARN": self.instance_arn,
            "LanguageCode": self.language,
            "MediaStreams": self.media_streams(),
            "Name": self.name,
            "PreviousContactId": self.previous_contact_id,
            "Queue": self.queue.as_ref().map(queue),
            "References": self.references,
            "RelatedContactId": self.related_contact_id,
            "SegmentAttributes": self.segment_attributes,
            "SystemEndpoint": self.system_endpoint.as_ref().map(endpoint),
            "Tags": self.tags,
        })
    }

    pub(super) fn media_streams(&self) -> Value {
        json!({"Customer": {"Audio": self.audio.as_ref().map(audio)}})
    }
}

pub(super) fn endpoint(endpoint: &Endpoint) -> Value {
    json!({"Address": endpoint.address, "Type": endpoint.kind})
}

pub(super) fn queue(queue: &Queue) -> Value {
    json!({
        "ARN": queue.arn,
        "Name": queue.name,
        "OutboundCallerId": queue.outbound_caller_id.as_ref().map(endpoint),
    })
}

/// All values are texts.
fn audio(audio: &Audio) -> Value {
    json!({
        "StreamARN": audio.stream_arn,
        "StartTimestamp": audio.started.to_string(),
        "StopTimestamp": audio.stopped.map(|stopped| stopped.to_string()),
        "StartFragmentNumber": audio.first_fragment,
    })
}
