//! SQS: `SendMessage`, `ReceiveMessage`, `DeleteMessage` on standard queues.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html>

mod queue;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use self::queue::{Queue, Received, md5_hex};
use crate::error::{AwsError, read};
use crate::lock;

/// The largest body, in bytes of UTF-8: 1 MiB.
const LARGEST_BODY: usize = 1_048_576;

/// How long a received message stays hidden unless the receiver says otherwise.
const DEFAULT_VISIBILITY_SECONDS: u64 = 30;

/// All queues by URL.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    queues: Mutex<BTreeMap<String, Queue>>,
    arrived: Notify,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SendMessage {
    queue_url: String,
    message_body: String,
    #[serde(default)]
    delay_seconds: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ReceiveMessage {
    queue_url: String,
    max_number_of_messages: Option<usize>,
    visibility_timeout: Option<u64>,
    #[serde(default)]
    wait_time_seconds: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct DeleteMessage {
    queue_url: String,
    receipt_handle: String,
}

impl Queues {
    pub(crate) fn create(&self, url: &str) {
        lock(&self.queues).entry(url.to_owned()).or_default();
    }

    pub(crate) fn bodies(&self, url: &str) -> Vec<String> {
        lock(&self.queues).get(url).map(Queue::bodies).unwrap_or_default()
    }

    pub(crate) async fn answer(&self, operation: &str, body: &[u8]) -> Result<Value, AwsError> {
        match operation {
            "SendMessage" => self.send(read(operation, body)?),
            "ReceiveMessage" => self.receive(&read(operation, body)?).await,
            "DeleteMessage" => self.delete(&read(operation, body)?),
            other => Err(AwsError::unknown_operation(other)),
        }
    }

    fn send(&self, request: SendMessage) -> Result<Value, AwsError> {
        check_body(&request.message_body)?;
        check_range("DelaySeconds", request.delay_seconds, 0, 900)?;
        let digest = md5_hex(&request.message_body);
        let visible = Instant::now() + Duration::from_secs(request.delay_seconds);
        let id = self.with(&request.queue_url, |queue| Ok(queue.send(request.message_body, visible)))?;
        self.arrived.notify_waiters();
        Ok(json!({ "MessageId": id.to_string(), "MD5OfMessageBody": digest }))
    }

    async fn receive(&self, request: &ReceiveMessage) -> Result<Value, AwsError> {
        let most = request.max_number_of_messages.unwrap_or(1);
        let hidden = request.visibility_timeout.unwrap_or(DEFAULT_VISIBILITY_SECONDS);
        check_range("MaxNumberOfMessages", most as u64, 1, 10)?;
        check_range("VisibilityTimeout", hidden, 0, 43_200)?;
        check_range("WaitTimeSeconds", request.wait_time_seconds, 0, 20)?;
        let hidden = Duration::from_secs(hidden);
        let deadline = Instant::now() + Duration::from_secs(request.wait_time_seconds);
        loop {
            // Registered before the look into the queue: a message that arrives in between is not missed.
            let arrived = self.arrived.notified();
            let now = Instant::now();
            let (received, next) = self.with(&request.queue_url, |queue| {
                Ok((queue.receive(most, now, hidden), queue.next_visible(now)))
            })?;
            if !received.is_empty() {
                return Ok(json!({ "Messages": received.iter().map(describe).collect::<Vec<_>>() }));
            }
            if now >= deadline {
                return Ok(json!({}));
            }
            let wake = next.map_or(deadline, |next| next.min(deadline));
            tokio::select! {
                () = arrived => {}
                () = tokio::time::sleep_until(wake) => {}
            }
        }
    }

    fn delete(&self, request: &DeleteMessage) -> Result<Value, AwsError> {
        self.with(&request.queue_url, |queue| {
            queue.delete(&request.receipt_handle).ok_or_else(|| {
                let message = "The input receipt handle is invalid.";
                AwsError::refused("ReceiptHandleIsInvalid", message)
            })
        })?;
        Ok(json!({}))
    }

    /// Runs this on the queue with the URL.
    fn with<T>(&self, url: &str, run: impl FnOnce(&mut Queue) -> Result<T, AwsError>) -> Result<T, AwsError> {
        let mut queues = lock(&self.queues);
        let queue = queues.get_mut(url).ok_or_else(|| AwsError {
            query_code: Some("AWS.SimpleQueueService.NonExistentQueue"),
            ..AwsError::refused("QueueDoesNotExist", "The specified queue does not exist.")
        })?;
        run(queue)
    }
}

fn describe(message: &Received) -> Value {
    json!({
        "MessageId": message.id.to_string(),
        "ReceiptHandle": message.handle,
        "Body": message.body,
        "MD5OfBody": md5_hex(&message.body),
    })
}

/// A body has 1 byte to 1 MiB of the characters that XML knows.
fn check_body(body: &str) -> Result<(), AwsError> {
    if body.is_empty() {
        return Err(AwsError::refused(
            "MissingParameter",
            "The request must contain the parameter MessageBody.",
        ));
    }
    if body.len() > LARGEST_BODY {
        let message = format!(
            "One or more parameters are invalid. Reason: Message must be shorter than {LARGEST_BODY} bytes."
        );
        return Err(AwsError::refused("InvalidParameterValue", message));
    }
    let known =
        |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    match body.chars().find(|&c| !known(c)) {
        Some(c) => {
            let message =
                format!("Invalid binary character '#x{:X}' was found in the message body.", c as u32);
            Err(AwsError::refused("InvalidMessageContents", message))
        }
        None => Ok(()),
    }
}

fn check_range(name: &str, value: u64, least: u64, most: u64) -> Result<(), AwsError> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    let message = format!(
        "Value {value} for parameter {name} is invalid. Reason: Must be between {least} and {most}, if provided."
    );
    Err(AwsError::refused("InvalidParameterValue", message))
}

#[cfg(test)]
mod tests;
