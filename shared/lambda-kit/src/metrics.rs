//! Metrics in CloudWatch's embedded metric format: JSON lines on standard output that CloudWatch turns into
//! metrics. No request, no waiting.
//!
//! All are in the namespace `METRICS_NAMESPACE` (default `Callbridge`) with the dimension `function`:
//!
//! | metric | unit | further dimensions |
//! |---|---|---|
//! | `Invocations` | count | also by `method`, `outcome` |
//! | `Duration` | ms | also by `method` |
//! | `SalesforceRequests` | count | also by `operation`, `status` |
//! | `SalesforceLatency` | ms | also by `operation` |
//! | `SalesforceRetries` | count | also by `operation` |
//! | `ApiAllowanceUsed` | percent | |
//! | `DeadLetters` | count | also by `reason` |
//! | `Skipped` | count | also by `reason` |
//!
//! CloudWatch bills every combination of dimension values as a metric of its own. That is why those values are
//! `&'static str`: they come from the program, never from an event.
//!
//! If the function uses Lambda's own JSON log format, leave its application log level at INFO or below: Lambda
//! counts these lines as INFO.

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::env::Env;

/// Takes one line, without its line break.
type Sink = Arc<dyn Fn(&str) + Send + Sync>;

/// Where a function counts what it does. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    namespace: Arc<str>,
    function: Arc<str>,
    sink: Sink,
}

impl Metrics {
    /// Metrics to standard output, named by `METRICS_NAMESPACE` and `AWS_LAMBDA_FUNCTION_NAME`.
    pub fn from_env(env: &Env<'_>) -> Self {
        Self {
            namespace: env.optional("METRICS_NAMESPACE").unwrap_or_else(|| "Callbridge".into()).into(),
            function: env.optional("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| "local".into()).into(),
            sink: Arc::new(print_line),
        }
    }

    /// The same, with every line going to `sink`.
    pub fn with_sink(self, sink: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { sink: Arc::new(sink), ..self }
    }

    /// An invocation is over. `method`: what was asked for, from a closed set; `outcome`: `ok` or the kind of the
    /// error.
    pub fn invocation(&self, method: &'static str, outcome: &'static str, duration: Duration) {
        self.emit(
            &[("method", method), ("outcome", outcome)],
            &[
                (&["method", "outcome"], "Invocations", Unit::Count, 1.0),
                (&["method"], "Duration", Unit::Milliseconds, millis(duration)),
            ],
        );
    }

    /// A request to Salesforce is over. `status`: of the reply, `None` if there was none; `attempt`: 1 for the
    /// first, so that what is above counts as a retry.
    pub fn salesforce(&self, operation: &'static str, status: Option<u16>, latency: Duration, attempt: u32) {
        let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        self.emit(
            &[("operation", operation), ("status", &status)],
            &[
                (&["operation", "status"], "SalesforceRequests", Unit::Count, 1.0),
                (&["operation"], "SalesforceLatency", Unit::Milliseconds, millis(latency)),
                (&["operation"], "SalesforceRetries", Unit::Count, f64::from(u8::from(attempt > 1))),
            ],
        );
    }

    /// How much of its daily allowance of API requests the org has used, from 0 to 100 percent and beyond: Salesforce
    /// lets an org run over for a while.
    pub fn api_allowance_used(&self, percent: f64) {
        self.emit(&[], &[(&[], "ApiAllowanceUsed", Unit::Percent, percent)]);
    }

    /// Something went to the dead-letter queue.
    pub fn dead_letter(&self, reason: &'static str) {
        self.emit(&[("reason", reason)], &[(&["reason"], "DeadLetters", Unit::Count, 1.0)]);
    }

    /// Something was left out on purpose.
    pub fn skipped(&self, reason: &'static str) {
        self.emit(&[("reason", reason)], &[(&["reason"], "Skipped", Unit::Count, 1.0)]);
    }

    fn emit(&self, dimensions: &[(&str, &str)], metrics: &[Metric<'_>]) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        (self.sink)(&self.line(now, dimensions, metrics));
    }

    fn line(&self, now: Duration, dimensions: &[(&str, &str)], metrics: &[Metric<'_>]) -> String {
        let mut line = Map::new();
        line.insert("function".into(), json!(&*self.function));
        line.extend(dimensions.iter().map(|(name, value)| ((*name).to_owned(), json!(value))));
        line.extend(metrics.iter().map(|(_, name, _, value)| ((*name).to_owned(), json!(value))));
        let directives: Vec<Value> = metrics
            .iter()
            .map(|(by, name, unit, _)| {
                let detailed = (!by.is_empty()).then(|| [&["function"], *by].concat());
                let dimensions: Vec<Vec<&str>> = std::iter::once(vec!["function"]).chain(detailed).collect();
                json!({
                    "Namespace": &*self.namespace,
                    "Dimensions": dimensions,
                    "Metrics": [{ "Name": name, "Unit": unit.name() }],
                })
            })
            .collect();
        line.insert(
            "_aws".into(),
            json!({ "Timestamp": now.as_millis() as u64, "CloudWatchMetrics": directives }),
        );
        Value::Object(line).to_string()
    }
}

/// The dimensions beside `function`, the name, the unit and the value.
type Metric<'a> = (&'a [&'a str], &'a str, Unit, f64);

#[derive(Clone, Copy)]
enum Unit {
    Count,
    Milliseconds,
    Percent,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Self::Count => "Count",
            Self::Milliseconds => "Milliseconds",
            Self::Percent => "Percent",
        }
    }
}

fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// In one write, so that no other line gets in between.
fn print_line(line: &str) {
    // A metric that cannot be written is no reason to fail a call.
    let _ = std::io::stdout().lock().write_all(format!("{line}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn recorded(record: impl FnOnce(&Metrics)) -> Value {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let metrics = Metrics::from_env(&Env::new(&|variable| match variable {
            "AWS_LAMBDA_FUNCTION_NAME" => Some("voice-call".into()),
            _ => None,
        }))
        .with_sink({
            let lines = Arc::clone(&lines);
            move |line| lines.lock().unwrap().push(line.to_owned())
        });
        record(&metrics);
        let lines = lines.lock().unwrap();
        assert_eq!(lines.len(), 1, "one line per event");
        assert!(!lines[0].contains('\n'));
        serde_json::from_str(&lines[0]).unwrap()
    }

    #[test]
    fn a_request_is_counted_by_operation_and_status() {
        let latency = Duration::from_micros(41_500);
        let mut line = recorded(|m| m.salesforce("createVoiceCall", Some(503), latency, 2));
        assert!(line["_aws"]["Timestamp"].as_u64().unwrap() > 1_700_000_000_000);
        line["_aws"]["Timestamp"] = json!(0);
        insta::assert_json_snapshot!(line, @r#"
        {
          "SalesforceLatency": 41.5,
          "SalesforceRequests": 1.0,
          "SalesforceRetries": 1.0,
          "_aws": {
            "CloudWatchMetrics": [
              {
                "Dimensions": [
                  [
                    "function"
                  ],
                  [
                    "function",
                    "operation",
                    "status"
                  ]
                ],
                "Metrics": [
                  {
                    "Name": "SalesforceRequests",
                    "Unit": "Count"
                  }
                ],
                "Namespace": "Callbridge"
              },
              {
                "Dimensions": [
                  [
                    "function"
                  ],
                  [
                    "function",
                    "operation"
                  ]
                ],
                "Metrics": [
                  {
                    "Name": "SalesforceLatency",
                    "Unit": "Milliseconds"
                  }
                ],
                "Namespace": "Callbridge"
              },
              {
                "Dimensions": [
                  [
                    "function"
                  ],
                  [
                    "function",
                    "operation"
                  ]
                ],
                "Metrics": [
                  {
                    "Name": "SalesforceRetries",
                    "Unit": "Count"
                  }
                ],
                "Namespace": "Callbridge"
              }
            ],
            "Timestamp": 0
          },
          "function": "voice-call",
          "operation": "createVoiceCall",
          "status": "503"
        }
        "#);
    }

    #[test]
    fn every_metric_that_is_declared_has_a_value_and_its_dimensions() {
        let second = Duration::from_secs(1);
        for line in [
            recorded(|m| m.invocation("createVoiceCall", "ok", second)),
            recorded(|m| m.salesforce("createVoiceCall", None, second, 1)),
            recorded(|m| m.dead_letter("NotJson")),
            recorded(|m| m.skipped("NotVoice")),
            recorded(|m| m.api_allowance_used(12.5)),
        ] {
            for directive in line["_aws"]["CloudWatchMetrics"].as_array().unwrap() {
                assert_eq!(directive["Namespace"], "Callbridge");
                assert!(line[directive["Metrics"][0]["Name"].as_str().unwrap()].is_number(), "{directive}");
                for dimension in
                    directive["Dimensions"].as_array().unwrap().iter().flat_map(|d| d.as_array().unwrap())
                {
                    assert!(line[dimension.as_str().unwrap()].is_string(), "{directive}");
                }
            }
        }
    }

    #[test]
    fn only_a_further_attempt_is_a_retry() {
        let retries = |attempt| {
            recorded(|m| m.salesforce("query", None, Duration::ZERO, attempt))["SalesforceRetries"].clone()
        };
        assert_eq!((retries(1), retries(2), retries(3)), (json!(0.0), json!(1.0), json!(1.0)));
    }
}
