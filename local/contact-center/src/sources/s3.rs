//! An S3 bucket that tells EventBridge of new objects.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html>.

use chrono::Utc;
use local_aws::LocalAws;
use serde_json::json;

use super::{Event, EventBridge};
use crate::lambda::InvokeError;

/// A bucket whose new objects are events.
#[derive(Debug, Clone)]
pub struct S3Source {
    aws: LocalAws,
    bucket: String,
    bus: EventBridge,
}

impl S3Source {
    /// Creates the bucket, if there is none; `bus` takes what it tells.
    pub fn new(aws: LocalAws, bucket: &str, bus: EventBridge) -> Self {
        aws.create_bucket(bucket);
        Self { aws, bucket: bucket.to_owned(), bus }
    }

    /// Puts an object into the bucket, and tells of it. Returns the event's id.
    ///
    /// # Errors
    /// As [`EventBridge::put`]; the object is there all the same.
    pub fn put(&self, key: &str, content: impl Into<Vec<u8>>) -> Result<String, InvokeError> {
        let content = content.into();
        let size = content.len();
        self.aws.put_object(&self.bucket, key, content);
        self.tell(key, size)
    }

    /// Tells of an object, whether there is one or not: EventBridge may tell of one twice, or late.
    ///
    /// # Errors
    /// As [`EventBridge::put`].
    pub fn tell(&self, key: &str, size: usize) -> Result<String, InvokeError> {
        let id = || uuid::Uuid::new_v4().simple().to_string();
        self.bus.put(Event {
            source: "aws.s3".to_owned(),
            detail_type: "Object Created".to_owned(),
            resources: vec![format!("arn:aws:s3:::{}", self.bucket)],
            time: Utc::now(),
            detail: json!({
                "version": "0",
                "bucket": {"name": self.bucket},
                "object": {"key": key, "size": size, "etag": id(), "sequencer": id()[..18].to_uppercase()},
                "request-id": id()[..16].to_uppercase(),
                "requester": "connect.amazonaws.com",
                "source-ip-address": "127.0.0.1",
                "reason": "PutObject",
            }),
        })
    }

    /// The name of the bucket.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// Waits until every event is applied, or was given up.
    pub async fn drain(&self) {
        self.bus.drain().await;
    }

    /// Waits until every event is applied, was given up, or waits in a queue for its next time.
    pub async fn tried(&self) {
        self.bus.tried().await;
    }
}
