//! What every record goes through on its way into the database, whoever sends it: what Salesforce checks, in its order.

use axum::http::StatusCode;
use serde_json::{Map, Value};

use crate::reply::Refusal;
use crate::schema::{FieldSchema, ObjectKind, ObjectSchema};
use crate::store::Db;
use crate::store::records::{self, Record};

mod duplicates;
mod fields;
mod references;
#[cfg(test)]
mod tests;
mod validation;
mod values;

pub(crate) use fields::no_such_column;

/// What a request says about duplicates, in the header `Sforce-Duplicate-Rule-Header`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Duplicates {
    /// Save a record although a rule that allows it finds others like it.
    pub(crate) allow_save: bool,
    /// Tell all fields of the records that are like it.
    pub(crate) include_record_details: bool,
}

/// What a request does to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Create,
    Update,
}

/// Creates a record.
pub(crate) fn create(
    db: &Db<'_>,
    object: &ObjectSchema,
    body: &Map<String, Value>,
    duplicates: Duplicates,
) -> Result<Record, Refusal> {
    let fields = fields::read(object, Verb::Create, body)?;
    let fields = references::resolve(db, object, fields)?;
    let created = records::blank(db, object).with(object, fields.clone());
    fields::require(object, &created)?;
    check(db, object, &created, &fields, duplicates)?;
    Ok(records::insert(db, &object.name, fields)?)
}

/// Changes a record.
pub(crate) fn update(
    db: &Db<'_>,
    object: &ObjectSchema,
    record: Record,
    body: &Map<String, Value>,
    duplicates: Duplicates,
) -> Result<Record, Refusal> {
    let changes = fields::read(object, Verb::Update, body)?;
    let changes = references::resolve(db, object, changes)?;
    let changed = record.with(object, changes.clone());
    fields::require(object, &changed)?;
    check(db, object, &changed, &changes, duplicates)?;
    Ok(records::update(db, record, changes)?)
}

/// Marks a record as deleted: only `queryAll` sees it from now on.
pub(crate) fn delete(db: &Db<'_>, record: Record) -> Result<(), Refusal> {
    records::update(db, record, records::fields([("IsDeleted", true.into())]))?;
    Ok(())
}

/// The record of this object with this id.
pub(crate) fn find(db: &Db<'_>, object: &ObjectSchema, id: &str) -> Result<Record, Refusal> {
    if object.kind == ObjectKind::PlatformEvent {
        return Err(Refusal::not_found());
    }
    let record = records::even_deleted(db, &object.name, id)?.ok_or_else(Refusal::not_found)?;
    if record.is_deleted() {
        let status = StatusCode::NOT_FOUND;
        return Err(Refusal::new(status, "ENTITY_IS_DELETED", "entity is deleted").about(&[]));
    }
    Ok(record)
}

/// The value of a key in a path, of the field's type.
pub(crate) fn key_value(field: &FieldSchema, text: &str) -> Result<Value, Refusal> {
    values::read(field, &text.into())
}

/// What cannot be checked field by field.
fn check(
    db: &Db<'_>,
    object: &ObjectSchema,
    record: &Record,
    changes: &Map<String, Value>,
    duplicates: Duplicates,
) -> Result<(), Refusal> {
    references::check(db, object, changes)?;
    validation::check(object, record)?;
    duplicates::unique(db, object, record, changes)?;
    duplicates::check(db, object, record, changes, duplicates)
}
