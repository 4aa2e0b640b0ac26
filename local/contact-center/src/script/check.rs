//! One expectation, held against what was found.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

/// How far the time of something that Salesforce has may be from that of the words.
pub(super) const TOLERANCE: Duration = Duration::from_millis(300);

/// One expectation, held against what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it is about.
    pub subject: Subject,
    /// What was expected of it.
    pub expected: String,
    /// What was found instead; none if the expectation holds.
    pub instead: Option<String>,
}

/// What an expectation is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A field of the VoiceCall of a leg, counted from 1.
    Field(usize, String),
    /// A field of another record: its sObject, its number from 1, the field.
    Record(String, usize, String),
    /// Anything else, by name.
    Other(String),
}

impl Check {
    /// Whether the expectation holds.
    pub fn holds(&self) -> bool {
        self.instead.is_none()
    }

    pub(super) fn new(
        subject: Subject,
        expected: impl fmt::Display,
        holds: bool,
        found: impl fmt::Display,
    ) -> Self {
        Self { subject, expected: expected.to_string(), instead: (!holds).then(|| found.to_string()) }
    }

    pub(super) fn other(
        name: impl Into<String>,
        expected: impl fmt::Display,
        holds: bool,
        found: impl fmt::Display,
    ) -> Self {
        Self::new(Subject::Other(name.into()), expected, holds, found)
    }

    pub(super) fn count(name: impl Into<String>, expected: usize, found: usize) -> Self {
        Self::other(name, expected, found == expected, found)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Subject::Field(1, field) => write!(f, "{field}")?,
            Subject::Field(leg, field) => write!(f, "{field} of leg {leg}")?,
            Subject::Record(object, number, field) => write!(f, "{field} of {object} {number}")?,
            Subject::Other(name) => f.write_str(name)?,
        }
        write!(f, ": {}", self.expected)?;
        self.instead.as_ref().map_or(Ok(()), |instead| write!(f, ", but found {instead}"))
    }
}

/// How often something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Count {
    /// So often.
    Exactly(usize),
    /// So often or more.
    AtLeast {
        /// The least number.
        at_least: usize,
    },
}

/// Salesforce writes `2026-01-31T09:30:00.000+0000`, which RFC 3339 does not allow; its own inputs are RFC 3339.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()
        .map(|time| time.to_utc())
}

/// A string without its quotes, everything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
