//! Why the signals of a call were not sent.

use std::time::Duration;

use connect::Malformed;
use lambda_kit::aws::{AwsError, Failure};
use lambda_runtime::Diagnostic;
use salesforce::telephony::InvalidCallKey;

/// Why the signals of a call were not sent.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// It is not an event of S3.
    #[error("not an event about a new object: {0}")]
    Event(#[source] Malformed),
    /// The file cannot be had.
    #[error(transparent)]
    File(#[from] analysis_files::Error),
    /// The file is not an analysis.
    #[error("not an analysis of Contact Lens: {0}")]
    Analysis(#[source] Malformed),
    /// Nobody says whose contact it is.
    #[error(
        "the analysis does not name the Connect instance: set CONNECT_INSTANCE_ID in the function's configuration"
    )]
    NoInstance,
    /// Connect does not tell about the contact.
    #[error(transparent)]
    Contact(AwsError),
    /// Neither Connect nor the file says when the call was.
    #[error("Connect knows no time of this contact, and the name of the file has none: nothing can be dated")]
    NoTime,
    /// The id of the conversation is none.
    #[error(transparent)]
    ContactId(#[from] InvalidCallKey),
    /// No credentials, or Salesforce did not take the signals.
    #[error(transparent)]
    CallCenter(#[from] call_centers::Error),
    /// The state table or the dead-letter queue.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl HandlerError {
    /// Whether no repetition can cure it.
    ///
    /// What Salesforce refuses is repeated, unlike elsewhere: it takes these signals only once the conversation is
    /// closed. The contact record of its last leg does that; it may be on its way, or that leg still goes on.
    pub fn is_permanent(&self) -> bool {
        const MAYBE_NOT_CLOSED_YET: [Option<u16>; 3] = [Some(400), Some(404), Some(409)];
        match self {
            Self::Event(_) | Self::Analysis(_) | Self::NoTime | Self::ContactId(_) => true,
            Self::File(e) => e.is_permanent(),
            Self::Contact(e) => matches!(e.failure, Failure::Missing(_) | Failure::Refused { .. }),
            Self::CallCenter(e) => e.is_permanent() && !MAYBE_NOT_CLOSED_YET.contains(&e.status()),
            Self::NoInstance | Self::Aws(_) => false,
        }
    }

    /// If it may well be over in a minute: how long to wait at least.
    pub(crate) fn pause(&self) -> Option<Duration> {
        use salesforce::Error::{Throttled, Unavailable};
        match self {
            Self::Contact(e) if e.is_transient() => Some(Duration::ZERO),
            Self::CallCenter(call_centers::Error::Salesforce(
                Throttled { retry_after, .. } | Unavailable { retry_after, .. },
            )) => Some(retry_after.unwrap_or_default()),
            _ => None,
        }
    }

    /// A word for what went wrong: `errorType` of the Lambda error, and a metrics dimension.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Event(_) | Self::ContactId(_) => "InvalidEvent",
            Self::File(e) => e.kind(),
            Self::Analysis(_) => "MalformedAnalysis",
            Self::NoInstance => "NoInstance",
            Self::NoTime => "NoTime",
            Self::CallCenter(e) => e.kind(),
            Self::Contact(e) | Self::Aws(e) => e.kind(),
        }
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        Diagnostic { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}
