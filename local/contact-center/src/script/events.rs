//! The events that Amazon Connect sends, to the field, computed from a call's facts. No clock, no I/O.

mod contact_event;
mod contact_record;
mod flow_event;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::{Call, Leg};
use super::model::{Channel, Contact};
use super::scene::Scene;

/// The telling of one call: everything that the events are made of, except the moment.
pub(crate) struct Telling<'a> {
    pub(crate) contact: &'a Contact,
    pub(crate) call: &'a Call,
    pub(crate) scene: &'a Scene,
    /// The contact attributes as they are now.
    pub(crate) attributes: &'a BTreeMap<String, String>,
}

impl Telling<'_> {
    fn leg(&self, number: usize) -> Option<&Leg> {
        self.call.legs.get(number)
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
