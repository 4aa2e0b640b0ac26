//! Several requests in one that know nothing of each other.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::parts;
use super::resource::{Call, Reply, Resource};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::soql::Ordered;

pub(super) const RESOURCES: &[Resource] = &[Resource {
    method: Method::POST,
    path: "/composite/batch",
    operation: Operation::Composite,
    run: batch,
}];

const LIMIT: usize = 25;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Batch {
    #[serde(default)]
    halt_on_error: bool,
    batch_requests: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    method: String,
    /// From the version on: `v66.0/limits`.
    url: String,
    #[serde(default)]
    rich_input: Value,
}

fn batch(call: &Call<'_>) -> Result<Reply, Refusal> {
    let batch = serde_json::from_value::<Batch>(call.json()?);
    let batch = batch.map_err(|error| Refusal::bad_request("JSON_PARSER_ERROR", error.to_string()))?;
    if batch.batch_requests.len() > LIMIT {
        let message = "The request can't contain more than 25 operations.";
        return Err(Refusal::bad_request("LIMIT_EXCEEDED", message));
    }
    count(call, batch.batch_requests.len());
    let mut failed = false;
    let mut results = Vec::new();
    for part in &batch.batch_requests {
        let reply = if failed && batch.halt_on_error { Err(halted()) } else { perform(call, part) };
        let reply = reply.unwrap_or_else(|refusal| Reply::new(refusal.status, refusal.body()));
        failed |= !reply.status.is_success();
        let members = [
            ("statusCode", reply.status.as_u16().into()),
            ("result", reply.body.unwrap_or(Value::Null.into())),
        ];
        results.push(object(members));
    }
    Ok(Reply::ok(object([("hasErrors", failed.into()), ("results", Ordered::List(results))])))
}

/// Unlike a composite request, which is one request, a batch is as many as it has parts.
fn count(call: &Call<'_>, parts: usize) {
    let more = u32::try_from(parts).unwrap_or(u32::MAX).saturating_sub(1);
    let mut usage = call.org.api_usage();
    usage.used = usage.used.saturating_add(more);
}

fn perform(call: &Call<'_>, part: &Part) -> Result<Reply, Refusal> {
    let url = format!("/services/data/{}", part.url.trim_start_matches("/services/data/"));
    call.db.attempt(|| parts::perform(call, &part.method, &url, &Map::new(), &part.rich_input))
}

fn halted() -> Refusal {
    let message = "Batch processing was halted by an error in an earlier request.";
    Refusal::new(StatusCode::PRECONDITION_FAILED, "BATCH_PROCESSING_HALTED", message)
}

fn object<const N: usize>(members: [(&str, Ordered); N]) -> Ordered {
    Ordered::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
