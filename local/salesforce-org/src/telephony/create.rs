//! `POST /voiceCalls`: a call comes in, or is transferred.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::auth::Caller;
use super::payload::Payload;
use super::{attributes, call_in};
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::records::{self, Record, VOICE_CALL, date_time, fields};
use crate::store::routing::queue_name;
use crate::store::{Db, calls};

const REQUIRED: [&str; 7] =
    ["callCenterApiName", "vendorCallKey", "to", "from", "initiationMethod", "startTime", "participants"];
/// Of a text field, and so of `VendorCallKey`.
const LONGEST_TEXT: usize = 255;

pub(super) async fn create(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    body: Payload,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    body.require(&REQUIRED)?;
    check_call_center(&body, &call_center)?;
    let call_type = body.choice("initiationMethod", &["Inbound", "Transfer"])?.unwrap_or_default();
    if body.required_text("vendorCallKey")?.len() > LONGEST_TEXT {
        return Err(Refusal::bad_request(
            "STRING_TOO_LONG",
            "vendorCallKey: data value too large (max length=255)",
        ));
    }
    check_participants(&body)?;
    if !org.may_create() {
        let message = "SCV_LIMITS_ERROR: the org's limit of new voice calls per second is exceeded";
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "LIMIT_EXCEEDED", message));
    }
    org.store.transact(|db| {
        let existing = calls::find(db, body.required_text("vendorCallKey")?, Some(call_center.id()))?;
        let existing = existing.filter(|call| call["CallType"] == call_type);
        if let Some(call) = existing.filter(|_| org.settings.idempotent_create) {
            return Ok((StatusCode::OK, Json(json!({"voiceCallId": call.id(), "errors": []}))));
        }
        let (own_fields, problems) = body.text("callAttributes")?.map(attributes::fields).unwrap_or_default();
        let call = insert(db, &call_center, call_type, &body, own_fields)?;
        let errors = if problems.is_empty() { json!([]) } else { problems.join("; ").into() };
        Ok((StatusCode::CREATED, Json(json!({"voiceCallId": call.id(), "errors": errors}))))
    })
}

/// The call center that a body names must be the one that the token speaks for.
pub(super) fn check_call_center(body: &Payload, call_center: &Record) -> Result<(), Refusal> {
    match body.text("callCenterApiName")? {
        Some(name) if call_center["InternalName"] != name => {
            let message = "The token is not one of this call center";
            Err(Refusal::new(StatusCode::FORBIDDEN, "INSUFFICIENT_ACCESS_OR_READONLY", message))
        }
        _ => Ok(()),
    }
}

fn check_participants(body: &Payload) -> Result<(), Refusal> {
    let mut has_end_user = false;
    for participant in body.list("participants")? {
        let participant = Payload::within(participant, "participants")?;
        if participant.text("type")? == Some("END_USER") {
            participant.require(&["participantKey"])?;
            has_end_user = true;
        }
    }
    let missing = || Refusal::bad_request("REQUIRED_FIELD_MISSING", "participants must have an END_USER");
    has_end_user.then_some(()).ok_or_else(missing)
}

fn insert(
    db: &Db<'_>,
    call_center: &Record,
    call_type: &'static str,
    body: &Payload,
    own_fields: Map<String, Value>,
) -> Result<Record, Refusal> {
    let key = body.required_text("vendorCallKey")?;
    let start = body.time("startTime")?;
    let subtype = match body.choice("callSubtype", &["PSTN", "WebRTC", "webRTC"])? {
        Some("webRTC") => "WebRTC",
        subtype => subtype.unwrap_or("PSTN"),
    };
    let mut call = own_fields;
    call.extend(fields([
        ("VendorCallKey", key.into()),
        ("VendorType", "ContactCenter".into()),
        ("CallCenterId", call_center.id().into()),
        ("CallType", call_type.into()),
        ("CallSubtype", subtype.into()),
        ("FromPhoneNumber", body.required_text("from")?.into()),
        ("ToPhoneNumber", body.required_text("to")?.into()),
        ("CallStartDateTime", start.map_or(Value::Null, date_time)),
        ("CallDisposition", "new".into()),
    ]));
    if let Some(origin) = body.choice("callOrigin", &["Preview", "Progressive", "Voicemail"])? {
        call.insert("CallOrigin".to_owned(), origin.into());
    }
    let Some(parent) = parent(db, call_center, call_type, body)? else {
        let conversation = calls::open_conversation(db, call_center.id(), key, start)?;
        call.insert("ConversationId".to_owned(), conversation.id().into());
        return Ok(records::insert(db, VOICE_CALL, call)?);
    };
    if let Some(queue) = body.text("queue")? {
        call.insert("QueueName".to_owned(), queue_name(db, queue)?.into());
    }
    call.extend(calls::leg_of(&parent));
    let call = records::insert(db, VOICE_CALL, call)?;
    calls::link(db, parent, &call)?;
    Ok(call)
}

/// The call that a transfer came from; the first call of a conversation has none.
fn parent(
    db: &Db<'_>,
    call_center: &Record,
    call_type: &str,
    body: &Payload,
) -> Result<Option<Record>, Refusal> {
    let parent = body.text("parentVoiceCallId")?.filter(|parent| !parent.is_empty());
    match (call_type, parent) {
        ("Transfer", Some(parent)) => {
            let unknown = "parentVoiceCallId: no such voice call";
            let parent = call_in(db, call_center, parent);
            parent.map(Some).map_err(|_| Refusal::bad_request("INVALID_CROSS_REFERENCE_KEY", unknown))
        }
        ("Transfer", None) => {
            Err(Refusal::bad_request("REQUIRED_FIELD_MISSING", "A Transfer requires parentVoiceCallId"))
        }
        (_, Some(_)) => {
            Err(Refusal::bad_request("INVALID_FIELD", "Only a Transfer may have a parentVoiceCallId"))
        }
        (_, None) => Ok(None),
    }
}
