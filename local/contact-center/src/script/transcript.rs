//! Whether what was said is what Salesforce has as transcript.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::Value;

use super::check::{Check, TOLERANCE};
use super::model::Speaker;
use super::speech::Spoken;
use super::time::{self, Clock};

/// The transcript that a script expects.
#[derive(Debug, Clone, PartialEq)]
pub enum Transcript {
    /// `everything` that is said.
    Everything,
    /// These lines.
    Lines(Vec<ExpectedLine>),
}

/// A line of an expected transcript.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedLine {
    /// Who says it.
    pub who: Speaker,
    /// The words.
    pub text: String,
    /// When it begins, since the ring; left out, at any time.
    pub at: Option<Duration>,
}

/// A message of the transcript, as Salesforce has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcribed {
    /// Whose words they are.
    pub who: Speaker,
    /// The words.
    pub text: String,
    /// When they begin, in milliseconds since the ring.
    pub start_ms: i64,
    /// When they end.
    pub end_ms: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LineForm {
    customer: Option<String>,
    agent: Option<String>,
    #[serde(default, deserialize_with = "time::deserialize_option")]
    at: Option<Duration>,
}

impl<'de> Deserialize<'de> for Transcript {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if value == "everything" {
            return Ok(Self::Everything);
        }
        let forms: Vec<LineForm> = serde_json::from_value(value).map_err(|error| {
            de::Error::custom(format!("a transcript is `everything` or a list of lines: {error}"))
        })?;
        let line = |form: LineForm| match (form.customer, form.agent) {
            (Some(text), None) => Ok(ExpectedLine { who: Speaker::Customer, text, at: form.at }),
            (None, Some(text)) => Ok(ExpectedLine { who: Speaker::Agent, text, at: form.at }),
            _ => Err(de::Error::custom("a line of a transcript has either `customer` or `agent`")),
        };
        forms.into_iter().map(line).collect::<Result<_, _>>().map(Self::Lines)
    }
}

impl Transcript {
    /// Holds the transcript of what was said against the messages: per side the same lines in the same order, each once and at
    /// its time.
    pub(super) fn check(&self, said: &[Spoken], found: &[Transcribed]) -> Check {
        let expected: Vec<ExpectedLine> = match self {
            Self::Everything => said.iter().map(ExpectedLine::from).collect(),
            Self::Lines(lines) => lines.clone(),
        };
        let sides = [Speaker::Customer, Speaker::Agent];
        let wrong: Vec<String> =
            sides.into_iter().filter_map(|side| difference(side, &expected, found)).collect();
        let words = format!("{} lines, each once, in order and at its time", expected.len());
        Check::other("transcript", words, wrong.is_empty(), wrong.join("; "))
    }
}

/// The first difference on one side, and how much differs.
fn difference(side: Speaker, expected: &[ExpectedLine], found: &[Transcribed]) -> Option<String> {
    let expected: Vec<_> = expected.iter().filter(|line| line.who == side).collect();
    let found: Vec<_> = found.iter().filter(|line| line.who == side).collect();
    let pairs = expected.iter().zip(&found);
    let same = pairs.take_while(|(expected, found)| expected.is(found)).count();
    if same == expected.len() && same == found.len() {
        return None;
    }
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for line in &expected {
        *counts.entry(&line.text).or_default() -= 1;
    }
    for line in &found {
        *counts.entry(&line.text).or_default() += 1;
    }
    let missing: i64 = counts.values().filter(|count| **count < 0).map(|count| -count).sum();
    let extra: i64 = counts.values().filter(|count| **count > 0).sum();
    let shown = |line: Option<&dyn fmt::Display>| line.map_or("nothing".to_owned(), ToString::to_string);
    Some(format!(
        "of the {side} {} lines: {missing} missing, {extra} too many; line {} should be {}, and is {}",
        found.len(),
        same + 1,
        shown(expected.get(same).map(|line| *line as _)),
        shown(found.get(same).map(|line| *line as _)),
    ))
}

impl ExpectedLine {
    fn is(&self, found: &Transcribed) -> bool {
        let in_time = |at: Duration| (found.start_ms - at.as_millis() as i64).unsigned_abs();
        self.text == found.text && self.at.is_none_or(|at| in_time(at) <= TOLERANCE.as_millis() as u64)
    }
}

impl From<&Spoken> for ExpectedLine {
    fn from(said: &Spoken) -> Self {
        Self { who: said.who, text: said.text.clone(), at: Some(said.at) }
    }
}

impl fmt::Display for ExpectedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}”", self.text)?;
        self.at.map_or(Ok(()), |at| write!(f, " at {}", Clock(at)))
    }
}

impl fmt::Display for Transcribed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = Duration::from_millis(self.start_ms.max(0) as u64);
        write!(f, "“{}” at {}", self.text, Clock(at))
    }
}

impl fmt::Display for Speaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Sentiment;

    fn said(who: Speaker, second: u64, text: &str) -> Spoken {
        let (at, length) = (Duration::from_secs(second), Duration::from_secs(1));
        Spoken { who, at, length, text: text.to_owned(), sentiment: Sentiment::default() }
    }

    fn heard(who: Speaker, start_ms: i64, text: &str) -> Transcribed {
        Transcribed { who, text: text.to_owned(), start_ms, end_ms: start_ms + 1000 }
    }

    fn check(transcript: Vec<Transcribed>) -> String {
        use Speaker::{Agent, Customer};
        let said = [said(Customer, 1, "yes"), said(Agent, 2, "good"), said(Customer, 3, "no")];
        Transcript::Everything.check(&said, &transcript).instead.unwrap_or_default()
    }

    #[test]
    fn the_order_between_the_sides_and_a_little_time_do_not_matter() {
        use Speaker::{Agent, Customer};
        let heard =
            vec![heard(Customer, 1100, "yes"), heard(Customer, 2700, "no"), heard(Agent, 2000, "good")];
        assert_eq!(check(heard), "");
    }

    #[test]
    fn what_is_missing_doubled_late_or_out_of_order_is_told() {
        use Speaker::{Agent, Customer};
        let good = heard(Agent, 2000, "good");
        let (yes, no) = (heard(Customer, 1000, "yes"), heard(Customer, 3000, "no"));
        assert_eq!(
            check(vec![yes.clone(), good.clone()]),
            "of the customer 1 lines: 1 missing, 0 too many; line 2 should be “no” at 00:03.0, and is nothing"
        );
        assert!(
            check(vec![yes.clone(), yes.clone(), good.clone(), no.clone()]).contains("1 too many; line 2")
        );
        assert!(check(vec![no.clone(), good.clone(), yes.clone()]).contains("0 missing, 0 too many; line 1"));
        let late = heard(Customer, 3301, "no");
        assert!(check(vec![yes, good, late]).ends_with("and is “no” at 00:03.3"));
    }

    #[test]
    fn a_transcript_is_everything_or_lines() {
        let read = |text: &str| serde_saphyr::from_str::<Transcript>(text);
        assert_eq!(read("everything").unwrap(), Transcript::Everything);
        let Transcript::Lines(lines) = read("[{ customer: 'my number is [PHONE]', at: 5s }]").unwrap() else {
            panic!("no lines");
        };
        assert_eq!(lines[0].at, Some(Duration::from_secs(5)));
        assert!(read("nothing").is_err() && read("[{ at: 5s }]").is_err());
    }
}
