#![doc = include_str!("../README.md")]

mod connect;
mod dynamodb;
mod environment;
mod error;
mod failures;
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

pub use failures::Failure;
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
