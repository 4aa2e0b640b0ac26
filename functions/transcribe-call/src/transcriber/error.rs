//! Why a session could not go on.

use lambda_kit::aws::{AwsError, Failure};

/// Why a session with Amazon Transcribe could not go on.
#[derive(Debug, thiserror::Error)]
pub enum TranscribeError {
    /// It was not opened.
    #[error(transparent)]
    Refused(#[from] AwsError),
    /// Transcribe ended it.
    #[error("Amazon Transcribe ended the session with {code}{}", advice(.code))]
    Ended {
        /// Its exception.
        code: &'static str,
    },
    /// The connection broke, or was closed too early.
    #[error("the connection to Amazon Transcribe broke ({0})")]
    Broken(String),
    /// There are results that this version cannot read.
    #[error("Amazon Transcribe answered with something unknown")]
    Unknown,
}

impl TranscribeError {
    pub(super) const BAD_REQUEST: &str = "BadRequestException";

    /// Whether no other session with the same settings could go on.
    pub(crate) fn is_permanent(&self) -> bool {
        match self {
            // The session id is taken: the next session gets another one.
            Self::Refused(AwsError { failure: Failure::Refused { code, .. }, .. }) => {
                code != "ConflictException"
            }
            Self::Refused(e) => !e.is_transient(),
            _ => false,
        }
    }

    /// Whether Transcribe does not like what it was asked for, or the audio. It says that, too, when it has waited in vain
    /// for audio.
    pub(crate) fn blames_the_request(&self) -> bool {
        matches!(self, Self::Ended { code: Self::BAD_REQUEST })
    }

    /// A word for it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Refused(e) => e.kind(),
            Self::Ended { .. } => "TranscribeEnded",
            Self::Broken(_) => "TranscribeBroken",
            Self::Unknown => "TranscribeUnknown",
        }
    }
}

fn advice(code: &str) -> &'static str {
    match code {
        "LimitExceededException" => {
            "; compare the number of concurrent calls with the quota of concurrent streams (Service Quotas)"
        }
        TranscribeError::BAD_REQUEST => {
            "; check language, vocabularies, filters and language model of the contact flow"
        }
        _ => "",
    }
}
