//! How a moment is written in a Telephony request: UTC, RFC 3339, with milliseconds only where there are any.
//!
//! Salesforce's own examples have whole seconds and its reference functions send milliseconds; both are accepted.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serializer;

pub(crate) fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    let format =
        if time.timestamp_subsec_millis() == 0 { SecondsFormat::Secs } else { SecondsFormat::Millis };
    serializer.serialize_str(&time.to_rfc3339_opts(format, true))
}

/// For the fields that may be absent.
pub(crate) mod option {
    use super::{DateTime, Serializer, Utc};

    pub(crate) fn serialize<S: Serializer>(
        time: &Option<DateTime<Utc>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }
}
