//! What an invoke-function block sends to a Lambda function.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Telling, endpoint};

impl Telling<'_> {
    /// The event of an invoke-function block with these parameters, at a time after the ring. A parameter like
    /// `$.Attributes.caseId` or `$.CustomerEndpoint.Address` is what the contact has there; where it has nothing, it is
    /// empty.
    ///
    /// Shape: <https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html>.
    pub(crate) fn flow_event(&self, number: usize, at: Duration, parameters: Map<String, Value>) -> Value {
        let Some(leg) = self.leg(number) else { return Value::Null };
        let scene = self.scene;
        let contact_id = scene.contact_id(number);
        let queue = leg.queue.as_ref().filter(|queue| queue.enqueued <= at);
        let mut event = json!({
            "Name": "ContactFlowEvent",
            "Details": {
                "ContactData": {
                    "Attributes": self.attributes,
                    "AwsRegion": scene.instance.region(),
                    "Channel": "VOICE",
                    "ContactId": contact_id,
                    "CustomerEndpoint": endpoint(self.contact.customer()),
                    "CustomerId": null,
                    "Description": null,
                    // A first contact is its own initial and previous one here, unlike in the contact record.
                    "InitialContactId": scene.contact_id(0),
                    "InitiationMethod": leg.initiation_method,
                    "InstanceARN": scene.instance.arn(),
                    "LanguageCode": self.contact.language,
                    "MediaStreams": {"Customer": {"Audio": self.audio.get(&number).map(|audio| json!({
                        "StreamARN": audio.stream_arn,
                        "StartTimestamp": audio.started.timestamp_millis().to_string(),
                        "StopTimestamp": null,
                        "StartFragmentNumber": audio.first_fragment,
                    }))}},
                    "Name": null,
                    "PreviousContactId": scene.previous_contact_id(number).unwrap_or(contact_id),
                    "Queue": queue.map(|queue| json!({
                        "ARN": scene.instance.queue_arn(&queue.name),
                        "Name": queue.name,
                        "OutboundCallerId": endpoint(self.contact.system()),
                    })),
                    "References": {},
                    "RelatedContactId": null,
                    "SegmentAttributes": {"connect:Subtype": {"ValueString": self.subtype()}},
                    "SystemEndpoint": endpoint(self.contact.system()),
                    "Tags": self.tags(),
                },
                "Parameters": null,
            },
        });
        let contact_data = &event["Details"]["ContactData"];
        let filled = parameters.into_iter().map(|(name, value)| (name, fill(value, contact_data)));
        event["Details"]["Parameters"] = filled.collect::<Map<_, _>>().into();
        event
    }
}

/// The value of a parameter that refers to the contact.
fn fill(value: Value, contact_data: &Value) -> Value {
    let Some(path) = value.as_str().and_then(|text| text.strip_prefix("$.")) else { return value };
    let found = path.split('.').try_fold(contact_data, |data, key| data.get(key));
    found.filter(|found| found.is_string()).cloned().unwrap_or_else(|| "".into())
}
