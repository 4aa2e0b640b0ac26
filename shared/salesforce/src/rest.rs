//! The REST API. So far its root only, which proves a set-up without touching any data.

use crate::auth::Auth;
use crate::http::Call;
use crate::oauth::Session;
use crate::retry::Replay;
use crate::{Endpoint, Error, Http};
use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::time::Instant;

/// The client of one org's REST API.
pub struct Rest {
    http: Http,
    endpoint: Endpoint,
    session: Arc<Session>,
}

impl Rest {
    /// `endpoint` is `SALESFORCE_REST_API_ENDPOINT_BASE`, including `/services/data/vNN.0`. The session's bearer goes
    /// there, whatever `instance_url` the login names.
    pub fn new(http: Http, endpoint: Endpoint, session: Arc<Session>) -> Self {
        Self { http, endpoint, session }
    }

    /// The names of the resources that this version of the API offers: the cheapest request that shows that the login
    /// works, that the user may use the API, and that the org knows the version.
    pub async fn resources(&self, deadline: Instant) -> Result<Vec<String>, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        let call = Call {
            operation: "listResources",
            method: Method::GET,
            url: self.endpoint.join(&[])?,
            headers,
            body: None,
            auth: Auth::Session(&self.session),
            replay: Replay::Safe,
            deadline,
        };
        let resources: BTreeMap<String, Value> = self.http.send(&call).await?.json()?;
        Ok(resources.into_keys().collect())
    }
}
