//! What Amazon Connect puts on the contact-record stream.

use std::time::Duration;

use serde_json::{Value, json};

use super::analysis_file::PREFIX;
use super::{BUCKET, Telling, endpoint};
use crate::script::call::Leg;

impl Telling<'_> {
    /// The contact record of a leg, as it is `at` a time after the ring; without the recording until that arrived.
    ///
    /// Shape: <https://docs.aws.amazon.com/connect/latest/adminguide/ctr-data-model.html>.
    pub(crate) fn contact_record(&self, number: usize, at: Duration, recorded: bool) -> Value {
        let Some(leg) = self.leg(number) else { return Value::Null };
        let scene = self.scene;
        let recording = self.recording_of(number).filter(|_| recorded);
        json!({
            "AWSAccountId": scene.instance.account_id(),
            "AWSContactTraceRecordFormatVersion": "2017-03-10",
            "Agent": self.agent(leg),
            "AgentConnectionAttempts": u8::from(leg.agent.is_some()),
            "AnsweringMachineDetectionStatus": null,
            "Attributes": self.attributes,
            "Campaign": {"CampaignId": null},
            "Channel": "VOICE",
            "ConnectedToSystemTimestamp": leg.connected_to_system.map(|time| scene.seconds(time)),
            "ContactDetails": {},
            "ContactId": scene.contact_id(number),
            "ContactLens": null,
            "CustomerEndpoint": endpoint(self.customer(number)),
            "CustomerVoiceActivity": null,
            "DisconnectReason": leg.disconnect_reason,
            "DisconnectTimestamp": scene.seconds(leg.disconnected),
            "InitialContactId": scene.initial_contact_id(number),
            "InitiationMethod": leg.initiation_method,
            "InitiationTimestamp": scene.seconds(leg.initiated),
            "InstanceARN": scene.instance.arn(),
            "LastUpdateTimestamp": scene.seconds(at),
            "MediaStreams": [{"Type": "AUDIO"}],
            "NextContactId": scene.contact_ids.get(number + 1),
            "PreviousContactId": scene.previous_contact_id(number),
            "QualityMetrics": null,
            "Queue": leg.queue.as_ref().map(|queue| json!({
                "ARN": queue.queue.arn(scene.instance),
                "DequeueTimestamp": scene.seconds(queue.dequeued),
                "Duration": whole_seconds(queue.enqueued, queue.dequeued),
                "EnqueueTimestamp": scene.seconds(queue.enqueued),
                "Name": queue.queue.name(),
            })),
            "Recording": recording.as_ref().map(|location| json!({
                "DeletionReason": null,
                "Location": location,
                "Status": "AVAILABLE",
                "Type": "AUDIO",
            })),
            "Recordings": recording.as_ref().map(|location| json!([{
                "DeletionReason": null,
                "FragmentStartNumber": null,
                "FragmentStopNumber": null,
                "Location": location,
                "MediaStreamType": "AUDIO",
                "ParticipantType": null,
                "StartTimestamp": null,
                "Status": "AVAILABLE",
                "StopTimestamp": null,
                "StorageType": "S3",
            }])),
            "References": [],
            "RelatedContactId": null,
            "RoutingCriteria": null,
            "ScheduledTimestamp": null,
            "SegmentAttributes": {"connect:Subtype": {"ValueString": self.subtype()}},
            // Records of callbacks do not carry it.
            "SystemEndpoint": endpoint(self.system(number).filter(|_| !leg.is_callback())),
            "Tags": self.tags(number),
            "TransferCompletedTimestamp": null,
            "TransferredToEndpoint": null,
            "VoiceIdResult": null,
        })
    }

    fn agent(&self, leg: &Leg) -> Option<Value> {
        let scene = self.scene;
        let agent = leg.agent.as_ref()?;
        let ended = scene.seconds(leg.disconnected);
        Some(json!({
            "ARN": scene.instance.agent_arn(&agent.username),
            "AfterContactWorkDuration": leg.wrap_up.as_secs(),
            "AfterContactWorkEndTimestamp": scene.seconds(leg.completed()),
            "AfterContactWorkStartTimestamp": ended,
            "AgentInteractionDuration": leg.interaction().as_secs(),
            "ConnectedToAgentTimestamp": scene.seconds(agent.at),
            "CustomerHoldDuration": leg.holds.iter().sum::<Duration>().as_secs(),
            "HierarchyGroups": null,
            "LongestHoldDuration": leg.holds.iter().max().map_or(0, Duration::as_secs),
            "NumberOfHolds": leg.holds.len(),
            "RoutingProfile": {
                "ARN": scene.instance.arn_of("routing-profile", "Basic Routing Profile"),
                "Name": "Basic Routing Profile",
            },
            "Username": agent.username,
        }))
    }

    /// Where the recording lies; none unless the contact is recorded and an agent was on it.
    pub(super) fn recording_of(&self, number: usize) -> Option<String> {
        let agent = self.leg(number)?.agent.as_ref().filter(|_| self.contact.recording == Some(true))?;
        let start = self.scene.ring + agent.at;
        let contact_id = self.scene.contact_id(number);
        Some(format!(
            "{BUCKET}/{PREFIX}CallRecordings/{}/{contact_id}_{}_UTC.wav",
            start.format("%Y/%m/%d"),
            start.format("%Y%m%dT%H:%M"),
        ))
    }
}

/// Timestamps are cut to whole seconds; so a duration is the difference of what is left.
fn whole_seconds(from: Duration, to: Duration) -> u64 {
    to.as_secs().saturating_sub(from.as_secs())
}
