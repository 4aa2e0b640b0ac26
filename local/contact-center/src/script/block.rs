//! The invoke-function block of a contact flow: how Amazon Connect calls a function, and what it accepts of the reply.
//!
//! Source: <https://docs.aws.amazon.com/connect/latest/adminguide/invoke-lambda-function-block.html>.

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};

use super::model::FlowStep;
use crate::lambda::{Host, InvokeError};

/// After an error Amazon Connect invokes again, this many times at most, within the block's time limit.
const RETRIES: u32 = 3;
/// The largest reply, in bytes: 32 KB.
const REPLY_LIMIT: usize = 32 * 1024;
/// Before a throttled invocation is repeated.
const THROTTLED_PAUSE: Duration = Duration::from_millis(100);

/// The reply of a function, or why the block takes its Error branch.
///
/// The outer error means that the script cannot be played: there is no such function.
pub(super) async fn invoke(
    host: &Host,
    step: &FlowStep,
    event: &Value,
) -> anyhow::Result<Result<Map<String, Value>, String>> {
    let deadline = Instant::now() + step.timeout;
    let mut reason = String::new();
    for attempt in 1..=RETRIES + 1 {
        let Ok(invoked) = timeout_at(deadline, host.invoke(&step.function, event)).await else {
            return Ok(Err(match attempt {
                1 => format!("no reply within {} s", step.timeout.as_secs_f64()),
                _ => format!("{reason} (and no time is left to try again)"),
            }));
        };
        match invoked {
            Ok(invocation) => match invocation.reply {
                Ok(reply) => return Ok(accept(reply)),
                Err(error) => reason = format!("{} after {attempt} tries", error.error_type),
            },
            Err(throttled @ InvokeError::Throttled { .. }) => {
                reason = throttled.to_string();
                tokio::time::sleep(THROTTLED_PAUSE).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Err(reason))
}

/// With the response validation that flows use, a reply is a flat object of strings.
fn accept(reply: Value) -> Result<Map<String, Value>, String> {
    if reply.to_string().len() > REPLY_LIMIT {
        return Err("the reply is larger than 32 KB".to_owned());
    }
    match reply {
        Value::Object(map) => match map.iter().find(|(_, value)| !value.is_string()) {
            Some((key, _)) => Err(format!("the reply's {key} is not a string")),
            None => Ok(map),
        },
        _ => Err("the reply is not an object".to_owned()),
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
        let long = "x".repeat(REPLY_LIMIT);
        for reply in [
            json!("text"),
            json!(null),
            json!([]),
            json!({"errors": []}),
            json!({"a": 1}),
            json!({"a": long}),
        ] {
            assert!(accept(reply.clone()).is_err(), "{reply}");
        }
    }
}
