//! What EventBridge tells of a new object in S3.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html>

use serde::Deserialize;

/// The `detail-type` of these events.
pub(crate) const DETAIL_TYPE: &str = "Object Created";

#[derive(Debug, Deserialize)]
pub(crate) struct ObjectCreated {
    pub(crate) detail: Detail,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Detail {
    pub(crate) bucket: Bucket,
    pub(crate) object: Object,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Bucket {
    pub(crate) name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Object {
    /// As it is: unlike the notifications that S3 sends itself, these do not encode keys.
    pub(crate) key: String,
    /// Of the content; absent with some ways of encryption and copying.
    #[serde(default)]
    pub(crate) etag: Option<String>,
}

impl Detail {
    /// What names this very content: when another is written under the same key, it is a file of its own.
    pub(crate) fn identity(&self) -> String {
        let etag = self.object.etag.as_deref().unwrap_or_default();
        format!("{}/{}#{etag}", self.bucket.name, self.object.key)
    }
}
