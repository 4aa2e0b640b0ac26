//! A contact record becomes an update of its VoiceCall. Pure.
//!
//! Source of the mapping: Salesforce's CTRDataSync function (Voice developer guide, `voice_lambda_ctrdatasync`).

use connect::contact_record::ContactRecord;
use connect::{Endpoint, InitiationMethod};
use salesforce::telephony::{CallAttributes, CallKey, CallSubtype, DisconnectReason, UpdateVoiceCall};
use salesforce::{Fields, Private};

/// What a WebRTC contact without addresses has in their place: what voice-call writes when it creates the VoiceCall.
const WEB_RTC_DEFAULT: &str = "WebRTC_Default";

/// Why a contact record is no update. The value of the metrics dimension `reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// A chat, a task or an e-mail.
    NotVoice,
    /// Monitoring, queue transfers and others that have no VoiceCall of their own.
    InitiationMethod,
    /// The flow set the attribute `NoSync`.
    NoSync,
    /// The voicemail functions write this VoiceCall.
    Voicemail,
    /// This version, or a newer one, is applied already.
    AlreadyApplied,
}

impl Skip {
    /// The reason as a metrics dimension.
    pub fn name(self) -> &'static str {
        match self {
            Skip::NotVoice => "not_voice",
            Skip::InitiationMethod => "initiation_method",
            Skip::NoSync => "no_sync",
            Skip::Voicemail => "voicemail",
            Skip::AlreadyApplied => "already_applied",
        }
    }
}

/// The update of the VoiceCall, or why there is none.
pub fn voice_call_update(record: &ContactRecord) -> Result<UpdateVoiceCall, Skip> {
    let method = synced_method(record)?;
    let (from, to) = from_and_to(record, method);
    let agent = record.agent.as_ref();
    let queue = record.queue.as_ref();
    Ok(UpdateVoiceCall {
        start_time: record.initiation_timestamp,
        end_time: record.disconnect_timestamp,
        accept_time: agent.and_then(|agent| agent.connected_to_agent_timestamp),
        enqueue_time: queue.and_then(|queue| queue.enqueue_timestamp),
        total_hold_duration: agent.and_then(|agent| int32(agent.customer_hold_duration)),
        longest_hold_duration: agent.and_then(|agent| int32(agent.longest_hold_duration)),
        agent_interaction_duration: agent.and_then(|agent| int32(agent.agent_interaction_duration)),
        number_of_holds: agent.and_then(|agent| int32(agent.number_of_holds)),
        queue: queue.and_then(|queue| queue.name.clone()),
        from_number: from,
        to_number: to,
        initiation_method: Some(wire_method(method)),
        call_sub_type: Some(if record.is_web_rtc() { CallSubtype::WebRtc } else { CallSubtype::Pstn }),
        parent_call_identifier: record
            .previous_contact_id
            .as_ref()
            .and_then(|id| CallKey::parse(id.as_str()).ok()),
        recording_location: record.recording.as_ref().and_then(|recording| recording.location.clone()),
        disconnect_reason: record.disconnect_reason.as_deref().map(disconnect_reason),
        call_attributes: call_attributes(record),
        ..UpdateVoiceCall::default()
    })
}

fn synced_method(record: &ContactRecord) -> Result<&InitiationMethod, Skip> {
    use InitiationMethod::{Api, Callback, Inbound, Outbound, Transfer, WebRtcApi};
    if !record.is_voice() {
        return Err(Skip::NotVoice);
    }
    if record.attributes.get("NoSync") == Some("true") {
        return Err(Skip::NoSync);
    }
    if record.attributes.non_empty("vm_flag").is_some() && record.recordings.is_some() {
        return Err(Skip::Voicemail);
    }
    match &record.initiation_method {
        Some(method @ (Inbound | Outbound | Transfer | Callback | Api | WebRtcApi)) => Ok(method),
        _ => Err(Skip::InitiationMethod),
    }
}

/// Calls started by an API call come in, as far as Salesforce is concerned.
fn wire_method(method: &InitiationMethod) -> String {
    match method {
        InitiationMethod::Api => InitiationMethod::Inbound.as_str(),
        other => other.as_str(),
    }
    .to_owned()
}

/// The numbers as the call's direction has them; in WebRTC the direction that voice-call wrote.
fn from_and_to(record: &ContactRecord, method: &InitiationMethod) -> (Option<Private>, Option<Private>) {
    let customer = address(record.customer_endpoint.as_ref());
    let system = address(record.system_endpoint.as_ref());
    if record.is_web_rtc() {
        let named = |attribute| record.attributes.non_empty(attribute).map(Private::from);
        let known = |address: Option<Private>| Some(address.unwrap_or_else(|| WEB_RTC_DEFAULT.into()));
        return (known(named("WebRTC_From").or(customer)), known(named("WebRTC_To").or(system)));
    }
    match method {
        InitiationMethod::Outbound | InitiationMethod::Callback => (system, customer),
        _ => (customer, system),
    }
}

fn address(endpoint: Option<&Endpoint>) -> Option<Private> {
    Some(endpoint?.address.as_ref()?.as_str().into())
}

/// Salesforce's integers have 32 bits; what does not fit is no duration of a call.
fn int32(value: Option<u32>) -> Option<i32> {
    value.and_then(|value| i32::try_from(value).ok())
}

fn disconnect_reason(value: &str) -> DisconnectReason {
    let is_error = matches!(value, "TELECOM_PROBLEM" | "CONTACT_FLOW_DISCONNECT" | "OTHER");
    DisconnectReason { value: value.to_owned(), is_error }
}

/// The attributes that are meant for the VoiceCall; `None` when the record has no attributes, so that Salesforce
/// leaves alone what it has.
fn call_attributes(record: &ContactRecord) -> Option<CallAttributes> {
    /// Set by transcription when Salesforce refused utterances for its limits; code and guide spell it differently.
    const LIMIT_FLAG: &str = "sf_realtime_transcription_status";
    const LIMIT_FLAG_FIELD: &str = "sf_realtime_transcription_status__c";
    let attributes = &record.attributes;
    if attributes.is_absent() {
        return None;
    }
    let limit_flag = attributes.non_empty(LIMIT_FLAG_FIELD).or(attributes.non_empty(LIMIT_FLAG));
    let fields = attributes.salesforce_fields().chain(limit_flag.map(|flag| (LIMIT_FLAG_FIELD, flag)));
    Some(CallAttributes(Fields(fields.map(|(name, value)| (name.to_owned(), value.into())).collect())))
}
