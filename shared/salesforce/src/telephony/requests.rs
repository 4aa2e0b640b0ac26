//! What the Telephony Integration API is asked for. Field names and types: contracts of the API pages
//! `voice_rest_voicecalls_create`, `voice_rest_voicecalls_update`, `voice_rest_omniflow_execute`,
//! `voice_rest_route_call`, `voice_rest_callback` of the Salesforce Voice implementation guide.
//!
//! `callCenterApiName` is nowhere in here: the client knows it and adds it where the API wants it.

use super::CallKey;
use crate::private::{Fields, Private};
use crate::wire_time;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, Serializer};

/// `POST /voiceCalls`: a call has begun, or a new leg of one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateVoiceCall {
    /// The contact id in Amazon Connect.
    pub vendor_call_key: CallKey,
    /// Called number or address.
    pub to: Private,
    /// Calling number or address.
    pub from: Private,
    /// How the contact began.
    pub initiation_method: InitiationMethod,
    /// The contact (or VoiceCall) that was transferred; only with [`InitiationMethod::Transfer`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_voice_call_id: Option<CallKey>,
    /// When the contact began.
    #[serde(with = "wire_time")]
    pub start_time: DateTime<Utc>,
    /// The API reads exactly one: the customer.
    pub participants: Vec<Participant>,
    /// Salesforce assumes PSTN when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_subtype: Option<CallSubtype>,
    /// `Preview`, `Progressive` or `Voicemail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_origin: Option<String>,
    /// Queue id, Salesforce's or Connect's ARN; only with [`InitiationMethod::Transfer`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Fields of the VoiceCall record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_attributes: Option<CallAttributes>,
}

/// How a contact began, in the words of [`CreateVoiceCall`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum InitiationMethod {
    /// The first contact of a conversation.
    Inbound,
    /// A leg that another contact led to.
    Transfer,
}

/// What carries the voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum CallSubtype {
    /// The telephone network.
    #[serde(rename = "PSTN")]
    Pstn,
    /// A browser or an app.
    #[serde(rename = "WebRTC")]
    WebRtc,
}

/// The customer's side of a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// The customer's number or address; Salesforce masks it.
    pub participant_key: Private,
    /// Always `END_USER`: the API ignores all others.
    #[serde(rename = "type")]
    pub kind: ParticipantKind,
}

impl Participant {
    /// The customer.
    pub fn end_user(key: impl Into<Private>) -> Self {
        Self { participant_key: key.into(), kind: ParticipantKind::EndUser }
    }
}

/// The only kind of participant that creation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ParticipantKind {
    /// The customer.
    #[serde(rename = "END_USER")]
    EndUser,
}

/// Fields of the VoiceCall record, which the API wants as one JSON object written into a string.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CallAttributes(pub Fields);

impl Serialize for CallAttributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(&self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

/// `PATCH /voiceCalls/{id}`: what is known about a call now. Creates the VoiceCall if there is none.
///
/// All fields are optional. Those that the API page lists are typed; `other` carries the rest as they are.
/// A typed field wins over one of the same name in `other`.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateVoiceCall {
    /// Everything else, under its wire name; also the way through for fields that another function made up.
    #[serde(flatten)]
    pub other: Fields,
    /// The duration is computed only when both this and `end_time` are sent.
    #[serde(with = "wire_time::option", skip_serializing_if = "Option::is_none")]
    pub start_time: Option<DateTime<Utc>>,
    /// End of the call.
    #[serde(with = "wire_time::option", skip_serializing_if = "Option::is_none")]
    pub end_time: Option<DateTime<Utc>>,
    /// Entry into the queue.
    #[serde(with = "wire_time::option", skip_serializing_if = "Option::is_none")]
    pub enqueue_time: Option<DateTime<Utc>>,
    /// Answered by an agent.
    #[serde(with = "wire_time::option", skip_serializing_if = "Option::is_none")]
    pub accept_time: Option<DateTime<Utc>>,
    /// Calling number or address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_number: Option<Private>,
    /// Called number or address. Not on the API page, but it counts when the update creates the VoiceCall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_number: Option<Private>,
    /// Contact id that this one came from. Not on the API page, as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_call_identifier: Option<CallKey>,
    /// `INBOUND`, `OUTBOUND`, `TRANSFER`, `CALLBACK`, `WEBRTC_API`. Not on the API page, as above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiation_method: Option<String>,
    /// What carries the voice. Not on the API page, as above; note the capital T, unlike in [`CreateVoiceCall`].
    #[serde(rename = "callSubType", skip_serializing_if = "Option::is_none")]
    pub call_sub_type: Option<CallSubtype>,
    /// Seconds on hold. Salesforce writes 0 when absent, and wants `recording_location` with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_hold_duration: Option<i32>,
    /// Seconds of the longest hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest_hold_duration: Option<i32>,
    /// How often the customer was put on hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_holds: Option<i32>,
    /// Seconds of conversation with the agent. Wants `recording_location` with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_interaction_duration: Option<i32>,
    /// Queue **name**.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Agent user name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Private>,
    /// `Preview`, `Progressive` or `Voicemail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_origin: Option<String>,
    /// Where the recording is; required for every field about the recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording_location: Option<String>,
    /// Seconds; Salesforce adds up conversation and hold when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_recording_duration: Option<i32>,
    /// Fields of the VoiceCall record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_attributes: Option<CallAttributes>,
    /// `true` keeps conversation and pending routing open; Salesforce assumes `false`, which closes both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_active_call: Option<bool>,
    /// Why the call ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnect_reason: Option<DisconnectReason>,
}

/// Why a call ended. The page types it as a string, but its example, and what works, is this object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DisconnectReason {
    /// Connect's word for it.
    pub value: String,
    /// Whether something went wrong.
    pub is_error: bool,
}

/// `PATCH /voiceCalls/{id}/omniFlow`: let an Omni-Channel flow find the agent or queue for the call.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecuteOmniFlow {
    /// The number that was called; the API page requires it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dialed_number: Option<Private>,
    /// API name of the flow; the phone channel's own flow for the dialed number wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_dev_name: Option<String>,
    /// Developer name or id of the queue to take when the flow finds nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_queue: Option<String>,
    /// Input variables of the flow. Typed as a string on the page, an object in its example and in what works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_input_parameters: Option<Fields>,
    /// Sent by the newer reference function, not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer_target: Option<String>,
}

/// Route a call to an agent, queue or flow; only for call centers with Unified Routing.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RouteVoiceCall {
    /// Id of the agent, queue or flow.
    pub routing_target: String,
    /// Id of the queue to take otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback_queue: Option<String>,
    /// Input variables, if the target is a flow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow_input_parameters: Option<Fields>,
}

/// `POST /voiceCalls/{id}/requestCallback`: the caller would rather be called back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestCallback {
    /// Number to call.
    pub callback_number: Private,
}
