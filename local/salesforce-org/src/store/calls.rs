//! VoiceCalls and the conversations they belong to.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::Db;
use super::records::{self, CONVERSATION, Record, VOICE_CALL, by_field, by_id, date_time, fields};
use crate::ids;

/// Whether a call is named by its record id and not by its vendor's key.
pub(crate) fn is_voice_call_id(text: &str) -> bool {
    text.starts_with("0LQ") && ids::to_18(text).is_some()
}

/// The call with this record id, 15 or 18 characters, or with this vendor call key: the latest one, if several legs
/// share the key. With a call center, only among its calls.
pub(crate) fn find(
    db: &Db<'_>,
    key_or_id: &str,
    call_center_id: Option<&str>,
) -> rusqlite::Result<Option<Record>> {
    let mut calls = if is_voice_call_id(key_or_id) {
        by_id(db, VOICE_CALL, key_or_id)?.into_iter().collect()
    } else {
        by_field(db, VOICE_CALL, "VendorCallKey", key_or_id)?
    };
    calls.retain(|call| call_center_id.is_none_or(|center| call["CallCenterId"] == center));
    Ok(calls.pop())
}

/// Opens a conversation for a call that is the first of its own.
pub(crate) fn open_conversation(
    db: &Db<'_>,
    call_center_id: &str,
    vendor_call_key: &str,
    start: Option<DateTime<Utc>>,
) -> rusqlite::Result<Record> {
    let conversation = fields([
        ("ConversationChannelId", call_center_id.into()),
        ("ConversationIdentifier", vendor_call_key.into()),
        ("StartTime", date_time(start.unwrap_or_else(Utc::now))),
    ]);
    records::insert(db, CONVERSATION, conversation)
}

/// The conversation of a call.
pub(crate) fn conversation_of(db: &Db<'_>, call: &Record) -> rusqlite::Result<Option<Record>> {
    by_id(db, CONVERSATION, call.text("ConversationId").unwrap_or_default())
}

/// Moves the start of a conversation forward to an earlier time, never back: what was said stays inside.
pub(crate) fn start_conversation_by(
    db: &Db<'_>,
    call: &Record,
    start: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let Some(conversation) = conversation_of(db, call)? else { return Ok(()) };
    if conversation.time("StartTime").is_none_or(|known| start < known) {
        records::update(db, conversation, fields([("StartTime", date_time(start))]))?;
    }
    Ok(())
}

/// Ends the conversation of a call. One that has ended keeps its end unless the new one is later.
pub(crate) fn end_conversation(db: &Db<'_>, call: &Record, end: DateTime<Utc>) -> rusqlite::Result<()> {
    let Some(conversation) = conversation_of(db, call)? else { return Ok(()) };
    if conversation.time("EndTime").is_none_or(|known| end > known) {
        records::update(db, conversation, fields([("EndTime", date_time(end))]))?;
    }
    Ok(())
}

/// What a transferred call takes over from the call that it came from.
pub(crate) fn leg_of(parent: &Record) -> Map<String, Value> {
    fields([
        ("PreviousCallId", parent.id().into()),
        ("VendorParentCallKey", parent["VendorCallKey"].clone()),
        ("ConversationId", parent["ConversationId"].clone()),
    ])
}

/// Tells the parent of a transferred call which call it went on to.
pub(crate) fn link(db: &Db<'_>, parent: Record, next: &Record) -> rusqlite::Result<Record> {
    records::update(db, parent, fields([("NextCallId", Value::from(next.id()))]))
}
