//! What a message in the queue is: a dead letter of a function, or something that Lambda or EventBridge gave up.

use std::collections::HashMap;

use lambda_kit::dead_letter::{Part, Reason, Unreadable};
use serde::Deserialize;
use serde_json::Value;

/// The attribute that names the queue that gave a message up, because it was received too often.
pub(crate) const GIVEN_UP_BY: &str = "DeadLetterQueueSourceArn";

/// The queue in front of a function, and the function: what the template's names end with.
const ANALYSIS_FILES: (&str, &str) = ("AnalysisFilesQueue", "PostCallAnalysisTriggerFunction");

/// The content of one message.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// A dead letter of one of our functions, or a part of one.
    Part(Part),
    /// Something that came whole.
    Whole(Whole),
}

/// Everything there is to know of what Lambda or EventBridge gave up, or nobody knows.
#[derive(Clone)]
pub(crate) struct Whole {
    pub(crate) id: String,
    pub(crate) function: Option<String>,
    pub(crate) reason: Reason,
    pub(crate) cargo: Cargo,
}

/// What it holds that can be sent again.
#[derive(Clone, PartialEq)]
pub(crate) enum Cargo {
    /// What the function is invoked with.
    Event(Value),
    /// Where in a stream its records are.
    Range(Range),
    /// Nothing; this is why.
    Nothing(String),
}

/// Records of one shard, from the first to the last.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Range {
    pub(crate) stream_arn: String,
    pub(crate) shard_id: String,
    pub(crate) start_sequence_number: String,
    pub(crate) end_sequence_number: String,
    pub(crate) batch_size: u64,
}

impl std::fmt::Debug for Whole {
    /// Without the cargo: it is about people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Whole").field("id", &self.id).field("reason", &self.reason).finish_non_exhaustive()
    }
}

/// Reads a message with this id, body and attributes (those that are texts).
pub(crate) fn read(message_id: &str, body: &str, attributes: &HashMap<String, String>) -> Content {
    let unknown =
        |why: &str| whole(message_id, None, ("NotADeadLetter", why), Cargo::Nothing(why.to_owned()));
    let Ok(json) = serde_json::from_str::<Value>(body) else {
        return unknown("the message is no JSON");
    };
    match Part::read(&json) {
        Some(Ok(part)) => return Content::Part(part),
        Some(Err(problem)) => return unreadable(message_id, text(&json, "/function"), &problem),
        None => {}
    }
    if json.get("requestContext").is_some() {
        return given_up_by_lambda(message_id, &json);
    }
    let given_up_by = attributes.get(GIVEN_UP_BY);
    let target = given_up_by.or(attributes.get("TARGET_ARN")).and_then(|arn| function_behind(arn));
    if target.is_some() || (json.get("detail-type").is_some() && json.get("source").is_some()) {
        let code = attributes.get("ERROR_CODE").map_or("Undelivered", String::as_str);
        let reason = match given_up_by {
            Some(_) => ("ReceivedTooOften", "a queue gave up the event: its function never settled it"),
            None => (code, "EventBridge could not deliver the event"),
        };
        let id = text(&json, "/id").unwrap_or(message_id);
        return whole(id, target.as_deref(), reason, Cargo::Event(json.clone()));
    }
    unknown("the message is no dead letter of Callbridge, Lambda or EventBridge")
}

/// The function with this ARN, or behind the queue with this ARN.
fn function_behind(arn: &str) -> Option<String> {
    let (queue, function) = ANALYSIS_FILES;
    let name = arn.rsplit(':').next().unwrap_or_default();
    let of_queue = name.strip_suffix(queue).filter(|_| arn.contains(":sqs:"));
    let of_queue = of_queue.map(|call_center| format!("{call_center}{function}"));
    of_queue.or_else(|| arn.contains(":lambda:").then(|| arn.to_owned()))
}

/// A dead letter of ours that cannot be read.
fn unreadable(id: &str, function: Option<&str>, problem: &Unreadable) -> Content {
    let why = problem.to_string();
    whole(id, function, ("Unreadable", &why), Cargo::Nothing(why.clone()))
}

/// What Lambda sends to a failure destination, of an event or of a batch.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>,
/// <https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html>
fn given_up_by_lambda(message_id: &str, json: &Value) -> Content {
    let function = text(json, "/requestContext/functionArn");
    let condition = text(json, "/requestContext/condition").unwrap_or("GivenUp");
    if let Some(info) = json.get("KinesisBatchInfo") {
        let Ok(range) = Range::deserialize(info) else {
            return whole(
                message_id,
                function,
                (condition, "Lambda gave up records of a stream"),
                Cargo::Nothing("Lambda does not say which records of the stream it gave up".into()),
            );
        };
        let id = format!("{}:{}", range.shard_id, range.start_sequence_number);
        let reason = (condition, "Lambda gave up records of a stream");
        return whole(&id, function, reason, Cargo::Range(range));
    }
    let id = text(json, "/requestContext/requestId").unwrap_or(message_id);
    let code = text(json, "/responsePayload/errorType").unwrap_or(condition);
    let message = format!("Lambda gave up the event: {condition}");
    let cargo = match json.get("requestPayload") {
        Some(event) if !event.is_null() => Cargo::Event(event.clone()),
        _ => Cargo::Nothing("Lambda left the event out, as it does with large ones".into()),
    };
    whole(id, function, (code, &message), cargo)
}

fn whole(id: &str, function: Option<&str>, (code, message): (&str, &str), cargo: Cargo) -> Content {
    let reason = Reason { code: code.to_owned(), message: message.to_owned() };
    Content::Whole(Whole { id: id.to_owned(), function: function.map(str::to_owned), reason, cargo })
}

fn text<'a>(json: &'a Value, pointer: &str) -> Option<&'a str> {
    json.pointer(pointer).and_then(Value::as_str)
}

#[cfg(test)]
mod tests;
