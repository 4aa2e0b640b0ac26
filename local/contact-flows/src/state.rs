//! What a flow knows of its contact, and what it changes.

mod event;
pub(crate) mod look_up;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::action::{AnalyticsBehavior, Hook, Party, PreviousParticipantState};

/// The most that all contact attributes may hold together, names included: 32 KB.
/// <https://docs.aws.amazon.com/connect/latest/APIReference/API_UpdateContactAttributes.html>
pub(crate) const MOST_ATTRIBUTES: usize = 32 * 1024;

/// A contact while a flow runs for it: everything that the flow can read or set.
///
/// What it starts with is up to the caller; [`ContactState::new`] is an inbound call that nothing is known of.
#[derive(Clone, PartialEq)]
pub struct ContactState {
    /// The contact's id.
    pub contact_id: String,
    /// The id of the first contact of the conversation; the contact's own before any transfer.
    pub initial_contact_id: String,
    /// The id of the contact that was transferred into this one; the contact's own before any transfer.
    pub previous_contact_id: String,
    /// The id of a contact that it belongs to otherwise.
    pub related_contact_id: Option<String>,
    /// `VOICE`.
    pub channel: String,
    /// `INBOUND`, `OUTBOUND`, `TRANSFER`, `CALLBACK`, `WEBRTC_API` …
    pub initiation_method: String,
    /// The ARN of the instance.
    pub instance_arn: String,
    /// The region of the instance.
    pub region: String,
    /// The caller's number; none on a call from an app.
    pub customer_endpoint: Option<Endpoint>,
    /// The contact center's number; none on a call from an app.
    pub system_endpoint: Option<Endpoint>,
    /// The customer's id in another system.
    pub customer_id: Option<String>,
    /// The contact's name.
    pub name: Option<String>,
    /// The contact's description.
    pub description: Option<String>,
    /// The contact's language, such as `en-US`.
    pub language: Option<String>,
    /// Contact attributes.
    pub attributes: BTreeMap<String, String>,
    /// Flow attributes of the flow that runs.
    pub flow_attributes: BTreeMap<String, String>,
    /// What Amazon Connect notes of the contact: name to `{"ValueString": …}`.
    pub segment_attributes: Map<String, Value>,
    /// Links: name to `{"Type": …, "Value": …}`.
    pub references: Map<String, Value>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// The queue that the flow has set.
    pub queue: Option<Queue>,
    /// The agent, in the flows that run for one.
    pub agent: Option<Agent>,
    /// The live audio, once it is streamed.
    pub audio: Option<Audio>,
    /// What the caller entered last.
    pub stored_input: Option<String>,
    /// The number to call back, if the flow has set one.
    pub callback_number: Option<String>,
    /// What the function invoked last answered, `$.External`.
    pub external: Option<Value>,
    /// The id of the latest asynchronous invocation.
    pub invocation_id: Option<String>,
    /// What the flow loaded of queue metrics: `{"Queue": {"Size": …}, "Agents": {"Online": {"Count": …}}}`.
    pub metrics: Option<Value>,
    /// What modules were given and have returned, `$.Modules`.
    pub modules: Map<String, Value>,
    /// Everything else that a flow can read, by the first step of its path: `Media`, `Lex`, `Case` …
    pub other: Map<String, Value>,
    /// The voice that speaks.
    pub voice: Option<String>,
    /// The flows of events, by id or ARN.
    pub hooks: BTreeMap<Hook, String>,
    /// Who is recorded.
    pub recorded: Vec<Party>,
    /// Whether what happens before an agent is there is recorded, too.
    pub ivr_recorded: bool,
    /// What Contact Lens does.
    pub analytics: AnalyticsBehavior,
    /// Which agents are asked for.
    pub routing_criteria: Option<Value>,
    /// The priority in the queue; 1 is the highest.
    pub priority: u64,
    /// Seconds that the contact counts as waiting more, or less.
    pub age_adjustment: i64,
    /// Who of the contact before is on hold.
    pub previous_participant: Option<PreviousParticipantState>,
    /// Whether the flow writes its log.
    pub logging: bool,
}

impl ContactState {
    /// An inbound call that nothing is known of.
    pub fn new(contact_id: &str, instance_arn: &str) -> Self {
        let region = instance_arn.split(':').nth(3).unwrap_or_default();
        Self {
            contact_id: contact_id.to_owned(),
            initial_contact_id: contact_id.to_owned(),
            previous_contact_id: contact_id.to_owned(),
            related_contact_id: None,
            channel: "VOICE".to_owned(),
            initiation_method: "INBOUND".to_owned(),
            instance_arn: instance_arn.to_owned(),
            region: region.to_owned(),
            customer_endpoint: None,
            system_endpoint: None,
            customer_id: None,
            name: None,
            description: None,
            language: Some("en-US".to_owned()),
            attributes: BTreeMap::new(),
            flow_attributes: BTreeMap::new(),
            segment_attributes: Map::new(),
            references: Map::new(),
            tags: BTreeMap::new(),
            queue: None,
            agent: None,
            audio: None,
            stored_input: None,
            callback_number: None,
            external: None,
            invocation_id: None,
            metrics: None,
            modules: Map::new(),
            other: Map::new(),
            voice: None,
            hooks: BTreeMap::new(),
            recorded: Vec::new(),
            ivr_recorded: false,
            analytics: AnalyticsBehavior::default(),
            routing_criteria: None,
            priority: 5,
            age_adjustment: 0,
            previous_participant: None,
            logging: false,
        }
    }

    /// Sets contact attributes, all or none.
    ///
    /// # Errors
    /// When all attributes together would be larger than 32 KB.
    pub(crate) fn set_attributes(&mut self, new: Vec<(String, String)>) -> Result<(), ()> {
        let mut attributes = self.attributes.clone();
        attributes.extend(new);
        let size: usize = attributes.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > MOST_ATTRIBUTES {
            return Err(());
        }
        self.attributes = attributes;
        Ok(())
    }
}

/// Shows which contact it is, and nothing of who calls or what was said.
impl fmt::Debug for ContactState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactState")
            .field("contact_id", &self.contact_id)
            .field("attributes", &self.attributes.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// An end of a call.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The phone number in E.164 form, or `anonymous`.
    pub address: String,
    /// `TELEPHONE_NUMBER`.
    pub kind: String,
}

impl Endpoint {
    /// A phone number.
    pub fn phone(number: &str) -> Self {
        Self { address: number.to_owned(), kind: "TELEPHONE_NUMBER".to_owned() }
    }
}

/// Shows that there is one, not whose.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// A queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Its ARN.
    pub arn: Option<String>,
    /// Its name; the queue of an agent has none.
    pub name: Option<String>,
    /// The number that calls out of it show.
    pub outbound_caller_id: Option<Endpoint>,
}

impl Queue {
    /// Whether it is the queue of an agent: it has no hours of operation.
    pub fn is_of_agent(&self) -> bool {
        self.arn.as_deref().is_some_and(|arn| arn.contains("/queue/agent/"))
    }

    /// Its name, or its ARN.
    pub(crate) fn title(&self) -> &str {
        self.name.as_deref().or(self.arn.as_deref()).unwrap_or("a queue without a name")
    }
}

/// An agent, as flows that run for one can read it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Agent {
    /// The agent's ARN.
    pub arn: String,
    /// The user name.
    pub user_name: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
}

/// Shows the ARN, not the names.
impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent").field("arn", &self.arn).finish_non_exhaustive()
    }
}

/// The customer's live audio in Kinesis Video Streams; times in milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audio {
    /// The ARN of the stream.
    pub stream_arn: String,
    /// When it started.
    pub started: i64,
    /// When it stopped.
    pub stopped: Option<i64>,
    /// The number of the fragment that it starts with, some 47 digits.
    pub first_fragment: String,
}

#[cfg(test)]
mod tests;
