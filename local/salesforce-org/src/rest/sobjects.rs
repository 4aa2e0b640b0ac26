//! Records by their id.

use axum::http::{Method, StatusCode};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::resource::{Call, Reply, Resource};
use crate::ids;
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::save;
use crate::schema::{ObjectKind, ObjectSchema};
use crate::store::records::Record;

const PATH: &str = "/sobjects/{object}/{id}";

pub(super) const RESOURCES: &[Resource] = &[
    Resource {
        method: Method::POST,
        path: "/sobjects/{object}",
        operation: Operation::CreateRecord,
        run: create,
    },
    Resource { method: Method::GET, path: PATH, operation: Operation::ReadRecord, run: read },
    Resource { method: Method::PATCH, path: PATH, operation: Operation::UpdateRecord, run: update },
    Resource { method: Method::DELETE, path: PATH, operation: Operation::DeleteRecord, run: delete },
];

fn create(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    let record = save::create(call.db, object, &call.json_object()?, call.duplicates())?;
    Ok(Reply::new(StatusCode::CREATED, created(object, &record)))
}

/// What is told of a new record. An event is only taken on: the message is the id of the operation.
pub(super) fn created(object: &ObjectSchema, record: &Record) -> Value {
    let errors = match object.kind {
        ObjectKind::Record => json!([]),
        ObjectKind::PlatformEvent => {
            let message = Uuid::new_v4().to_string();
            json!([{"statusCode": "OPERATION_ENQUEUED", "message": message, "fields": []}])
        }
    };
    json!({"id": record.id(), "success": true, "errors": errors})
}

fn read(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    answer(call, object, &find(call, object)?)
}

fn update(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    let record = find(call, object)?;
    let body = call.json_object()?;
    check_unchanged(call, &record)?;
    refuse_in_body(&body, "Id")?;
    save::update(call.db, object, record, &body, call.duplicates())?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let record = find(call, call.object()?)?;
    check_unchanged(call, &record)?;
    save::delete(call.db, record)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

fn find(call: &Call<'_>, object: &ObjectSchema) -> Result<Record, Refusal> {
    let id = call.part(1);
    if !matches!(id.len(), 15 | 18) {
        let message = format!("Provided external ID field does not exist or is not accessible: {id}");
        return Err(Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", message));
    }
    if ids::to_18(id).is_none() {
        return Err(Refusal::bad_request("MALFORMED_ID", format!("malformed id {id}")));
    }
    save::find(call.db, object, id)
}

/// What the path says is not said again in the body.
pub(super) fn refuse_in_body(body: &Map<String, Value>, field: &str) -> Result<(), Refusal> {
    if body.keys().any(|name| name.eq_ignore_ascii_case(field)) {
        let message = format!("The {field} field should not be specified in the sobject data.");
        return Err(Refusal::bad_request("INVALID_FIELD", message));
    }
    Ok(())
}

/// A record as the answer to a read, or 304 if it has not changed since the client last saw it.
pub(super) fn answer(call: &Call<'_>, object: &ObjectSchema, record: &Record) -> Result<Reply, Refusal> {
    let modified = modified(record);
    if header_time(call, "if-modified-since").is_some_and(|seen| modified <= seen) {
        return Ok(Reply::empty(StatusCode::NOT_MODIFIED));
    }
    check_unchanged(call, record)?;
    let fields = call.parameter("fields");
    let fields: Option<Vec<_>> = fields.as_ref().map(|fields| fields.split(',').map(str::trim).collect());
    let body = shown(call, object, record, fields.as_deref())?;
    let last_modified = Some(modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    Ok(Reply { last_modified, ..Reply::ok(body) })
}

/// These fields of a record and its id, or all.
pub(super) fn shown(
    call: &Call<'_>,
    object: &ObjectSchema,
    record: &Record,
    fields: Option<&[&str]>,
) -> Result<Value, Refusal> {
    let attributes = call.attributes(&object.name, record.id());
    let mut shown = Map::from_iter([("attributes".to_owned(), attributes)]);
    match fields {
        Some(names) => {
            for name in names {
                let field = object.field(name).ok_or_else(|| save::no_such_column(object, name))?;
                shown.insert(field.name.clone(), record[&field.name].clone());
            }
            shown.insert("Id".to_owned(), record.id().into());
        }
        None => {
            let all = object.fields.iter().map(|field| (field.name.clone(), record[&field.name].clone()));
            shown.extend(all);
            // What a call's attributes brought along without being a field of the schema.
            shown.extend(record.fields().clone());
        }
    }
    Ok(Value::Object(shown))
}

/// Refuses to touch a record that has changed since the client last saw it.
pub(super) fn check_unchanged(call: &Call<'_>, record: &Record) -> Result<(), Refusal> {
    match header_time(call, "if-unmodified-since") {
        Some(seen) if modified(record) > seen => {
            let message = "The record has been modified since the time in If-Unmodified-Since";
            Err(Refusal::new(StatusCode::PRECONDITION_FAILED, "PRECONDITION_FAILED", message))
        }
        _ => Ok(()),
    }
}

/// When a record was last changed, in whole seconds as headers tell it.
fn modified(record: &Record) -> DateTime<Utc> {
    let modified = record.time("LastModifiedDate").unwrap_or_default();
    DateTime::from_timestamp(modified.timestamp(), 0).unwrap_or(modified)
}

fn header_time(call: &Call<'_>, name: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc2822(call.header(name)?).ok()?.to_utc())
}
