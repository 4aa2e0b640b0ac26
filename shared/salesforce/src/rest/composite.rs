//! Several operations in one request.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite_post.htm>

use super::collections::passes;
use super::get::{answer, relative};
use super::operations::{self, Operation};
use super::records::{field_list, is_plain, record};
use super::send::{Body, unsendable};
use super::{AllOrNone, Rest};
use crate::classify::{Api, classify};
use crate::http::Open;
use crate::reply::Reply;
use crate::soql::Soql;
use crate::{Error, FieldName, Fields, ObjectName, Private, RecordId};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::fmt;
use tokio::time::Instant;

/// Salesforce's limits for one request.
const MAX_SUBREQUESTS: usize = 25;
const MAX_QUERIES: usize = 5;

/// Up to 25 operations, up to 5 of them queries, executed in their order. They count as one API request.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// Whether one failure undoes everything.
    pub all_or_none: AllOrNone,
    /// In this order.
    pub subrequests: Vec<SubRequest>,
}

/// One of the operations.
///
/// To Salesforce a text `@{id.field}` is a reference to an earlier reply. Here [`SubRequest::refers`] alone makes
/// references: a value that looks like one is refused, for it may be what a caller typed.
#[derive(Debug, Clone, PartialEq)]
pub struct SubRequest {
    /// What the reply calls it: letters, digits and underscores, the first a letter.
    pub reference_id: String,
    /// What to do.
    pub operation: SubOperation,
    /// Fields to set to the id of the record that an earlier subrequest created.
    pub refers: Vec<(FieldName, String)>,
}

/// What one of the operations does, as the method of the same name of [`Rest`].
#[derive(Debug, Clone, PartialEq)]
pub enum SubOperation {
    /// Creates a record.
    Create(ObjectName, Fields),
    /// Reads a record; without names all fields.
    Read(ObjectName, RecordId, Vec<FieldName>),
    /// Sets fields of a record.
    Update(ObjectName, RecordId, Fields),
    /// Sets fields of the record with this external id, or creates it. The id here has letters, digits, `-` and `_` only.
    Upsert(ObjectName, FieldName, Private, Fields),
    /// Deletes a record. One that is deleted already is an error here.
    Delete(ObjectName, RecordId),
    /// The first page of a query.
    Query(Soql),
}

/// The reply to one of the operations.
#[derive(Clone, PartialEq, Deserialize)]
pub struct SubResponse {
    /// Of the subrequest.
    #[serde(rename = "referenceId")]
    pub reference_id: String,
    /// HTTP status.
    #[serde(rename = "httpStatusCode")]
    pub status: u16,
    /// As if it had been sent by itself.
    #[serde(default)]
    pub body: Value,
}

#[derive(Deserialize)]
struct CompositeReply {
    #[serde(rename = "compositeResponse")]
    responses: Vec<SubResponse>,
}

impl Rest {
    /// Executes several operations. One reply for each, in their order. Repeatable if all of them only read.
    pub async fn composite(
        &self,
        composite: &Composite,
        deadline: Instant,
    ) -> Result<Vec<SubResponse>, Error> {
        let reads = composite.subrequests.iter().all(|subrequest| subrequest.operation.reads());
        let operation = if reads { &operations::COMPOSITE_READS } else { &operations::COMPOSITE };
        composite.check().map_err(|problem| unsendable(operation, problem))?;
        let subrequests = composite
            .subrequests
            .iter()
            .map(|subrequest| self.wire(operation, subrequest))
            .collect::<Result<Vec<_>, _>>()?;
        let content = json!({"allOrNone": composite.all_or_none.is_set(), "compositeRequest": subrequests});
        let url = self.url(operation, &["composite"], &[])?;
        let body = Body::json(operation, &content)?;
        let open = composite.all_or_none.is_set().then_some(undone as Open);
        let CompositeReply { responses } =
            self.send(operation, url, Some(body), open, deadline).await?.json()?;
        Ok(responses)
    }

    fn wire(&self, operation: &Operation, subrequest: &SubRequest) -> Result<Value, Error> {
        let (method, path, query, fields) = subrequest.operation.parts();
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let url = self.url(operation, &path, &query)?;
        let mut wire = json!({
            "method": method.as_str(), "url": relative(&url), "referenceId": subrequest.reference_id,
        });
        if let Some(mut fields) = fields {
            for (field, earlier) in &subrequest.refers {
                fields.insert(field.as_str().to_owned(), format!("@{{{earlier}.id}}").into());
            }
            wire["body"] = fields.into();
        }
        Ok(wire)
    }
}

impl Composite {
    fn check(&self) -> Result<(), &'static str> {
        let queries = self.subrequests.iter().filter(|sub| matches!(sub.operation, SubOperation::Query(_)));
        if !(1..=MAX_SUBREQUESTS).contains(&self.subrequests.len()) {
            return Err("it has no subrequests, or more than 25");
        }
        if queries.count() > MAX_QUERIES {
            return Err("it has more than 5 queries");
        }
        let mut earlier = HashSet::new();
        for SubRequest { reference_id, operation, refers } in &self.subrequests {
            if FieldName::parse(reference_id).is_err() || !refers.iter().all(|(_, id)| earlier.contains(id)) {
                return Err("a reference id is no identifier, or is referred to before it is there");
            }
            if !earlier.insert(reference_id.clone()) {
                return Err("two subrequests have the same reference id");
            }
            operation.check()?;
        }
        Ok(())
    }
}

/// Method, path, query and body of a subrequest.
type Parts = (Method, Vec<String>, Option<(&'static str, String)>, Option<Map<String, Value>>);

impl SubOperation {
    fn reads(&self) -> bool {
        matches!(self, Self::Read(..) | Self::Query(_))
    }

    fn check(&self) -> Result<(), &'static str> {
        let refers = match self {
            Self::Create(_, fields) | Self::Update(_, _, fields) | Self::Upsert(_, _, _, fields) => {
                Value::Object(fields.0.clone()).to_string().contains("@{")
            }
            Self::Query(query) => query.as_str().contains("@{"),
            Self::Read(..) | Self::Delete(..) => false,
        };
        match self {
            _ if refers => Err("a value contains @{, which Salesforce would take for a reference"),
            Self::Upsert(_, _, value, _) if value.as_str().is_empty() || !is_plain(value.as_str()) => {
                Err("an external id is empty, or has other characters than letters, digits, '-' and '_'")
            }
            _ => Ok(()),
        }
    }

    fn parts(&self) -> Parts {
        let path = |parts: &[&str]| ["sobjects"].iter().chain(parts).map(|part| (*part).to_owned()).collect();
        match self {
            Self::Create(object, fields) => {
                (Method::POST, path(&[object.as_str()]), None, Some(record(fields, &[])))
            }
            Self::Read(object, id, fields) => {
                let query = (!fields.is_empty()).then(|| ("fields", field_list(fields)));
                (Method::GET, path(&[object.as_str(), id.as_str()]), query, None)
            }
            Self::Update(object, id, fields) => {
                (Method::PATCH, path(&[object.as_str(), id.as_str()]), None, Some(record(fields, &["Id"])))
            }
            Self::Upsert(object, field, value, fields) => {
                let path = path(&[object.as_str(), field.as_str(), value.as_str()]);
                (Method::PATCH, path, None, Some(record(fields, &["Id", field.as_str()])))
            }
            Self::Delete(object, id) => (Method::DELETE, path(&[object.as_str(), id.as_str()]), None, None),
            Self::Query(query) => {
                (Method::GET, vec!["query".to_owned()], Some(("q", query.as_str().to_owned())), None)
            }
        }
    }
}

impl SubResponse {
    /// Why the operation failed, if it did: the same error as if it had been sent by itself.
    pub fn error(&self) -> Option<Error> {
        let name = operations::COMPOSITE.name;
        self.failed().then(|| classify(name, Api::Rest, self.status, None, self.body.to_string().as_bytes()))
    }

    fn failed(&self) -> bool {
        !(200..300).contains(&self.status)
    }
}

/// All or none: if one operation failed for a reason that passes (a lock), everything was undone, and the whole request
/// may be repeated.
fn undone(reply: Reply) -> Result<(u16, Vec<u8>), Error> {
    let CompositeReply { responses } = reply.json()?;
    let mut failed = responses.iter().filter(|response| response.failed());
    match failed.find(|response| passes(reply.operation, response.status, &response.body)) {
        Some(response) => answer(&reply, response.status, &response.body),
        None => Ok((reply.status, reply.body)),
    }
}

impl fmt::Debug for SubResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubResponse")
            .field("reference_id", &self.reference_id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
