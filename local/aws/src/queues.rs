//! SQS: what senders and receivers of standard queues do with messages.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html>

mod attributes;
mod queue;
mod requests;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::Instant;

use self::attributes::Attribute;
use self::queue::{Content, Depth, Queue, Received};
use self::requests::{
    ChangeMessageVisibility, DeleteMessage, GetQueueAttributes, GetQueueUrl, QueueAttribute, ReceiveMessage,
    SendMessage, SystemAttribute,
};
use crate::error::{AwsError, read};
use crate::{ACCOUNT_ID, REGION, lock, md5_hex};

/// The largest body, in bytes of UTF-8: 1 MiB.
const LARGEST_BODY: usize = 1_048_576;

/// The longest that a message can be hidden, in seconds: 12 hours.
const LONGEST_VISIBILITY: u64 = 43_200;

/// How long a received message stays hidden unless the receiver says otherwise.
const DEFAULT_VISIBILITY_SECONDS: u64 = 30;

/// All queues by URL.
#[derive(Debug, Default)]
pub(crate) struct Queues {
    queues: Mutex<BTreeMap<String, Queue>>,
    arrived: Notify,
}

impl Queues {
    pub(crate) fn create(&self, url: &str) {
        lock(&self.queues).entry(url.to_owned()).or_default();
    }

    pub(crate) fn bodies(&self, url: &str) -> Vec<String> {
        lock(&self.queues).get(url).map(Queue::bodies).unwrap_or_default()
    }

    /// Sends a message without any check, to a queue that is created if there is none.
    pub(crate) fn put(&self, url: &str, body: &str, attributes: &[(&str, &str)]) {
        let attributes = attributes.iter().map(|(name, text)| ((*name).to_owned(), Attribute::text(text)));
        self.put_content(url, Content::new(body.to_owned(), attributes.collect()));
    }

    /// The same, as another queue does that gives a message up.
    pub(crate) fn redrive(&self, url: &str, body: &str, from_arn: &str) {
        let given_up_by = Some(from_arn.to_owned());
        self.put_content(url, Content { given_up_by, ..Content::new(body.to_owned(), BTreeMap::new()) });
    }

    fn put_content(&self, url: &str, content: Content) {
        lock(&self.queues).entry(url.to_owned()).or_default().send(content, Instant::now());
        self.arrived.notify_waiters();
    }

    pub(crate) async fn answer(&self, operation: &str, body: &[u8]) -> Result<Value, AwsError> {
        match operation {
            "SendMessage" => self.send(read(operation, body)?),
            "ReceiveMessage" => self.receive(&read(operation, body)?).await,
            "DeleteMessage" => self.delete(&read(operation, body)?),
            "ChangeMessageVisibility" => self.hide(&read(operation, body)?),
            "GetQueueUrl" => self.url(&read(operation, body)?),
            "GetQueueAttributes" => self.attributes(&read(operation, body)?),
            other => Err(AwsError::unknown_operation(other)),
        }
    }

    fn send(&self, request: SendMessage) -> Result<Value, AwsError> {
        check_body(&request.message_body)?;
        check_range("DelaySeconds", request.delay_seconds, 0, 900)?;
        attributes::check(&request.message_attributes)?;
        let visible = Instant::now() + Duration::from_secs(request.delay_seconds);
        let content = Content::new(request.message_body, request.message_attributes);
        let mut reply = json!({
            "MessageId": content.id.to_string(),
            "MD5OfMessageBody": md5_hex(content.body.as_bytes()),
        });
        if let Some(digest) = attributes::digest(&content.attributes) {
            reply["MD5OfMessageAttributes"] = json!(digest);
        }
        self.with(&request.queue_url, |queue| {
            queue.send(content, visible);
            Ok(())
        })?;
        self.arrived.notify_waiters();
        Ok(reply)
    }

    async fn receive(&self, request: &ReceiveMessage) -> Result<Value, AwsError> {
        let most = request.max_number_of_messages.unwrap_or(1);
        let hidden = request.visibility_timeout.unwrap_or(DEFAULT_VISIBILITY_SECONDS);
        check_range("MaxNumberOfMessages", most as u64, 1, 10)?;
        check_range("VisibilityTimeout", hidden, 0, LONGEST_VISIBILITY)?;
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
                let messages = received.iter().map(|message| describe(message, request));
                return Ok(json!({ "Messages": messages.collect::<Vec<_>>() }));
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
        self.with(&request.queue_url, |queue| queue.delete(&request.receipt_handle).ok_or_else(no_receipt))?;
        Ok(json!({}))
    }

    fn hide(&self, request: &ChangeMessageVisibility) -> Result<Value, AwsError> {
        check_range("VisibilityTimeout", request.visibility_timeout, 0, LONGEST_VISIBILITY)?;
        let now = Instant::now();
        let until = now + Duration::from_secs(request.visibility_timeout);
        self.with(&request.queue_url, |queue| {
            if queue.hide(&request.receipt_handle, now, until).ok_or_else(no_receipt)? {
                return Ok(());
            }
            let message = "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not \
                available for visibility timeout change.";
            Err(AwsError::refused("InvalidParameterValue", message))
        })?;
        self.arrived.notify_waiters();
        Ok(json!({}))
    }

    fn url(&self, request: &GetQueueUrl) -> Result<Value, AwsError> {
        let queues = lock(&self.queues);
        let url = queues.keys().find(|url| name_in(url) == request.queue_name);
        Ok(json!({ "QueueUrl": url.ok_or_else(no_queue)? }))
    }

    fn attributes(&self, request: &GetQueueAttributes) -> Result<Value, AwsError> {
        let Depth { visible, hidden, delayed } =
            self.with(&request.queue_url, |queue| Ok(queue.depth(Instant::now())))?;
        let arn = format!("arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{}", name_in(&request.queue_url));
        let known = [
            (QueueAttribute::ApproximateNumberOfMessages, visible.to_string()),
            (QueueAttribute::ApproximateNumberOfMessagesDelayed, delayed.to_string()),
            (QueueAttribute::ApproximateNumberOfMessagesNotVisible, hidden.to_string()),
            (QueueAttribute::QueueArn, arn),
        ];
        let asked = &request.attribute_names;
        let told = known
            .into_iter()
            .filter(|(name, _)| asked.contains(&QueueAttribute::All) || asked.contains(name));
        let told: BTreeMap<_, _> = told.map(|(name, value)| (format!("{name:?}"), value)).collect();
        Ok(json!({ "Attributes": told }))
    }

    /// Runs this on the queue with the URL.
    fn with<T>(&self, url: &str, run: impl FnOnce(&mut Queue) -> Result<T, AwsError>) -> Result<T, AwsError> {
        let mut queues = lock(&self.queues);
        let queue = queues.get_mut(url).ok_or_else(no_queue)?;
        run(queue)
    }
}

fn describe(message: &Received, request: &ReceiveMessage) -> Value {
    let content = &message.content;
    let mut described = json!({
        "MessageId": content.id.to_string(),
        "ReceiptHandle": message.handle,
        "Body": content.body,
        "MD5OfBody": md5_hex(content.body.as_bytes()),
    });
    let own = attributes::wanted(&content.attributes, &request.message_attribute_names);
    if let Some(digest) = attributes::digest(&own) {
        described["MD5OfMessageAttributes"] = json!(digest);
        described["MessageAttributes"] = json!(own);
    }
    let asked = &request.message_system_attribute_names;
    let asks_for = |name| asked.contains(&SystemAttribute::All) || asked.contains(&name);
    if asks_for(SystemAttribute::SentTimestamp) {
        described["Attributes"]["SentTimestamp"] = json!(content.sent.timestamp_millis().to_string());
    }
    if asks_for(SystemAttribute::ApproximateReceiveCount) {
        described["Attributes"]["ApproximateReceiveCount"] = json!(message.receipts.to_string());
    }
    if let Some(arn) = &content.given_up_by
        && asks_for(SystemAttribute::DeadLetterQueueSourceArn)
    {
        described["Attributes"]["DeadLetterQueueSourceArn"] = json!(arn);
    }
    described
}

/// The last part of a queue's URL.
fn name_in(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

fn no_queue() -> AwsError {
    AwsError {
        query_code: Some("AWS.SimpleQueueService.NonExistentQueue"),
        ..AwsError::refused("QueueDoesNotExist", "The specified queue does not exist.")
    }
}

fn no_receipt() -> AwsError {
    AwsError::refused("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
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
