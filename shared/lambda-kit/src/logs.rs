//! Logs: flat JSON lines on standard output, for CloudWatch Logs Insights and for eyes.
//!
//! A line has `timestamp` (RFC 3339), `level`, `message`, `target`, then the fields of the event and of the spans
//! around it, among them the `requestId` of the invocation, all at the top level.

use std::fmt;

use chrono::{SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber, info, warn};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;

use crate::env::Env;

/// The crates of this project that log, beside the function itself.
const OURS: [&str; 4] = ["call_centers", "connect", "lambda_kit", "salesforce"];

/// Starts logging, for the process. `function` is the crate of the function: `module_path!()` in its `main.rs`.
///
/// `LOG_LEVEL` (`debug`, `info`, `warn` or `error`), else `AWS_LAMBDA_LOG_LEVEL`, else `info`, is the level for
/// this project's own crates. All others stay at `warn`: at `debug`, HTTP libraries print headers and bodies.
pub fn init(env: &Env<'_>, function: &str) {
    let chosen = env.optional("LOG_LEVEL").or_else(|| env.optional("AWS_LAMBDA_LOG_LEVEL"));
    let level = chosen.as_deref().map(parse_level);
    let level_or_info = level.flatten().unwrap_or(LevelFilter::INFO);
    // Fails when a logger is set already, as in tests: then that one stays.
    let _ = tracing::subscriber::set_global_default(subscriber(level_or_info, function, std::io::stdout));
    if level == Some(None) {
        warn!("LOG_LEVEL is none of debug, info, warn, error: info is used");
    }
}

/// The levels by the names that the predecessor and Lambda give them.
fn parse_level(name: &str) -> Option<LevelFilter> {
    Some(match name.to_ascii_lowercase().as_str() {
        "fatal" | "error" => LevelFilter::ERROR,
        "warn" | "warning" => LevelFilter::WARN,
        "info" | "http" => LevelFilter::INFO,
        "debug" | "verbose" => LevelFilter::DEBUG,
        "trace" | "silly" => LevelFilter::TRACE,
        _ => return None,
    })
}

fn subscriber<W>(level: LevelFilter, function: &str, writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let targets = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_targets(OURS.map(|target| (target, level)))
        .with_target(function, level)
        // Its span carries the request id, for lines of every level.
        .with_target("lambda_runtime::layers", LevelFilter::INFO)
        // Logs every error of a handler a second time, in its Debug form.
        .with_target("lambda_runtime::layers::panic", LevelFilter::OFF);
    let lines = tracing_subscriber::fmt::layer()
        .fmt_fields(JsonFields::new())
        .event_format(FlatJson)
        .with_writer(writer)
        .with_filter(targets);
    tracing_subscriber::registry().with(lines)
}

/// One event, one line, no nesting.
struct FlatJson;

#[derive(Serialize)]
struct Line<'a> {
    timestamp: String,
    level: &'static str,
    message: Value,
    target: &'a str,
    #[serde(flatten)]
    fields: Map<String, Value>,
}

impl<S> FormatEvent<S, JsonFields> for FlatJson
where
    S: Subscriber + for<'l> LookupSpan<'l>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        for span in context.event_scope().into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(recorded) = span.extensions().get::<FormattedFields<JsonFields>>()
                && let Ok(Value::Object(recorded)) = serde_json::from_str(&recorded.fields)
            {
                fields.0.extend(recorded);
            }
        }
        event.record(&mut fields);
        let line = Line {
            timestamp: Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
            level: event.metadata().level().as_str(),
            message: fields.0.remove("message").unwrap_or_default(),
            target: event.metadata().target(),
            fields: fields.0,
        };
        writeln!(writer, "{}", serde_json::to_string(&line).map_err(|_| fmt::Error)?)
    }
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn insert(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value);
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value);
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value);
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value);
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, value);
    }
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.insert(field, format!("{value:?}"));
    }
}

/// The one switch that lets payloads into the logs: `LOG_PAYLOADS=true`. They hold phone numbers and what people
/// said, so it is off unless somebody turns it on to look into something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payloads {
    logged: bool,
}

impl Payloads {
    /// Reads the switch, and warns if it is on. Call it after [`init`].
    pub fn from_env(env: &Env<'_>) -> Self {
        let logged = env.optional("LOG_PAYLOADS").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        if logged {
            warn!(
                "LOG_PAYLOADS=true: personal data of callers and agents goes into the logs until it is removed"
            );
        }
        Self { logged }
    }

    /// Logs a payload, if payloads are logged. `what` says which it is, for example `event`.
    pub fn log(self, what: &'static str, payload: &impl Serialize) {
        if self.logged {
            info!(what, payload = serde_json::to_string(payload).unwrap_or_default(), "payload");
        }
    }
}

#[cfg(test)]
mod tests;
