//! Transcript messages.

use rusqlite::{Row, params};

use super::Db;

/// One message of a conversation, as the org keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The vendor call key of the conversation's first contact.
    pub vendor_call_key: String,
    /// The sender's id for it, unique within the conversation.
    pub message_id: String,
    /// Who said it, as the org rewrote it, e.g. `{vendorCallKey}END_USER`.
    pub participant_id: String,
    /// `END_USER`, `VIRTUAL_AGENT`, `HUMAN_AGENT`, `SUPERVISOR` or `EXTERNAL_USER`.
    pub sender_type: String,
    /// What was said.
    pub content: String,
    /// When it began, in milliseconds since 1970.
    pub start_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub end_ms: i64,
    /// How many times it was sent: more than 1 means that a client repeated itself, which the org forgave.
    pub deliveries: u32,
}

impl Message {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            vendor_call_key: row.get("vendor_call_key")?,
            message_id: row.get("message_id")?,
            participant_id: row.get("participant_id")?,
            sender_type: row.get("sender_type")?,
            content: row.get("content")?,
            start_ms: row.get("start_ms")?,
            end_ms: row.get("end_ms")?,
            deliveries: row.get("deliveries")?,
        })
    }
}

/// What became of a message that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    /// It is stored, or counted as one more delivery of what was.
    Taken,
    /// The conversation has another message of its id, which stays as it is.
    Other,
}

/// Stores a message, or counts one more delivery of the one with its id.
pub(crate) fn put(db: &Db<'_>, conversation_id: &str, message: &Message) -> rusqlite::Result<Put> {
    let mut statement = db.prepare_cached(
        "INSERT INTO message VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)
         ON CONFLICT DO UPDATE SET deliveries = deliveries + 1
         WHERE sender_type = excluded.sender_type AND content = excluded.content",
    )?;
    let changed = statement.execute(params![
        conversation_id,
        message.message_id,
        message.vendor_call_key,
        message.participant_id,
        message.sender_type,
        message.content,
        message.start_ms,
        message.end_ms,
    ])?;
    Ok(if changed == 1 { Put::Taken } else { Put::Other })
}

/// The messages of a conversation in the order they were first received.
pub(crate) fn of_conversation(db: &Db<'_>, conversation_id: &str) -> rusqlite::Result<Vec<Message>> {
    let mut statement =
        db.prepare_cached("SELECT * FROM message WHERE conversation_id = ?1 ORDER BY rowid")?;
    statement.query_map([conversation_id], Message::read)?.collect()
}
