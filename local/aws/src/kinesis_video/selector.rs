//! Where a reader starts.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::fragment_number::is_well_formed;
use super::invalid;
use crate::error::AwsError;

/// The selector of a request.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct StartSelector {
    start_selector_type: String,
    after_fragment_number: Option<String>,
    /// Seconds since 1970.
    start_timestamp: Option<f64>,
    continuation_token: Option<String>,
}

/// Where to start.
#[derive(Debug, PartialEq)]
pub(super) enum Start {
    /// With the newest fragment there is, or the next one.
    Now,
    Earliest,
    /// With this fragment or the one after it: the documentation says both.
    FragmentNumber(String),
    /// Where the reply with this token ended.
    Token(String),
    ServerTimestamp(DateTime<Utc>),
    ProducerTimestamp(DateTime<Utc>),
}

impl StartSelector {
    pub(super) fn check(self) -> Result<Start, AwsError> {
        let number = |given: Option<String>, name: &str| {
            given
                .filter(|number| is_well_formed(number))
                .ok_or_else(|| invalid(format!("{name} must be a number of 1 to 128 digits.")))
        };
        let timestamp = |given: Option<f64>| {
            given
                .and_then(|seconds| DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64))
                .ok_or_else(|| invalid("StartTimestamp is missing or out of range."))
        };
        let expected = [
            self.after_fragment_number.is_some() == (self.start_selector_type == "FRAGMENT_NUMBER"),
            self.continuation_token.is_some() == (self.start_selector_type == "CONTINUATION_TOKEN"),
            self.start_timestamp.is_some() == self.start_selector_type.ends_with("_TIMESTAMP"),
        ];
        if expected.contains(&false) {
            return Err(invalid("The StartSelector holds too much or too little for its type."));
        }
        match self.start_selector_type.as_str() {
            "NOW" => Ok(Start::Now),
            "EARLIEST" => Ok(Start::Earliest),
            "FRAGMENT_NUMBER" => {
                number(self.after_fragment_number, "AfterFragmentNumber").map(Start::FragmentNumber)
            }
            "CONTINUATION_TOKEN" => number(self.continuation_token, "ContinuationToken").map(Start::Token),
            "SERVER_TIMESTAMP" => timestamp(self.start_timestamp).map(Start::ServerTimestamp),
            "PRODUCER_TIMESTAMP" => timestamp(self.start_timestamp).map(Start::ProducerTimestamp),
            other => Err(invalid(format!("'{other}' is no StartSelectorType."))),
        }
    }
}
