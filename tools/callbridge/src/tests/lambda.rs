//! A stand-in of Lambda's Invoke API.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use local_aws::LocalAws;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::stop::Stop;

/// An invocation that arrived.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Invoked {
    pub(super) function: String,
    pub(super) kind: String,
    pub(super) event: Value,
}

type Reply = (u16, bool, Value);

#[derive(Default)]
struct Functions {
    invocations: Vec<Invoked>,
    replies: HashMap<String, Reply>,
    /// What a function does beside answering, once.
    deeds: HashMap<String, Box<dyn FnOnce() + Send>>,
}

/// Functions that are done with everything, unless told otherwise.
#[derive(Clone, Default)]
pub(super) struct Lambda(Arc<Mutex<Functions>>);

impl Lambda {
    /// Starts it, and answers with its URL.
    pub(super) async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/2015-03-31/functions/{function}/invocations", post(invoke))
            .layer(axum::extract::DefaultBodyLimit::disable())
            .with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    pub(super) fn invocations(&self) -> Vec<Invoked> {
        self.0.lock().unwrap().invocations.clone()
    }

    pub(super) fn answer(&self, function: &str, status: u16, body: &Value) {
        self.0.lock().unwrap().replies.insert(function.into(), (status, false, body.clone()));
    }

    pub(super) fn fail(&self, function: &str, error: &Value) {
        self.0.lock().unwrap().replies.insert(function.into(), (200, true, error.clone()));
    }

    /// Has the function put this message into the queue, once.
    pub(super) fn puts_back(&self, function: &str, aws: LocalAws, queue: String, message: String) {
        let deed = move || aws.send_message(&queue, &message, &[]);
        self.0.lock().unwrap().deeds.insert(function.into(), Box::new(deed));
    }

    pub(super) fn stops(&self, function: &str, stop: Stop) {
        self.0.lock().unwrap().deeds.insert(function.into(), Box::new(move || stop.ask()));
    }
}

async fn invoke(
    State(lambda): State<Lambda>,
    Path(function): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(header("authorization").contains("/us-east-1/lambda/aws4_request"), "signed");
    let mut functions = lambda.0.lock().unwrap();
    let kind = header("x-amz-invocation-type").to_owned();
    let event = serde_json::from_slice(&body).unwrap();
    functions.invocations.push(Invoked { function: function.clone(), kind: kind.clone(), event });
    if let Some(deed) = functions.deeds.remove(&function) {
        deed();
    }
    match functions.replies.get(&function).cloned() {
        Some((status, is_error, body)) => {
            let error = if is_error { [("x-amz-function-error", "Unhandled")] } else { [("x-test", "none")] };
            (StatusCode::from_u16(status).unwrap(), error, body.to_string()).into_response()
        }
        None if kind == "Event" => StatusCode::ACCEPTED.into_response(),
        None => json!({ "batchItemFailures": [] }).to_string().into_response(),
    }
}
