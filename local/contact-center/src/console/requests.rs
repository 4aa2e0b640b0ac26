//! The requests to Salesforce that an invocation made, as its own metrics tell them (docs/logging.md): exact, whoever else is
//! talking to Salesforce at the same time.

use serde::Deserialize;

/// A request to Salesforce.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct SalesforceRequest {
    /// What was asked for, e.g. `createVoiceCall`.
    pub(super) operation: String,
    /// The HTTP status; `none` if there was no answer.
    pub(super) status: String,
    /// How long it took, in milliseconds.
    #[serde(rename = "SalesforceLatency")]
    pub(super) latency_ms: f64,
    /// 1 if it repeats a request that failed, otherwise 0.
    #[serde(rename = "SalesforceRetries")]
    retries: f64,
}

impl SalesforceRequest {
    pub(super) fn is_retry(&self) -> bool {
        self.retries > 0.0
    }

    pub(super) fn failed(&self) -> bool {
        !self.status.starts_with(['2', '3'])
    }
}

/// The requests that a log tells of, in order.
pub(super) fn requests(log: &[String]) -> Vec<SalesforceRequest> {
    log.iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_tell_of_requests_and_other_lines_do_not() {
        let log = [
            "START RequestId: r-1 Version: $LATEST",
            r#"{"function":"f","operation":"createVoiceCall","status":"503","SalesforceRequests":1.0,"SalesforceLatency":3.5,"SalesforceRetries":0.0}"#,
            r#"{"function":"f","operation":"createVoiceCall","status":"none","SalesforceRequests":1.0,"SalesforceLatency":9,"SalesforceRetries":1.0}"#,
            r#"{"function":"f","method":"createVoiceCall","outcome":"ok","Invocations":1.0,"Duration":41.5}"#,
            r#"{"level":"INFO","message":"created","operation":"createVoiceCall","status":"200"}"#,
        ];
        let found = requests(&log.map(str::to_owned));
        assert_eq!(found.len(), 2);
        assert!(found[0].failed() && !found[0].is_retry() && found[0].latency_ms == 3.5);
        assert!(found[1].failed() && found[1].is_retry() && found[1].operation == "createVoiceCall");
    }
}
