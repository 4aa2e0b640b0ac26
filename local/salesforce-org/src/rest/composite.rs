//! Several requests in one, of which later ones can name what earlier ones answered.

use axum::http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::placeholders::{self, Answers};
use super::resource::{Call, Reply, Resource};
use super::{parts, table};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::soql::Ordered;

pub(super) const RESOURCES: &[Resource] =
    &[Resource { method: Method::POST, path: "/composite", operation: Operation::Composite, run: composite }];

const LIMIT: usize = 25;
/// Of the requests in one, so many may be queries or collections.
const LARGE_LIMIT: usize = 5;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Composite {
    #[serde(default)]
    all_or_none: bool,
    composite_request: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    method: String,
    url: String,
    reference_id: String,
    #[serde(default)]
    body: Value,
    #[serde(default)]
    http_headers: Map<String, Value>,
}

fn composite(call: &Call<'_>) -> Result<Reply, Refusal> {
    let composite = serde_json::from_value::<Composite>(call.json()?);
    let composite =
        composite.map_err(|error| Refusal::bad_request("JSON_PARSER_ERROR", error.to_string()))?;
    check(&composite.composite_request)?;
    let mut answers = Answers::new();
    let mut replies = Vec::new();
    let done = call.db.attempt(|| {
        for part in &composite.composite_request {
            let reply = call.db.attempt(|| perform(call, part, &answers));
            let reply = reply.unwrap_or_else(|refusal| Reply::new(refusal.status, refusal.body()));
            let failed = !reply.status.is_success();
            if !failed {
                let body = reply.body.clone().map(Ordered::into_value).unwrap_or_default();
                answers.insert(part.reference_id.clone(), body);
            }
            replies.push((part.reference_id.as_str(), reply));
            if failed && composite.all_or_none {
                return Err(halted());
            }
        }
        Ok(())
    });
    if done.is_err() {
        let failed = replies.pop();
        let halted = |part: &Part| match &failed {
            Some((id, reply)) if *id == part.reference_id => shown(id, reply),
            _ => shown(&part.reference_id, &Reply::new(StatusCode::BAD_REQUEST, halted().body())),
        };
        let parts: Vec<_> = composite.composite_request.iter().map(halted).collect();
        return Ok(response(parts));
    }
    Ok(response(replies.iter().map(|(id, reply)| shown(id, reply)).collect()))
}

fn response(parts: Vec<Ordered>) -> Reply {
    Reply::ok(Ordered::Object(vec![("compositeResponse".to_owned(), Ordered::List(parts))]))
}

fn halted() -> Refusal {
    let message = "The transaction was rolled back since another operation in the same transaction failed.";
    Refusal::bad_request("PROCESSING_HALTED", message)
}

fn shown(reference_id: &str, reply: &Reply) -> Ordered {
    let members = [
        ("body", reply.body.clone().unwrap_or(Value::Null.into())),
        ("httpHeaders", json!({}).into()),
        ("httpStatusCode", reply.status.as_u16().into()),
        ("referenceId", reference_id.into()),
    ];
    Ordered::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn check(parts: &[Part]) -> Result<(), Refusal> {
    if parts.len() > LIMIT {
        let message = "The request can't contain more than 25 operations.";
        return Err(Refusal::bad_request("LIMIT_EXCEEDED", message));
    }
    let operations = parts.iter().filter_map(|part| {
        let (method, uri) = (part.method.parse().ok()?, parts::uri(&part.url).ok()?);
        Some(table::find(&method, &uri).ok()?.0.operation)
    });
    let large = [Operation::Query, Operation::QueryMore, Operation::Collections];
    if operations.filter(|operation| large.contains(operation)).count() > LARGE_LIMIT {
        let message = "The request can't contain more than 5 query or sObject collection operations.";
        return Err(Refusal::bad_request("LIMIT_EXCEEDED", message));
    }
    for (place, part) in parts.iter().enumerate() {
        let id = &part.reference_id;
        let good = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if !good || parts[..place].iter().any(|other| other.reference_id == *id) {
            let message = "Each referenceId must be unique and of letters, digits and underscores";
            return Err(Refusal::bad_request("INVALID_INPUT", message));
        }
    }
    Ok(())
}

fn perform(call: &Call<'_>, part: &Part, answers: &Answers) -> Result<Reply, Refusal> {
    let url = placeholders::in_url(&part.url, answers)?;
    let body = placeholders::in_body(&part.body, answers)?;
    parts::perform(call, &part.method, &url, &part.http_headers, &body)
}
