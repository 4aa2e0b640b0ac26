//! Intelligence signals: categories and sentiment, during a call and after it.

use rusqlite::params;
use serde_json::{Map, Value};

use super::{Db, Json};

/// Which of the two event endpoints a signal came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventSource {
    /// `realtimeConversationEvents`
    Realtime,
    /// `postConversationEvents`
    PostCall,
}

impl EventSource {
    fn as_str(self) -> &'static str {
        match self {
            Self::Realtime => "realtime",
            Self::PostCall => "postCall",
        }
    }
}

/// One signal, as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationEvent {
    /// When in the call's life it was sent.
    pub source: EventSource,
    /// Who computed it, e.g. `AmazonConnectContactLens`.
    pub service: String,
    /// The event's own fields: `type`, `value`, `startTime` and so on.
    pub fields: Map<String, Value>,
}

pub(crate) fn put(
    db: &Db<'_>,
    vendor_call_key: &str,
    source: EventSource,
    service: &str,
    event: &Value,
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached("INSERT INTO conversation_event VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![vendor_call_key, source.as_str(), service, Json(event)])?;
    Ok(())
}

/// The signals about a conversation in the order they were received.
pub(crate) fn of_key(db: &Db<'_>, vendor_call_key: &str) -> rusqlite::Result<Vec<ConversationEvent>> {
    let mut statement = db.prepare_cached(
        "SELECT source, service, event FROM conversation_event WHERE vendor_call_key = ?1 ORDER BY rowid",
    )?;
    let rows = statement.query_map([vendor_call_key], |row| {
        let realtime = row.get_ref("source")?.as_str()? == EventSource::Realtime.as_str();
        Ok(ConversationEvent {
            source: if realtime { EventSource::Realtime } else { EventSource::PostCall },
            service: row.get("service")?,
            fields: row.get::<_, Json<Map<String, Value>>>("event")?.0,
        })
    })?;
    rows.collect()
}
