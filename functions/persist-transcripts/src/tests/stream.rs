//! Batches made for a test.

use chrono::{DateTime, Utc};
use lambda_kit::dead_letter::Source;
use lambda_kit::kinesis::{BatchReply, replay_event};
use serde_json::{Value, json};

pub(super) const AUDIO_START: i64 = 1_772_471_110_000;

/// An utterance in a record of its own.
pub(super) struct Said {
    pub(super) contact: String,
    /// When it begins, in seconds from the start of the audio. In even seconds the customer speaks, in odd ones the agent.
    pub(super) second: usize,
    /// Its id, and the sequence number of the record.
    pub(super) number: usize,
    /// How many milliseconds the record comes late.
    pub(super) delay: i64,
}

impl Said {
    pub(super) fn new(contact: &str, second: usize, number: usize) -> Self {
        Self { contact: contact.to_owned(), second, number, delay: 0 }
    }

    fn segment(&self) -> Value {
        json!({ "Utterance": {
            "Id": format!("u-{}", self.number),
            "ParticipantRole": if self.second.is_multiple_of(2) { "CUSTOMER" } else { "AGENT" },
            "PartialContent": format!("words {}", self.number),
            "BeginOffsetMillis": self.second * 1_000,
            "EndOffsetMillis": self.second * 1_000 + 900,
        } })
    }
}

/// An event with these segments.
pub(super) fn segments(contact: &str, segments: &[Value]) -> Value {
    json!({
        "Channel": "VOICE", "InstanceId": "i-1", "ContactId": contact, "EventType": "SEGMENTS", "Segments": segments,
    })
}

/// An event with a category that matched.
pub(super) fn category(contact: &str, name: &str) -> Value {
    segments(contact, &[json!({ "Categories": { "MatchedCategories": [name] } })])
}

/// An event with several utterances of the customer.
pub(super) fn utterances(contact: &str, numbers: std::ops::Range<usize>) -> Value {
    let said: Vec<Value> = numbers.map(|number| Said::new(contact, 2 * number, number).segment()).collect();
    segments(contact, &said)
}

/// A batch with these records: partition key, sequence number, milliseconds after the start of the audio, event.
pub(super) fn batch<'a>(records: impl IntoIterator<Item = (&'a str, usize, i64, Value)>) -> Value {
    let mut batch = replay(records);
    batch["Replay"] = json!(false);
    batch
}

/// The same, as an operator sends them again.
pub(super) fn replay<'a>(records: impl IntoIterator<Item = (&'a str, usize, i64, Value)>) -> Value {
    let records: Vec<(Source, String)> = records
        .into_iter()
        .map(|(key, number, millis, event)| {
            let source = Source {
                event_id: format!("shardId-000000000000:{number}"),
                sequence_number: Some(number.to_string()),
                partition_key: Some(key.to_owned()),
                arrived_at: DateTime::<Utc>::from_timestamp_millis(AUDIO_START + millis),
            };
            (source, event.to_string())
        })
        .collect();
    replay_event(records.iter().map(|(source, event)| (source, event.as_bytes())))
}

/// A batch of utterances.
pub(super) fn batch_of(said: &[Said]) -> Value {
    batch(said.iter().map(|said| {
        let arrives = said.second as i64 * 1_000 + 900 + said.delay;
        (said.contact.as_str(), said.number, arrives, segments(&said.contact, &[said.segment()]))
    }))
}

pub(super) fn redelivered_from(reply: &BatchReply) -> Option<&str> {
    reply.batch_item_failures.first().map(|failure| failure.item_identifier.as_str())
}
