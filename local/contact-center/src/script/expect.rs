//! What a script expects when the call is over, and whether it came so.

use std::{collections::BTreeMap, fmt};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use super::check::{Check, Count, Subject, instant, plain};
use super::path::{Passed, Waypoint, check_not_path, check_path};
use super::records::{Named, resolve};
use super::signals::{Signal, Signals};
use super::speech::Spoken;
use super::time;
use super::transcript::{Transcribed, Transcript};

/// The `expect:` part of a script. What is left out is not checked, except `dead_letters`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectations {
    /// The VoiceCalls in the org, one per leg and in that order: field name, as Salesforce spells it, to value.
    /// The call must have left exactly these.
    pub voice_calls: Option<Vec<BTreeMap<String, Expected>>>,
    /// Other records in the org, by sObject, oldest first: those that were there before the call, and those that it made.
    /// There must be exactly these.
    #[serde(default)]
    pub records: BTreeMap<String, Vec<BTreeMap<String, Expected>>>,
    /// Whether Omni-Channel still looks for an agent.
    pub routing: Option<Routing>,
    /// Transcript messages in the conversation.
    pub messages: Option<usize>,
    /// What the transcript says: `everything` that was said, or these lines.
    pub transcript: Option<Transcript>,
    /// Contact Lens's signals about the call: how many, or exactly these.
    pub signals: Option<Signals>,
    /// Messages in the dead-letter queue. None, unless the script says otherwise.
    #[serde(default)]
    pub dead_letters: usize,
    /// Invoke-function blocks that took their Error branch.
    pub error_branches: Option<usize>,
    /// Blocks that the contact flows passed, in this order; others may be between them.
    pub path: Option<Vec<Waypoint>>,
    /// Blocks that they did not pass.
    pub not_path: Option<Vec<Waypoint>>,
    /// How often each function was invoked.
    #[serde(default)]
    pub invocations: BTreeMap<String, Count>,
    /// How many requests Salesforce got, by operation, e.g. `createVoiceCall`; those that failed count.
    #[serde(default)]
    pub requests: BTreeMap<String, Count>,
    /// Contact attributes at the end of the call.
    #[serde(default)]
    pub attributes: BTreeMap<String, Expected>,
}

/// The state of the call's routing in the org.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Routing {
    /// No routing was ever asked for.
    None,
    /// Work is pending in Omni-Channel.
    Pending,
    /// It was, and no longer is.
    Cleared,
}

/// What a value should be.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// `present`: anything but null.
    Present,
    /// `absent`: null or missing.
    Absent,
    /// `ring+90s`: that time on the call's clock.
    At(std::time::Duration),
    /// This value.
    Equals(Value),
}

impl Expected {
    /// The same, with the id in the place of a record's name.
    fn of(&self, named: &Named) -> Self {
        match self {
            Self::Equals(value) => Self::Equals(resolve(value, named)),
            other => other.clone(),
        }
    }
}

impl<'de> Deserialize<'de> for Expected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(match value.as_str() {
            Some("present") => Self::Present,
            Some("absent") => Self::Absent,
            Some("ring") => Self::At(std::time::Duration::ZERO),
            Some(text) => match text.strip_prefix("ring+") {
                Some(after) => Self::At(time::parse(after).map_err(de::Error::custom)?),
                None => Self::Equals(value),
            },
            None => Self::Equals(value),
        })
    }
}

/// What the call left behind, as far as a script can expect something of it.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// When the call began.
    pub ring: DateTime<Utc>,
    /// The contact ids, one per leg.
    pub contact_ids: Vec<String>,
    /// The VoiceCalls whose vendor call key is one of those, field name to value.
    pub voice_calls: Vec<Map<String, Value>>,
    /// Other records of the sObjects that the script expects some of.
    pub records: BTreeMap<String, Vec<Map<String, Value>>>,
    /// The ids of the records that the script names.
    pub named: Named,
    /// The routing of the call.
    pub routing: Option<Routing>,
    /// Messages in the conversations of the call.
    pub messages: usize,
    /// What they say, in the order in which they arrived.
    pub transcript: Vec<Transcribed>,
    /// What was said while somebody listened.
    pub said: Vec<Spoken>,
    /// The signals about it, in the order in which they arrived.
    pub signals: Vec<Signal>,
    /// Messages that reached the dead-letter queue while the call was played.
    pub dead_letters: usize,
    /// Invoke-function blocks that took their Error branch.
    pub error_branches: usize,
    /// The blocks that the contact flows passed.
    pub passed: Vec<Passed>,
    /// Invocations by function.
    pub invocations: BTreeMap<String, usize>,
    /// Requests to Salesforce by operation.
    pub requests: BTreeMap<String, usize>,
    /// The contact attributes.
    pub attributes: BTreeMap<String, String>,
}

/// Holds every expectation against what was found.
pub fn check(expectations: &Expectations, found: &Found) -> Vec<Check> {
    let mut checks = Vec::new();
    for (leg, fields) in (1..).zip(expectations.voice_calls.iter().flatten()) {
        checks.extend(check_voice_call(leg, fields, found));
    }
    if let Some(legs) = &expectations.voice_calls {
        checks.push(Check::count("VoiceCalls", legs.len(), found.voice_calls.len()));
    }
    for (object, expected) in &expectations.records {
        checks.extend(check_records(object, expected, found));
    }
    if let Some(expected) = expectations.routing {
        let found = found.routing.unwrap_or(Routing::None);
        checks.push(Check::other("routing", expected, expected == found, found));
    }
    checks.extend(expectations.messages.map(|expected| Check::count("messages", expected, found.messages)));
    checks.extend(
        expectations.transcript.as_ref().map(|transcript| transcript.check(&found.said, &found.transcript)),
    );
    checks.extend(expectations.signals.as_ref().map(|signals| signals.check(&found.signals)));
    let branches = expectations.error_branches;
    checks.extend(branches.map(|expected| Check::count("error branches", expected, found.error_branches)));
    checks.extend(expectations.path.as_ref().map(|path| check_path(path, &found.passed)));
    checks.extend(expectations.not_path.as_ref().map(|path| check_not_path(path, &found.passed)));
    checks.extend(check_counts("invocations of", &expectations.invocations, &found.invocations));
    checks.extend(check_counts("requests for", &expectations.requests, &found.requests));
    for (name, expected) in &expectations.attributes {
        let value = found.attributes.get(name).map(|text| Value::from(text.as_str()));
        let subject = Subject::Other(format!("attribute {name}"));
        checks.push(check_value(subject, &expected.of(&found.named), value.as_ref(), found.ring));
    }
    checks.push(Check::count("dead letters", expectations.dead_letters, found.dead_letters));
    checks
}

fn check_counts<'e>(
    what: &'e str,
    expected: &'e BTreeMap<String, Count>,
    found: &'e BTreeMap<String, usize>,
) -> impl Iterator<Item = Check> + 'e {
    expected.iter().map(move |(name, count)| {
        let times = found.get(name).copied().unwrap_or(0);
        let name = format!("{what} {name}");
        match *count {
            Count::Exactly(expected) => Check::count(name, expected, times),
            Count::AtLeast { at_least } => {
                Check::other(name, format_args!("at least {at_least}"), times >= at_least, times)
            }
        }
    })
}

/// The fields of the records of an sObject, and how many there are.
fn check_records(object: &str, expected: &[BTreeMap<String, Expected>], found: &Found) -> Vec<Check> {
    let records = found.records.get(object).map_or(&[][..], Vec::as_slice);
    let mut checks = vec![Check::count(format!("{object} records"), expected.len(), records.len())];
    for (number, (fields, record)) in (1..).zip(expected.iter().zip(records)) {
        for (field, expected) in fields {
            let subject = Subject::Record(object.to_owned(), number, field.clone());
            checks.push(check_value(subject, &expected.of(&found.named), record.get(field), found.ring));
        }
    }
    checks
}

/// The fields of the VoiceCall whose vendor call key is the leg's contact id.
fn check_voice_call(leg: usize, fields: &BTreeMap<String, Expected>, found: &Found) -> Vec<Check> {
    let contact_id = found.contact_ids.get(leg - 1).map(String::as_str);
    let key_of =
        |call: &Map<String, Value>| call.get("VendorCallKey").and_then(Value::as_str).map(str::to_owned);
    match found.voice_calls.iter().find(|call| contact_id.is_some() && key_of(call).as_deref() == contact_id)
    {
        Some(call) => fields
            .iter()
            .map(|(field, expected)| {
                let subject = Subject::Field(leg, field.clone());
                check_value(subject, &expected.of(&found.named), call.get(field), found.ring)
            })
            .collect(),
        None => {
            let subject = Subject::Field(leg, "VendorCallKey".to_owned());
            vec![Check::new(subject, "the leg's contact id", false, "no such VoiceCall")]
        }
    }
}

fn check_value(subject: Subject, expected: &Expected, found: Option<&Value>, ring: DateTime<Utc>) -> Check {
    let found = found.filter(|value| !value.is_null());
    let shown = found.map_or_else(|| "nothing".to_owned(), plain);
    match expected {
        Expected::Present => Check::new(subject, "present", found.is_some(), shown),
        Expected::Absent => Check::new(subject, "absent", found.is_none(), shown),
        Expected::At(after) => {
            let expected = ring + *after;
            let found = found.and_then(Value::as_str).and_then(instant);
            let holds = found.is_some_and(|time| time.timestamp_millis() == expected.timestamp_millis());
            let expected = expected.to_rfc3339_opts(SecondsFormat::Secs, true);
            Check::new(subject, format_args!("{expected} (ring + {} s)", after.as_secs_f64()), holds, shown)
        }
        Expected::Equals(value) => {
            let holds = found.is_some_and(|found| found == value || plain(found) == plain(value));
            Check::new(subject, plain(value), holds, shown)
        }
    }
}

impl fmt::Display for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::Pending => "pending",
            Self::Cleared => "cleared",
        })
    }
}

#[cfg(test)]
mod tests;
