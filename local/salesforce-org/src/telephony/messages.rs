//! Transcript messages, one by one and in bulk.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};

use super::auth::Caller;
use super::conversation_in;
use super::create::check_call_center;
use super::payload::Payload;
use crate::ids;
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::Db;
use crate::store::messages::{self, Message, Put};
use crate::store::records::Record;

/// Salesforce limits the voice calls of a request and shows a call in two entries: this org counts entries, so that
/// what it takes is within the limit whichever is meant.
const ENTRIES_PER_REQUEST: usize = 5;
const MESSAGES_PER_CALL: usize = 5;
/// How far outside its conversation a message may lie: contact records tell start and end in whole seconds.
const ROUNDING: TimeDelta = TimeDelta::seconds(1);
const SENDERS: [&str; 5] = ["END_USER", "EXTERNAL_USER", "HUMAN_AGENT", "SUPERVISOR", "VIRTUAL_AGENT"];

pub(super) async fn send_one(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(key): Path<String>,
    body: Payload,
) -> Result<Json<Value>, Refusal> {
    check_call_center(&body, &call_center)?;
    org.store.transact(|db| {
        accept(db, &call_center, &key, &[body])?;
        Ok(accepted())
    })
}

pub(super) async fn send_batch(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    body: Payload,
) -> Result<Json<Value>, Refusal> {
    body.require(&["entries"])?;
    let entries = body.list("entries")?;
    if entries.len() > ENTRIES_PER_REQUEST {
        let message = "A request takes messages of at most 5 voice calls";
        return Err(Refusal::bad_request("LIMIT_EXCEEDED", message));
    }
    let mut by_call: BTreeMap<String, Vec<Payload>> = BTreeMap::new();
    for entry in entries {
        let entry = Payload::within(entry, "entries")?;
        entry.require(&["vendorCallKey", "messages"])?;
        let messages = by_call.entry(entry.required_text("vendorCallKey")?.to_owned()).or_default();
        for message in entry.list("messages")? {
            messages.push(Payload::within(message, "messages")?);
        }
    }
    if by_call.values().any(|messages| messages.len() > MESSAGES_PER_CALL) {
        return Err(Refusal::bad_request(
            "LIMIT_EXCEEDED",
            "A request takes at most 5 messages per voice call",
        ));
    }
    org.store.transact(|db| {
        for (key, messages) in &by_call {
            accept(db, &call_center, key, messages)?;
        }
        Ok(accepted())
    })
}

fn accepted() -> Json<Value> {
    Json(json!({"result": "Accepted"}))
}

fn accept(db: &Db<'_>, call_center: &Record, key: &str, sent: &[Payload]) -> Result<(), Refusal> {
    let conversation = conversation_in(db, call_center, key)?;
    for message in sent {
        let message = read(message, key)?;
        check_time(&message, &conversation)?;
        if messages::put(db, conversation.id(), &message)? == Put::Other {
            let message = "messageId: the conversation has another message of this id";
            return Err(Refusal::bad_request("DUPLICATE_VALUE", message));
        }
    }
    Ok(())
}

fn read(body: &Payload, key: &str) -> Result<Message, Refusal> {
    body.require(&["participantId", "messageId", "startTime", "endTime", "content", "senderType"])?;
    let sender_type = body.choice("senderType", &SENDERS)?.unwrap_or_default();
    let participant_id = body.required_text("participantId")?;
    if sender_type == "HUMAN_AGENT"
        && !(participant_id.starts_with("005") && ids::to_18(participant_id).is_some())
    {
        let message = "participantId: a HUMAN_AGENT is named by user id";
        return Err(Refusal::bad_request("MALFORMED_ID", message));
    }
    Ok(Message {
        vendor_call_key: key.to_owned(),
        message_id: body.required_text("messageId")?.to_owned(),
        participant_id: match sender_type {
            "HUMAN_AGENT" | "EXTERNAL_USER" => participant_id.to_owned(),
            role => format!("{key}{role}"),
        },
        sender_type: sender_type.to_owned(),
        content: body.required_text("content")?.to_owned(),
        start_ms: body.required_millis("startTime")?,
        end_ms: body.required_millis("endTime")?,
        deliveries: 1,
    })
}

/// A message belongs inside its conversation, which ends nowhere while it is open.
fn check_time(message: &Message, conversation: &Record) -> Result<(), Refusal> {
    let outside = |when: &str| {
        let message = format!("The message lies {when} its conversation");
        Refusal::bad_request("FIELD_INTEGRITY_EXCEPTION", message)
    };
    let time = |ms| DateTime::from_timestamp_millis(ms).ok_or_else(|| outside("outside"));
    let (start, end) = (time(message.start_ms)?, time(message.end_ms)?);
    if end < start {
        return Err(Refusal::bad_request("FIELD_INTEGRITY_EXCEPTION", "The message ends before it starts"));
    }
    if conversation.time("StartTime").is_some_and(|opened| start < opened - ROUNDING) {
        return Err(outside("before"));
    }
    if conversation.time("EndTime").is_some_and(|closed| end > closed + ROUNDING) {
        return Err(outside("after"));
    }
    Ok(())
}
