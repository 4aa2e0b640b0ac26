//! Why an invocation came to nothing.

use lambda_kit::aws::AwsError;
use lambda_runtime::Diagnostic;

/// Why an invocation, or the rest of one, was not done. All of these can be cured, and then the same request again does
/// it; what cannot be cured for one call is in the report.
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// No credentials, or Salesforce did not do it.
    #[error(transparent)]
    CallCenter(#[from] call_centers::Error),
    /// The state table.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// The analysis files.
    #[error(transparent)]
    Files(#[from] analysis_files::Error),
    /// A query of the function's own, or what it found.
    #[error("{0}: this is a fault of the function, please report it")]
    Query(&'static str),
}

impl HandlerError {
    /// A word for what went wrong: `errorType` of the Lambda error, and a metrics dimension.
    pub fn kind(&self) -> &'static str {
        match self {
            HandlerError::CallCenter(e) => e.kind(),
            HandlerError::Aws(e) => e.kind(),
            HandlerError::Files(e) => e.kind(),
            HandlerError::Query(_) => "InvalidQuery",
        }
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        Diagnostic { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}
