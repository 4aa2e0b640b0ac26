//! Errors as AWS's JSON protocols put them.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::service::Service;

/// What a stand-in answers instead of a result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct AwsError {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The code without its namespace, like `ResourceNotFoundException`.
    pub(crate) code: Cow<'static, str>,
    pub(crate) message: String,
    /// SQS clients written against its former protocol see this code instead.
    pub(crate) query_code: Option<&'static str>,
    /// DynamoDB sends the item that a condition did not hold for, where it was asked to.
    pub(crate) item: Option<Value>,
}

impl AwsError {
    pub(crate) fn new(
        status: u16,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> AwsError {
        AwsError { status, code: code.into(), message: message.into(), query_code: None, item: None }
    }

    /// An error that is the caller's to mend.
    pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> AwsError {
        Self::new(400, code, message)
    }

    /// No stand-in has this operation. AWS words it the same for one that does not exist.
    pub(crate) fn unknown_operation(operation: &str) -> AwsError {
        let message =
            format!("local-aws has no stand-in for '{operation}', see its front page for what it has");
        Self::refused("UnknownOperationException", message)
    }

    /// S3's word for what a stand-in lacks.
    pub(crate) fn not_implemented(what: &str) -> AwsError {
        let message = format!("local-aws has no stand-in for {what}, see its front page for what it has");
        Self::new(501, "NotImplemented", message)
    }

    /// `ValidationException`: the request is well formed, but what it asks for is not possible.
    pub(crate) fn invalid(message: impl Into<String>) -> AwsError {
        Self::refused("ValidationException", message)
    }

    /// The body of the reply.
    pub(crate) fn body(&self, service: Service) -> Value {
        let mut body = json!({
            "__type": format!("{}{}", service.error_namespace(), self.code),
            "message": self.message,
        });
        if let Some(item) = &self.item {
            body["Item"] = item.clone();
        }
        body
    }
}

/// Reads the input of an operation. A field that the stand-in does not know is an error, see the crate's front page.
pub(crate) fn read<T: DeserializeOwned>(operation: &str, body: &[u8]) -> Result<T, AwsError> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("local-aws does not understand this {operation} request: {error}");
        AwsError::refused("SerializationException", message)
    })
}
