//! What Contact Lens heard -> the lines of an upload. Pure.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.voice_developer_guide.meta/voice_developer_guide/voice_connect_overview.htm>

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use connect::ContactId;
use connect::analysis::{Analysis, ParticipantRole};
use serde_json::json;

use crate::calls::{Call, Conversation};

/// A line, and when it was said: uploads keep the order that they are given.
#[derive(Debug, PartialEq)]
pub(crate) struct Entry {
    at: i64,
    line: String,
}

/// When the audio began that Contact Lens has heard, from which it counts: Connect records from the moment that an agent
/// is connected. Salesforce has that moment; the name of the file, too, if it is of this call. A call that nobody
/// accepted is taken from its start.
pub(crate) fn audio_start(call: &Call, in_name: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let of_this_call =
        |time: &DateTime<Utc>| *time >= call.started && call.ended.is_none_or(|ended| *time <= ended);
    call.accepted.or(in_name.filter(of_this_call)).unwrap_or(call.started)
}

/// What was said in one call, each turn at the time at which it began: the start of the audio and the turn's own offset,
/// and inside the conversation, because Salesforce knows start and end of that to the second only.
///
/// A turn without words is none. The id is the turn's own, so that uploading it again says the same again; behind the
/// conversation's first contact with the leg's before it, because Contact Lens numbers each file for itself.
pub(crate) fn entries<'a>(
    conversation: &'a Conversation,
    call: &'a Call,
    audio_start: DateTime<Utc>,
    analysis: &'a Analysis<'_>,
) -> impl Iterator<Item = Entry> + 'a {
    let related: Vec<&str> = call.related_records.iter().map(|id| id.fifteen()).collect();
    let spoken = analysis.turns.iter().enumerate().filter(|(_, turn)| !turn.content.trim().is_empty());
    let leg = Some(&call.contact_id).filter(|contact_id| **contact_id != conversation.identifier);
    let mut ids = HashSet::new();
    spoken.map(move |(number, turn)| {
        let at = audio_start + TimeDelta::milliseconds(turn.begin_offset_millis.into());
        let at = within(conversation, at).timestamp_millis();
        let (role, participant) = sender(&analysis.role_of(turn));
        let mut id = match leg {
            Some(leg) => format!("{leg}-{}", turn.id),
            None => turn.id.to_string(),
        };
        // A turn without an id, or with that of another, has its number.
        if turn.id.is_empty() || !ids.insert(&*turn.id) {
            id = format!("{id}-{number}");
        }
        let line = json!({
            "type": "conversationEntry",
            "payload": {
                "conversationId": conversation.identifier,
                "id": id,
                "clientSentTimestamp": at,
                "clientDuration": turn.end_offset_millis.saturating_sub(turn.begin_offset_millis),
                "messageText": turn.content,
                "sender": {
                    "appType": "TELEPHONY_INTEGRATION",
                    "subject": format!("{}{participant}", conversation.identifier),
                    "role": role,
                },
                "relatedRecords": related,
            },
        });
        Entry { at, line: format!("{line}\n") }
    })
}

/// The whole file of a conversation: a line for itself, then what was said in all its calls, in the order of time.
pub(crate) fn lines(conversation: &ContactId, mut entries: Vec<Entry>) -> impl Iterator<Item = String> {
    entries.sort_by_key(|entry| entry.at);
    let first = json!({ "type": "conversation", "payload": { "conversationId": conversation } });
    std::iter::once(format!("{first}\n")).chain(entries.into_iter().map(|entry| entry.line))
}

fn within(conversation: &Conversation, at: DateTime<Utc>) -> DateTime<Utc> {
    let at = conversation.started.map_or(at, |started| at.max(started));
    conversation.ended.map_or(at, |ended| at.min(ended))
}

/// The role, and how the participant's key ends: the participants that live messages have.
fn sender(role: &ParticipantRole) -> (&'static str, &'static str) {
    match role {
        ParticipantRole::Customer => ("END_USER", "END_USER"),
        ParticipantRole::Supervisor => ("SUPERVISOR", "SUPERVISOR"),
        _ => ("AGENT", "VIRTUAL_AGENT"),
    }
}
