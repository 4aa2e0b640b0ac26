//! What contact flows know of a contact, and with that what they send to Lambda functions.

use std::time::Duration;

use contact_flows::{Agent, Audio as Streaming, ContactState, Endpoint, Queue, Text};
use serde_json::{Map, Value, json};

use super::Telling;
use crate::script::target::Target;

impl Telling<'_> {
    /// What a contact flow knows of a leg that no flow has run for, at a time after the ring.
    pub(crate) fn contact_state(&self, number: usize, at: Duration) -> ContactState {
        let scene = self.scene;
        let contact_id = scene.contact_id(number);
        let mut state = ContactState::new(contact_id, &scene.instance.arn());
        let Some(leg) = self.leg(number) else { return state };
        // A first contact is its own initial and previous one here, unlike in the contact record.
        state.initial_contact_id = scene.contact_id(0).to_owned();
        state.previous_contact_id = scene.previous_contact_id(number).unwrap_or(contact_id).to_owned();
        state.initiation_method = leg.initiation_method.to_owned();
        state.customer_endpoint = self.customer(number).map(Endpoint::phone);
        state.system_endpoint = self.system(number).map(Endpoint::phone);
        state.language = Some(self.contact.language.clone());
        state.segment_attributes =
            Map::from_iter([("connect:Subtype".to_owned(), json!({"ValueString": self.subtype()}))]);
        state.tags = self.tags(number).into_iter().collect();
        let queued = leg.queue.as_ref().filter(|queued| queued.enqueued <= at);
        state.queue = queued.map(|queued| self.queue(&queued.queue));
        self.refresh(&mut state, number, at);
        state
    }

    /// Brings what a flow knows of a leg up to date with what happened outside of it.
    pub(crate) fn refresh(&self, state: &mut ContactState, number: usize, at: Duration) {
        state.attributes = self.attributes.clone();
        let answered = self.leg(number).and_then(|leg| leg.agent.as_ref()).filter(|agent| agent.at <= at);
        state.agent = answered.map(|agent| Agent {
            arn: self.scene.instance.agent_arn(&agent.username),
            user_name: agent.username.clone(),
            ..Agent::default()
        });
        state.audio = self.audio.get(&number).map(|audio| Streaming {
            stream_arn: audio.stream_arn.clone(),
            started: audio.started.timestamp_millis(),
            stopped: audio.stopped.map(|stopped| stopped.timestamp_millis()),
            first_fragment: audio.first_fragment.clone(),
        });
    }

    /// A queue, as a contact flow knows it.
    pub(crate) fn queue(&self, target: &Target) -> Queue {
        Queue {
            arn: Some(target.arn(self.scene.instance)),
            name: target.name().map(str::to_owned),
            outbound_caller_id: self.contact.system().map(Endpoint::phone),
        }
    }
}

/// The event of an invoke-function block with these parameters. Dynamic values like `$.Attributes.caseId` or
/// `$.CustomerEndpoint.Address` are what the contact has there; where it has nothing, they are empty.
pub(crate) fn flow_event(state: &ContactState, parameters: Map<String, Value>) -> Value {
    let filled = parameters.into_iter().map(|(name, value)| {
        let filled = value.as_str().map(|text| state.fill(&Text::new(text)).into());
        (name, filled.unwrap_or(value))
    });
    state.event(filled.collect())
}
