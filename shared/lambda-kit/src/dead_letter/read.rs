//! Reading dead letters: the counterpart of `messages`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::Source;

/// One message of a dead letter: all of it, or a part.
#[derive(Debug, Clone, Deserialize)]
pub struct Part {
    /// Of the dead letter. Other messages with this id are its other parts, or the letter once more.
    pub id: String,
    /// Counted from 1.
    pub part: usize,
    /// How many parts there are.
    pub of: usize,
    /// The function that gave up.
    pub function: String,
    /// Why.
    pub reason: Reason,
    /// Where the record came from.
    pub source: Source,
    record: Piece,
}

/// Why a function gave up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Reason {
    /// For machines.
    pub code: String,
    /// For people. It holds no personal data.
    pub message: String,
}

#[derive(Clone, PartialEq, Eq, Deserialize)]
struct Piece {
    encoding: Encoding,
    content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Encoding {
    Text,
    Base64,
}

impl fmt::Debug for Piece {
    /// Without the content: it is about people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({:?}, {} bytes)", self.encoding, self.content.len())
    }
}

/// A dead letter as it was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedLetter {
    /// The same when the same record came again.
    pub id: String,
    /// The function that gave up.
    pub function: String,
    /// Why.
    pub reason: Reason,
    /// Where the record came from.
    pub source: Source,
    /// The record as it came.
    pub record: Vec<u8>,
}

impl fmt::Debug for ReceivedLetter {
    /// Without the record: it is about people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedLetter")
            .field("id", &self.id)
            .field("function", &self.function)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Messages that are no dead letter of ours after all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Sent by a newer version, or by something else.
    #[error(
        "the message is a dead letter of another format than 1; use the tool of the release that wrote it"
    )]
    Format,

    /// Changed on its way, or sent by something else.
    #[error("the message says that it is a dead letter, but lacks what every one has")]
    Field,

    /// Not received yet, or deleted.
    #[error("part {part} of {of} of the record is not in the queue")]
    PartMissing {
        /// Counted from 1.
        part: usize,
        /// How many parts there are.
        of: usize,
    },

    /// Two records under one id, both in parts.
    #[error("parts of several records have the same id, and cannot be told apart")]
    Mixed,

    /// Changed on its way.
    #[error("the record is said to be base64, and is not")]
    NotBase64,
}

impl Part {
    /// Reads a message; `None` if it is something else than a dead letter.
    pub fn read(message: &Value) -> Option<Result<Self, Unreadable>> {
        let format = message.get("format")?;
        if *format != 1 {
            return Some(Err(Unreadable::Format));
        }
        let part = Self::deserialize(message).ok().filter(|part| (1..=part.of).contains(&part.part));
        Some(part.ok_or(Unreadable::Field))
    }

    /// Whether it is a part of the same letter as `other`, or that letter once more.
    pub fn belongs_with(&self, other: &Self) -> bool {
        let same = (&self.function, &self.id, self.of) == (&other.function, &other.id, other.of);
        // What came whole and is something else is another letter.
        same && (self.of > 1 || self.record == other.record)
    }
}

impl ReceivedLetter {
    /// Joins the parts of one letter, which may come in any order and more than once.
    ///
    /// # Errors
    /// They are not the whole letter, or not of one letter.
    pub fn join(parts: &[Part]) -> Result<Self, Unreadable> {
        let first = parts.first().ok_or(Unreadable::PartMissing { part: 1, of: 1 })?;
        let mut content = String::new();
        for number in 1..=first.of {
            let missing = Unreadable::PartMissing { part: number, of: first.of };
            let mut found = parts.iter().filter(|part| part.part == number);
            let piece = &found.next().ok_or(missing)?.record;
            if found.any(|part| part.record != *piece) || piece.encoding != first.record.encoding {
                return Err(Unreadable::Mixed);
            }
            content.push_str(&piece.content);
        }
        let record = match first.record.encoding {
            Encoding::Text => content.into_bytes(),
            Encoding::Base64 => STANDARD.decode(content).map_err(|_| Unreadable::NotBase64)?,
        };
        let Part { id, function, reason, source, .. } = first.clone();
        Ok(Self { id, function, reason, source, record })
    }
}
