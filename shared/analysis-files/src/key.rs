//! How analysis files are called. Pure.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/example-contact-lens-output-locations.html>

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use connect::ContactId;

/// The folder of calls; chats and e-mails have others.
const FOLDER: &str = "Analysis/Voice/";
const REDACTED_FOLDER: &str = "Redacted/";
const AFTER_CONTACT: &str = "_analysis_";
const REDACTED: &str = "redacted_";
const EXTENSION: &str = ".json";

/// What the name of an analysis file tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnalysisKey<'a> {
    /// What is before `Analysis/`: the prefix that the instance's storage is configured with, with a slash at its end.
    /// Empty if there is none.
    pub bucket_prefix: &'a str,
    /// Whose call it was: of a transferred one, the leg.
    pub contact_id: ContactId,
    /// Whether names and numbers are taken out of what was said.
    pub redacted: bool,
    /// The day of the folder, in UTC: the one on which the agent was connected.
    pub day: NaiveDate,
    /// When the agent was connected, to the second; `None` if the name has it in a form that is not known.
    pub connected_to_agent: Option<DateTime<Utc>>,
}

impl<'a> AnalysisKey<'a> {
    /// Reads the key of an object; `None` if it is not that of a call's analysis, for example that of redacted audio.
    pub fn parse(key: &'a str) -> Option<Self> {
        let folder = key.rfind(FOLDER)?;
        let (bucket_prefix, rest) = (&key[..folder], &key[folder + FOLDER.len()..]);
        if !bucket_prefix.is_empty() && !bucket_prefix.ends_with('/') {
            return None;
        }
        let (redacted, rest) = match rest.strip_prefix(REDACTED_FOLDER) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (day, name) = rest.rsplit_once('/')?;
        let (contact_id, version) = name.strip_suffix(EXTENSION)?.split_once(AFTER_CONTACT)?;
        let connected = version.strip_prefix(REDACTED);
        // A redacted file in the folder of originals, or the other way round, is not Contact Lens's.
        if connected.is_some() != redacted {
            return None;
        }
        Some(Self {
            bucket_prefix,
            contact_id: ContactId::parse(contact_id).ok()?,
            redacted,
            day: day_of(day)?,
            connected_to_agent: time_of(connected.unwrap_or(version)),
        })
    }
}

/// What the keys of a day's files begin with. `bucket_prefix` may have a slash at its end or not.
pub fn day_prefix(bucket_prefix: &str, redacted: bool, day: NaiveDate) -> String {
    let bucket_prefix = bucket_prefix.trim_end_matches('/');
    let slash = if bucket_prefix.is_empty() { "" } else { "/" };
    let redacted = if redacted { REDACTED_FOLDER } else { "" };
    format!("{bucket_prefix}{slash}{FOLDER}{redacted}{}/", day.format("%Y/%m/%d"))
}

/// `2026/03/02`, with all its zeros: otherwise [`day_prefix`] would not find it.
fn day_of(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y/%m/%d").ok()?;
    (day.format("%Y/%m/%d").to_string() == text).then_some(day)
}

/// `2026-03-02T17:05:12Z`, or `20260302T17:05_UTC`, in which recordings have it.
fn time_of(text: &str) -> Option<DateTime<Utc>> {
    let compact = || NaiveDateTime::parse_from_str(text, "%Y%m%dT%H:%M_UTC").ok().map(|at| at.and_utc());
    text.parse().ok().or_else(compact)
}

#[cfg(test)]
mod tests;
