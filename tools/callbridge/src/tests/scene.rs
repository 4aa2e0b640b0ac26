//! A queue with dead letters, and what is around it.

use std::ops::Range;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_kit::dead_letter::{DeadLetter, DeadLetterQueue, Source};
use lambda_kit::env::Env;
use lambda_kit::metrics::Metrics;
use local_aws::{LocalAws, StreamRecord};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::lambda::Lambda;
use crate::{Action, Order, Outcome, Selection, Stop, replay};

pub(super) struct Scene {
    pub(super) aws: LocalAws,
    pub(super) queue: String,
    pub(super) lambda: Lambda,
    pub(super) stop: Stop,
    lambda_url: String,
}

/// When the record with this number arrived.
pub(super) fn arrived(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_341_600 + number, 0).unwrap()
}

impl Scene {
    pub(super) async fn start() -> Self {
        let aws = LocalAws::start().await.unwrap();
        let queue = aws.create_queue("dead-letters");
        let lambda = Lambda::default();
        let lambda_url = lambda.start().await;
        Self { aws, queue, lambda, stop: Stop::default(), lambda_url }
    }

    /// A dead letter that a function sends.
    async fn dead_letter(&self, function: &str, source: Source, record: &str) {
        let look_up = |variable: &str| match variable {
            "DEAD_LETTER_QUEUE_URL" => Some(self.queue.clone()),
            "AWS_LAMBDA_FUNCTION_NAME" => Some(format!("Center-{function}")),
            _ => None,
        };
        let env = Env::new(&look_up);
        let sdk = self.aws.sdk_config().await;
        let queue = DeadLetterQueue::from_env(&env, &sdk, &Metrics::from_env(&env)).unwrap();
        let letter = DeadLetter {
            code: "SalesforceRefused",
            message: "Salesforce refused it with 400",
            source,
            record: record.as_bytes(),
        };
        queue.send(&letter, Instant::now() + Duration::from_secs(20)).await.unwrap();
    }

    pub(super) async fn record(&self, function: &str, number: &str, record: &str) {
        let source = Source {
            event_id: format!("shardId-000000000000:{number}"),
            sequence_number: Some(number.into()),
            partition_key: Some("c-1".into()),
            arrived_at: DateTime::from_timestamp_millis(1_795_341_600_987),
        };
        self.dead_letter(function, source, record).await;
    }

    pub(super) async fn event(&self, function: &str, event: &str) {
        self.dead_letter(function, Source::alone("e-1"), event).await;
    }

    pub(super) fn put(&self, message: &Value, attributes: &[(&str, &str)]) {
        self.aws.send_message(&self.queue, &message.to_string(), attributes);
    }

    /// A stream of one shard with these records. Its ARN.
    pub(super) fn stream(&self, numbers: Range<i64>) -> String {
        let arn = self.aws.create_stream("contact-records", 1);
        for number in numbers {
            let record = StreamRecord {
                partition_key: "c-1".into(),
                sequence_number: number.to_string(),
                data: format!("record {number}").into_bytes(),
                arrived: arrived(number),
            };
            self.aws.put_record("contact-records", 0, record);
        }
        arn
    }

    pub(super) fn messages(&self) -> Vec<String> {
        self.aws.messages(&self.queue)
    }

    pub(super) async fn replay(&self, change: impl FnOnce(&mut Order)) -> anyhow::Result<(Outcome, String)> {
        let mut order = Order {
            queue: self.queue.clone(),
            selection: Selection::default(),
            action: Action::Look,
            show: false,
            mend: None,
            to: None,
            alias: "active".into(),
            poll: Duration::ZERO,
        };
        change(&mut order);
        let look_up =
            |variable: &str| (variable == "AWS_ENDPOINT_URL_LAMBDA").then(|| self.lambda_url.clone());
        let mut out = Vec::new();
        let sdk = self.aws.sdk_config().await;
        let outcome = replay(&order, &sdk, &Env::new(&look_up), &self.stop, &mut out).await?;
        Ok((outcome, String::from_utf8(out).unwrap()))
    }

    /// Sends; an error is the text.
    pub(super) async fn send(&self, change: impl FnOnce(&mut Order)) -> (Outcome, String) {
        let sending = self.replay(|order| {
            order.action = Action::Send;
            change(order);
        });
        sending.await.unwrap_or_else(|error| (Outcome::default(), error.to_string()))
    }
}

/// What Lambda sends to a queue about an event.
pub(super) fn event_given_up(function: &str, event: &Value) -> Value {
    json!({
        "version": "1.0",
        "requestContext": { "requestId": "r-1", "functionArn": function, "condition": "RetriesExhausted" },
        "requestPayload": event,
    })
}

/// What Lambda sends to a queue about a batch.
pub(super) fn batch_given_up(stream: &str, first: &str, last: &str, size: u32) -> Value {
    json!({
        "version": "1.0",
        "requestContext": {
            "requestId": "r-1",
            "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:Center-f:active",
            "condition": "RecordAgeExceeded",
        },
        "KinesisBatchInfo": {
            "shardId": "shardId-000000000000",
            "startSequenceNumber": first,
            "endSequenceNumber": last,
            "batchSize": size,
            "streamArn": stream,
        },
    })
}
