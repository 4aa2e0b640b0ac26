//! The Runtime API of one execution environment: what a function's process talks to.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::FunctionError;

/// The largest reply that Lambda takes, in bytes: 6 MB and a little.
const REPLY_LIMIT: usize = 6_291_556;

/// What a process said to its Runtime API.
#[derive(Debug)]
pub(super) enum Call {
    /// It is ready for an event, and waits for it.
    Next(oneshot::Sender<Event>),
    /// It has dealt with an event. `known` is to be told whether it was the one under way.
    Done { request_id: String, reply: Result<Value, FunctionError>, known: oneshot::Sender<bool> },
    /// It could not start.
    InitError(FunctionError),
}

/// An event on its way to the process.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    pub(super) deadline: SystemTime,
    pub(super) function_arn: String,
    pub(super) client_context: Option<String>,
}

/// A listener of its own for one process. It closes with this value.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    pub(super) address: SocketAddr,
    pub(super) calls: mpsc::UnboundedReceiver<Call>,
    server: JoinHandle<()>,
}

impl RuntimeApi {
    pub(super) async fn listen() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (tell, calls) = mpsc::unbounded_channel();
        let listener = listener.tap_io(|stream| {
            // Without it an answer can wait for the acknowledgement of the one before: 40 ms of nothing.
            let _ = stream.set_nodelay(true);
        });
        let server = tokio::spawn(async move {
            // It ends only with its task: accepting is retried inside.
            let _ = axum::serve(listener, router(tell)).await;
        });
        Ok(Self { address, calls, server })
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Tell = mpsc::UnboundedSender<Call>;

fn router(tell: Tell) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
        .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .layer(DefaultBodyLimit::disable())
        .with_state(tell)
}

async fn next(State(tell): State<Tell>) -> Response {
    let (give, event) = oneshot::channel();
    // Both fail only while the environment is being taken down.
    if tell.send(Call::Next(give)).is_err() {
        return StatusCode::GONE.into_response();
    }
    let Ok(event) = event.await else { return StatusCode::GONE.into_response() };
    let mut headers = HeaderMap::new();
    let deadline = event.deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    set(&mut headers, "lambda-runtime-aws-request-id", &event.request_id);
    set(&mut headers, "lambda-runtime-deadline-ms", &deadline.to_string());
    set(&mut headers, "lambda-runtime-invoked-function-arn", &event.function_arn);
    set(&mut headers, "lambda-runtime-trace-id", &trace_id(event.deadline));
    if let Some(context) = &event.client_context {
        set(&mut headers, "lambda-runtime-client-context", context);
    }
    set(&mut headers, "content-type", "application/json");
    (headers, event.payload).into_response()
}

async fn response(State(tell): State<Tell>, Path(id): Path<String>, body: Bytes) -> Response {
    if body.len() > REPLY_LIMIT {
        let text =
            format!("Response payload size exceeded maximum allowed payload size ({REPLY_LIMIT} bytes).");
        let error = FunctionError::new("Function.ResponseSizeTooLarge", text);
        done(&tell, id, Err(error.clone())).await;
        return (StatusCode::PAYLOAD_TOO_LARGE, Json(error)).into_response();
    }
    // Lambda passes any bytes on; the callers that matter here (flows, event sources) need JSON.
    let reply = serde_json::from_slice(&body).map_err(|error| {
        FunctionError::new("Runtime.InvalidResponse", format!("the function's reply is not JSON: {error}"))
    });
    accepted(done(&tell, id, reply).await)
}

async fn error(
    State(tell): State<Tell>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    accepted(done(&tell, id, Err(reported(&headers, &body))).await)
}

async fn init_error(State(tell): State<Tell>, headers: HeaderMap, body: Bytes) -> Response {
    accepted(tell.send(Call::InitError(reported(&headers, &body))).is_ok())
}

async fn done(tell: &Tell, request_id: String, reply: Result<Value, FunctionError>) -> bool {
    let (known, answer) = oneshot::channel();
    tell.send(Call::Done { request_id, reply, known }).is_ok() && answer.await.unwrap_or(false)
}

fn accepted(known: bool) -> Response {
    match known {
        true => (StatusCode::ACCEPTED, Json(json!({"status": "OK"}))).into_response(),
        false => {
            let error = json!({"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"});
            (StatusCode::BAD_REQUEST, Json(error)).into_response()
        }
    }
}

/// The error document that a runtime posts; the header counts where the document says nothing.
fn reported(headers: &HeaderMap, body: &[u8]) -> FunctionError {
    let mut error = serde_json::from_slice(body).unwrap_or_else(|_| {
        FunctionError::new("", "the function reported an error, without a readable document")
    });
    if error.error_type.is_empty() {
        let header = headers.get("lambda-runtime-function-error-type").and_then(|value| value.to_str().ok());
        error.error_type = header.unwrap_or("Runtime.Unknown").to_owned();
    }
    error
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// An X-Ray trace id that says "not sampled": the time in hexadecimal, then 96 random bits.
fn trace_id(at: SystemTime) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let random = uuid::Uuid::new_v4().simple().to_string();
    let parent = uuid::Uuid::new_v4().simple().to_string();
    format!("Root=1-{seconds:08x}-{};Parent={};Sampled=0", &random[..24], &parent[..16])
}
