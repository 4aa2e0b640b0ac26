//! Where calls are being routed to: what Salesforce keeps as a pending service routing.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::records::{self, GROUP, ROUTING_MAP};
use super::{Db, Json};
use crate::ids;

/// Whether the org is still trying to route a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoutingState {
    /// It is: an agent may still be offered the call.
    Pending,
    /// It was, until the routing was cleared or the call ended.
    Cleared,
}

/// The latest routing of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Routing {
    /// Whether it is still in force.
    pub state: RoutingState,
    /// What was asked for and what came of it.
    pub instructions: Instructions,
}

/// What a call's routing was asked for with, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Instructions {
    /// The external id of the agent, if one was chosen.
    pub agent: Option<String>,
    /// The external id of the queue, if one was chosen.
    pub queue: Option<String>,
    /// The Omni flow that ran; nothing if a fallback queue was used or the call was routed without a flow.
    pub flow: Option<String>,
    /// `flowInputParameters` as sent; null if none were.
    pub flow_inputs: Value,
    /// How many times the call was re-routed since.
    pub reroutes: u32,
}

/// Puts a routing in force, in place of the one before it.
pub(crate) fn set(db: &Db<'_>, voice_call_id: &str, instructions: &Instructions) -> rusqlite::Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO routing VALUES (?1, 'pending', ?2)",
        params![voice_call_id, Json(instructions)],
    )?;
    Ok(())
}

/// Ends the routing of a call, if there is one.
pub(crate) fn clear(db: &Db<'_>, voice_call_id: &str) -> rusqlite::Result<()> {
    db.execute("UPDATE routing SET state = 'cleared' WHERE voice_call_id = ?1", [voice_call_id])?;
    Ok(())
}

/// The latest routing of a call, if there ever was one.
pub(crate) fn of_call(db: &Db<'_>, voice_call_id: &str) -> rusqlite::Result<Option<Routing>> {
    db.query_row("SELECT state, instructions FROM routing WHERE voice_call_id = ?1", [voice_call_id], |row| {
        let pending = row.get_ref("state")?.as_str()? == "pending";
        Ok(Routing {
            state: if pending { RoutingState::Pending } else { RoutingState::Cleared },
            instructions: row.get::<_, Json<Instructions>>("instructions")?.0,
        })
    })
    .optional()
}

/// What the contact center calls the agent or queue of this record; nothing if the routing map has neither.
pub(crate) fn external_id(db: &Db<'_>, record_id: &str) -> rusqlite::Result<Option<String>> {
    let record_id = ids::to_18(record_id).unwrap_or_default();
    let map = records::by_field(db, ROUTING_MAP, "ReferenceRecordId", &record_id)?.pop();
    Ok(map.and_then(|map| map.text("ExternalId").map(str::to_owned)))
}

/// The name of a queue that a request names by record id or by external id; nothing if there is no such queue.
pub(crate) fn queue_name(db: &Db<'_>, queue: &str) -> rusqlite::Result<Option<String>> {
    let map = records::by_field(db, ROUTING_MAP, "ExternalId", queue)?.pop();
    let record_id = map.as_ref().and_then(|map| map.text("ReferenceRecordId")).unwrap_or(queue);
    let queue = records::by_id(db, GROUP, record_id)?;
    Ok(queue.and_then(|queue| queue.text("Name").map(str::to_owned)))
}
