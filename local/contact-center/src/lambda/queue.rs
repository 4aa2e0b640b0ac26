//! Asynchronous invocations: queued, repeated after a failure, and in the end told to the on-failure destination.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::host::Host;
use super::pool::{Pool, Request};
use super::{Invocation, InvokeError, Payload};

/// The asynchronous invocations that are not done with yet.
#[derive(Debug)]
pub(super) struct Queue {
    pending: watch::Sender<BTreeMap<String, Waiting>>,
    /// How long to wait before the first and the second repetition.
    delays: [Duration; 2],
}

/// An invocation that is queued, under way, or about to be repeated; by its request id.
#[derive(Debug)]
struct Waiting {
    function: String,
    payload: Payload,
}

impl Queue {
    pub(super) fn new(delays: [Duration; 2]) -> Self {
        Self { pending: watch::Sender::default(), delays }
    }

    /// Waits until nothing is queued, under way or about to be repeated.
    pub(super) async fn settled(&self) {
        // It fails only if the sender is gone, and that is ours.
        let _ = self.pending.subscribe().wait_for(BTreeMap::is_empty).await;
    }

    /// The same for the invocations of one function with such events.
    pub(super) async fn settled_of(&self, function: &str, is_it: impl Fn(&Payload) -> bool) {
        let mut pending = self.pending.subscribe();
        let is_awaited = |waiting: &Waiting| waiting.function == function && is_it(&waiting.payload);
        let _ = pending.wait_for(|pending| !pending.values().any(is_awaited)).await;
    }
}

/// Takes an invocation on; it runs in a task of its own.
pub(super) fn enqueue(host: &Host, pool: Arc<Pool>, request: Request) {
    let host = host.clone();
    let pending = Pending::new(&host.queue().pending, &pool.function.name, &request);
    tokio::spawn(async move {
        let _pending = pending;
        // `Stopped` is the only error there can be: the host ended first.
        let _ = attempts(&host, &pool, request).await;
    });
}

/// One pending invocation, however it ends.
struct Pending {
    all: watch::Sender<BTreeMap<String, Waiting>>,
    request_id: String,
}

impl Pending {
    fn new(all: &watch::Sender<BTreeMap<String, Waiting>>, function: &str, request: &Request) -> Self {
        let waiting = Waiting { function: function.to_owned(), payload: request.payload.clone() };
        all.send_modify(|all| drop(all.insert(request.id.clone(), waiting)));
        Self { all: all.clone(), request_id: request.id.clone() }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.all.send_modify(|all| drop(all.remove(&self.request_id)));
    }
}

async fn attempts(host: &Host, pool: &Arc<Pool>, request: Request) -> Result<(), InvokeError> {
    let retries = pool.function.async_retries.min(2);
    let mut delays = host.queue().delays.into_iter().take(retries as usize);
    loop {
        let place = pool.place_when_free().await?;
        let invocation = host.run(Arc::clone(pool), request.clone(), place).await?;
        if invocation.reply.is_ok() {
            return Ok(());
        }
        let Some(delay) = delays.next() else {
            if let Some(destination) = &pool.function.on_failure {
                destination.send(record(&invocation, &pool.arn(), retries + 1));
            }
            return Ok(());
        };
        tokio::time::sleep(delay).await;
    }
}

/// The record of an invocation that failed every time.
fn record(invocation: &Invocation, function_arn: &str, attempts: u32) -> Value {
    json!({
        "version": "1.0",
        "timestamp": Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true),
        "requestContext": {
            "requestId": invocation.request_id,
            "functionArn": format!("{function_arn}:$LATEST"),
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": invocation.payload.to_json(),
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" },
        "responsePayload": invocation.reply.as_ref().err(),
    })
}
