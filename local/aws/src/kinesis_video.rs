//! Kinesis Video Streams: `GetDataEndpoint` and `GetMedia`.
//! <https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_GetMedia.html>

mod document;
mod ebml;
mod fragment;
mod fragment_number;
mod interruption;
mod reader;
mod selector;
mod stream;

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::body::Body;
use serde::Deserialize;
use serde_json::{Value, json};

pub use fragment::{Fragment, Frame, Track};
pub use interruption::{After, Ending, ErrorTag, Interruption};
pub use stream::{FragmentSelector, TagPlace, VideoStream, VideoStreamOptions};

use crate::error::{AwsError, read};
use crate::{ACCOUNT_ID, REGION, lock};
use selector::StartSelector;

/// All streams by name.
#[derive(Debug, Default)]
pub(crate) struct VideoStreams(Mutex<BTreeMap<String, VideoStream>>);

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetDataEndpoint {
    #[serde(rename = "APIName")]
    api_name: String,
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetMedia {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    start_selector: StartSelector,
}

impl VideoStreams {
    /// Creates the stream, or finds it.
    pub(crate) fn create(&self, name: &str) -> VideoStream {
        let mut streams = lock(&self.0);
        let created = || {
            let now = chrono::Utc::now().timestamp_millis();
            VideoStream::new(format!("arn:aws:kinesisvideo:{REGION}:{ACCOUNT_ID}:stream/{name}/{now}"))
        };
        streams.entry(name.to_owned()).or_insert_with(created).clone()
    }

    /// Where a client finds the data of a stream: at the same address as everything here.
    pub(crate) fn data_endpoint(&self, body: &[u8], address: &str) -> Result<Value, AwsError> {
        let request: GetDataEndpoint = read("GetDataEndpoint", body)?;
        if request.api_name != "GET_MEDIA" {
            return Err(invalid(format!("local-aws has no stand-in for the API '{}'", request.api_name)));
        }
        self.find(request.stream_name.as_deref(), request.stream_arn.as_deref())?;
        Ok(json!({ "DataEndpoint": address }))
    }

    /// The media of a stream from where the request says.
    pub(crate) fn media(&self, body: &[u8]) -> Result<Body, AwsError> {
        let request: GetMedia = read("GetMedia", body)?;
        let start = request.start_selector.check()?;
        let stream = self.find(request.stream_name.as_deref(), request.stream_arn.as_deref())?;
        Ok(Body::from_stream(stream.read(&start)?))
    }

    fn find(&self, name: Option<&str>, arn: Option<&str>) -> Result<VideoStream, AwsError> {
        let streams = lock(&self.0);
        let found = match (name, arn) {
            (Some(name), None) => streams.get(name),
            (None, Some(arn)) => streams.values().find(|stream| stream.arn() == arn),
            _ => return Err(invalid("Either StreamName or StreamARN must be given, not both.")),
        };
        found.cloned().ok_or_else(|| {
            AwsError::new(
                404,
                "ResourceNotFoundException",
                "The requested stream is not found or not active.",
            )
        })
    }
}

/// `InvalidArgumentException`.
fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::refused("InvalidArgumentException", message)
}

#[cfg(test)]
pub(crate) mod tests;
