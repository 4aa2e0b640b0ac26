//! What functions write, and what the platform writes around it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};

use super::{FunctionError, Invocation};

/// One line of a function's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// The function's name.
    pub function: String,
    /// The invocation during which it was written; none for what was written at a start.
    pub request_id: Option<String>,
    /// The line, without its end.
    pub text: String,
}

/// Every line of every function since the host started.
#[derive(Debug, Default)]
pub(crate) struct LogBook(Mutex<Vec<LogLine>>);

impl LogBook {
    pub(crate) fn write(&self, function: &str, request_id: Option<&str>, lines: &[String]) {
        let line = |text: &String| LogLine {
            function: function.to_owned(),
            request_id: request_id.map(str::to_owned),
            text: text.clone(),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(lines.iter().map(line));
    }

    pub(crate) fn lines(&self) -> Vec<LogLine> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub(super) fn start_line(request_id: &str) -> String {
    format!("START RequestId: {request_id} Version: $LATEST")
}

pub(super) fn end_line(request_id: &str) -> String {
    format!("END RequestId: {request_id}")
}

pub(super) fn timeout_line(at: DateTime<Utc>, request_id: &str, limit: Duration) -> String {
    let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    format!("{at} {request_id} {}", timeout_text(limit))
}

/// What Lambda says of an invocation that ran into its time limit.
pub(super) fn timeout_text(limit: Duration) -> String {
    format!("Task timed out after {:.2} seconds", limit.as_secs_f64())
}

/// The platform's summary of an invocation.
pub(super) fn report_line(invocation: &Invocation, memory_size_mb: u32) -> String {
    let mut line = format!(
        "REPORT RequestId: {}\tDuration: {} ms\tBilled Duration: {} ms\tMemory Size: {memory_size_mb} MB",
        invocation.request_id,
        millis(invocation.duration),
        invocation.billed.as_millis(),
    );
    if let Some(memory) = invocation.memory_mb {
        line += &format!("\tMax Memory Used: {memory} MB");
    }
    if let Some(init) = invocation.init {
        line += &format!("\tInit Duration: {} ms", millis(init));
    }
    match &invocation.reply {
        Err(error) if error.is_timeout() => line += "\tStatus: timeout",
        Err(error) if error.is_fatal() => {
            line += &format!("\tStatus: error\tError Type: {}", error.error_type)
        }
        _ => {}
    }
    line
}

/// The platform's note on a start that failed; `phase` is `init`, or `invoke` for the second try.
pub(super) fn init_report_line(phase: &str, took: Duration, error: &FunctionError) -> String {
    let took = millis(took);
    match error.is_timeout() {
        true => format!("INIT_REPORT Init Duration: {took} ms\tPhase: {phase}\tStatus: timeout"),
        false => format!(
            "INIT_REPORT Init Duration: {took} ms\tPhase: {phase}\tStatus: error\tError Type: {}",
            error.error_type
        ),
    }
}

fn millis(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::Payload;

    fn invocation(reply: Result<serde_json::Value, FunctionError>) -> Invocation {
        Invocation {
            request_id: "r-1".into(),
            function: "Answer".into(),
            payload: Payload::from("{}"),
            reply,
            cold: true,
            init: Some(Duration::from_micros(20_125)),
            duration: Duration::from_micros(3_456),
            billed: Duration::from_millis(24),
            cpu: None,
            memory_mb: Some(17),
            log: Vec::new(),
        }
    }

    #[test]
    fn a_report_reads_as_lambda_s() {
        assert_eq!(
            report_line(&invocation(Ok(serde_json::json!({}))), 256),
            "REPORT RequestId: r-1\tDuration: 3.46 ms\tBilled Duration: 24 ms\tMemory Size: 256 MB\t\
             Max Memory Used: 17 MB\tInit Duration: 20.12 ms"
        );
    }

    #[test]
    fn a_report_tells_a_time_out_and_a_crash_from_an_error_of_the_function() {
        let report = |error| report_line(&invocation(Err(error)), 256);
        assert!(report(FunctionError::timeout("r-1", Duration::from_secs(8))).ends_with("\tStatus: timeout"));
        assert!(
            report(FunctionError::new("Runtime.ExitError", "gone"))
                .ends_with("\tStatus: error\tError Type: Runtime.ExitError")
        );
        assert!(!report(FunctionError::new("Refused", "no")).contains("Status"));
    }
}
