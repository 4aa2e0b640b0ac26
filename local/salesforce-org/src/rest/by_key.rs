//! Records by an external id.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::resource::{Call, Reply, Resource};
use super::sobjects::{answer, check_unchanged, refuse_in_body};
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::save;
use crate::schema::{FieldKind, FieldSchema, ObjectSchema};
use crate::store::records::{self, Record};

const PATH: &str = "/sobjects/{object}/{field}/{value}";
/// From this version on an update says what it did; before, its answer was empty.
const ANSWERS_UPDATES: u8 = 46;

pub(super) const RESOURCES: &[Resource] = &[
    Resource { method: Method::GET, path: PATH, operation: Operation::ReadRecord, run: read },
    Resource { method: Method::PATCH, path: PATH, operation: Operation::UpsertRecord, run: upsert },
    Resource { method: Method::DELETE, path: PATH, operation: Operation::DeleteRecord, run: delete },
];

fn read(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    match found(call, object)?.as_slice() {
        [] => Err(Refusal::not_found()),
        [record] => answer(call, object, record),
        several => Ok(choices(call, object, several)),
    }
}

fn delete(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    let mut found = found(call, object)?;
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(Refusal::not_found()),
        (Some(record), true) => {
            check_unchanged(call, &record)?;
            save::delete(call.db, record)?;
            Ok(Reply::empty(StatusCode::NO_CONTENT))
        }
        (Some(record), false) => {
            found.push(record);
            Ok(choices(call, object, &found))
        }
    }
}

fn upsert(call: &Call<'_>) -> Result<Reply, Refusal> {
    let object = call.object()?;
    let field = key(object, call.part(1))?;
    let body = call.json_object()?;
    refuse_in_body(&body, &field.name)?;
    let value = save::key_value(field, call.part(2))?;
    match put(call, object, field, &value, body)? {
        Upserted::Ambiguous(several) => Ok(choices(call, object, &several)),
        Upserted::Done { created: false, .. } if !answers_updates(call) => {
            Ok(Reply::empty(StatusCode::NO_CONTENT))
        }
        Upserted::Done { record, created } => {
            let status = if created { StatusCode::CREATED } else { StatusCode::OK };
            let body = json!({"id": record.id(), "success": true, "errors": [], "created": created});
            Ok(Reply::new(status, body))
        }
    }
}

/// What became of an upsert.
pub(super) enum Upserted {
    Done { record: Record, created: bool },
    Ambiguous(Vec<Record>),
}

/// Changes the record that has this key, or creates it.
pub(super) fn put(
    call: &Call<'_>,
    object: &ObjectSchema,
    field: &FieldSchema,
    value: &Value,
    mut body: Map<String, Value>,
) -> Result<Upserted, Refusal> {
    let mut found = having(call, object, field, value)?;
    match (found.pop(), found.is_empty()) {
        (None, _) if field.kind == FieldKind::Id => Err(Refusal::not_found()),
        (None, _) => {
            body.insert(field.name.clone(), value.clone());
            let record = save::create(call.db, object, &body, call.duplicates())?;
            Ok(Upserted::Done { record, created: true })
        }
        (Some(record), true) => {
            let record = save::update(call.db, object, record, &body, call.duplicates())?;
            Ok(Upserted::Done { record, created: false })
        }
        (Some(record), false) => {
            found.push(record);
            Ok(Upserted::Ambiguous(found))
        }
    }
}

/// A field that records can be found by.
pub(super) fn key<'a>(object: &'a ObjectSchema, name: &str) -> Result<&'a FieldSchema, Refusal> {
    object.field(name).filter(|field| field.finds_records()).ok_or_else(|| {
        let message = format!("Provided external ID field does not exist or is not accessible: {name}");
        Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    })
}

fn found(call: &Call<'_>, object: &ObjectSchema) -> Result<Vec<Record>, Refusal> {
    let field = key(object, call.part(1))?;
    having(call, object, field, &save::key_value(field, call.part(2))?)
}

fn having(
    call: &Call<'_>,
    object: &ObjectSchema,
    field: &FieldSchema,
    value: &Value,
) -> Result<Vec<Record>, Refusal> {
    if field.kind == FieldKind::Id {
        return save::find(call.db, object, value.as_str().unwrap_or_default()).map(|record| vec![record]);
    }
    Ok(records::matching(call.db, object, field, value)?)
}

/// 300: the records that the client must choose from.
fn choices(call: &Call<'_>, object: &ObjectSchema, records: &[Record]) -> Reply {
    let urls = records.iter().map(|record| call.path(&format!("/sobjects/{}/{}", object.name, record.id())));
    Reply::new(StatusCode::MULTIPLE_CHOICES, urls.collect::<Value>())
}

fn answers_updates(call: &Call<'_>) -> bool {
    let number = call.version.trim_start_matches('v').trim_end_matches(".0").parse::<u8>();
    number.is_ok_and(|number| number >= ANSWERS_UPDATES)
}
