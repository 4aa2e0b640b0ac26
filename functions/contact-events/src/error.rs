//! Why an event was not handled.

use connect::Malformed;
use lambda_kit::aws::AwsError;
use lambda_runtime::Diagnostic;
use salesforce::telephony::InvalidCallKey;

/// Why an event was not handled.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// It is not a contact event.
    #[error("not a contact event: {0}")]
    Event(#[from] Malformed),
    /// The id of its contact is none.
    #[error(transparent)]
    ContactId(#[from] InvalidCallKey),
    /// No credentials, or Salesforce did not do it.
    #[error(transparent)]
    CallCenter(#[from] call_centers::Error),
    /// The state table or the dead-letter queue.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl HandlerError {
    /// Whether no repetition can cure it.
    pub fn is_permanent(&self) -> bool {
        match self {
            HandlerError::Event(_) | HandlerError::ContactId(_) => true,
            HandlerError::CallCenter(e) => e.is_permanent(),
            HandlerError::Aws(_) => false,
        }
    }

    /// A word for what went wrong: `errorType` of the Lambda error, and a metrics dimension.
    pub fn kind(&self) -> &'static str {
        match self {
            HandlerError::Event(_) | HandlerError::ContactId(_) => "InvalidEvent",
            HandlerError::CallCenter(e) => e.kind(),
            HandlerError::Aws(e) => e.kind(),
        }
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        Diagnostic { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}
