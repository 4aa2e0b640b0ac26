//! S3: `GetObject`, `PutObject`, `ListObjectsV2`.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>

mod listing;

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::body::Bytes;
use chrono::{DateTime, Utc};

pub(crate) use self::listing::Listing;
use crate::error::AwsError;
use crate::lock;

/// The longest key, in bytes of UTF-8.
const LONGEST_KEY: usize = 1024;

/// All buckets by name, their objects by key. The order of the keys is that of their bytes, as in S3.
#[derive(Default)]
pub(crate) struct Buckets(Mutex<BTreeMap<String, Bucket>>);

type Bucket = BTreeMap<String, Object>;

impl std::fmt::Debug for Buckets {
    /// Objects are personal data, and so may be their keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(lock(&self.0).keys()).finish()
    }
}

/// An object as it was put last.
#[derive(Clone)]
pub(crate) struct Object {
    pub(crate) content: Bytes,
    /// With its quotation marks.
    pub(crate) etag: String,
    pub(crate) modified: DateTime<Utc>,
}

impl Buckets {
    pub(crate) fn create(&self, name: &str) {
        lock(&self.0).entry(name.to_owned()).or_default();
    }

    /// All objects of a bucket; none of an unknown one.
    pub(crate) fn objects(&self, bucket: &str) -> BTreeMap<String, Bytes> {
        let buckets = lock(&self.0);
        let objects = buckets.get(bucket).into_iter().flatten();
        objects.map(|(key, object)| (key.clone(), object.content.clone())).collect()
    }

    pub(crate) fn get(&self, bucket: &str, key: &str) -> Result<Object, AwsError> {
        self.with(bucket, |objects| {
            objects
                .get(key)
                .cloned()
                .ok_or_else(|| AwsError::new(404, "NoSuchKey", "The specified key does not exist."))
        })
    }

    pub(crate) fn put(&self, bucket: &str, key: &str, content: Bytes) -> Result<Object, AwsError> {
        if key.len() > LONGEST_KEY {
            return Err(AwsError::refused("KeyTooLongError", "Your key is too long"));
        }
        self.with(bucket, |_| Ok(()))?;
        Ok(self.store(bucket, key, content))
    }

    /// Puts an object into a bucket, which is created if there is none.
    pub(crate) fn store(&self, bucket: &str, key: &str, content: Bytes) -> Object {
        let etag = format!("\"{}\"", crate::md5_hex(&content));
        let object = Object { content, etag, modified: Utc::now() };
        lock(&self.0).entry(bucket.to_owned()).or_default().insert(key.to_owned(), object.clone());
        object
    }

    pub(crate) fn list(&self, bucket: &str, query: BTreeMap<String, String>) -> Result<String, AwsError> {
        let listing = Listing::read(query)?;
        self.with(bucket, |objects| Ok(listing.of(bucket, objects)))
    }

    /// Runs this on the bucket with the name.
    fn with<T>(
        &self,
        name: &str,
        run: impl FnOnce(&mut Bucket) -> Result<T, AwsError>,
    ) -> Result<T, AwsError> {
        let mut buckets = lock(&self.0);
        let bucket = buckets
            .get_mut(name)
            .ok_or_else(|| AwsError::new(404, "NoSuchBucket", "The specified bucket does not exist"))?;
        run(bucket)
    }
}

#[cfg(test)]
mod tests;
