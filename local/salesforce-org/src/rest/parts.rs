//! Requests within a request: each as if it came alone, but within the same transaction.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use serde_json::{Map, Value};

use super::resource::{Asked, Call, Reply};
use super::table;
use crate::operation::Operation;
use crate::reply::Refusal;

/// Does what one part asks for.
pub(super) fn perform(
    call: &Call<'_>,
    method: &str,
    url: &str,
    given: &Map<String, Value>,
    body: &Value,
) -> Result<Reply, Refusal> {
    let method: Method = method.parse().map_err(|_| Refusal::not_found())?;
    let uri = uri(url)?;
    let (resource, _) = table::find(&method, &uri)?;
    if matches!(resource.operation, Operation::Composite | Operation::UploadConversations) {
        let message = "The resource cannot be part of a composite request";
        return Err(Refusal::bad_request("INVALID_INPUT", message));
    }
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let mut headers = headers(given);
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    let asked = Asked { method: &method, uri: &uri, headers: &headers, body: &body };
    table::perform(call.org, call.db, call.user, &asked)
}

fn headers(given: &Map<String, Value>) -> HeaderMap {
    let read = |(name, value): (&String, &Value)| {
        let name: HeaderName = name.parse().ok()?;
        Some((name, HeaderValue::from_str(value.as_str()?).ok()?))
    };
    given.iter().filter_map(read).collect()
}

/// The URL of a part: a path within the org, in which blanks and the like need not be encoded.
pub(super) fn uri(url: &str) -> Result<Uri, Refusal> {
    let wrong = || {
        let message = "The Composite API requires relative URLs that begin with /services/data";
        Refusal::bad_request("INVALID_INPUT", message)
    };
    let base = url::Url::parse("http://localhost").map_err(|_| wrong())?;
    let url = base.join(url).map_err(|_| wrong())?;
    let (path, query) = (url.path(), url.query().unwrap_or_default());
    if url.origin() != base.origin() || !path.starts_with("/services/data/") {
        return Err(wrong());
    }
    format!("{path}?{query}").parse().map_err(|_| wrong())
}
