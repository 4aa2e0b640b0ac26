//! Up to 200 records in one request.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm>

use super::get::answer;
use super::operations::{self, Operation};
use super::records::record;
use super::send::{Body, unsendable};
use super::{Rest, SaveResult};
use crate::classify::{Api, classify};
use crate::http::Open;
use crate::reply::Reply;
use crate::{Error, FieldName, Fields, ObjectName, Outcome, RecordId, UnreadableProblem};
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use url::Url;

/// As many records Salesforce takes in one request; more are for the caller to split: `records.chunks(MAX_RECORDS)`.
pub const MAX_RECORDS: usize = 200;

/// What happens to the others when one record fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllOrNone {
    /// Nothing is saved.
    Yes,
    /// They are saved.
    No,
}

impl AllOrNone {
    pub(super) fn is_set(self) -> bool {
        self == Self::Yes
    }
}

impl Rest {
    /// Creates records, also of several objects. One result for each, in their order. Not repeated if it may have been
    /// executed.
    pub async fn create_records(
        &self,
        all_or_none: AllOrNone,
        records: &[(ObjectName, Fields)],
        deadline: Instant,
    ) -> Result<Vec<SaveResult>, Error> {
        let records = records.iter().map(|(object, fields)| typed(object, record(fields, &[]))).collect();
        self.save(&operations::CREATE_RECORDS, &[], all_or_none, records, deadline).await
    }

    /// Sets fields of records, also of several objects. One result for each, in their order. Repeatable.
    pub async fn update_records(
        &self,
        all_or_none: AllOrNone,
        records: &[(ObjectName, RecordId, Fields)],
        deadline: Instant,
    ) -> Result<Vec<SaveResult>, Error> {
        let identified = |(object, id, fields): &(ObjectName, RecordId, Fields)| {
            let mut record = typed(object, record(fields, &["Id"]));
            record.insert("id".to_owned(), id.as_str().into());
            record
        };
        let records = records.iter().map(identified).collect();
        self.save(&operations::UPDATE_RECORDS, &[], all_or_none, records, deadline).await
    }

    /// Upserts records of one object by a value of its external-id field. One result for each, in their order.
    /// Repeatable.
    pub async fn upsert_records(
        &self,
        object: &ObjectName,
        external_id_field: &FieldName,
        all_or_none: AllOrNone,
        records: &[(String, Fields)],
        deadline: Instant,
    ) -> Result<Vec<SaveResult>, Error> {
        let operation = &operations::UPSERT_RECORDS;
        if records.iter().any(|(value, _)| value.trim().is_empty()) {
            return Err(unsendable(operation, "an external id is empty"));
        }
        let named = |(value, fields): &(String, Fields)| {
            let mut record = typed(object, record(fields, &["Id", external_id_field.as_str()]));
            record.insert(external_id_field.as_str().to_owned(), value.as_str().into());
            record
        };
        let records = records.iter().map(named).collect();
        let path = [object.as_str(), external_id_field.as_str()];
        self.save(operation, &path, all_or_none, records, deadline).await
    }

    /// Deletes records, also of several objects. One result for each, in their order. Repeatable: a record that is
    /// deleted already counts as a success.
    pub async fn delete_records(
        &self,
        all_or_none: AllOrNone,
        ids: &[RecordId],
        deadline: Instant,
    ) -> Result<Vec<SaveResult>, Error> {
        let operation = &operations::DELETE_RECORDS;
        check_number(operation, ids.len())?;
        let ids = ids.iter().map(RecordId::as_str).collect::<Vec<_>>().join(",");
        let all_or_none_text = if all_or_none.is_set() { "true" } else { "false" };
        let query = [("ids", ids.as_str()), ("allOrNone", all_or_none_text)];
        let url = self.url(operation, &["composite", "sobjects"], &query)?;
        let mut results = self.results(operation, url, None, all_or_none, deadline).await?;
        for result in &mut results {
            let is_deleted = |result: &SaveResult| {
                !result.errors.is_empty()
                    && result.errors.iter().all(|error| error.status_code == "ENTITY_IS_DELETED")
            };
            result.success |= is_deleted(result);
        }
        Ok(results)
    }

    async fn save(
        &self,
        operation: &Operation,
        below: &[&str],
        all_or_none: AllOrNone,
        records: Vec<Map<String, Value>>,
        deadline: Instant,
    ) -> Result<Vec<SaveResult>, Error> {
        check_number(operation, records.len())?;
        let url = self.url(operation, &[&["composite", "sobjects"], below].concat(), &[])?;
        let content = json!({"allOrNone": all_or_none.is_set(), "records": records});
        let body = Body::json(operation, &content)?;
        self.results(operation, url, Some(body), all_or_none, deadline).await
    }

    async fn results(
        &self,
        operation: &Operation,
        url: Url,
        body: Option<Body>,
        all_or_none: AllOrNone,
        deadline: Instant,
    ) -> Result<Vec<SaveResult>, Error> {
        let open = all_or_none.is_set().then_some(undone as Open);
        self.send(operation, url, body, open, deadline).await?.json()
    }
}

fn check_number(operation: &Operation, records: usize) -> Result<(), Error> {
    match records {
        0 => Err(unsendable(operation, "it has no records")),
        1..=MAX_RECORDS => Ok(()),
        _ => Err(unsendable(operation, "it has more than 200 records: split them")),
    }
}

fn typed(object: &ObjectName, mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.insert("attributes".to_owned(), json!({"type": object}));
    fields
}

/// The result of the only record, as if it had been saved by itself.
pub(super) fn single(reply: Reply) -> Result<(u16, Vec<u8>), Error> {
    let [result]: [Value; 1] = reply.json()?;
    match result.get("success").and_then(Value::as_bool) {
        Some(true) => answer(&reply, reply.status, &result),
        Some(false) => answer(&reply, 400, result.get("errors").unwrap_or(&Value::Null)),
        None => Err(reply.unreadable(UnreadableProblem::Field("[0].success".to_owned()))),
    }
}

/// All or none: if one record failed for a reason that passes (a lock), everything was undone, and the whole request
/// may be repeated.
fn undone(reply: Reply) -> Result<(u16, Vec<u8>), Error> {
    let results: Vec<Value> = reply.json()?;
    let errors = results.iter().filter_map(|result| result.get("errors"));
    match errors.into_iter().find(|errors| passes(reply.operation, 400, errors)) {
        Some(errors) => answer(&reply, 400, errors),
        None => Ok((reply.status, reply.body)),
    }
}

/// Whether an answer within an envelope tells of trouble that passes.
pub(super) fn passes(operation: &'static str, status: u16, body: &Value) -> bool {
    let error = classify(operation, Api::Rest, status, None, body.to_string().as_bytes());
    matches!(error, Error::Unavailable { outcome: Outcome::NotExecuted, .. })
}
