//! The contact record (once "contact trace record", CTR): everything about one contact, sent when it has ended.
//!
//! Kinesis delivers it at least once and in no order, and Connect sends it again whenever something changes, for up
//! to 24 months. <https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html>

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Attributes, Channel, ContactId, Endpoint, InitiationMethod, InstanceArn, SegmentAttributes, lenient,
};

/// One contact. A transferred call is several contacts.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ContactRecord {
    /// The AWS account.
    #[serde(rename = "AWSAccountId", default, skip_serializing_if = "Option::is_none")]
    pub aws_account_id: Option<String>,
    /// `2017-03-10` in every record seen so far.
    #[serde(rename = "AWSContactTraceRecordFormatVersion", default, skip_serializing_if = "Option::is_none")]
    pub format_version: Option<String>,
    /// The agent; null when none was connected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// How often Connect tried to connect an agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_connection_attempts: Option<u32>,
    /// What answered an outbound campaign call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answering_machine_detection_status: Option<String>,
    /// Attributes set by flows, agents and API calls.
    #[serde(default, skip_serializing_if = "Attributes::is_absent")]
    pub attributes: Attributes,
    /// The channel.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// When the customer's end was connected to Connect.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub connected_to_system_timestamp: Option<DateTime<Utc>>,
    /// The contact.
    pub contact_id: ContactId,
    /// The customer's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_endpoint: Option<Endpoint>,
    /// Why the contact ended: `CUSTOMER_DISCONNECT`, `TELECOM_PROBLEM`, ...; AWS adds values.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub disconnect_reason: Option<String>,
    /// When the contact ended.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub disconnect_timestamp: Option<DateTime<Utc>>,
    /// The first contact of the conversation.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub initial_contact_id: Option<ContactId>,
    /// How the contact came about.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub initiation_method: Option<InitiationMethod>,
    /// When the contact began.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub initiation_timestamp: Option<DateTime<Utc>>,
    /// The Connect instance.
    #[serde(
        rename = "InstanceARN",
        default,
        deserialize_with = "lenient::blank_as_none",
        skip_serializing_if = "Option::is_none"
    )]
    pub instance_arn: Option<InstanceArn>,
    /// When the record last changed: the same contact is sent again whenever something does.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub last_update_timestamp: Option<DateTime<Utc>>,
    /// The kinds of media.
    #[serde(default, deserialize_with = "lenient::null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub media_streams: Vec<MediaStream>,
    /// The contact that this one was transferred into.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub next_contact_id: Option<ContactId>,
    /// The contact that was transferred into this one.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub previous_contact_id: Option<ContactId>,
    /// The queue; null when the contact was in none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueInfo>,
    /// The first of the recordings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
    /// All recordings; null when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recordings: Option<Vec<Recording>>,
    /// A contact that this one belongs to without having been transferred from it.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub related_contact_id: Option<ContactId>,
    /// When a scheduled task was to start.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub scheduled_timestamp: Option<DateTime<Utc>>,
    /// What Connect notes about the contact.
    #[serde(default, skip_serializing_if = "SegmentAttributes::is_empty")]
    pub segment_attributes: SegmentAttributes,
    /// The contact center's end; may be missing on callbacks, queue transfers and monitoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_endpoint: Option<Endpoint>,
    /// Tags, AWS's own and the user's.
    #[serde(default, skip_serializing_if = "Attributes::is_absent")]
    pub tags: Attributes,
    /// When the agent had left a transfer that did not wait for the next agent.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub transfer_completed_timestamp: Option<DateTime<Utc>>,
    /// Where a contact went that was transferred out of the contact center.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred_to_endpoint: Option<Endpoint>,
}

impl ContactRecord {
    /// A record of which nothing but the contact is known; the rest is filled in with `..`.
    pub fn new(contact_id: ContactId) -> Self {
        Self {
            contact_id,
            aws_account_id: Default::default(),
            format_version: Default::default(),
            agent: Default::default(),
            agent_connection_attempts: Default::default(),
            answering_machine_detection_status: Default::default(),
            attributes: Default::default(),
            channel: Default::default(),
            connected_to_system_timestamp: Default::default(),
            customer_endpoint: Default::default(),
            disconnect_reason: Default::default(),
            disconnect_timestamp: Default::default(),
            initial_contact_id: Default::default(),
            initiation_method: Default::default(),
            initiation_timestamp: Default::default(),
            instance_arn: Default::default(),
            last_update_timestamp: Default::default(),
            media_streams: Default::default(),
            next_contact_id: Default::default(),
            previous_contact_id: Default::default(),
            queue: Default::default(),
            recording: Default::default(),
            recordings: Default::default(),
            related_contact_id: Default::default(),
            scheduled_timestamp: Default::default(),
            segment_attributes: Default::default(),
            system_endpoint: Default::default(),
            tags: Default::default(),
            transfer_completed_timestamp: Default::default(),
            transferred_to_endpoint: Default::default(),
        }
    }

    /// Whether this is a call. A record without a channel is one: they date from before there were others.
    pub fn is_voice(&self) -> bool {
        self.channel.as_ref().is_none_or(|channel| *channel == Channel::Voice)
    }

    /// Whether the call came from an app or a web page. A transferred one has the initiation method `TRANSFER`
    /// and tells by its subtype only.
    pub fn is_web_rtc(&self) -> bool {
        self.initiation_method == Some(InitiationMethod::WebRtcApi) || self.segment_attributes.is_web_rtc()
    }
}

/// Leaves out what may name the customer.
impl fmt::Debug for ContactRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactRecord")
            .field("contact_id", &self.contact_id)
            .field("channel", &self.channel)
            .field("initiation_method", &self.initiation_method)
            .field("last_update_timestamp", &self.last_update_timestamp)
            .field("disconnect_reason", &self.disconnect_reason)
            .field("customer_endpoint", &self.customer_endpoint)
            .field("system_endpoint", &self.system_endpoint)
            .field("attributes", &self.attributes)
            .finish_non_exhaustive()
    }
}

/// The agent of a contact. Durations are whole seconds.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Agent {
    /// The agent's ARN.
    #[serde(rename = "ARN", default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// When the after-contact work ended.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub after_contact_work_end_timestamp: Option<DateTime<Utc>>,
    /// Seconds of after-contact work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_contact_work_duration: Option<u32>,
    /// When the after-contact work began.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub after_contact_work_start_timestamp: Option<DateTime<Utc>>,
    /// Seconds in conversation, without holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_interaction_duration: Option<u32>,
    /// When the agent was connected.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub connected_to_agent_timestamp: Option<DateTime<Utc>>,
    /// Seconds that the customer was on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_hold_duration: Option<u32>,
    /// Seconds of the longest hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_hold_duration: Option<u32>,
    /// How often the customer was put on hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_of_holds: Option<u32>,
    /// The agent's routing profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing_profile: Option<RoutingProfile>,
    /// The agent's user name in Connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

/// Leaves out the user name, which often is the agent's e-mail address.
impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent")
            .field("arn", &self.arn)
            .field("connected_to_agent_timestamp", &self.connected_to_agent_timestamp)
            .finish_non_exhaustive()
    }
}

/// The routing profile of an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RoutingProfile {
    /// The routing profile's ARN.
    #[serde(rename = "ARN", default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The routing profile's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The queue of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct QueueInfo {
    /// The queue's ARN.
    #[serde(rename = "ARN", default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// When the contact left the queue.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub dequeue_timestamp: Option<DateTime<Utc>>,
    /// Seconds in the queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<u32>,
    /// When the contact entered the queue.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub enqueue_timestamp: Option<DateTime<Utc>>,
    /// The queue's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A recording, or a live stream that was kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Recording {
    /// Why the recording is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deletion_reason: Option<String>,
    /// The first fragment in Kinesis Video Streams: a decimal number beyond any integer type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fragment_start_number: Option<String>,
    /// The last fragment in Kinesis Video Streams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fragment_stop_number: Option<String>,
    /// Bucket and key in S3, or the ARN of the video stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// `AUDIO`, `VIDEO` or `CHAT`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_stream_type: Option<String>,
    /// `All`, `Manager`, `Agent`, `Customer`, `Thirdparty` or `Supervisor`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant_type: Option<String>,
    /// When the recording began.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub start_timestamp: Option<DateTime<Utc>>,
    /// `AVAILABLE`, `DELETED` or `NULL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// When the recording ended.
    #[serde(default, with = "lenient::seconds", skip_serializing_if = "Option::is_none")]
    pub stop_timestamp: Option<DateTime<Utc>>,
    /// `S3` or `KINESIS_VIDEO_STREAM`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage_type: Option<String>,
    /// `AUDIO`; only on [`ContactRecord::recording`].
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where the transcript is that no rule has been applied to yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unprocessed_transcript_location: Option<String>,
}

/// A kind of media that a contact had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MediaStream {
    /// `AUDIO`, `VIDEO`, `CHAT` or `AUTOMATED_INTERACTION`.
    #[serde(rename = "Type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

#[cfg(test)]
mod tests;
