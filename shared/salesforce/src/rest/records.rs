//! One record at a time.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_basic_info.htm>,
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_upsert.htm>

use super::collections::single;
use super::get::Carrier;
use super::operations::{self, Operation};
use super::send::{Body, unsendable};
use super::{Rest, SaveError};
use crate::reply::Reply;
use crate::{Error, FieldName, Fields, ObjectName, RecordId};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

/// Reply to creation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Created {
    /// Of the record, or of a platform event.
    pub id: String,
    /// What Salesforce has to say all the same: of a platform event that it is `OPERATION_ENQUEUED`.
    #[serde(default)]
    pub errors: Vec<SaveError>,
}

/// Reply to an upsert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upserted {
    /// Of the record.
    pub id: String,
    /// Whether there was none before.
    pub created: bool,
}

#[derive(Deserialize)]
struct UpsertReply {
    id: String,
    /// Since version 46.
    created: Option<bool>,
}

#[derive(Deserialize)]
struct Identified {
    #[serde(rename = "Id")]
    id: String,
}

impl Rest {
    /// Creates a record, or publishes a platform event. Not repeated if it may have been executed.
    pub async fn create(
        &self,
        object: &ObjectName,
        fields: &Fields,
        deadline: Instant,
    ) -> Result<Created, Error> {
        let path = ["sobjects", object.as_str()];
        self.write(&operations::CREATE, &path, &record(fields, &[]), deadline).await?.json()
    }

    /// Reads a record: these fields, or all that the user may see if none is named.
    pub async fn read(
        &self,
        object: &ObjectName,
        id: &RecordId,
        fields: &[FieldName],
        deadline: Instant,
    ) -> Result<Fields, Error> {
        let operation = &operations::READ;
        let names = field_list(fields);
        let query = [("fields", names.as_str())];
        let query = if fields.is_empty() { &[] } else { &query[..] };
        let url = self.url(operation, &["sobjects", object.as_str(), id.as_str()], query)?;
        self.get(operation, url, Carrier::Composite, deadline).await?.json()
    }

    /// Sets fields of a record. Repeatable.
    pub async fn update(
        &self,
        object: &ObjectName,
        id: &RecordId,
        fields: &Fields,
        deadline: Instant,
    ) -> Result<(), Error> {
        let path = ["sobjects", object.as_str(), id.as_str()];
        done(&self.write(&operations::UPDATE, &path, &record(fields, &["Id"]), deadline).await?)
    }

    /// Sets fields of the record that has `value` in its external-id field, and creates it if there is none.
    /// Repeatable, and the way to create repeatably.
    ///
    /// # Errors
    /// [`Error::Refused`] with status 300 (or the code `DUPLICATE_EXTERNAL_ID`) if several records have the value.
    pub async fn upsert(
        &self,
        object: &ObjectName,
        external_id_field: &FieldName,
        value: &str,
        fields: &Fields,
        deadline: Instant,
    ) -> Result<Upserted, Error> {
        let operation = &operations::UPSERT;
        if value.trim().is_empty() {
            return Err(unsendable(operation, "the external id is empty"));
        }
        let fields = record(fields, &["Id", external_id_field.as_str()]);
        if !is_plain(value) {
            return self.upsert_in_body(operation, object, external_id_field, value, fields, deadline).await;
        }
        let path = ["sobjects", object.as_str(), external_id_field.as_str(), value];
        let reply = self.write(operation, &path, &fields, deadline).await?;
        if !reply.is_empty() {
            let UpsertReply { id, created } = reply.json()?;
            return Ok(Upserted { id, created: created.unwrap_or(reply.status == 201) });
        }
        // Before version 46 an update is answered with nothing (204).
        let operation = &operations::UPSERTED_ID;
        let url = self.url(operation, &path, &[("fields", "Id")])?;
        let Identified { id } = self.get(operation, url, Carrier::Composite, deadline).await?.json()?;
        Ok(Upserted { id, created: false })
    }

    /// A value in the path is at the mercy of everything that reads paths on the way: `%2F` is refused or unescaped,
    /// what follows a dot is taken for a format (`.json`) or refused as a file type. Such a value goes into the body of
    /// an upsert of several records, which are one.
    async fn upsert_in_body(
        &self,
        operation: &Operation,
        object: &ObjectName,
        external_id_field: &FieldName,
        value: &str,
        mut fields: Map<String, Value>,
        deadline: Instant,
    ) -> Result<Upserted, Error> {
        fields.insert("attributes".to_owned(), json!({"type": object}));
        fields.insert(external_id_field.as_str().to_owned(), value.into());
        let path = ["composite", "sobjects", object.as_str(), external_id_field.as_str()];
        let url = self.url(operation, &path, &[])?;
        let body = Body::json(operation, &json!({"allOrNone": true, "records": [fields]}))?;
        let reply = self.send(operation, url, Some(body), Some(single), deadline).await?;
        let UpsertReply { id, created } = reply.json()?;
        Ok(Upserted { id, created: created.unwrap_or_default() })
    }

    /// Deletes a record. Repeatable: that the record is deleted already (404 `ENTITY_IS_DELETED`) is taken as done.
    ///
    /// A plain `NOT_FOUND` is an error even when the request was repeated. For the few objects without a recycle bin it
    /// may come from our own first attempt; but it is also what a wrong id gets, and to report that as deleted would be
    /// the worse mistake.
    pub async fn delete(&self, object: &ObjectName, id: &RecordId, deadline: Instant) -> Result<(), Error> {
        let operation = &operations::DELETE;
        let url = self.url(operation, &["sobjects", object.as_str(), id.as_str()], &[])?;
        match self.send(operation, url, None, None, deadline).await {
            Err(Error::Refused { code: Some(code), .. }) if code == "ENTITY_IS_DELETED" => Ok(()),
            result => done(&result?),
        }
    }
}

/// There is nothing to read (204). Should there be something all the same, it must not be a web page: that comes from
/// something in between, and says nothing about the record.
fn done(reply: &Reply) -> Result<(), Error> {
    if reply.is_empty() { Ok(()) } else { reply.json::<Value>().map(|_| ()) }
}

/// The fields to send, without those that are said elsewhere: `attributes`, which every record that was read has and
/// which names its object, and the given ones.
pub(super) fn record(fields: &Fields, without: &[&str]) -> Map<String, Value> {
    let is_said = |name: &str| {
        name.eq_ignore_ascii_case("attributes") || without.iter().any(|said| name.eq_ignore_ascii_case(said))
    };
    fields
        .0
        .iter()
        .filter(|(name, _)| !is_said(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

pub(super) fn field_list(fields: &[FieldName]) -> String {
    fields.iter().map(FieldName::as_str).collect::<Vec<_>>().join(",")
}

/// Whether nothing on the way can misread it within a path.
pub(super) fn is_plain(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
