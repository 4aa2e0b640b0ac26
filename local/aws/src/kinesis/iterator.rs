//! Places in a shard, and the iterators that carry them from request to request.

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::invalid;
use crate::error::AwsError;

/// How long an iterator can be used.
const LIFETIME: TimeDelta = TimeDelta::minutes(5);

/// A place between two records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    sequence_number: String,
    /// Whether it lies behind the record with the number, and not before it.
    behind: bool,
}

impl Position {
    /// Before every record.
    pub(super) fn start() -> Self {
        Position { sequence_number: String::new(), behind: false }
    }

    /// Just before the record with the number.
    pub(super) fn at(sequence_number: &str) -> Result<Self, AwsError> {
        if sequence_number.is_empty() || !sequence_number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid("The StartingSequenceNumber is not a number."));
        }
        Ok(Position { sequence_number: sequence_number.to_owned(), behind: false })
    }

    /// Just behind the record with the number.
    pub(super) fn after(sequence_number: &str) -> Self {
        Position { sequence_number: sequence_number.to_owned(), behind: true }
    }

    /// Whether the record with the number comes after this place.
    pub(super) fn precedes(&self, sequence_number: &str) -> bool {
        match order(&self.sequence_number, sequence_number) {
            Ordering::Less => true,
            Ordering::Equal => !self.behind,
            Ordering::Greater => false,
        }
    }
}

/// How two decimal numbers of any length compare.
fn order(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    (a.len(), a).cmp(&(b.len(), b))
}

/// What a client gets to go on from.
#[derive(Serialize, Deserialize)]
pub(super) struct ShardIterator {
    pub(super) stream: String,
    pub(super) shard: String,
    pub(super) position: Position,
    /// Milliseconds since 1970.
    made: i64,
}

impl ShardIterator {
    pub(super) fn new(stream: &str, shard: &str, position: Position) -> Self {
        let made = Utc::now().timestamp_millis();
        ShardIterator { stream: stream.to_owned(), shard: shard.to_owned(), position, made }
    }

    pub(super) fn encode(&self) -> String {
        STANDARD.encode(serde_json::to_string(self).unwrap_or_default())
    }

    pub(super) fn decode(text: &str, now: DateTime<Utc>) -> Result<Self, AwsError> {
        let json = STANDARD.decode(text).ok();
        let iterator: Option<ShardIterator> = json.and_then(|json| serde_json::from_slice(&json).ok());
        let iterator = iterator.ok_or_else(|| invalid("Invalid ShardIterator."))?;
        if now.timestamp_millis() - iterator.made > LIFETIME.num_milliseconds() {
            let message = "Iterator expired. It was made more than five minutes ago.";
            return Err(AwsError::refused("ExpiredIteratorException", message));
        }
        Ok(iterator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_as_numbers_however_long() {
        let long = |last| format!("49668{:051}", last);
        assert!(Position::after(&long(9)).precedes(&long(10)));
        assert!(Position::after("9").precedes("10"));
        assert!(!Position::after("10").precedes("9"));
        assert!(!Position::after("010").precedes("10"));
        assert!(Position::at("010").unwrap().precedes("10"));
        assert!(Position::start().precedes("0"));
        for wrong in ["", "1a", "-1"] {
            assert!(Position::at(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_iterator_can_be_used_for_five_minutes() {
        let iterator = ShardIterator::new("s", "shardId-000000000000", Position::after("7")).encode();
        let decode = |minutes| ShardIterator::decode(&iterator, Utc::now() + TimeDelta::minutes(minutes));
        assert_eq!(decode(4).ok().unwrap().position, Position::after("7"));
        assert_eq!(decode(6).err().unwrap().code, "ExpiredIteratorException");
        assert_eq!(ShardIterator::decode("7", Utc::now()).err().unwrap().code, "InvalidArgumentException");
    }
}
