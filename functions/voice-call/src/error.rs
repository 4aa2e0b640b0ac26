//! Why an invocation failed, in the words that a contact flow's log shows.

use connect::Malformed;
use lambda_kit::flow::FlowError;
use lambda_runtime::Diagnostic;

use crate::method::Method;

/// Why an invocation failed. `errorType` in the flow's log is [`FlowError::kind`].
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// The event is not what a contact flow or another function of a suite sends.
    #[error("the event is not an invocation by a contact flow: {0}")]
    Event(#[from] Malformed),
    /// No `methodName`.
    #[error("the parameter methodName is missing: set it in the flow block, for example to createVoiceCall")]
    NoMethod,
    /// A `methodName` that there is not.
    #[error("Unsupported method: {0}; the methods are {known}", known = known_methods())]
    UnknownMethod(String),
    /// Something that the method needs is not there.
    #[error("{method}: {what} is missing", method = method.name())]
    Missing {
        /// The method.
        method: Method,
        /// What is missing, and where it is expected.
        what: &'static str,
    },
    /// Something is there and is not what it should be. The text never repeats the value.
    #[error("{method}: {what} is not {expected}", method = method.name())]
    Invalid {
        /// The method.
        method: Method,
        /// The parameter.
        what: &'static str,
        /// What it should be.
        expected: String,
    },
    /// No credentials, or Salesforce did not do it.
    #[error("{}{source}", attempt(*method, source))]
    CallCenter {
        /// The method.
        method: Method,
        /// The cause.
        source: call_centers::Error,
    },
}

impl FlowError for HandlerError {
    fn kind(&self) -> &'static str {
        match self {
            HandlerError::Event(_) => "InvalidEvent",
            HandlerError::NoMethod | HandlerError::UnknownMethod(_) => "UnsupportedMethod",
            HandlerError::Missing { .. } => "MissingParameter",
            HandlerError::Invalid { .. } => "InvalidParameter",
            HandlerError::CallCenter { source, .. } => source.kind(),
        }
    }

    fn status(&self) -> Option<u16> {
        match self {
            HandlerError::CallCenter { source, .. } => source.status(),
            _ => None,
        }
    }

    fn code(&self) -> Option<&str> {
        match self {
            HandlerError::CallCenter { source, .. } => source.code(),
            _ => None,
        }
    }
}

impl HandlerError {
    /// The method, where the invocation named one that there is.
    pub(crate) fn method(&self) -> Option<Method> {
        match self {
            HandlerError::Missing { method, .. }
            | HandlerError::Invalid { method, .. }
            | HandlerError::CallCenter { method, .. } => Some(*method),
            HandlerError::Event(_) | HandlerError::NoMethod | HandlerError::UnknownMethod(_) => None,
        }
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        Diagnostic { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}

fn known_methods() -> String {
    Method::ALL.map(Method::name).join(", ")
}

/// What goes before the cause: the marker that Salesforce's guide tells people to set alarms on when an org is at its
/// limits; and the method, unless the cause names the operation itself.
fn attempt(method: Method, cause: &call_centers::Error) -> String {
    match cause {
        call_centers::Error::Salesforce(e) if e.status() == Some(429) => "SCV_LIMITS_ERROR ".to_owned(),
        call_centers::Error::Salesforce(_) => String::new(),
        _ => format!("{}: ", method.name()),
    }
}
