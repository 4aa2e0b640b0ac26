//! The dead-letter queue: where goes, whole and with the reason, what no repetition can cure.
//!
//! Each message is a JSON object, which [`Part`] reads again:
//!
//! | key | |
//! |---|---|
//! | `format` | `1` |
//! | `id` | of the dead letter; the same when the same record comes again, so that a replay can drop doubles |
//! | `part`, `of` | a record too large for one message comes in several: join `record.content` of parts `1..=of` |
//! | `function` | the function that gave up |
//! | `reason.code`, `reason.message` | machine code and sentence |
//! | `source` | `eventId`, and for a stream `sequenceNumber`, `partitionKey`, `arrivedAt` (RFC 3339) |
//! | `record.encoding` | `text` or `base64` (what is not UTF-8); decode after joining |
//! | `record.content` | the record as it came |

mod read;

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_sqs::Client;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::error;

use crate::aws::{AwsError, call};
use crate::env::{ConfigError, Env};
use crate::metrics::Metrics;

pub use read::{Part, Reason, ReceivedLetter, Unreadable};

const QUEUE_URL: &str = "DEAD_LETTER_QUEUE_URL";
const QUEUE_URL_PURPOSE: &str = "the URL of the SQS queue for records that cannot be applied";

/// SQS takes 256 KiB in every region (newer quotas allow more); the rest is for the fields around the content.
const CONTENT_BYTES: usize = 230 * 1024;

/// An error text may name a field, and the name of a field may be as long as the record. In bytes.
const LONGEST_REASON: usize = 2 * 1024;

/// The queue that takes what cannot be applied.
pub struct DeadLetterQueue {
    url: String,
    function: String,
    sdk: SdkConfig,
    client: OnceLock<Client>,
    metrics: Metrics,
}

/// What cannot be applied, and why.
#[derive(Debug)]
pub struct DeadLetter<'a> {
    /// For machines, for example `MissingContactId`: closed set, no data.
    pub code: &'static str,
    /// A sentence for people. Like any error text it holds no personal data.
    pub message: &'a str,
    /// Where the record came from.
    pub source: Source,
    /// The record as it came.
    pub record: &'a [u8],
}

/// Where a record came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// Unique for the event source.
    pub event_id: String,
    /// The position in a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence_number: Option<String>,
    /// The partition key in a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition_key: Option<String>,
    /// When the stream or bus took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<DateTime<Utc>>,
}

impl Source {
    /// Of what came alone, not in a stream.
    pub fn alone(event_id: impl Into<String>) -> Self {
        Self { event_id: event_id.into(), sequence_number: None, partition_key: None, arrived_at: None }
    }
}

impl DeadLetterQueue {
    /// The queue that `DEAD_LETTER_QUEUE_URL` names. The SQS client is only built when something is sent.
    pub fn from_env(env: &Env<'_>, sdk: &SdkConfig, metrics: &Metrics) -> Result<Self, ConfigError> {
        Ok(Self {
            url: env.required(QUEUE_URL, QUEUE_URL_PURPOSE)?,
            function: env.optional("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| "local".into()),
            sdk: sdk.clone(),
            client: OnceLock::new(),
            metrics: metrics.clone(),
        })
    }

    /// Sends a dead letter, counts it and logs why. If this fails, the record is not safe yet and must be delivered again; the parts that
    /// were sent by then carry the same `id` as those of the next attempt.
    pub async fn send(&self, letter: &DeadLetter<'_>, deadline: Instant) -> Result<(), AwsError> {
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        for message in messages(&self.function, letter, CONTENT_BYTES) {
            let request = client.send_message().queue_url(&self.url).message_body(message);
            call("sqs:SendMessage", &format!("queue {}", self.url), deadline, request.send()).await?;
        }
        let DeadLetter { code, message, source, .. } = letter;
        self.metrics.dead_letter(code);
        error!(error_type = code, event_id = source.event_id, "sent to the dead-letter queue: {message}");
        Ok(())
    }

    /// Sends an event that came alone, and whose key `id_key` names it.
    pub async fn send_event(
        &self,
        event: &Value,
        id_key: &str,
        code: &'static str,
        reason: &impl ToString,
        deadline: Instant,
    ) -> Result<(), AwsError> {
        let source = Source::alone(event.get(id_key).and_then(Value::as_str).unwrap_or_default());
        let (message, record) = (&reason.to_string(), event.to_string());
        self.send(&DeadLetter { code, message, source, record: record.as_bytes() }, deadline).await
    }
}

/// The messages that carry a dead letter, with at most `limit` bytes of (escaped) content each.
fn messages(function: &str, letter: &DeadLetter<'_>, limit: usize) -> Vec<String> {
    let encoded;
    let (encoding, content) = match std::str::from_utf8(letter.record) {
        Ok(text) if text.chars().all(sqs_accepts) => ("text", text),
        _ => {
            encoded = STANDARD.encode(letter.record);
            ("base64", encoded.as_str())
        }
    };
    let parts = split(content, limit);
    let message = |(index, content)| {
        json!({
            "format": 1,
            "id": letter.source.event_id,
            "part": index + 1,
            "of": parts.len(),
            "function": function,
            "reason": { "code": letter.code, "message": cut(letter.message, LONGEST_REASON) },
            "source": letter.source,
            "record": { "encoding": encoding, "content": content },
        })
        .to_string()
    };
    parts.iter().enumerate().map(message).collect()
}

fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// SQS refuses a message with one of these two; JSON escapes the control characters, which it refuses too.
fn sqs_accepts(c: char) -> bool {
    !matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// Cuts `content` into pieces whose JSON forms have at most `limit` bytes each; at least one piece.
fn split(content: &str, limit: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, c) in content.char_indices() {
        let bytes = escaped_bytes(c);
        if size + bytes > limit {
            pieces.push(&content[start..at]);
            (start, size) = (at, 0);
        }
        size += bytes;
    }
    pieces.push(&content[start..]);
    pieces
}

/// How many bytes `c` takes inside a JSON string.
fn escaped_bytes(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\u{8}' | '\u{c}' => 2,
        c if c < ' ' => 6,
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests;
