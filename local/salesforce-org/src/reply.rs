//! How the org says no.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A request that is not done, answered as the REST API does: an array with one error.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The fields that are to blame. Salesforce leaves the property out where it did not get as far as the record.
    pub(crate) fields: Option<Vec<String>>,
    /// `duplicateResult`: what a duplicate rule found.
    pub(crate) duplicates: Option<Value>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), fields: None, duplicates: None }
    }

    pub(crate) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    pub(crate) fn unauthorized(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, message)
    }

    /// A record that cannot be saved because of these fields.
    pub(crate) fn record(code: &'static str, message: impl Into<String>, fields: &[&str]) -> Self {
        Self::bad_request(code, message).about(fields)
    }

    pub(crate) fn about(mut self, fields: &[&str]) -> Self {
        self.fields = Some(fields.iter().map(|field| (*field).to_owned()).collect());
        self
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "The requested resource does not exist")
    }

    pub(crate) fn no_such_call() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "The requested voice call does not exist")
    }

    /// As the body of a reply.
    pub(crate) fn body(&self) -> Value {
        let mut error = Map::from_iter([
            ("errorCode".to_owned(), self.code.into()),
            ("message".to_owned(), self.message.as_str().into()),
        ]);
        if let Some(fields) = &self.fields {
            error.insert("fields".to_owned(), fields.as_slice().into());
        }
        if let Some(duplicates) = &self.duplicates {
            error.insert("duplicateResult".to_owned(), duplicates.clone());
        }
        Value::Array(vec![Value::Object(error)])
    }

    /// As what became of one record among several.
    pub(crate) fn result(&self) -> Value {
        let fields = self.fields.as_deref().unwrap_or_default();
        let error = json!({"statusCode": self.code, "message": self.message, "fields": fields});
        json!({"success": false, "errors": [error]})
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body())).into_response()
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the org's database failed");
        let message = "An unexpected error occurred";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "UNKNOWN_EXCEPTION", message)
    }
}
