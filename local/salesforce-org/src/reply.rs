//! How the org says no.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A request that is not done, answered as the REST API does: an array with one error.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    pub(crate) fn unauthorized(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code, message: message.into() }
    }

    pub(crate) fn no_such_call() -> Self {
        let message = "The requested voice call does not exist".to_owned();
        Self { status: StatusCode::NOT_FOUND, code: "NOT_FOUND", message }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!([{"errorCode": self.code, "message": self.message}]))).into_response()
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the org's database failed");
        let message = "An unexpected error occurred".to_owned();
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "UNKNOWN_EXCEPTION", message }
    }
}
