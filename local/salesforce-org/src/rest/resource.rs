//! What a resource is asked, and what it answers.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use super::User;
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::save::Duplicates;
use crate::schema::{ObjectSchema, Schema};
use crate::soql::Ordered;
use crate::state::OrgState;
use crate::store::Db;

/// One verb on one path, which answers within a transaction that is undone if it refuses.
pub(super) struct Resource {
    pub(super) method: Method,
    /// What follows the version, e.g. `/sobjects/{object}/{id}`.
    pub(super) path: &'static str,
    pub(super) operation: Operation,
    pub(super) run: fn(&Call<'_>) -> Result<Reply, Refusal>,
}

/// A request as it arrived, alone or as a part of a composite one.
pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// A request to one resource.
pub(super) struct Call<'a> {
    pub(super) org: &'a OrgState,
    pub(super) db: &'a Db<'a>,
    pub(super) user: &'a User,
    /// As in the path, e.g. `v66.0`.
    pub(super) version: String,
    /// What stands in the place of each `{}` of the resource's path, decoded.
    pub(super) parts: Vec<String>,
    pub(super) asked: &'a Asked<'a>,
}

impl Call<'_> {
    pub(super) fn schema(&self) -> &Schema {
        self.db.schema()
    }

    /// One of the parts that the resource's path has.
    pub(super) fn part(&self, place: usize) -> &str {
        self.parts.get(place).map(String::as_str).unwrap_or_default()
    }

    /// The object that the first part names.
    pub(super) fn object(&self) -> Result<&ObjectSchema, Refusal> {
        self.schema().object(self.part(0)).ok_or_else(Refusal::not_found)
    }

    /// A parameter of the query string.
    pub(super) fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        self.parameters(name).next()
    }

    /// All values of a parameter of the query string.
    pub(super) fn parameters(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        let query = self.asked.uri.query().unwrap_or_default();
        let all = url::form_urlencoded::parse(query.as_bytes());
        all.filter(move |(known, _)| known == name).map(|(_, value)| value)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.asked.headers.get(name)?.to_str().ok()
    }

    /// The body, which must be JSON and say so.
    pub(super) fn json(&self) -> Result<Value, Refusal> {
        let media_type = self.header("content-type").unwrap_or_default();
        if !media_type.starts_with("application/json") {
            let message = format!("Content-Type is not supported: {media_type}");
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
        }
        serde_json::from_slice(self.asked.body)
            .map_err(|error| Refusal::bad_request("JSON_PARSER_ERROR", error.to_string()))
    }

    /// The body, which must be a JSON object.
    pub(super) fn json_object(&self) -> Result<Map<String, Value>, Refusal> {
        match self.json()? {
            Value::Object(object) => Ok(object),
            _ => Err(Refusal::bad_request("JSON_PARSER_ERROR", "The body must be a JSON object")),
        }
    }

    /// What the header `Sforce-Duplicate-Rule-Header` asks for.
    pub(super) fn duplicates(&self) -> Duplicates {
        let header = self.header("sforce-duplicate-rule-header").unwrap_or_default();
        let asks = |option: &str| header.split(';').any(|part| part.trim().eq_ignore_ascii_case(option));
        Duplicates {
            allow_save: asks("allowSave=true"),
            include_record_details: asks("includeRecordDetails=true"),
        }
    }

    /// The path of a resource of the same version.
    pub(super) fn path(&self, resource: &str) -> String {
        format!("/services/data/{}{resource}", self.version)
    }

    /// `attributes` of a record: what it is and where.
    pub(super) fn attributes(&self, object: &str, id: &str) -> Value {
        let url = self.path(&format!("/sobjects/{object}/{id}"));
        serde_json::json!({"type": object, "url": url})
    }
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// Nothing for an empty body. `Ordered::into_value` makes plain JSON of it.
    pub(super) body: Option<Ordered>,
    /// `Last-Modified`, where there is one.
    pub(super) last_modified: Option<String>,
}

impl Reply {
    pub(super) fn new(status: StatusCode, body: impl Into<Ordered>) -> Self {
        Self { status, body: Some(body.into()), last_modified: None }
    }

    pub(super) fn ok(body: impl Into<Ordered>) -> Self {
        Self::new(StatusCode::OK, body)
    }

    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, body: None, last_modified: None }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => (self.status, Json(body)).into_response(),
            None => self.status.into_response(),
        };
        if let Some(time) = self.last_modified.and_then(|time| time.parse().ok()) {
            response.headers_mut().insert(header::LAST_MODIFIED, time);
        }
        response
    }
}
