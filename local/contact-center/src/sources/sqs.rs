//! An SQS queue and its event source mapping to one function, which gets one message at a time.
//!
//! A message that the function fails or reports comes again when its visibility timeout is over. One that was received too
//! often goes to the dead-letter queue.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html> and
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html>.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::lambda::{Destination, FunctionError, Host, InvokeError};

/// A queue whose messages a function gets. Clones are handles on the same one.
#[derive(Debug, Clone)]
pub struct SqsSource {
    host: Host,
    function: String,
    arn: String,
    redrive: Redrive,
    progress: watch::Sender<Progress>,
}

/// What becomes of a message that the function does not settle.
#[derive(Debug, Clone)]
pub struct Redrive {
    /// How long it is hidden after each receive.
    pub visibility_timeout: Duration,
    /// `maxReceiveCount`: how often the function gets it at most.
    pub max_receives: u32,
    /// What gets its body then.
    pub dead_letters: Destination,
}

/// How many messages are not settled, and how many of those do not wait for their next time.
#[derive(Debug, Default)]
struct Progress {
    unsettled: usize,
    under_way: usize,
}

/// A message. Its body is JSON.
struct Message {
    id: String,
    body: Value,
    sent: DateTime<Utc>,
}

impl SqsSource {
    /// An empty queue of this name that feeds `function`.
    ///
    /// # Errors
    /// When the host has no such function.
    pub fn new(host: Host, function: &str, name: &str, redrive: Redrive) -> Result<Self, InvokeError> {
        host.function_arn(function)?;
        let arn = host.site().arn("sqs", name);
        Ok(Self { host, function: function.to_owned(), arn, redrive, progress: watch::Sender::default() })
    }

    /// Sends a message. Must be called inside a tokio runtime.
    pub fn send(&self, body: &Value) {
        self.progress.send_modify(|progress| {
            progress.unsettled += 1;
            progress.under_way += 1;
        });
        let (queue, id) = (self.clone(), uuid::Uuid::new_v4().to_string());
        let message = Message { id, body: body.clone(), sent: Utc::now() };
        tokio::spawn(async move {
            // `Stopped` is the only error there can be: the host ended first.
            if let Ok(false) = queue.deliver(&message).await {
                queue.redrive.dead_letters.send(message.body);
            }
            queue.progress.send_modify(|progress| {
                progress.unsettled -= 1;
                progress.under_way -= 1;
            });
        });
    }

    /// Waits until every message is settled, or in the dead-letter queue.
    pub async fn drain(&self) {
        self.wait_for(|progress| progress.unsettled == 0).await;
    }

    /// Waits until every message is settled or waits for its next time.
    pub async fn tried(&self) {
        self.wait_for(|progress| progress.under_way == 0).await;
    }

    pub(super) fn host(&self) -> &Host {
        &self.host
    }

    async fn wait_for(&self, is_so: impl FnMut(&Progress) -> bool) {
        let mut progress = self.progress.subscribe();
        tokio::select! {
            _ = progress.wait_for(is_so) => {}
            () = self.host.stopped() => {}
        }
    }

    /// Whether the function settles the message, sooner or later.
    async fn deliver(&self, message: &Message) -> Result<bool, InvokeError> {
        for receives in 1..=self.redrive.max_receives {
            let event = self.event(message, receives);
            let invocation = self.host.invoke_when_free(&self.function, event.into()).await?;
            if is_settled(&invocation.reply) {
                return Ok(true);
            }
            self.progress.send_modify(|progress| progress.under_way -= 1);
            tokio::select! {
                () = tokio::time::sleep(self.redrive.visibility_timeout) => {}
                () = self.host.stopped() => {}
            }
            self.progress.send_modify(|progress| progress.under_way += 1);
        }
        Ok(false)
    }

    fn event(&self, message: &Message, receives: u32) -> Value {
        json!({ "Records": [{
            "messageId": message.id,
            "receiptHandle": format!("{}#{receives}", message.id),
            "body": message.body.to_string(),
            "attributes": {
                "ApproximateReceiveCount": receives.to_string(),
                "SentTimestamp": message.sent.timestamp_millis().to_string(),
            },
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": self.arn,
            "awsRegion": self.host.site().region,
        }] })
    }
}

/// With `ReportBatchItemFailures`, a message is settled if the function neither fails nor reports anything.
fn is_settled(reply: &Result<Value, FunctionError>) -> bool {
    reply.as_ref().is_ok_and(|reply| match reply.get("batchItemFailures") {
        None | Some(Value::Null) => true,
        Some(failures) => failures.as_array().is_some_and(Vec::is_empty),
    })
}
