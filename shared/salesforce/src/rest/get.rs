//! GET, also where the URL is too long for it.
//!
//! A query is a part of the URL, and URL and headers together may have 16,384 bytes. What is longer goes into the body
//! of a POST that carries it: one request all the same, also by Salesforce's count.
//! <https://help.salesforce.com/s/articleView?id=000386264>

use super::Rest;
use super::operations::Operation;
use super::send::Body;
use crate::http::Open;
use crate::reply::Reply;
use crate::{Error, UnreadableProblem};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

/// In bytes. What is missing to 16,384 is for the headers: a session's token may be a JWT of 2 KB.
const LONGEST_URL: usize = 14_000;

/// The resource that carries a GET with a long URL.
#[derive(Clone, Copy)]
pub(super) enum Carrier {
    /// For records and queries:
    /// <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite_post.htm>
    Composite,
    /// For searches, which the other does not take:
    /// <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_batch.htm>
    Batch,
}

impl Rest {
    pub(super) async fn get(
        &self,
        operation: &Operation,
        url: Url,
        carrier: Carrier,
        deadline: Instant,
    ) -> Result<Reply, Error> {
        if url.as_str().len() <= LONGEST_URL {
            match self.send(operation, url.clone(), None, None, deadline).await {
                // Too long after all.
                Err(Error::Refused { status: 414 | 431, .. }) => {}
                result => return result,
            }
        }
        let (path, content, open) = carrier.wrap(&url);
        let post = operation.carried();
        let (url, body) = (self.url(&post, path, &[])?, Body::json(&post, &content)?);
        self.send(&post, url, Some(body), Some(open), deadline).await
    }
}

impl Carrier {
    /// Path, body, and how to find the answer in the reply.
    fn wrap(self, url: &Url) -> (&'static [&'static str], Value, Open) {
        let inner = relative(url);
        match self {
            Self::Composite => {
                let subrequest = json!({"method": "GET", "url": inner, "referenceId": "only"});
                (&["composite"], json!({"compositeRequest": [subrequest]}), |reply| {
                    let CompositeReply { composite_response: [only] } = reply.json()?;
                    answer(&reply, only.http_status_code, &only.body)
                })
            }
            Self::Batch => {
                let inner = inner.strip_prefix(DATA).unwrap_or(&inner);
                let subrequest = json!({"method": "GET", "url": inner});
                (&["composite", "batch"], json!({"batchRequests": [subrequest]}), |reply| {
                    let BatchReply { results: [only] } = reply.json()?;
                    answer(&reply, only.status_code, &only.result)
                })
            }
        }
    }
}

const DATA: &str = "/services/data/";

/// The URL as Salesforce writes it within a body: path and query, also when the endpoint is a proxy that puts
/// something before the path.
pub(super) fn relative(url: &Url) -> String {
    let path = url.path();
    let path = path.find(DATA).map_or(path, |start| &path[start..]);
    match url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// The answer that an envelope holds, as if it had come by itself.
pub(super) fn answer(reply: &Reply, status: u16, body: &Value) -> Result<(u16, Vec<u8>), Error> {
    let body = if body.is_null() { Ok(Vec::new()) } else { serde_json::to_vec(body) };
    Ok((status, body.map_err(|_| reply.unreadable(UnreadableProblem::NotJson))?))
}

/// Sent one, got one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompositeReply {
    composite_response: [CompositeSub; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CompositeSub {
    http_status_code: u16,
    #[serde(default)]
    body: Value,
}

#[derive(Deserialize)]
struct BatchReply {
    results: [BatchSub; 1],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BatchSub {
    status_code: u16,
    #[serde(default)]
    result: Value,
}
