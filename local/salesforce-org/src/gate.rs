//! Every request passes here: faults strike, and the request is logged.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::MethodRouter;
use chrono::Utc;
use serde_json::json;

use crate::faults::{Body, Failure};
use crate::operation::Operation;
use crate::requests::LoggedRequest;
use crate::state::OrgState;
use crate::wire::Connection;

/// Puts the gate in front of the handlers of one path, including its refusal of other methods.
pub(crate) fn guard(
    org: &Arc<OrgState>,
    operation: Operation,
    handlers: MethodRouter<Arc<OrgState>>,
) -> MethodRouter<Arc<OrgState>> {
    handlers.layer(middleware::from_fn_with_state((Arc::clone(org), Choose::Always(operation)), pass))
}

/// As [`guard`], where one path stands for several operations.
pub(crate) fn guard_each(
    org: &Arc<OrgState>,
    operation: fn(&Method, &Uri) -> Operation,
    handlers: MethodRouter<Arc<OrgState>>,
) -> MethodRouter<Arc<OrgState>> {
    handlers.layer(middleware::from_fn_with_state((Arc::clone(org), Choose::By(operation)), pass))
}

/// How to tell what a request asks for.
#[derive(Clone, Copy)]
enum Choose {
    Always(Operation),
    By(fn(&Method, &Uri) -> Operation),
}

async fn pass(
    State((org, choose)): State<(Arc<OrgState>, Choose)>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
    next: Next,
) -> Response {
    let operation = match choose {
        Choose::Always(operation) => operation,
        Choose::By(operation) => operation(request.method(), request.uri()),
    };
    let mut logged = LoggedRequest {
        at: Utc::now(),
        operation,
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        status: None,
        fault: false,
    };
    let plan = org.faults.plan(operation);
    // A sleep of no time still lasts to the timer's next millisecond.
    if !plan.delay.is_zero() {
        tokio::time::sleep(plan.delay).await;
    }
    let response = match plan.failure {
        None => next.run(request).await,
        Some(Failure::LostReply) => next.run(request).await,
        Some(Failure::Reset) => StatusCode::OK.into_response(),
        Some(Failure::Status { status, code, retry_after, body }) => {
            // A body left unread would make the server close the connection: one fault more than was ordered.
            let _ = axum::body::to_bytes(request.into_body(), usize::MAX).await;
            error_reply(operation, status, code, retry_after, body)
        }
    };
    let reset = matches!(plan.failure, Some(Failure::Reset | Failure::LostReply));
    logged.fault = plan.failure.is_some();
    logged.status = (!reset).then_some(response.status().as_u16());
    tracing::debug!(%operation, status = logged.status, fault = logged.fault, "answered");
    org.requests.push(logged);
    if reset {
        connection.reset();
    }
    response
}

fn error_reply(
    operation: Operation,
    status: u16,
    code: Option<&'static str>,
    retry_after: Option<u64>,
    body: Body,
) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let reason = status.canonical_reason().unwrap_or("Error");
    let mut response = match body {
        Body::Empty => Bytes::new().into_response(),
        Body::Html => {
            Html(format!("<html><head><title>{reason}</title></head><body></body></html>")).into_response()
        }
        Body::Json if operation == Operation::Token => {
            Json(json!({"error": oauth_error(status), "error_description": reason})).into_response()
        }
        Body::Json => {
            let code = code.unwrap_or_else(|| error_code(status));
            Json(json!([{"errorCode": code, "message": reason}])).into_response()
        }
    };
    *response.status_mut() = status;
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn oauth_error(status: StatusCode) -> &'static str {
    match status.as_u16() {
        429 => "rate_limit_exceeded",
        400..=499 => "invalid_grant",
        _ => "server_error",
    }
}

fn error_code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "INVALID_SESSION_ID",
        403 => "INSUFFICIENT_ACCESS_OR_READONLY",
        404 => "NOT_FOUND",
        429 => "LIMIT_EXCEEDED",
        503 => "SERVER_UNAVAILABLE",
        400..=499 => "FIELD_INTEGRITY_EXCEPTION",
        _ => "UNKNOWN_EXCEPTION",
    }
}
