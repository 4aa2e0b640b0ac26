//! Why a call could not be transcribed to its end.

use connect::Malformed;
use kvs_media::InvalidFragmentNumber;
use lambda_kit::aws::AwsError;
use lambda_runtime::Diagnostic;
use salesforce::telephony::InvalidCallKey;

use crate::media::MediaError;
use crate::transcriber::TranscribeError;

/// Why a call could not be transcribed to its end.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// The event is no job.
    #[error("not a call to be transcribed: {0}")]
    Event(#[from] Malformed),
    /// The id of the conversation is none.
    #[error(transparent)]
    ContactId(#[from] InvalidCallKey),
    /// The first fragment of the job is none.
    #[error("startFragmentNum is {0}")]
    Fragment(#[from] InvalidFragmentNumber),
    /// The audio cannot be read.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The audio cannot be transcribed.
    #[error(transparent)]
    Transcribe(#[from] TranscribeError),
    /// The state table, the dead-letter queue or the next invocation.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// Something goes wrong again and again.
    #[error(
        "the call was handed over {0} times, and is given up: look for what ended the invocations before this one"
    )]
    TooManyInvocations(u32),
}

impl HandlerError {
    /// Whether the event itself is at fault.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Event(_) | Self::ContactId(_) | Self::Fragment(_) | Self::TooManyInvocations(_))
    }

    /// A word for what went wrong: `errorType` of the Lambda error, and a metrics dimension.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) | Self::ContactId(_) | Self::Fragment(_) => "InvalidEvent",
            Self::Media(e) => e.kind(),
            Self::Transcribe(e) => e.kind(),
            Self::Aws(e) => e.kind(),
            Self::TooManyInvocations(_) => "TooManyInvocations",
        }
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        Diagnostic { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}
