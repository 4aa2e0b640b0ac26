//! Answering a contact flow: the keep-warm event, `onError=reply`, the metric and the log line of an invocation.

mod reply;

use std::error::Error;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;
use tracing::error;

use crate::invocation::{is_warm_up, warm_up_reply};
use crate::metrics::Metrics;

pub use reply::{Entry, Reply};

/// Why an invocation by a flow failed, as flows, metrics and logs tell it.
pub trait FlowError: Error {
    /// A word for what went wrong: `errorType` of the Lambda error, and the metrics dimension `outcome`.
    fn kind(&self) -> &'static str;

    /// The HTTP status of Salesforce's answer, if there was one.
    fn status(&self) -> Option<u16> {
        None
    }

    /// Salesforce's error code, if it gave one.
    fn code(&self) -> Option<&str> {
        None
    }
}

/// Answers one invocation by a flow with what `work` makes of its event. The method goes with the result, because the
/// metrics count failures by method; it is `None` where the event names none that there is.
///
/// # Errors
/// Those of `work`. With `onError=reply` among the parameters, none: the error is in the reply.
pub async fn answer<E: FlowError>(
    event: Value,
    metrics: &Metrics,
    work: impl AsyncFnOnce(Value) -> (Option<&'static str>, Result<Reply, E>),
) -> Result<Value, E> {
    if is_warm_up(&event) {
        return Ok(warm_up_reply());
    }
    let started = Instant::now();
    let on_error_reply = event.pointer("/Details/Parameters/onError").is_some_and(|value| value == "reply");
    // Boxed: the futures of all methods within one another are more than the compiler follows.
    let (method, result) = Box::pin(work(event)).await;
    let outcome = result.as_ref().map_or_else(E::kind, |_| "ok");
    metrics.invocation(method.unwrap_or("unknown"), outcome, started.elapsed());
    match result {
        Ok(reply) if on_error_reply => Ok(reply.with("success", Some("true")).into_value()),
        Ok(reply) => Ok(reply.into_value()),
        Err(e) => {
            let duration_ms = millis(started.elapsed());
            error!(error_type = e.kind(), status = e.status(), duration_ms, "{e}");
            if on_error_reply { Ok(Reply::failure(&e).into_value()) } else { Err(e) }
        }
    }
}

/// Whole milliseconds, for a log line.
pub fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::json;

    use super::*;
    use crate::env::Env;

    #[derive(Debug, thiserror::Error)]
    #[error("createRecord: the record is refused")]
    struct Refused;

    impl FlowError for Refused {
        fn kind(&self) -> &'static str {
            "SalesforceRefused"
        }

        fn status(&self) -> Option<u16> {
            Some(400)
        }

        fn code(&self) -> Option<&str> {
            Some("INVALID_FIELD")
        }
    }

    async fn answered(
        parameters: Value,
        result: Result<Reply, Refused>,
    ) -> (Result<Value, Refused>, Vec<Value>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&lines);
        let metrics = Metrics::from_env(&Env::new(&|_| None))
            .with_sink(move |line| sink.lock().unwrap().push(serde_json::from_str(line).unwrap()));
        let event = json!({ "Details": { "Parameters": parameters } });
        let answer = answer(event, &metrics, async |_| (Some("createRecord"), result)).await;
        let lines = lines.lock().unwrap().clone();
        (answer, lines)
    }

    #[tokio::test]
    async fn a_failure_is_an_error_and_counted() {
        let (answer, metrics) = answered(json!({}), Err(Refused)).await;
        assert_eq!(answer.unwrap_err().kind(), "SalesforceRefused");
        assert_eq!(metrics[0]["outcome"], "SalesforceRefused");
        assert_eq!(metrics[0]["method"], "createRecord");
    }

    #[tokio::test]
    async fn a_flow_that_asks_for_it_gets_the_failure_as_a_reply() {
        let parameters = json!({ "onError": "reply" });
        let (answer, metrics) = answered(parameters.clone(), Err(Refused)).await;
        let failure = json!({
            "success": "false",
            "errorCode": "INVALID_FIELD",
            "errorMessage": "createRecord: the record is refused",
            "statusCode": "400",
        });
        assert_eq!((answer.unwrap(), &metrics[0]["outcome"]), (failure, &json!("SalesforceRefused")));
        let (answer, _) = answered(parameters, Ok(Reply::default().with("recordId", Some("500")))).await;
        assert_eq!(answer.unwrap(), json!({ "recordId": "500", "success": "true" }));
    }

    #[tokio::test]
    async fn the_warm_up_event_is_no_invocation() {
        let metrics = Metrics::from_env(&Env::new(&|_| None)).with_sink(|line| panic!("{line}"));
        let event = json!({ "detail-type": "Scheduled Event" });
        let answer = answer(event, &metrics, async |_| (None, Err(Refused))).await;
        assert_eq!(answer.unwrap(), warm_up_reply());
    }
}
