//! What contact flows find when they look around: hours, queues, and what comes of blocks that depend on somebody else.

use std::collections::BTreeMap;
use std::time::Duration;

use contact_flows::action::Metric;
use contact_flows::{Answer, Request};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::time;

/// What contact flows find. Unless the script says otherwise everything is as on a quiet day: open, agents are there, nobody waits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Circumstances {
    /// The hours of operation.
    pub hours: Hours,
    /// The figures of every queue.
    pub metrics: Metrics,
    /// What comes of a block, by its identifier, its type, or the name of what it refers to.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// Hours of operation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hours {
    /// They are open.
    #[default]
    Open,
    /// They are not.
    Closed,
}

/// The figures of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Agents who are free.
    pub agents_available: i64,
    /// Agents who are free, busy or in after-contact work.
    pub agents_staffed: i64,
    /// Agents who are logged in.
    pub agents_online: i64,
    /// Contacts that wait.
    pub contacts_in_queue: i64,
    /// How long the first of them has waited.
    #[serde(deserialize_with = "time::deserialize")]
    pub oldest_contact: Duration,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            agents_available: 1,
            agents_staffed: 1,
            agents_online: 1,
            contacts_in_queue: 0,
            oldest_contact: Duration::ZERO,
        }
    }
}

impl Metrics {
    fn get(&self, metric: Metric) -> i64 {
        match metric {
            Metric::AgentsAvailable => self.agents_available,
            Metric::AgentsStaffed => self.agents_staffed,
            Metric::AgentsOnline => self.agents_online,
            Metric::Contacts => self.contacts_in_queue,
            // A script's times are days at most.
            Metric::OldestContact => self.oldest_contact.as_millis() as i64,
        }
    }

    /// What `$.Metrics` holds: <https://docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html>.
    fn to_json(&self) -> Value {
        json!({
            "Queue": {
                "Size": self.contacts_in_queue.to_string(),
                "OldestContactAge": self.oldest_contact.as_secs().to_string(),
            },
            "Agents": {
                "Online": {"Count": self.agents_online.to_string()},
                "Available": {"Count": self.agents_available.to_string()},
                "Staffed": {"Count": self.agents_staffed.to_string()},
            },
        })
    }
}

/// What comes of a block, in the script's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome(String);

/// `40` and `true` are texts here, too.
impl<'de> Deserialize<'de> for Outcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        Ok(Self(super::check::plain(&value)))
    }
}

impl Circumstances {
    /// What a block finds that asks this and goes by these names. `None` if it takes somebody who acts: a function, an agent, keys, time.
    ///
    /// # Errors
    /// When what the script says comes of the block cannot come of it.
    pub(super) fn answer(&self, request: &Request, names: &[&str]) -> Result<Option<Answer>, String> {
        let said = names.iter().find_map(|name| Some((name, self.outcomes.get(*name)?)));
        let Some((name, Outcome(outcome))) = said else { return Ok(self.usual(request)) };
        let answer = in_words(outcome, request).filter(|answer| answer.fits(request));
        answer.map(Some).ok_or_else(|| {
            format!(
                "`{outcome}` cannot come of {name}, which asks for {}; write {}",
                request.kind(),
                choices(request)
            )
        })
    }

    fn usual(&self, request: &Request) -> Option<Answer> {
        Some(match request {
            Request::Hours { .. } => Answer::Open(self.hours == Hours::Open),
            Request::Metric { metric, .. } => Answer::Number(self.metrics.get(*metric)),
            Request::Metrics { .. } => Answer::Metrics(self.metrics.to_json()),
            Request::Chance => Answer::Number(1),
            Request::CallStatus => Answer::Result("CallAnswered".to_owned()),
            Request::Converse { .. } => Answer::TimedOut,
            Request::Dial(_) | Request::Service { .. } => Answer::Done,
            Request::InvokeLambda(_)
            | Request::LoadResult { .. }
            | Request::Input(_)
            | Request::Wait { .. }
            | Request::Listen { .. }
            | Request::MediaStreaming { .. }
            | Request::EnterQueue { .. }
            | Request::Callback(_)
            | Request::CompleteOutboundCall(_) => return None,
        })
    }
}

fn in_words(outcome: &str, request: &Request) -> Option<Answer> {
    Some(match (outcome, request) {
        ("failed", _) => Answer::Failed("what the script says".to_owned()),
        ("too late", _) => Answer::TimedOut,
        ("open", Request::Hours { .. }) => Answer::Open(true),
        ("closed", Request::Hours { .. }) => Answer::Open(false),
        ("full", Request::EnterQueue { .. }) => Answer::AtCapacity,
        (number, Request::Metric { .. } | Request::Chance) => Answer::Number(number.parse().ok()?),
        (intent, Request::Converse { .. }) => {
            Answer::Intent(intent.to_owned(), json!({"IntentName": intent}))
        }
        (result, Request::CallStatus | Request::Wait { .. } | Request::Service { .. }) => {
            Answer::Result(result.to_owned())
        }
        _ => return None,
    })
}

/// What a script can say of such a block.
fn choices(request: &Request) -> &'static str {
    match request {
        Request::Hours { .. } => "open, closed or failed",
        Request::Metric { .. } => "a number or failed",
        Request::Chance => "a number from 1 to 100, or failed",
        Request::EnterQueue { .. } => "full or failed",
        Request::Converse { .. } => "an intent, `too late` or failed",
        Request::CallStatus | Request::Wait { .. } => "its result or failed",
        Request::Service { .. } => "its result, `too late` or failed",
        Request::InvokeLambda(_) | Request::LoadResult { .. } | Request::Dial(_) => "`too late` or failed",
        _ => "failed",
    }
}

#[cfg(test)]
mod tests {
    use contact_flows::Queue;

    use super::*;

    fn circumstances(outcomes: &[(&str, &str)]) -> Circumstances {
        let outcomes =
            outcomes.iter().map(|(name, outcome)| ((*name).to_owned(), Outcome((*outcome).to_owned())));
        Circumstances { outcomes: outcomes.collect(), ..Circumstances::default() }
    }

    fn enter() -> Request {
        Request::EnterQueue { queue: Queue::default(), dequeue: false }
    }

    fn hours() -> Request {
        Request::Hours { hours: None, queue: None }
    }

    #[test]
    fn a_quiet_day_is_open_and_staffed() {
        let usual = circumstances(&[]);
        let metric = |metric| Request::Metric { metric, queue: Queue::default() };
        for (request, answer) in [
            (hours(), Some(Answer::Open(true))),
            (metric(Metric::AgentsAvailable), Some(Answer::Number(1))),
            (metric(Metric::Contacts), Some(Answer::Number(0))),
            (Request::Chance, Some(Answer::Number(1))),
            (Request::CallStatus, Some(Answer::Result("CallAnswered".to_owned()))),
            (enter(), None),
        ] {
            assert!(usual.answer(&request, &["a block"]) == Ok(answer), "{}", request.kind());
        }
    }

    #[test]
    fn a_script_says_what_comes_of_a_block() {
        let said = circumstances(&[
            ("check", "closed"),
            ("TransferContactToQueue", "full"),
            ("DistributeByPercentage", "40"),
            ("GetCustomerProfile", "failed"),
            ("ConnectParticipantWithLexBot", "Refund"),
        ]);
        let bot =
            Request::Converse { bot: String::new(), prompt: None, session_attributes: Vec::new().into() };
        let answers = [
            (hours(), "check", Answer::Open(false)),
            (enter(), "TransferContactToQueue", Answer::AtCapacity),
            (Request::Chance, "DistributeByPercentage", Answer::Number(40)),
            (
                bot,
                "ConnectParticipantWithLexBot",
                Answer::Intent("Refund".to_owned(), json!({"IntentName": "Refund"})),
            ),
        ];
        for (request, name, answer) in answers {
            assert!(said.answer(&request, &["id", name]) == Ok(Some(answer)), "{name}");
        }
    }

    #[test]
    fn what_cannot_come_of_a_block_is_said() {
        let said = circumstances(&[("check", "full"), ("id", "many")]);
        assert_eq!(
            said.answer(&hours(), &["check"]).unwrap_err(),
            "`full` cannot come of check, which asks for hours of operation; write open, closed or failed"
        );
        assert!(
            said.answer(&Request::Chance, &["id"])
                .unwrap_err()
                .ends_with("a number from 1 to 100, or failed")
        );
        let late = circumstances(&[("check", "too late")]);
        assert!(late.answer(&hours(), &["check"]).is_err());
    }
}
