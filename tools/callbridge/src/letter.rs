//! Dead letters, put together from the messages that carry them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use lambda_kit::dead_letter::{Part, Reason, ReceivedLetter, Source};
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::message::{self, Cargo, Content, Range};
use crate::queue::Message;

/// Something that was given up, and the messages that carry it: its parts, and its doubles.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) id: String,
    /// The function that it is for; of some events nobody knows it.
    pub(crate) function: Option<String>,
    pub(crate) reason: Reason,
    pub(crate) work: Work,
    pub(crate) messages: Vec<Message>,
}

/// How it is sent again.
#[derive(Clone, PartialEq)]
pub(crate) enum Work {
    /// As a record of its stream, and waited for.
    Record(Source, Vec<u8>),
    /// As the records of its stream that are read there again, and waited for.
    Range(Range),
    /// As an event, which Lambda accepts and sees to.
    Event(String),
    /// Not at all; this is why.
    Nothing(String),
}

impl std::fmt::Debug for Work {
    /// Without what it is about.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.describe())
    }
}

impl Work {
    /// For people.
    pub(crate) fn describe(&self) -> &str {
        match self {
            Work::Record(..) => "a record of a stream, sent as one and waited for",
            Work::Range(_) => "records that are read from their stream again, sent as such and waited for",
            Work::Event(_) => "an event, which Lambda takes and delivers",
            Work::Nothing(_) => "cannot be sent",
        }
    }
}

impl Letter {
    /// When its first message was sent to the queue.
    pub(crate) fn sent(&self) -> Option<DateTime<Utc>> {
        self.messages.iter().filter_map(|message| message.sent).min()
    }

    /// Letters of one lane are sent one after the other.
    pub(crate) fn lane(&self) -> (Option<&str>, &str) {
        let lane = match &self.work {
            Work::Record(source, _) => source.partition_key.as_deref().unwrap_or_default(),
            Work::Range(range) => &range.shard_id,
            Work::Event(_) | Work::Nothing(_) => &self.id,
        };
        (self.function.as_deref(), lane)
    }

    /// The order within a lane: that of the stream, as far as there is one.
    pub(crate) fn position(&self) -> Position {
        match &self.work {
            Work::Record(source, _) => source.sequence_number.as_deref().map(position).unwrap_or_default(),
            Work::Range(range) => position(&range.start_sequence_number),
            Work::Event(_) | Work::Nothing(_) => Position::default(),
        }
    }

    /// Everything in it, personal data included.
    pub(crate) fn show(&self) -> Value {
        let mut shown = json!({
            "id": self.id,
            "function": self.function,
            "reason": { "code": self.reason.code, "message": self.reason.message },
        });
        match &self.work {
            Work::Record(source, data) => {
                shown["source"] = json!(source);
                shown["record"] = json_or_text(data);
            }
            Work::Range(range) => {
                shown["stream"] = json!(range.stream_arn);
                shown["shard"] = json!(range.shard_id);
                shown["sequenceNumbers"] = json!([range.start_sequence_number, range.end_sequence_number]);
                shown["records"] = json!(range.batch_size);
            }
            Work::Event(event) => shown["event"] = json_or_text(event.as_bytes()),
            Work::Nothing(why) => shown["cannotBeSent"] = json!(why),
        }
        shown
    }
}

/// The messages of one letter.
type Parts = Vec<(Part, Message)>;

/// The letters that these messages carry, the oldest first.
pub(crate) fn read(messages: Vec<Message>) -> Vec<Letter> {
    let mut letters = Vec::new();
    let mut parts: HashMap<String, Vec<Parts>> = HashMap::new();
    for message in messages {
        match message::read(&message.id, &message.body, &message.attributes) {
            Content::Whole(whole) => letters.push(of_whole(whole, vec![message])),
            Content::Part(part) => {
                let same_id = parts.entry(part.id.clone()).or_default();
                match same_id.iter_mut().find(|group| group[0].0.belongs_with(&part)) {
                    Some(group) => group.push((part, message)),
                    None => same_id.push(vec![(part, message)]),
                }
            }
        }
    }
    letters.extend(parts.into_values().flatten().map(of_parts));
    letters.sort_by_cached_key(|letter| (letter.sent(), letter.id.clone()));
    letters
}

fn of_whole(whole: message::Whole, messages: Vec<Message>) -> Letter {
    let message::Whole { id, function, reason, cargo } = whole;
    let work = match cargo {
        Cargo::Event(event) => Work::Event(event.to_string()),
        Cargo::Range(range) => Work::Range(range),
        Cargo::Nothing(why) => Work::Nothing(why),
    };
    Letter { id, function, reason, work, messages }
}

fn of_parts(group: Parts) -> Letter {
    let (parts, messages): (Vec<Part>, Vec<Message>) = group.into_iter().unzip();
    let Part { id, function, reason, .. } = parts[0].clone();
    let work = match ReceivedLetter::join(&parts) {
        Err(problem) => Work::Nothing(problem.to_string()),
        Ok(letter) if letter.source.sequence_number.is_some() => Work::Record(letter.source, letter.record),
        Ok(letter) => event(letter.record),
    };
    Letter { id, function: Some(function), reason, work, messages }
}

fn event(record: Vec<u8>) -> Work {
    let is_json = serde_json::from_slice::<IgnoredAny>(&record).is_ok();
    match String::from_utf8(record) {
        Ok(event) if is_json => Work::Event(event),
        _ => Work::Nothing("the record is no JSON, and no function can be invoked with it".into()),
    }
}

fn json_or_text(data: &[u8]) -> Value {
    serde_json::from_slice(data).unwrap_or_else(|_| json!(String::from_utf8_lossy(data)))
}

/// A sequence number as a number: shorter ones are smaller.
pub(crate) type Position = (usize, String);

/// The position that a sequence number is.
pub(crate) fn position(sequence_number: &str) -> Position {
    let digits = sequence_number.trim_start_matches('0');
    (digits.len(), digits.to_owned())
}

#[cfg(test)]
mod tests;
