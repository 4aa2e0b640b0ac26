//! Analysis files in S3.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use bytes::Bytes;
use lambda_kit::aws::{AwsError, Failure, call};
use lambda_kit::env::Env;
use tokio::time::{Instant, timeout_at};

use crate::Error;

/// How often a file that breaks off on the way is asked for. (What fails before it has begun, the SDK repeats.)
const ATTEMPTS: usize = 3;

/// Files in the buckets that the function may read. The client is only built when something is read.
pub struct AnalysisFiles {
    sdk: SdkConfig,
    in_path: bool,
    client: OnceLock<Client>,
}

/// Some of the files that a list has, in the order of their keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The keys; at most a thousand.
    pub keys: Vec<String>,
    /// If there are more: what the next page starts after. Good for ever, also in another invocation.
    pub next: Option<String>,
}

impl AnalysisFiles {
    /// No I/O.
    pub fn new(env: &Env<'_>, sdk: &SdkConfig) -> Self {
        let in_path = sdk.endpoint_url().is_some() || env.optional("AWS_ENDPOINT_URL_S3").is_some();
        Self { sdk: sdk.clone(), in_path, client: OnceLock::new() }
    }

    /// Reads a file of at most `limit` bytes whole.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>
    ///
    /// # Errors
    /// See [`Error`]. Without `s3:ListBucket` S3 says of a file that does not exist, too, that access is denied.
    pub async fn read(
        &self,
        bucket: &str,
        key: &str,
        limit: usize,
        deadline: Instant,
    ) -> Result<Bytes, Error> {
        let file = format!("s3://{bucket}/{key}");
        for _ in 0..ATTEMPTS {
            let request = self.client().get_object().bucket(bucket).key(key);
            let reply = call("s3:GetObject", &file, deadline, request.send()).await;
            let reply = reply.map_err(|e| missing(e, &file))?;
            match timeout_at(deadline, content(reply, limit)).await {
                Ok(Ok(content)) => return Ok(content),
                Ok(Err(Unread::TooLarge(bytes))) => return Err(Error::TooLarge { file, bytes, limit }),
                Ok(Err(Unread::BrokenOff)) => {}
                Err(_) => return Err(Error::OutOfTime { file }),
            }
        }
        Err(Error::BrokenOff { file })
    }

    /// The files whose keys begin with `prefix`, from the first one after `start_after` on.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
    ///
    /// # Errors
    /// See [`Error`]. It takes `s3:ListBucket` on the bucket.
    pub async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        start_after: Option<&str>,
        deadline: Instant,
    ) -> Result<Page, Error> {
        let files = format!("s3://{bucket}/{prefix}");
        let request = self.client().list_objects_v2().bucket(bucket).prefix(prefix);
        let request = request.set_start_after(start_after.map(str::to_owned));
        let reply = call("s3:ListBucket", &files, deadline, request.send()).await;
        let reply = reply.map_err(|e| missing(e, &format!("the bucket {bucket}")))?;
        let is_truncated = reply.is_truncated == Some(true);
        let keys: Vec<String> =
            reply.contents.unwrap_or_default().into_iter().filter_map(|file| file.key).collect();
        let next = keys.last().filter(|_| is_truncated).cloned();
        Ok(Page { keys, next })
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| {
            Client::from_conf(Builder::from(&self.sdk).force_path_style(self.in_path).build())
        })
    }
}

/// Why content was not read.
enum Unread {
    TooLarge(u64),
    BrokenOff,
}

async fn content(reply: GetObjectOutput, limit: usize) -> Result<Bytes, Unread> {
    let announced = reply.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default();
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(Unread::TooLarge(announced));
    }
    // All at once, so that it is never there twice.
    let mut content = Vec::with_capacity(announced as usize);
    let mut body = reply.body;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Unread::BrokenOff)?;
        if content.len() + chunk.len() > limit {
            return Err(Unread::TooLarge((content.len() + chunk.len()) as u64));
        }
        content.extend_from_slice(&chunk);
    }
    Ok(content.into())
}

/// S3's own words for what is not there.
fn missing(error: AwsError, what: &str) -> Error {
    match &error.failure {
        Failure::Missing(_) => Error::Missing { what: what.to_owned() },
        Failure::Refused { code, .. } if code == "NoSuchKey" || code == "NoSuchBucket" => {
            Error::Missing { what: what.to_owned() }
        }
        _ => Error::Aws(error),
    }
}

#[cfg(test)]
mod tests;
