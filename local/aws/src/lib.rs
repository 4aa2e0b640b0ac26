#![doc = include_str!("../README.md")]

mod buckets;
mod connect;
mod dynamodb;
mod environment;
mod error;
mod failures;
mod kinesis;
mod kinesis_video;
mod local_aws;
mod parameters;
mod queues;
mod secrets;
mod server;
mod service;
mod signature;
mod speech;
mod tls;
mod transcribe;
mod xml;

pub use failures::Failure;
pub use kinesis::StreamRecord;
pub use kinesis_video::{
    After, Ending, ErrorTag, Fragment, FragmentSelector, Frame, Interruption, TagPlace, Track, VideoStream,
    VideoStreamOptions,
};
pub use local_aws::LocalAws;
pub use server::Request;
pub use speech::{CallAudio, Side};
pub use tls::SecureEndpoint;
pub use transcribe::{
    TranscribeLimits, Transcription, TranscriptionEnd, TranscriptionFault, TranscriptionFaultKind,
};

/// The account that every ARN and queue URL names: the one of AWS's own examples.
const ACCOUNT_ID: &str = "123456789012";

/// The region that the stand-ins are in. Requests signed for another one are refused, as AWS does.
const REGION: &str = "us-east-1";

/// Locks what is behind a mutex. State is only ever replaced whole, so it is sound even after a panic elsewhere.
fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The digest that S3 and SQS tell of what they were given, so that a client can tell whether it arrived whole.
fn md5_hex(content: &[u8]) -> String {
    use md5::{Digest, Md5};
    Md5::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}
