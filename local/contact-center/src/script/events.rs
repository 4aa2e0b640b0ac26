//! The events that Amazon Connect sends, to the field, computed from a call's facts. No clock, no I/O.

mod contact_event;
mod contact_record;
mod flow_event;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::call::{Call, Leg};
use super::model::{Channel, Contact};
use super::scene::Scene;

/// A stream of audio, as contact flows are told of it.
#[derive(Debug, Clone)]
pub(crate) struct Audio {
    pub(crate) stream_arn: String,
    /// The number of the fragment that it starts with.
    pub(crate) first_fragment: String,
    pub(crate) started: DateTime<Utc>,
}

/// The telling of one call: everything that the events are made of, except the moment.
pub(crate) struct Telling<'a> {
    pub(crate) contact: &'a Contact,
    pub(crate) call: &'a Call,
    pub(crate) scene: &'a Scene,
    /// The contact attributes as they are now.
    pub(crate) attributes: &'a BTreeMap<String, String>,
    /// What is streamed, by leg.
    pub(crate) audio: &'a BTreeMap<usize, Audio>,
}

impl Telling<'_> {
    fn leg(&self, number: usize) -> Option<&Leg> {
        self.call.legs.get(number)
    }

    /// What Amazon Connect's `DescribeContact` tells of a leg.
    pub(crate) fn described(&self, number: usize) -> Value {
        let Some(leg) = self.leg(number) else { return Value::Null };
        let ring = self.scene.ring + leg.initiated;
        json!({
            "Channel": "VOICE",
            "InitialContactId": self.scene.initial_contact_id(number),
            "InitiationMethod": leg.initiation_method,
            "InitiationTimestamp": ring.timestamp_millis() as f64 / 1000.0,
        })
    }

    fn subtype(&self) -> &'static str {
        match self.contact.channel {
            Channel::Voice => "connect:Telephony",
            Channel::WebRtc => "connect:WebRTC",
        }
    }

    fn tags(&self) -> Value {
        let mut tags = json!({"aws:connect:instanceId": self.scene.instance.id()});
        if let Some(address) = self.contact.system() {
            tags["aws:connect:systemEndpoint"] = json!(address);
        }
        tags
    }
}

/// `{Address, Type}`, or null where there is none.
fn endpoint(address: Option<&str>) -> Value {
    address.map_or(Value::Null, |address| json!({"Address": address, "Type": "TELEPHONE_NUMBER"}))
}

#[cfg(test)]
mod tests;
