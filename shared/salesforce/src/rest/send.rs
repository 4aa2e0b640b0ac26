//! From an operation of the REST API to a request on the one HTTP path.

use super::Rest;
use super::operations::Operation;
use crate::auth::Auth;
use crate::http::{Call, Open, Reading};
use crate::reply::Reply;
use crate::{Error, SettingsError};
use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use tokio::time::Instant;
use url::Url;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The body of a request.
#[derive(Clone)]
pub(super) struct Body {
    pub(super) content_type: HeaderValue,
    pub(super) bytes: Bytes,
}

impl Body {
    pub(super) fn json(operation: &Operation, content: &impl Serialize) -> Result<Self, Error> {
        let json =
            serde_json::to_vec(content).map_err(|_| unsendable(operation, "it cannot be written as JSON"))?;
        Ok(Self { content_type: JSON, bytes: json.into() })
    }
}

pub(super) fn unsendable(operation: &Operation, problem: &'static str) -> Error {
    Error::Unsendable { operation: operation.name, problem }
}

impl Rest {
    pub(super) fn url(
        &self,
        operation: &Operation,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Url, Error> {
        let mut url = self.endpoint.join(path).map_err(|error| match error {
            SettingsError::PathSegment => unsendable(operation, "a part of its path is empty, '.' or '..'"),
            other => other.into(),
        })?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Ok(url)
    }

    /// Sends JSON.
    pub(super) async fn write(
        &self,
        operation: &Operation,
        path: &[&str],
        content: &impl Serialize,
        deadline: Instant,
    ) -> Result<Reply, Error> {
        let url = self.url(operation, path, &[])?;
        let body = Body::json(operation, content)?;
        self.send(operation, url, Some(body), None, deadline).await
    }

    /// Sends anything. `open` is for replies that are envelopes.
    pub(super) async fn send(
        &self,
        operation: &Operation,
        url: Url,
        body: Option<Body>,
        open: Option<Open>,
        deadline: Instant,
    ) -> Result<Reply, Error> {
        self.check_allowance(operation)?;
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, JSON);
        let body = body.map(|Body { content_type, bytes }| {
            headers.insert(CONTENT_TYPE, content_type);
            bytes
        });
        let reading = operation.reading();
        let call = Call {
            operation: operation.name,
            method: operation.method.clone(),
            url,
            headers,
            body,
            auth: Auth::Session(&self.session),
            replay: operation.replay,
            reading: Reading { open: open.unwrap_or(reading.open), ..reading },
            usage: Some(&self.usage),
            deadline,
        };
        self.http.send(&call).await
    }

    /// What is not known, or no longer, is learned from the reply to this request.
    fn check_allowance(&self, operation: &Operation) -> Result<(), Error> {
        if !(self.can_wait || operation.can_wait) {
            return Ok(());
        }
        match self.api_usage().map(|usage| usage.remaining_percent()) {
            Some(remaining_percent) if remaining_percent < self.floor_percent => {
                Err(Error::ApiAllowanceLow {
                    operation: operation.name,
                    remaining_percent,
                    floor_percent: self.floor_percent,
                })
            }
            _ => Ok(()),
        }
    }
}
