//! `PATCH /voiceCalls/{id}`: what became of a call, mostly after it; creates the call if nobody did.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use chrono::Utc;
use serde_json::{Map, Value, json};

use super::attributes;
use super::auth::Caller;
use super::create::check_call_center;
use super::payload::Payload;
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::records::{self, RECORDING, Record, USER, VOICE_CALL, by_field, date_time, fields};
use crate::store::{Db, calls, routing};

/// How a contact record says that a call began, and the CallType that follows.
const CALL_TYPES: [(&str, &str); 5] = [
    ("INBOUND", "Inbound"),
    ("OUTBOUND", "Outbound"),
    ("TRANSFER", "Transfer"),
    ("CALLBACK", "Callback"),
    ("WEBRTC_API", "Inbound"),
];
const TEXTS: [(&str, &str); 3] =
    [("fromNumber", "FromPhoneNumber"), ("toNumber", "ToPhoneNumber"), ("queue", "QueueName")];
const TIMES: [(&str, &str); 4] = [
    ("startTime", "CallStartDateTime"),
    ("endTime", "CallEndDateTime"),
    ("enqueueTime", "CallQueuedDateTime"),
    ("acceptTime", "CallAcceptDateTime"),
];
/// Written as 0 when an update that ends the call does not have them.
const HOLDS: [(&str, &str); 3] = [
    ("totalHoldDuration", "CustomerHoldDuration"),
    ("numberOfHolds", "NumberOfHolds"),
    ("longestHoldDuration", "LongestHoldDuration"),
];

pub(super) async fn update(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(call): Path<String>,
    body: Payload,
) -> Result<Json<Value>, Refusal> {
    check_call_center(&body, &call_center)?;
    let active = body.flag("isActiveCall")?.unwrap_or(false);
    let mut changes = changes(&body, active)?;
    org.store.transact(|db| {
        let known = calls::find(db, &call, Some(call_center.id()))?;
        let call = match known {
            Some(call) => call,
            None => insert(db, &call_center, &call, &body)?,
        };
        changes.extend(agent(db, &body)?);
        changes.extend(recording(db, &call, &body)?);
        let call = records::update(db, call, changes)?;
        if let Some(start) = body.time("startTime")? {
            calls::start_conversation_by(db, &call, start)?;
        }
        if active {
            progress(db, call)?
        } else {
            end(db, call)?
        }
        // Salesforce applies an update later; whether it succeeded cannot be asked.
        Ok(Json(json!({"status": "pending"})))
    })
}

/// The fields that an update sets whatever the call was like before.
fn changes(body: &Payload, active: bool) -> Result<Map<String, Value>, Refusal> {
    let mut changes = Map::new();
    if let Some(call_attributes) = body.text("callAttributes")? {
        changes.extend(attributes::fields(call_attributes).0);
    }
    for (name, field) in TEXTS {
        if let Some(text) = body.text(name)? {
            changes.insert(field.to_owned(), text.into());
        }
    }
    for (name, field) in TIMES {
        if let Some(time) = body.time(name)? {
            changes.insert(field.to_owned(), date_time(time));
        }
    }
    for (name, field) in HOLDS {
        match body.count(name)? {
            Some(count) => changes.insert(field.to_owned(), count.into()),
            None if !active => changes.insert(field.to_owned(), 0.into()),
            None => None,
        };
    }
    if let (Some(start), Some(end)) = (body.time("startTime")?, body.time("endTime")?) {
        let duration = (end - start).num_seconds();
        changes.insert("CallDurationInSeconds".to_owned(), duration.into());
    }
    if let Some(origin) = body.choice("callOrigin", &["Preview", "Progressive", "Voicemail"])? {
        changes.insert("CallOrigin".to_owned(), origin.into());
    }
    if let Some(subtype) = body.choice("callSubType", &["PSTN", "WebRTC"])? {
        changes.insert("CallSubtype".to_owned(), subtype.into());
    }
    if let Some(reason) = body.value("disconnectReason") {
        let reason = Payload::within(reason, "disconnectReason")?;
        reason.require(&["value", "isError"])?;
        reason.flag("isError")?;
        changes.insert("DisconnectReason".to_owned(), reason.required_text("value")?.into());
    }
    Ok(changes)
}

/// The call that was missed or abandoned before anyone created it.
fn insert(db: &Db<'_>, call_center: &Record, key: &str, body: &Payload) -> Result<Record, Refusal> {
    if calls::is_voice_call_id(key) {
        return Err(Refusal::no_such_call());
    }
    let method = body.choice("initiationMethod", &CALL_TYPES.map(|(method, _)| method))?.unwrap_or("INBOUND");
    let call_type =
        CALL_TYPES.into_iter().find(|(known, _)| *known == method).map(|(_, call_type)| call_type);
    let mut call = fields([
        ("VendorCallKey", key.into()),
        ("VendorType", "ContactCenter".into()),
        ("CallCenterId", call_center.id().into()),
        ("CallType", call_type.into()),
        ("CallSubtype", if method == "WEBRTC_API" { "WebRTC" } else { "PSTN" }.into()),
        ("CallDisposition", "new".into()),
    ]);
    let parent = match body.text("parentCallIdentifier")? {
        Some(parent) => calls::find(db, parent, Some(call_center.id()))?,
        None => None,
    };
    let Some(parent) = parent else {
        let start = body.time("startTime")?;
        let conversation = calls::open_conversation(db, call_center.id(), key, start)?;
        call.insert("ConversationId".to_owned(), conversation.id().into());
        return Ok(records::insert(db, VOICE_CALL, call)?);
    };
    call.extend(calls::leg_of(&parent));
    let call = records::insert(db, VOICE_CALL, call)?;
    calls::link(db, parent, &call)?;
    Ok(call)
}

/// The user of the agent's name; an agent whom the org does not know changes nothing.
fn agent(db: &Db<'_>, body: &Payload) -> Result<Map<String, Value>, Refusal> {
    let Some(agent) = body.text("agent")? else { return Ok(Map::new()) };
    let user = by_field(db, USER, "Username", agent)?.pop();
    Ok(user.map(|user| fields([("UserId", user.id().into())])).unwrap_or_default())
}

/// The recording of a call becomes a record of its own. Sent again, it replaces what was known of it.
fn recording(db: &Db<'_>, call: &Record, body: &Payload) -> Result<Map<String, Value>, Refusal> {
    let Some(location) = body.text("recordingLocation")? else {
        if body.count("totalRecordingDuration")?.is_some() {
            let message = "totalRecordingDuration requires recordingLocation";
            return Err(Refusal::bad_request("REQUIRED_FIELD_MISSING", message));
        }
        return Ok(Map::new());
    };
    let spoken = body.count("agentInteractionDuration")?.unwrap_or(0);
    let held = body.count("totalHoldDuration")?.unwrap_or(0);
    let duration = body.count("totalRecordingDuration")?.unwrap_or(spoken + held);
    let recording = fields([
        ("VoiceCallId", call.id().into()),
        ("Name", location.into()),
        ("DurationInSeconds", duration.into()),
    ]);
    let known =
        by_field(db, RECORDING, "VoiceCallId", call.id())?.into_iter().find(|one| one["Name"] == location);
    let recording = match known {
        Some(known) => records::update(db, known, recording)?,
        None => records::insert(db, RECORDING, recording)?,
    };
    Ok(fields([("CallRecordingId", recording.id().into()), ("IsRecorded", true.into())]))
}

/// The call goes on, with an agent if one has accepted it; what is completed stays so.
fn progress(db: &Db<'_>, call: Record) -> rusqlite::Result<()> {
    if call["CallDisposition"] != "completed" && !call["CallAcceptDateTime"].is_null() {
        records::update(db, call, fields([("CallDisposition", "in-progress".into())]))?;
    }
    Ok(())
}

/// The call is over; its conversation too, unless it went on in another call.
fn end(db: &Db<'_>, call: Record) -> rusqlite::Result<()> {
    let call = records::update(db, call, fields([("CallDisposition", "completed".into())]))?;
    routing::clear(db, call.id())?;
    if call["NextCallId"].is_null() {
        calls::end_conversation(db, &call, call.time("CallEndDateTime").unwrap_or_else(Utc::now))?;
    }
    Ok(())
}
