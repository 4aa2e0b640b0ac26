//! Tells a played call to a person: line by line as it happens, and in the end what Salesforce has of it.

mod invocation;
mod passage;
mod style;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::center::Outcome;
use crate::script::{Check, Clock, Happening, Script, Subject, Told, Transcribed, instant, plain};
pub(crate) use invocation::{answered, asked, cost, millis, short};
pub use style::Style;
use style::{WIDTH, wrap};

/// Where the text of a line begins: after the time and the kind of line.
const INDENT: usize = 19;
/// Fields that say nothing of the call.
pub(crate) const UNTOLD: [&str; 8] = [
    "Id",
    "CreatedDate",
    "CreatedById",
    "LastModifiedDate",
    "LastModifiedById",
    "SystemModstamp",
    "IsDeleted",
    "VendorType",
];

/// Turns what happens into text.
#[derive(Debug)]
pub struct Story {
    style: Style,
    /// The failure that was told last, and how often it has happened again since.
    last_failure: Mutex<(String, usize)>,
}

impl Story {
    /// A story in this style.
    pub fn new(style: Style) -> Self {
        Self { style, last_failure: Mutex::default() }
    }

    /// What comes before the first line: the script's name and summary.
    pub fn opening(&self, script: &Script) -> String {
        let mut text = format!("\n{}\n", self.style.bold(&script.name));
        for line in wrap(&script.summary, WIDTH) {
            text += &format!("{line}\n");
        }
        text + "\n"
    }

    /// A script in a list: name and summary.
    pub fn entry(&self, script: &Script) -> String {
        let mut text = format!("{}\n", self.style.bold(&script.name));
        for line in wrap(&script.summary, WIDTH - 4) {
            text += &format!("    {line}\n");
        }
        text
    }

    /// One happening, as one or more lines; as none, if it is told otherwise. A failure that repeats itself is told once, and
    /// counted.
    pub fn happening(&self, happening: &Happening) -> String {
        let failure = match &happening.what {
            Told::Invoked(invocation) if invocation::is_routine(invocation) => return String::new(),
            Told::Invoked(invocation) => invocation::failure(invocation),
            _ => None,
        };
        let again = match self.is_again(failure) {
            Ok(()) => return String::new(),
            Err(again) => again,
        };
        again + &self.told(happening)
    }

    /// Counts a failure that is the same as the last one. Otherwise: what is still to be told of the last one.
    fn is_again(&self, failure: Option<String>) -> Result<(), String> {
        let mut last = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.as_ref() == Some(&last.0) {
            last.1 += 1;
            return Ok(());
        }
        let (_, times) = std::mem::replace(&mut *last, (failure.unwrap_or_default(), 0));
        Err(match times {
            0 => String::new(),
            1 => format!("{:INDENT$}{}\n", "", self.style.bad("and again")),
            _ => format!("{:INDENT$}{}\n", "", self.style.bad(&format!("and again, {times} times"))),
        })
    }

    fn told(&self, happening: &Happening) -> String {
        let style = self.style;
        let (kind, rest) = match &happening.what {
            Told::Call { text, event } => ("call", self.aside(text, event.unwrap_or_default())),
            Told::ContactRecord { leg, version } => {
                let leg = if *leg > 1 { format!(" of leg {leg}") } else { String::new() };
                ("record", format!("contact record{leg}, version {version}, is put on the stream"))
            }
            Told::ContactLens(text) => ("lens", self.wrapped(text, str::to_owned)),
            Told::Signal(signal) => ("signal", style.good(&signal.to_string())),
            Told::Transcribed(line) => ("hears", self.transcribed(line, happening.at)),
            Told::Fault(text) => ("fault", style.notable(text)),
            Told::Mended(text) => ("fault", style.good(text)),
            Told::Passed { passage, .. } => ("flow", self.passage(passage)),
            Told::ErrorBranch { function, reason } => {
                let text = format!("{function}: the flow takes its Error branch: {reason}");
                ("flow", self.wrapped(&text, |line| style.notable(line)))
            }
            Told::Invoked(invocation) => ("invoke", self.invocation(invocation)),
            // Its first event says so.
            Told::Leg { .. } => return String::new(),
        };
        format!(
            "  {}  {} {rest}\n",
            style.dim(&Clock(happening.at).to_string()),
            style.dim(&format!("{kind:<7}"))
        )
    }

    /// A line of the transcript: whose it is, and how long after the words Salesforce had it.
    fn transcribed(&self, line: &Transcribed, at: Duration) -> String {
        let after = (at.as_millis() as i64 - line.end_ms).max(0) as f64 / 1000.0;
        let text = format!("{}: {} ({after:.1} s later)", line.who, line.text);
        self.wrapped(&text, |line| self.style.good(line))
    }

    /// What Salesforce has in the end, with each expectation ticked.
    pub fn ending(&self, script: &Script, outcome: &Outcome, took: Duration) -> String {
        let style = self.style;
        let mut text = self.is_again(None).err().unwrap_or_default();
        for (leg, contact_id) in (1..).zip(&outcome.found.contact_ids) {
            let calls = outcome.found.voice_calls.iter();
            for call in
                calls.filter(|call| call.get("VendorCallKey").and_then(Value::as_str) == Some(contact_id))
            {
                let of_it = |subject: &Subject| match subject {
                    Subject::Field(number, field) if *number == leg => Some(field.clone()),
                    _ => None,
                };
                text += &self.record("VoiceCall", call, outcome, of_it);
            }
        }
        for (object, records) in &outcome.found.records {
            for (number, record) in (1..).zip(records) {
                let of_it = |subject: &Subject| match subject {
                    Subject::Record(name, n, field) if name == object && *n == number => Some(field.clone()),
                    _ => None,
                };
                text += &self.record(object, record, outcome, of_it);
            }
        }
        let others: Vec<&Check> =
            outcome.checks.iter().filter(|check| matches!(check.subject, Subject::Other(_))).collect();
        if !others.is_empty() {
            text += &format!("\n  {}\n", style.bold("The call"));
        }
        for check in others {
            text += &format!("  {} {}\n", self.tick(check), self.colour(check, &check.to_string()));
        }
        let (failed, all) = (outcome.failures().len(), outcome.checks.len());
        let verdict = match failed {
            0 => style.good(&format!("all {all} expectations hold")),
            _ => style.bad(&format!("{failed} of {all} expectations do not hold")),
        };
        text + &format!(
            "\n{}: {verdict} {}\n",
            style.bold(&script.name),
            style.dim(&format!("({:.1} s)", took.as_secs_f64()))
        )
    }

    /// The record as a table; expected fields are ticked, and told as expected if they are otherwise. `of_it` knows the
    /// field of an expectation of this record.
    fn record(
        &self,
        object: &str,
        record: &Map<String, Value>,
        outcome: &Outcome,
        of_it: impl Fn(&Subject) -> Option<String>,
    ) -> String {
        let id = record.get("Id").map(plain).unwrap_or_default();
        let mut text = format!("\n  {} {id}, as Salesforce has it now\n", self.style.bold(object));
        let checks = outcome.checks.iter();
        let expected: BTreeMap<String, &Check> =
            checks.filter_map(|check| Some((of_it(&check.subject)?, check))).collect();
        let told =
            record.iter().filter(|(field, value)| !value.is_null() && !UNTOLD.contains(&field.as_str()));
        let mut rows: BTreeMap<&str, String> =
            told.map(|(field, value)| (field.as_str(), plain(value))).collect();
        for field in expected.keys() {
            rows.entry(field.as_str()).or_default();
        }
        let width = rows.keys().map(|field| field.len()).max().unwrap_or(0);
        for (field, value) in rows {
            let (tick, value) = match expected.get(field) {
                Some(check) if check.holds() => (self.tick(check), self.value(&value, outcome.found.ring)),
                Some(check) => {
                    let value = if value.is_empty() { "nothing" } else { &value };
                    (self.tick(check), self.style.bad(&format!("{value}, expected {}", check.expected)))
                }
                None => (" ".to_owned(), self.value(&value, outcome.found.ring)),
            };
            text += format!("  {tick} {field:<width$}  {value}").trim_end();
            text.push('\n');
        }
        text
    }

    /// A value; of a time also how long after the ring it is.
    fn value(&self, value: &str, ring: DateTime<Utc>) -> String {
        match instant(value) {
            Some(time) => {
                let after = (time - ring).as_seconds_f64();
                format!("{value}  {}", self.style.dim(&format!("ring + {after} s")))
            }
            None if value.is_empty() => self.style.dim("nothing"),
            None => value.to_owned(),
        }
    }

    fn tick(&self, check: &Check) -> String {
        if check.holds() { self.style.good("✔") } else { self.style.bad("✘") }
    }

    fn colour(&self, check: &Check, text: &str) -> String {
        if check.holds() { text.to_owned() } else { self.style.bad(text) }
    }

    /// A text, and at the right margin what belongs to it.
    fn aside(&self, text: &str, aside: &str) -> String {
        let room = WIDTH.saturating_sub(INDENT + text.chars().count() + aside.chars().count());
        match aside {
            "" => text.to_owned(),
            _ => format!("{text}{:room$}{}", "", self.style.dim(aside), room = room.max(2)),
        }
    }

    /// A text on as many lines as it needs.
    fn wrapped(&self, text: &str, colour: impl Fn(&str) -> String) -> String {
        let lines: Vec<String> = wrap(text, WIDTH - INDENT).iter().map(|line| colour(line)).collect();
        lines.join(&format!("\n{:INDENT$}", ""))
    }
}

#[cfg(test)]
mod tests;
