//! Why an invocation failed, in the words that a contact flow's log shows.

use connect::Malformed;
use lambda_kit::flow::FlowError;
use lambda_runtime::Diagnostic;
use salesforce::soql::{BindError, QueryError};

use crate::method::Method;
use crate::policy::Verb;

/// Why an invocation failed. `errorType` in the flow's log is [`FlowError::kind`].
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// The event is not what a contact flow or another function of a suite sends.
    #[error("the event is not an invocation by a contact flow: {0}")]
    Event(#[from] Malformed),
    /// No `methodName`.
    #[error("the parameter methodName is missing: set it in the flow block, for example to queryRecord")]
    NoMethod,
    /// A `methodName` that there is not.
    #[error("Unsupported method: {0}; the methods are {known}", known = known_methods())]
    UnknownMethod(String),
    /// The method could not do it.
    #[error("{}{problem}", attempt(*method, problem))]
    Failed {
        /// The method.
        method: Method,
        /// The cause.
        #[source]
        problem: Problem,
    },
}

/// Why a method could not do it. The texts name parameters, objects and fields, and never a value.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// Something that the method needs is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// Something is there and is not what it should be.
    #[error("{what} is not {expected}")]
    Invalid {
        /// The parameter.
        what: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The policy does not allow it. Nothing was sent to Salesforce but questions about its objects.
    #[error(
        "SOBJECT_POLICY does not allow contact flows to {verb} {object}: allow it there ({object}:{verb}), or leave it out",
        verb = verb.name()
    )]
    NotAllowed {
        /// The object.
        object: String,
        /// What should have been done to it.
        verb: Verb,
    },
    /// The policy does not allow to read every object, and this search would.
    #[error(
        "{0}, so the search reads every object, which SOBJECT_POLICY does not allow contact flows: name the objects"
    )]
    EverythingNotAllowed(&'static str),
    /// What a query reads through a relationship cannot be found out, so the policy cannot be asked.
    #[error(
        "the relationship {relationship} of {object} is not known to Salesforce, or leads to too many objects, so \
         SOBJECT_POLICY cannot be applied: correct the query"
    )]
    NotResolved {
        /// The object.
        object: String,
        /// The relationship, as the query names it.
        relationship: String,
    },
    /// A query or search that cannot be understood. What is not understood is not sent.
    #[error("the parameter {parameter} is refused: {source}")]
    Query {
        /// `soql` or `sosl`.
        parameter: &'static str,
        /// Where and why.
        source: QueryError,
    },
    /// A placeholder without a fitting parameter.
    #[error("the parameter {parameter} is refused: {source}")]
    Placeholder {
        /// `soql` or `sosl`.
        parameter: &'static str,
        /// Which placeholder, and what is expected.
        source: BindError,
    },
    /// Salesforce refused one of several records, and so did none of them.
    #[error(
        "record {number} of the parameter records was refused ({code}){}, so none was saved",
        of_fields(fields)
    )]
    RecordRefused {
        /// Counted from 0, as in the reply.
        number: usize,
        /// Salesforce's error code.
        code: String,
        /// The API names of the fields at fault, where Salesforce names them.
        fields: Vec<String>,
    },
    /// No credentials, or Salesforce did not do it.
    #[error(transparent)]
    CallCenter(#[from] call_centers::Error),
}

impl Problem {
    pub(crate) fn missing(what: impl Into<String>) -> Self {
        Problem::Missing(what.into())
    }

    pub(crate) fn invalid(what: impl Into<String>, expected: &'static str) -> Self {
        Problem::Invalid { what: what.into(), expected }
    }

    fn kind(&self) -> &'static str {
        match self {
            Problem::Missing(_) => "MissingParameter",
            Problem::Invalid { .. } => "InvalidParameter",
            Problem::NotAllowed { .. } | Problem::EverythingNotAllowed(_) => "NotAllowed",
            Problem::NotResolved { .. } | Problem::Query { .. } => "InvalidQuery",
            Problem::Placeholder { source: BindError::Missing { .. }, .. } => "MissingParameter",
            Problem::Placeholder { .. } => "InvalidParameter",
            Problem::RecordRefused { .. } => "SalesforceRefused",
            Problem::CallCenter(source) => source.kind(),
        }
    }
}

impl FlowError for HandlerError {
    fn kind(&self) -> &'static str {
        match self {
            HandlerError::Event(_) => "InvalidEvent",
            HandlerError::NoMethod | HandlerError::UnknownMethod(_) => "UnsupportedMethod",
            HandlerError::Failed { problem, .. } => problem.kind(),
        }
    }

    fn status(&self) -> Option<u16> {
        self.call_center().and_then(call_centers::Error::status)
    }

    fn code(&self) -> Option<&str> {
        match self {
            HandlerError::Failed { problem: Problem::RecordRefused { code, .. }, .. } => Some(code),
            _ => self.call_center().and_then(call_centers::Error::code),
        }
    }
}

impl HandlerError {
    fn call_center(&self) -> Option<&call_centers::Error> {
        match self {
            HandlerError::Failed { problem: Problem::CallCenter(source), .. } => Some(source),
            _ => None,
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

fn of_fields(fields: &[String]) -> String {
    if fields.is_empty() { String::new() } else { format!(" for {}", fields.join(", ")) }
}

/// What goes before the cause: the marker that Salesforce's guide tells people to set alarms on when an org is at its
/// limits; and the method, unless the cause names the operation itself.
fn attempt(method: Method, problem: &Problem) -> String {
    match problem {
        Problem::CallCenter(call_centers::Error::Salesforce(salesforce::Error::Throttled { .. })) => {
            "SCV_LIMITS_ERROR ".to_owned()
        }
        Problem::CallCenter(call_centers::Error::Salesforce(_)) => String::new(),
        _ => format!("{}: ", method.name()),
    }
}
