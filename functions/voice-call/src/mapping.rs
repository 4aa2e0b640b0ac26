//! What a contact flow knows becomes what the Telephony Integration API wants. Pure.

use chrono::{DateTime, Utc};
use connect::flow::ContactData;
use connect::{Attributes, Endpoint};
use salesforce::Fields;
use salesforce::telephony::{
    CallAttributes, CallKey, CallSubtype, CreateVoiceCall, ExecuteOmniFlow, InitiationMethod, Participant,
    RouteVoiceCall,
};

use crate::error::HandlerError;
use crate::invocation::Invocation;

/// The address and participant key of a WebRTC contact that has none. The guide writes `WEBRTC_DEFAULT`;
/// this is what runs today.
const WEB_RTC_DEFAULT: &str = "WebRTC_Default";

/// The address of a phone call whose endpoint Connect does not tell, in Connect's own word for withheld numbers.
const WITHHELD: &str = "anonymous";

/// `createVoiceCall`: the VoiceCall of a contact that came in at about `now`.
pub(crate) fn inbound(contact: &ContactData, call: &CallKey, now: DateTime<Utc>) -> CreateVoiceCall {
    let (from, to) = from_and_to(contact);
    let participant = if contact.is_web_rtc() { WEB_RTC_DEFAULT } else { &from };
    CreateVoiceCall {
        vendor_call_key: call.clone(),
        participants: vec![Participant::end_user(participant)],
        to: to.into(),
        from: from.as_str().into(),
        initiation_method: InitiationMethod::Inbound,
        start_time: now,
        call_subtype: Some(subtype(contact)),
        call_origin: contact.attributes.non_empty("callOrigin").map(str::to_owned),
        call_attributes: Some(call_attributes(&contact.attributes)),
        parent_voice_call_id: None,
        queue: None,
    }
}

/// `createTransferVC`: the VoiceCall of a transferred contact, linked to the contact before it.
pub(crate) fn transfer(
    invocation: &Invocation<'_>,
    now: DateTime<Utc>,
) -> Result<CreateVoiceCall, HandlerError> {
    let contact = invocation.required_contact()?;
    let previous = contact.previous_contact_id.as_ref().and_then(|id| CallKey::parse(id.as_str()).ok());
    let missing = "Details.ContactData.PreviousContactId (only a transferred contact has one)";
    let parent = previous.ok_or_else(|| invocation.missing(missing))?;
    Ok(CreateVoiceCall {
        initiation_method: InitiationMethod::Transfer,
        parent_voice_call_id: Some(parent),
        queue: contact.queue.as_ref().and_then(|queue| queue.arn.clone()),
        // A transferred phone call is created without a subtype today, and Salesforce takes that for PSTN.
        call_subtype: contact.is_web_rtc().then(|| subtype(contact)),
        ..inbound(contact, &invocation.call, now)
    })
}

/// `executeOmniFlow`.
pub(crate) fn omni_flow(invocation: &Invocation<'_>) -> Result<ExecuteOmniFlow, HandlerError> {
    let owned = |name| invocation.text(name).map(|text| text.into_owned());
    Ok(ExecuteOmniFlow {
        dialed_number: Some(dialed_number(invocation)?.into()),
        flow_dev_name: owned("flowDevName"),
        fallback_queue: owned("fallbackQueue"),
        transfer_target: owned("transferTarget"),
        flow_input_parameters: Some(invocation.flow_input()),
    })
}

/// `routeVoiceCall`.
pub(crate) fn route(invocation: &Invocation<'_>) -> Result<RouteVoiceCall, HandlerError> {
    Ok(RouteVoiceCall {
        routing_target: invocation.required_text("routingTarget")?,
        fallback_queue: invocation.text("fallbackQueue").map(|text| text.into_owned()),
        flow_input_parameters: Some(invocation.flow_input()),
    })
}

/// The number that the caller dialed: the contact center's own, in WebRTC what the VoiceCall was created with.
/// Without a contact, what the calling Lambda says.
fn dialed_number(invocation: &Invocation<'_>) -> Result<String, HandlerError> {
    let contact = invocation.contact();
    if let Some(web_rtc) = contact.filter(|contact| contact.is_web_rtc()) {
        return Ok(from_and_to(web_rtc).1);
    }
    let system = contact.and_then(|contact| address(contact.system_endpoint.as_ref()));
    let in_fields = || {
        let fields = invocation.field_values().ok()?;
        fields.0.get("dialedNumber")?.as_str().filter(|number| !number.is_empty()).map(str::to_owned)
    };
    let missing = "the dialed number: Details.ContactData.SystemEndpoint, or fieldValues.dialedNumber,";
    system.map(str::to_owned).or_else(in_fields).ok_or_else(|| invocation.missing(missing))
}

fn from_and_to(contact: &ContactData) -> (String, String) {
    let customer = address(contact.customer_endpoint.as_ref());
    let system = address(contact.system_endpoint.as_ref());
    if contact.is_web_rtc() {
        let named = |attribute| contact.attributes.non_empty(attribute);
        let known = |address: Option<&str>| address.unwrap_or(WEB_RTC_DEFAULT).to_owned();
        (known(named("WebRTC_From").or(customer)), known(named("WebRTC_To").or(system)))
    } else {
        let known = |address: Option<&str>| address.unwrap_or(WITHHELD).to_owned();
        (known(customer), known(system))
    }
}

fn address(endpoint: Option<&Endpoint>) -> Option<&str> {
    Some(endpoint?.address.as_ref()?.as_str())
}

fn subtype(contact: &ContactData) -> CallSubtype {
    if contact.is_web_rtc() { CallSubtype::WebRtc } else { CallSubtype::Pstn }
}

/// The attributes that are meant for the VoiceCall; an empty object when there are none.
fn call_attributes(attributes: &Attributes) -> CallAttributes {
    let fields = attributes.salesforce_fields().map(|(name, value)| (name.to_owned(), value.into()));
    CallAttributes(Fields(fields.collect()))
}
