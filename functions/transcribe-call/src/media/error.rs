//! Why media cannot be read.

use kvs_media::FailureKind;
use lambda_kit::aws::{AwsError, Failure};

/// Why media cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// Kinesis Video did not open the connection.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// The connection broke.
    #[error("the connection to Kinesis Video broke ({0})")]
    Broken(String),
    /// Kinesis Video ended the media, and said why in them.
    #[error(transparent)]
    Ended(#[from] kvs_media::Failure),
    /// The audio is not what Amazon Connect streams.
    #[error("the audio has {0} Hz in {1} channels, and not 8000 Hz in one: it is not from Amazon Connect")]
    Format(u32, u32),
}

impl MediaError {
    /// Whether another connection may go on.
    pub(crate) fn may_pass(&self) -> bool {
        // Limits of a stream's connections and calls, which AWS counts among the mistakes of the caller.
        const LIMITS: [&str; 2] = ["ClientLimitExceededException", "ConnectionLimitExceededException"];
        match self {
            Self::Aws(e) => {
                let is_limit =
                    matches!(&e.failure, Failure::Refused { code, .. } if LIMITS.contains(&code.as_str()));
                is_limit || e.is_transient()
            }
            Self::Broken(_) => true,
            Self::Ended(failure) => failure.kind.may_pass(),
            Self::Format(..) => false,
        }
    }

    pub(crate) fn is_fragment_missing(&self) -> bool {
        matches!(self, Self::Ended(failure) if failure.kind == FailureKind::FragmentNotFound)
    }

    /// A word for it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Aws(e) => e.kind(),
            Self::Broken(_) => "MediaBroken",
            Self::Ended(_) => "MediaEnded",
            Self::Format(..) => "MediaFormat",
        }
    }
}
