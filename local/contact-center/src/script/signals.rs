//! The signals that Salesforce has about a call, and those that a script expects.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::Value;

use super::check::{Check, TOLERANCE};
use super::model::Speaker;
use super::time::{self, Clock};

/// A signal about a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// What it says.
    pub what: Finding,
    /// About when in the call, in milliseconds since the ring.
    pub start_ms: i64,
}

/// What a signal says.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The call is in this category.
    Category(String),
    /// Somebody sounds like this, from -1000 to 1000.
    Sentiment(Speaker, f64),
    /// Somebody sounded like this in the whole call, from -5 to 5.
    Overall(Speaker, f64),
    /// Something else: its type.
    Other(String),
}

impl Signal {
    /// A signal as the org has it, of a call that rang then.
    pub(crate) fn read(fields: &serde_json::Map<String, Value>, ring_ms: i64) -> Self {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let who = if text("participant") == "AGENT" { Speaker::Agent } else { Speaker::Customer };
        let value = || text("value").parse().unwrap_or(f64::NAN);
        let what = match text("type") {
            "IntelligenceSignal__Category" => Finding::Category(text("value").to_owned()),
            "IntelligenceSignal__Sentiment" => Finding::Sentiment(who, value()),
            "IntelligenceSignal__OverallSentimentScore" => Finding::Overall(who, value()),
            other => Finding::Other(other.to_owned()),
        };
        let start_ms = fields.get("startTime").and_then(Value::as_i64).unwrap_or_default() - ring_ms;
        Self { what, start_ms }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Category(name) => write!(f, "category {name}"),
            Self::Sentiment(who, value) => write!(f, "sentiment of the {who} {value}"),
            Self::Overall(who, value) => write!(f, "overall sentiment of the {who} {value}"),
            Self::Other(kind) => f.write_str(kind),
        }
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.what, Clock(Duration::from_millis(self.start_ms.max(0) as u64)))
    }
}

/// The signals that a script expects: how many, or exactly these.
#[derive(Debug, Clone, PartialEq)]
pub enum Signals {
    /// So many.
    Count(usize),
    /// These, in any order.
    List(Vec<ExpectedSignal>),
}

/// A signal that a script expects.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedSignal {
    /// What it says.
    pub what: Finding,
    /// About when in the call, since the ring; left out, at any time.
    pub at: Option<Duration>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignalForm {
    category: Option<String>,
    sentiment: Option<f64>,
    overall: Option<f64>,
    of: Option<Speaker>,
    #[serde(default, deserialize_with = "time::deserialize_option")]
    at: Option<Duration>,
}

impl SignalForm {
    fn signal(self) -> Result<ExpectedSignal, &'static str> {
        let what = match (self.category, self.sentiment, self.overall, self.of) {
            (Some(name), None, None, None) => Finding::Category(name),
            (None, Some(value), None, Some(who)) => Finding::Sentiment(who, value),
            (None, None, Some(value), Some(who)) => Finding::Overall(who, value),
            _ => {
                return Err(
                    "a signal has `category`, or `sentiment` or `overall` with `of: customer` or `of: agent`",
                );
            }
        };
        Ok(ExpectedSignal { what, at: self.at })
    }
}

impl<'de> Deserialize<'de> for Signals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if let Some(count) = value.as_u64() {
            return Ok(Self::Count(count as usize));
        }
        let forms: Vec<SignalForm> = serde_json::from_value(value)
            .map_err(|error| de::Error::custom(format!("signals are a number or a list: {error}")))?;
        forms
            .into_iter()
            .map(SignalForm::signal)
            .collect::<Result<_, _>>()
            .map(Self::List)
            .map_err(de::Error::custom)
    }
}

impl Signals {
    /// Holds the expectation against what the org has: each of them once, and no others.
    pub(super) fn check(&self, found: &[Signal]) -> Check {
        let expected = match self {
            Self::Count(count) => return Check::count("signals", *count, found.len()),
            Self::List(expected) => expected,
        };
        let mut left: Vec<&Signal> = found.iter().collect();
        let mut wrong = Vec::new();
        for signal in expected {
            match left.iter().position(|found| signal.is(found)) {
                Some(place) => drop(left.remove(place)),
                None => wrong.push(format!("no {signal}")),
            }
        }
        wrong.extend(left.iter().map(|signal| format!("{signal} unexpectedly")));
        let words = format!("{}, each once and at its time", expected.len());
        Check::other("signals", words, wrong.is_empty(), wrong.join("; "))
    }
}

impl ExpectedSignal {
    fn is(&self, found: &Signal) -> bool {
        let in_time = |at: Duration| (found.start_ms - at.as_millis() as i64).unsigned_abs();
        self.what == found.what && self.at.is_none_or(|at| in_time(at) <= TOLERANCE.as_millis() as u64)
    }
}

impl fmt::Display for ExpectedSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        self.at.map_or(Ok(()), |at| write!(f, " at {}", Clock(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Vec<Signal> {
        vec![
            Signal { what: Finding::Category("Cancellation".to_owned()), start_ms: 21_200 },
            Signal { what: Finding::Sentiment(Speaker::Customer, -1000.0), start_ms: 6_000 },
            Signal { what: Finding::Overall(Speaker::Agent, 2.5), start_ms: 5_000 },
        ]
    }

    fn check(yaml: &str) -> String {
        let expected: Signals = serde_saphyr::from_str(yaml).unwrap();
        expected.check(&found()).instead.unwrap_or_default()
    }

    #[test]
    fn signals_are_counted_or_listed_in_any_order() {
        let all = "[{ overall: 2.5, of: agent }, { category: Cancellation, at: 21s }, { sentiment: -1000, of: customer, at: 6s }]";
        assert_eq!((check(all), check("3")), (String::new(), String::new()));
    }

    #[test]
    fn what_is_missing_or_too_many_is_told() {
        insta::assert_snapshot!(
            check("[{ category: Cancellation, at: 20s }, { sentiment: -1000, of: agent }, { overall: 2.5, of: agent }]"),
            @"no category Cancellation at 00:20.0; no sentiment of the agent -1000; category Cancellation at 00:21.2 unexpectedly; sentiment of the customer -1000 at 00:06.0 unexpectedly"
        );
        assert_eq!(check("4"), "3");
    }

    #[test]
    fn a_signal_is_one_thing() {
        for wrong in ["[{ at: 5s }]", "[{ sentiment: 5 }]", "[{ category: x, of: agent }]", "many"] {
            let error = serde_saphyr::from_str::<Signals>(wrong).unwrap_err().to_string();
            assert!(error.contains("signal"), "{error}");
        }
    }

    #[test]
    fn the_org_s_fields_are_read() {
        let fields = serde_json::json!({
            "type": "IntelligenceSignal__Sentiment", "value": "-1000", "startTime": 1500, "participant": "AGENT",
        });
        let signal = Signal::read(fields.as_object().unwrap(), 500);
        assert_eq!(signal, Signal { what: Finding::Sentiment(Speaker::Agent, -1000.0), start_ms: 1000 });
    }
}
