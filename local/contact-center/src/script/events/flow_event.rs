//! What an invoke-function block sends to a Lambda function.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Telling, endpoint};

impl Telling<'_> {
    /// The event of an invoke-function block with these parameters, at a time after the ring.
    ///
    /// Shape: <https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html>.
    pub(crate) fn flow_event(&self, number: usize, at: Duration, parameters: &Map<String, Value>) -> Value {
        let Some(leg) = self.leg(number) else { return Value::Null };
        let scene = self.scene;
        let contact_id = scene.contact_id(number);
        let queue = leg.queue.as_ref().filter(|queue| queue.enqueued <= at);
        json!({
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
                    "MediaStreams": {"Customer": {"Audio": null}},
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
                "Parameters": parameters,
            },
        })
    }
}
