//! An invocation, told: function and method, time and memory, reply or error.

use std::time::Duration;

use serde_json::Value;

use super::{INDENT, Story};
use crate::functions::{PERSIST_TRANSCRIPTS, package_of};
use crate::lambda::Invocation;
use crate::script::plain;

impl Story {
    pub(super) fn invocation(&self, invocation: &Invocation) -> String {
        let function = package_of(&invocation.function);
        let event = invocation.payload.to_json();
        let first = self.aside(&format!("{function} {}", asked(function, &event)), &cost(invocation));
        // Coloured only now: the colour takes no room on the screen.
        let first = first.replacen(function, &self.style.function(function), 1);
        let second = match &invocation.reply {
            Ok(reply) => {
                self.wrapped(&format!("→ {}", answered(&event, reply)), |line| self.style.dim(line))
            }
            Err(error) => self.wrapped(&format!("✘ {error}"), |line| self.style.bad(line)),
        };
        format!("{first}\n{:INDENT$}{second}", "")
    }
}

/// Of the many invocations for what Contact Lens hears, what they bring to Salesforce is told, and when one is cold or fails.
pub(super) fn is_routine(invocation: &Invocation) -> bool {
    let hears = package_of(&invocation.function) == PERSIST_TRANSCRIPTS.package;
    hears && !invocation.cold && failure(invocation).is_none()
}

/// A failed invocation, by what it has in common with its repetition.
pub(super) fn failure(invocation: &Invocation) -> Option<String> {
    let event = invocation.payload.to_json();
    let failed = match &invocation.reply {
        Err(error) => error.to_string(),
        Ok(reply) => {
            reply["batchItemFailures"].as_array().filter(|failures| !failures.is_empty())?;
            answered(&event, reply)
        }
    };
    let function = package_of(&invocation.function);
    Some(format!("{function} {} {failed}", asked(function, &event)))
}

/// What the function was asked to do: the method, or what kind of event it was.
pub(crate) fn asked(function: &str, event: &Value) -> String {
    if let Some(method) = event.pointer("/Details/Parameters/methodName") {
        return plain(method);
    }
    if event["streamARN"].is_string() {
        return match event.pointer("/checkpoint/generation").and_then(Value::as_u64) {
            None => "from the start".to_owned(),
            Some(generation) => format!("from hand-over {generation} on"),
        };
    }
    // Of a queue, or of somebody who sends it again.
    let is_message = event.pointer("/Records/0/eventSource").is_some_and(|source| source == "aws:sqs");
    if is_message || event["detail-type"] == "Object Created" {
        return "analysis file".to_owned();
    }
    if let Some(records) = event["Records"].as_array() {
        let what =
            if function == PERSIST_TRANSCRIPTS.package { "Contact Lens record" } else { "contact record" };
        let plural = if records.len() == 1 { "" } else { "s" };
        return format!("{} {what}{plural}", records.len());
    }
    let kind = event.pointer("/detail/eventType").or_else(|| event.get("operation"));
    let dry = if event["dryRun"] == true { ", as a dry run" } else { "" };
    kind.map(plain).unwrap_or_default() + dry
}

/// The reply in the terms of whoever invoked: the keys that a flow reads, or the records that are to come again.
pub(crate) fn answered(event: &Value, reply: &Value) -> String {
    if let Some(failures) = reply["batchItemFailures"].as_array() {
        let records = event["Records"].as_array().map_or(0, Vec::len);
        return match failures.len() {
            0 => "taken".to_owned(),
            _ if records > 1 => format!("to be retried from one of {records} records on"),
            _ => "to be retried".to_owned(),
        };
    }
    if let Some(counts) = reply["counts"].as_object() {
        let counts: Vec<String> =
            counts.iter().map(|(what, count)| format!("{count} {}", what.replace('_', " "))).collect();
        return if counts.is_empty() { "no calls".to_owned() } else { counts.join(", ") };
    }
    match reply {
        Value::Null => "done".to_owned(),
        Value::Object(map) => {
            let pairs: Vec<String> =
                map.iter().map(|(key, value)| format!("{key}={}", short(&plain(value)))).collect();
            if pairs.is_empty() { "done".to_owned() } else { pairs.join("  ") }
        }
        other => plain(other),
    }
}

/// An ARN by what tells it from others: `arn:…/queue/73886313-a3bb-4f51-985b-e16f3cf06888`.
pub(crate) fn short(value: &str) -> String {
    let parts: Vec<&str> = value.rsplitn(3, '/').collect();
    match parts[..] {
        [id, kind, start] if start.starts_with("arn:") => format!("arn:…/{kind}/{id}"),
        _ => value.to_owned(),
    }
}

/// Time and memory: `cold 34 ms + 12 ms   21 MB`, the start first.
pub(crate) fn cost(invocation: &Invocation) -> String {
    let start = match (invocation.cold, invocation.init) {
        (true, Some(init)) => format!("cold {} + ", millis(init)),
        (true, None) => "cold ".to_owned(),
        (false, _) => "warm ".to_owned(),
    };
    let memory = invocation.memory_mb.map_or(String::new(), |mb| format!("  {mb:>3} MB"));
    format!("{start}{}{memory}", millis(invocation.duration))
}

pub(crate) fn millis(duration: Duration) -> String {
    let millis = duration.as_secs_f64() * 1e3;
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}
