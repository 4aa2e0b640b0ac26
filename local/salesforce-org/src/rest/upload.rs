//! Uploads of whole conversations: files of newline-separated JSON, one for each conversation.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, TimeDelta};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::multipart;
use super::resource::{Call, Reply, Resource};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::store::messages::{self, Message, Put};
use crate::store::records::{CONVERSATION, Record, VOICE_CALL, by_field, by_id};
use crate::store::uploads::{self, Upload};

const PATH: &str = "/connect/conversations/upload";
/// How many uploads a client may ask about at once.
const IDS: usize = 100;
/// How far outside its conversation an entry may lie: contact records tell start and end in whole seconds.
const ROUNDING: TimeDelta = TimeDelta::seconds(1);

pub(super) const RESOURCES: &[Resource] = &[
    Resource { method: Method::POST, path: PATH, operation: Operation::UploadConversations, run: upload },
    Resource { method: Method::GET, path: PATH, operation: Operation::UploadStatus, run: status },
];

#[derive(Deserialize)]
#[serde(tag = "type", content = "payload", rename_all = "camelCase")]
enum Line {
    #[serde(rename_all = "camelCase")]
    Conversation {
        conversation_id: String,
    },
    ConversationEntry(Entry),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    conversation_id: String,
    id: String,
    /// Milliseconds since 1970.
    client_sent_timestamp: i64,
    /// In milliseconds.
    client_duration: i64,
    message_text: String,
    sender: Sender,
    related_records: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sender {
    app_type: String,
    subject: String,
    role: String,
}

const APP_TYPES: [&str; 3] = ["AGENT", "CHATBOT", "TELEPHONY_INTEGRATION"];
const ROLES: [&str; 6] = ["AGENT", "CHATBOT", "END_USER", "ROUTER", "SUPERVISOR", "SYSTEM"];

fn upload(call: &Call<'_>) -> Result<Reply, Refusal> {
    let content_type = call.header("content-type").unwrap_or_default();
    let files = multipart::parts(content_type, call.asked.body).ok_or_else(|| {
        let message = "The request must be multipart/form-data with one file for each conversation";
        Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message)
    })?;
    if files.is_empty() {
        return Err(Refusal::bad_request("MISSING_ARGUMENT", "There is no file in the request"));
    }
    let mut results = Vec::new();
    for (identifier, file) in files {
        let id = Uuid::new_v4().to_string();
        let (status, problem) = match call.db.attempt(|| store(call, &identifier, file)) {
            Ok(()) => ("SUCCESS", None),
            Err(refusal) => ("FAILURE", Some(refusal.message)),
        };
        results.push(json!({
            "conversationIdentifier": identifier,
            "errorDetail": problem,
            "status": status,
            "uploadId": id,
        }));
        let upload = Upload { id, conversation_identifier: identifier, status: status.to_owned() };
        uploads::put(call.db, &upload)?;
    }
    Ok(Reply::new(StatusCode::CREATED, json!({"conversationBulkUploadsResults": results})))
}

fn status(call: &Call<'_>) -> Result<Reply, Refusal> {
    let ids = call.parameter("uploadIds").unwrap_or_default();
    let ids: Vec<_> = ids.split(',').map(str::trim).collect();
    if ids.len() > IDS {
        let message = "A request may ask about at most 100 uploads";
        return Err(Refusal::bad_request("LIMIT_EXCEEDED", message));
    }
    let mut statuses = Vec::new();
    for id in ids {
        let upload = uploads::find(call.db, id)?.ok_or_else(Refusal::not_found)?;
        statuses.push(json!({
            "conversationIdentifier": upload.conversation_identifier,
            "status": upload.status,
            "uploadId": upload.id,
        }));
    }
    Ok(Reply::ok(json!({"conversationBulkUploadsStatuses": statuses})))
}

/// Stores the entries of one file, in the order of its lines, or none of them.
fn store(call: &Call<'_>, identifier: &str, file: &[u8]) -> Result<(), Refusal> {
    let refused = |problem: &str| Refusal::bad_request("INVALID_INPUT", problem);
    let text = str::from_utf8(file).map_err(|_| refused("the file is not UTF-8"))?;
    let conversation = by_field(call.db, CONVERSATION, "ConversationIdentifier", identifier)?.pop();
    let conversation = conversation.ok_or_else(|| refused("there is no such conversation"))?;
    if conversation["EndTime"].is_null() {
        return Err(refused("the conversation has not ended"));
    }
    let mut begun = false;
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let refused = |problem: String| refused(&format!("line {}: {problem}", place + 1));
        let line: Line = serde_json::from_str(line).map_err(|error| refused(error.to_string()))?;
        match line {
            Line::Conversation { conversation_id } if !begun && conversation_id == identifier => begun = true,
            Line::ConversationEntry(entry) if begun && entry.conversation_id == identifier => {
                check(call, &conversation, &entry)?.map_err(|problem| refused(problem.to_owned()))?;
                if messages::put(call.db, conversation.id(), &message(identifier, entry))? == Put::Other {
                    return Err(refused("the conversation has another entry of this id".to_owned()));
                }
            }
            _ => return Err(refused("expected the conversation, then its entries".to_owned())),
        }
    }
    if begun { Ok(()) } else { Err(refused("the file is empty")) }
}

/// What is wrong with an entry.
fn check(
    call: &Call<'_>,
    conversation: &Record,
    entry: &Entry,
) -> Result<Result<(), &'static str>, rusqlite::Error> {
    let sent = DateTime::from_timestamp_millis(entry.client_sent_timestamp);
    let inside = sent.is_some_and(|sent| {
        conversation.time("StartTime").is_none_or(|start| sent >= start - ROUNDING)
            && conversation.time("EndTime").is_none_or(|end| sent <= end + ROUNDING)
    });
    if !inside {
        return Ok(Err("clientSentTimestamp lies outside the conversation"));
    }
    if entry.id.is_empty() || entry.message_text.is_empty() || entry.sender.subject.is_empty() {
        return Ok(Err("id, messageText and subject must not be empty"));
    }
    if !APP_TYPES.contains(&entry.sender.app_type.as_str()) || !ROLES.contains(&entry.sender.role.as_str()) {
        return Ok(Err("the sender's appType or role is not one of a participant"));
    }
    for id in &entry.related_records {
        let related = by_id(call.db, VOICE_CALL, id)?;
        let of_this = related.is_some_and(|related| related["ConversationId"] == conversation.id());
        if id.len() != 15 || !of_this {
            return Ok(Err("relatedRecords takes ids of 15 characters of the conversation's voice calls"));
        }
    }
    Ok(Ok(()))
}

fn message(identifier: &str, entry: Entry) -> Message {
    Message {
        vendor_call_key: identifier.to_owned(),
        message_id: entry.id,
        participant_id: entry.sender.subject,
        sender_type: entry.sender.role,
        content: entry.message_text,
        start_ms: entry.client_sent_timestamp,
        end_ms: entry.client_sent_timestamp.saturating_add(entry.client_duration),
        deliveries: 1,
    }
}
