//! Sessions with Amazon Transcribe.

mod clock;
mod error;
mod heard;
mod request;
mod session;

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;
use aws_config::{Region, SdkConfig};
use aws_sdk_transcribestreaming::Client;
use aws_sdk_transcribestreaming::config::StalledStreamProtectionConfig;
use aws_sdk_transcribestreaming::config::retry::RetryConfig;
use connect::transcription::Engine;

use crate::audio::{SampleRate, Sides};

pub use error::TranscribeError;
pub(crate) use heard::Heard;
pub(crate) use session::{Session, Told};

/// How long Transcribe may take to answer a request. It answers before it has heard anything.
const OPENING: Duration = Duration::from_secs(10);

/// Opens sessions, all with the same settings.
#[derive(Clone)]
pub(crate) struct Transcriber {
    client: Client,
    engine: Engine,
    pub(crate) sides: Sides,
    pub(crate) sample_rate: SampleRate,
}

impl Transcriber {
    /// No I/O.
    pub(crate) fn new(sdk: &SdkConfig, region: Option<&str>, engine: &Engine, sides: Sides) -> Self {
        let mut config = aws_sdk_transcribestreaming::config::Builder::from(sdk)
            // Somebody who says nothing is no failure of the connection.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            // A session is not repeated but begun anew, with what it had not understood.
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(OPENING).build());
        if let Some(region) = region {
            config = config.region(Region::new(region.to_owned()));
        }
        let sample_rate = match engine {
            Engine::Standard(_) => SampleRate::Hz8000,
            Engine::Medical(_) => SampleRate::Hz16000,
        };
        Self { client: Client::from_conf(config.build()), engine: engine.clone(), sides, sample_rate }
    }
}
