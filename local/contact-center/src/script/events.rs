//! The events that Amazon Connect sends, to the field, computed from a call's facts. No clock, no I/O.

mod analysis_file;
mod contact_event;
mod contact_lens_event;
mod contact_record;
mod contact_state;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::call::{Call, Leg};
use super::contact_lens::Analysis;
use super::model::Callback;
use super::model::{Channel, Contact};
use super::scene::Scene;

pub(crate) use analysis_file::PREFIX;
pub(crate) use contact_state::flow_event;

/// The bucket that the instance writes recordings and analysis files to.
pub(crate) const BUCKET: &str = "connect-local";

/// A stream of audio, as contact flows are told of it.
#[derive(Debug, Clone)]
pub(crate) struct Audio {
    pub(crate) stream_arn: String,
    /// The number of the fragment that it starts with.
    pub(crate) first_fragment: String,
    pub(crate) started: DateTime<Utc>,
    /// When it was stopped, before the leg ended.
    pub(crate) stopped: Option<DateTime<Utc>>,
}

/// The telling of one call: everything that the events are made of, except the moment.
pub(crate) struct Telling<'a> {
    pub(crate) contact: &'a Contact,
    pub(crate) call: &'a Call,
    pub(crate) scene: &'a Scene,
    /// What Contact Lens hears of it.
    pub(crate) analysis: Option<&'a Analysis>,
    /// The contact attributes as they are now.
    pub(crate) attributes: &'a BTreeMap<String, String>,
    /// What is streamed, by leg.
    pub(crate) audio: &'a BTreeMap<usize, Audio>,
}

impl Telling<'_> {
    fn leg(&self, number: usize) -> Option<&Leg> {
        self.call.legs.get(number)
    }

    /// What a contact flow has queued, if in this leg, or in one before it, the customer is called back.
    fn callback(&self, number: usize) -> Option<&Callback> {
        let legs = self.call.legs.get(..=number)?;
        legs.iter().rev().find_map(|leg| leg.called_back.as_ref())?.callback.as_ref()
    }

    /// The customer's address in a leg.
    pub(crate) fn customer(&self, number: usize) -> Option<&str> {
        self.callback(number).map_or(self.contact.customer(), |callback| callback.number.as_deref())
    }

    /// The contact center's address in a leg.
    pub(crate) fn system(&self, number: usize) -> Option<&str> {
        let shown = self.callback(number).and_then(|callback| callback.caller_id.as_deref());
        shown.or(self.contact.system())
    }

    /// What Amazon Connect's `DescribeContact` tells of a leg at a time: what has happened until then, no more.
    ///
    /// Shape: <https://docs.aws.amazon.com/connect/latest/APIReference/API_Contact.html>.
    pub(crate) fn described(&self, number: usize, at: Duration) -> Value {
        let Some(leg) = self.leg(number) else { return Value::Null };
        let happened = |time: Duration| {
            (time <= at).then(|| (self.scene.ring + time).timestamp_millis() as f64 / 1000.0)
        };
        let mut contact = json!({
            "Arn": format!("{}/contact/{}", self.scene.instance.arn(), self.scene.contact_id(number)),
            "Channel": "VOICE",
            "InitiationMethod": leg.initiation_method,
            "InitiationTimestamp": happened(leg.initiated),
        });
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                contact[name] = value;
            }
        };
        add("InitialContactId", self.scene.initial_contact_id(number).map(Value::from));
        add("PreviousContactId", self.scene.previous_contact_id(number).map(Value::from));
        let connected = leg.connected_to_system.and_then(happened);
        add("ConnectedToSystemTimestamp", connected.map(Value::from));
        let agent = leg.agent.as_ref().and_then(|agent| Some((&agent.username, happened(agent.at)?)));
        add(
            "AgentInfo",
            agent.map(|(username, at)| {
                let arn = self.scene.instance.agent_arn(username);
                json!({"Id": arn.rsplit('/').next(), "ConnectedToAgentTimestamp": at})
            }),
        );
        let ended = happened(leg.disconnected);
        add("DisconnectTimestamp", ended.map(Value::from));
        add("DisconnectReason", ended.map(|_| leg.disconnect_reason.into()));
        contact
    }

    fn subtype(&self) -> &'static str {
        match self.contact.channel {
            Channel::Voice => "connect:Telephony",
            Channel::WebRtc => "connect:WebRTC",
        }
    }

    fn tags(&self, number: usize) -> BTreeMap<String, String> {
        let system = self.system(number).map(|address| ("systemEndpoint", address));
        let tags = [("instanceId", self.scene.instance.id())].into_iter().chain(system);
        tags.map(|(name, value)| (format!("aws:connect:{name}"), value.to_owned())).collect()
    }
}

/// `{Address, Type}`, or null where there is none.
fn endpoint(address: Option<&str>) -> Value {
    address.map_or(Value::Null, |address| json!({"Address": address, "Type": "TELEPHONE_NUMBER"}))
}

#[cfg(test)]
mod tests;
