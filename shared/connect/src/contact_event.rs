//! Contact events: what EventBridge delivers while a contact goes on. Best effort, unordered, sometimes repeated.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/contact-events.html>, whose samples spell members in
//! camelCase and in PascalCase: both are read, camelCase is written.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::open_enum::open_enum;
use crate::routing::{RoutingCriteria, one_or_many};
use crate::{
    Attributes, Channel, ContactId, InitiationMethod, InstanceArn, PhoneNumber, SegmentAttributes, lenient,
};

/// The `detail-type` of contact events. A rule may let other events of `aws.connect` through, with other details.
pub const DETAIL_TYPE: &str = "Amazon Connect Contact Event";

/// In [`Detail::updated_properties`]: a routing step became active, expired, or was joined by an agent.
pub const ROUTING_STEP_STATUS: &str = "RoutingCriteria.Step.Status";

/// The EventBridge envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ContactEvent {
    /// `0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The event, the same when it is delivered again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// [`DETAIL_TYPE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail_type: Option<String>,
    /// `aws.connect`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The AWS account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// When it happened.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub time: Option<DateTime<Utc>>,
    /// The AWS region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The ARNs of the instance and the contact.
    #[serde(default, deserialize_with = "lenient::null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// What happened to which contact.
    pub detail: Detail,
}

/// What happened to which contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail {
    /// What happened.
    #[serde(alias = "EventType")]
    pub event_type: EventType,
    /// The contact.
    #[serde(alias = "ContactId")]
    pub contact_id: ContactId,
    /// The first contact of the conversation.
    #[serde(
        alias = "InitialContactId",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub initial_contact_id: Option<ContactId>,
    /// The contact that was transferred into this one.
    #[serde(
        alias = "PreviousContactId",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub previous_contact_id: Option<ContactId>,
    /// A contact that this one belongs to without having been transferred from it.
    #[serde(
        alias = "RelatedContactId",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub related_contact_id: Option<ContactId>,
    /// The channel.
    #[serde(
        alias = "Channel",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub channel: Option<Channel>,
    /// The Connect instance.
    #[serde(
        alias = "InstanceArn",
        alias = "InstanceARN",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub instance_arn: Option<InstanceArn>,
    /// How the contact came about.
    #[serde(
        alias = "InitiationMethod",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub initiation_method: Option<InitiationMethod>,
    /// Why the contact ended.
    #[serde(
        alias = "DisconnectReason",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub disconnect_reason: Option<String>,
    /// When the contact began.
    #[serde(
        alias = "InitiationTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub initiation_timestamp: Option<DateTime<Utc>>,
    /// When the customer's end was connected to Connect.
    #[serde(
        alias = "ConnectedToSystemTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub connected_to_system_timestamp: Option<DateTime<Utc>>,
    /// When the contact ended.
    #[serde(
        alias = "DisconnectTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub disconnect_timestamp: Option<DateTime<Utc>>,
    /// The queue; absent on outbound contacts.
    #[serde(alias = "QueueInfo", default, skip_serializing_if = "Option::is_none")]
    pub queue_info: Option<QueueInfo>,
    /// The agent; absent while there is none.
    #[serde(alias = "AgentInfo", default, skip_serializing_if = "Option::is_none")]
    pub agent_info: Option<AgentInfo>,
    /// The routing criteria: an object in some events and a list in others.
    #[serde(alias = "RoutingCriteria", default, with = "one_or_many", skip_serializing_if = "Vec::is_empty")]
    pub routing_criteria: Vec<RoutingCriteria>,
    /// What a `CONTACT_DATA_UPDATED` is about, such as [`ROUTING_STEP_STATUS`].
    #[serde(
        alias = "UpdatedProperties",
        default,
        deserialize_with = "lenient::null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub updated_properties: Vec<String>,
    /// What Connect notes about the contact.
    #[serde(alias = "SegmentAttributes", default, skip_serializing_if = "SegmentAttributes::is_empty")]
    pub segment_attributes: SegmentAttributes,
    /// Tags, AWS's own and the user's.
    #[serde(alias = "Tags", default, skip_serializing_if = "Attributes::is_absent")]
    pub tags: Attributes,
    /// What answered an outbound campaign call.
    #[serde(alias = "AnsweringMachineDetectionStatus", default, skip_serializing_if = "Option::is_none")]
    pub answering_machine_detection_status: Option<String>,
    /// The customer's end.
    #[serde(alias = "CustomerEndpoint", default, skip_serializing_if = "Option::is_none")]
    pub customer_endpoint: Option<EventEndpoint>,
    /// The contact center's end.
    #[serde(alias = "SystemEndpoint", default, skip_serializing_if = "Option::is_none")]
    pub system_endpoint: Option<EventEndpoint>,
}

impl Detail {
    /// An event of which nothing but its type and the contact are known; the rest is filled in with `..`.
    pub fn new(event_type: EventType, contact_id: ContactId) -> Self {
        Self {
            event_type,
            contact_id,
            initial_contact_id: Default::default(),
            previous_contact_id: Default::default(),
            related_contact_id: Default::default(),
            channel: Default::default(),
            instance_arn: Default::default(),
            initiation_method: Default::default(),
            disconnect_reason: Default::default(),
            initiation_timestamp: Default::default(),
            connected_to_system_timestamp: Default::default(),
            disconnect_timestamp: Default::default(),
            queue_info: Default::default(),
            agent_info: Default::default(),
            routing_criteria: Default::default(),
            updated_properties: Default::default(),
            segment_attributes: Default::default(),
            tags: Default::default(),
            answering_machine_detection_status: Default::default(),
            customer_endpoint: Default::default(),
            system_endpoint: Default::default(),
        }
    }

    /// Whether this is about a call.
    pub fn is_voice(&self) -> bool {
        self.channel == Some(Channel::Voice)
    }
}

open_enum! {
    /// What happened.
    EventType {
        /// The contact began, or was transferred.
        Initiated = "INITIATED",
        /// The customer's end is connected.
        ConnectedToSystem = "CONNECTED_TO_SYSTEM",
        /// The contact waits for an agent.
        Queued = "QUEUED",
        /// The contact is connected to an agent.
        ConnectedToAgent = "CONNECTED_TO_AGENT",
        /// The contact ended.
        Disconnected = "DISCONNECTED",
        /// Something about the contact changed: see [`Detail::updated_properties`].
        ContactDataUpdated = "CONTACT_DATA_UPDATED",
        /// The contact ended, and so did the after-contact work.
        Completed = "COMPLETED",
        /// Answering machine detection is off.
        AmdDisabled = "AMD_DISABLED",
        /// The task was paused.
        Paused = "PAUSED",
        /// The task was resumed.
        Resumed = "RESUMED",
        /// A call from an app or a web page.
        WebRtcApi = "WEBRTC_API",
    }
}

/// The agent of a contact. Present from the moment that the contact is offered to one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentInfo {
    /// The agent's ARN.
    #[serde(alias = "AgentArn", default, skip_serializing_if = "Option::is_none")]
    pub agent_arn: Option<String>,
    /// When the agent accepted the contact; absent while the contact is only offered.
    #[serde(
        alias = "ConnectedToAgentTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub connected_to_agent_timestamp: Option<DateTime<Utc>>,
    /// Seconds of holds that this agent began.
    #[serde(alias = "AgentInitiatedHoldDuration", default, skip_serializing_if = "Option::is_none")]
    pub agent_initiated_hold_duration: Option<u32>,
    /// When the after-contact work began.
    #[serde(
        alias = "AfterContactWorkStartTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub after_contact_work_start_timestamp: Option<DateTime<Utc>>,
    /// When the after-contact work ended.
    #[serde(
        alias = "AfterContactWorkEndTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub after_contact_work_end_timestamp: Option<DateTime<Utc>>,
    /// Seconds of after-contact work.
    #[serde(alias = "AfterContactWorkDuration", default, skip_serializing_if = "Option::is_none")]
    pub after_contact_work_duration: Option<u32>,
}

/// The queue of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueInfo {
    /// The queue's ARN.
    #[serde(alias = "QueueArn", default, skip_serializing_if = "Option::is_none")]
    pub queue_arn: Option<String>,
    /// `STANDARD`, or `AGENT` for an agent's own queue.
    #[serde(alias = "QueueType", default, skip_serializing_if = "Option::is_none")]
    pub queue_type: Option<String>,
    /// When the contact entered the queue.
    #[serde(
        alias = "EnqueueTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub enqueue_timestamp: Option<DateTime<Utc>>,
    /// When the contact left the queue.
    #[serde(
        alias = "DequeueTimestamp",
        default,
        with = "lenient::millis",
        skip_serializing_if = "Option::is_none"
    )]
    pub dequeue_timestamp: Option<DateTime<Utc>>,
}

/// One end of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventEndpoint {
    /// The phone number in E.164 form, or another kind of address.
    #[serde(
        alias = "Address",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub address: Option<PhoneNumber>,
    /// `TELEPHONE_NUMBER`, `VOIP`, `CONTACT_FLOW`, ...
    #[serde(rename = "type", alias = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

#[cfg(test)]
mod tests;
