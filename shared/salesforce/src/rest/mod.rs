//! The REST API: records, queries, searches, what an object is made of, and the transcripts of ended conversations.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest.htm>

mod collections;
mod composite;
mod describe;
mod get;
mod multipart;
mod operations;
mod query;
mod records;
mod save_result;
mod search;
mod send;
mod upload;

pub use collections::{AllOrNone, MAX_RECORDS};
pub use composite::{Composite, SubOperation, SubRequest, SubResponse};
pub use describe::{ChildRelationship, Describe, Field, FieldKind};
pub use query::{NextPage, Page};
pub use records::{Created, Upserted};
pub use save_result::{SaveError, SaveResult};
pub use search::{ParameterizedSearch, SearchIn};
pub use upload::{ConversationFile, Upload, UploadForm};

use crate::api_usage::UsageMemory;
use crate::oauth::Session;
use crate::{ApiUsage, Endpoint, Error, Http};
use get::Carrier;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use tokio::time::Instant;

/// The client of one org's REST API. Made once and shared: it keeps its session and its connections.
///
/// Every method ends by its deadline, repetitions included; [`Error`] says what to do then. Which of them are repeated
/// when nobody knows what became of them: see each.
#[derive(Clone)]
pub struct Rest {
    http: Http,
    endpoint: Endpoint,
    session: Arc<Session>,
    usage: Arc<UsageMemory>,
    floor_percent: u8,
    can_wait: bool,
}

impl Rest {
    /// `endpoint` is `SALESFORCE_REST_API_ENDPOINT_BASE`, including `/services/data/vNN.0`. The session's bearer goes
    /// there, whatever `instance_url` the login names.
    pub fn new(http: Http, endpoint: Endpoint, session: Arc<Session>) -> Self {
        Self { http, endpoint, session, usage: Arc::default(), floor_percent: 0, can_wait: false }
    }

    /// Keeps the last `percent` of the org's daily API requests for what cannot wait: below, a request that can is not
    /// sent ([`Error::ApiAllowanceLow`]). 0 keeps nothing.
    pub fn with_api_floor(mut self, percent: u8) -> Self {
        self.floor_percent = percent;
        self
    }

    /// The same client for requests that can wait, all of them. (Uploads and their status always can.)
    pub fn deferrable(&self) -> Self {
        Self { can_wait: true, ..self.clone() }
    }

    /// The org's API requests, as the last reply of the last minute had it.
    pub fn api_usage(&self) -> Option<ApiUsage> {
        self.usage.recall(Instant::now())
    }

    /// The names of the resources that this version of the API offers: the cheapest request that shows that the login
    /// works, that the user may use the API, and that the org knows the version.
    pub async fn resources(&self, deadline: Instant) -> Result<Vec<String>, Error> {
        let operation = &operations::RESOURCES;
        let url = self.url(operation, &[], &[])?;
        let resources: BTreeMap<String, Value> =
            self.get(operation, url, Carrier::Composite, deadline).await?.json()?;
        Ok(resources.into_keys().collect())
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rest").field(&self.endpoint.as_str()).finish()
    }
}

#[cfg(test)]
mod tests;
