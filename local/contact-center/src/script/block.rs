//! Invoking a function for a block of a contact flow: how Amazon Connect does it, and what it accepts of the reply.
//!
//! Source: <https://docs.aws.amazon.com/connect/latest/adminguide/invoke-lambda-function-block.html>.

use std::time::Duration;

use contact_flows::action::ResponseType;
use contact_flows::{Answer, MOST_INVOCATIONS, refused};
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};

use super::model::FlowStep;
use crate::lambda::{Host, InvokeError};

/// Before a throttled invocation is repeated.
const THROTTLED_PAUSE: Duration = Duration::from_millis(100);

/// Invokes a function once: it replies, fails, or takes too long.
///
/// # Errors
/// When there is no such function, or the event is too large.
pub(super) async fn invoke_once(
    host: &Host,
    function: &str,
    event: &Value,
    deadline: Instant,
) -> anyhow::Result<Answer> {
    let Ok(invoked) = timeout_at(deadline, host.invoke(function, event)).await else {
        return Ok(Answer::TimedOut);
    };
    match invoked {
        Ok(invocation) => {
            Ok(invocation.reply.map_or_else(|error| Answer::Failed(error.error_type), Answer::Replied))
        }
        Err(throttled @ InvokeError::Throttled { .. }) => {
            tokio::time::sleep(THROTTLED_PAUSE).await;
            Ok(Answer::Failed(throttled.to_string()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Invokes a function until it replies, as often as Amazon Connect does.
///
/// # Errors
/// As [`invoke_once`].
pub(super) async fn invoke(
    host: &Host,
    function: &str,
    event: &Value,
    deadline: Instant,
) -> anyhow::Result<Answer> {
    let mut failed = None;
    for attempt in 1..=MOST_INVOCATIONS {
        match (invoke_once(host, function, event, deadline).await?, failed) {
            (Answer::Failed(error), _) => failed = Some(format!("{error} after {attempt} tries")),
            (Answer::TimedOut, Some(reason)) => {
                return Ok(Answer::Failed(format!("{reason} (and no time is left to try again)")));
            }
            (answer, _) => return Ok(answer),
        }
    }
    Ok(Answer::Failed(failed.unwrap_or_default()))
}

/// Invokes the function of a step: its reply, or why the block takes its Error branch.
///
/// # Errors
/// As [`invoke_once`]: the script cannot be played.
pub(super) async fn invoke_for(
    host: &Host,
    step: &FlowStep,
    event: &Value,
) -> anyhow::Result<Result<Map<String, Value>, String>> {
    Ok(match invoke(host, &step.function, event, Instant::now() + step.timeout).await? {
        Answer::Replied(reply) => accept(reply),
        Answer::Failed(reason) => Err(reason),
        _ => Err(format!("no reply within {} s", step.timeout.as_secs_f64())),
    })
}

/// With the response validation that flows use, a reply is a flat object of strings.
fn accept(reply: Value) -> Result<Map<String, Value>, String> {
    match (refused(&reply, ResponseType::StringMap), reply) {
        (None, Value::Object(map)) => Ok(map),
        (reason, _) => Err(reason.unwrap_or_default()),
    }
}

/// What `$.External.key` stands for.
pub(super) fn external<'r>(source: &str, reply: &'r Map<String, Value>) -> Option<&'r str> {
    reply.get(source.strip_prefix("$.External.")?)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_flat_object_of_strings_is_accepted() {
        let reply = accept(json!({"voiceCallId": "0LQ1"})).unwrap();
        assert_eq!(external("$.External.voiceCallId", &reply), Some("0LQ1"));
        assert_eq!(external("$.External.agent", &reply), None);
        assert_eq!(external("$.Attributes.voiceCallId", &reply), None);
        assert!(accept(json!({})).unwrap().is_empty());
    }

    #[test]
    fn anything_else_takes_the_error_branch() {
        for reply in [json!("text"), json!(null), json!([]), json!({"errors": []}), json!({"a": 1})] {
            assert!(accept(reply.clone()).is_err(), "{reply}");
        }
    }
}
