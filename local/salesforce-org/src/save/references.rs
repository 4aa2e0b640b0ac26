//! References to other records.

use serde_json::{Map, Value};

use crate::ids;
use crate::reply::Refusal;
use crate::schema::{FieldSchema, ObjectSchema};
use crate::store::Db;
use crate::store::records;

/// The fields with every reference as an id of 18 characters, those that name their parent by external id included:
/// `{"Account": {"Code__c": "A-1"}}`.
pub(super) fn resolve(
    db: &Db<'_>,
    object: &ObjectSchema,
    fields: Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let mut resolved = Map::new();
    for (name, value) in fields {
        match (object.parent(&name), value) {
            (Some(field), Value::Object(key)) => {
                resolved.insert(field.name.clone(), parent_id(db, field, &key)?.into());
            }
            (_, Value::String(id)) if is_reference(object, &name) => {
                let id = ids::to_18(&id).unwrap_or(id);
                resolved.insert(name, id.into());
            }
            (_, value) => drop(resolved.insert(name, value)),
        }
    }
    Ok(resolved)
}

fn is_reference(object: &ObjectSchema, name: &str) -> bool {
    object.field(name).is_some_and(|field| !field.reference_to.is_empty())
}

fn parent_id(db: &Db<'_>, field: &FieldSchema, key: &Map<String, Value>) -> Result<String, Refusal> {
    let unclear = || {
        let message = format!("{}: a parent is named by one external id", field.label);
        Refusal::bad_request("INVALID_FIELD", message)
    };
    let mut key = key.iter().filter(|(name, _)| *name != "attributes");
    let (Some((name, value)), None) = (key.next(), key.next()) else { return Err(unclear()) };
    let mut found = Vec::new();
    for parent in field.reference_to.iter().filter_map(|parent| db.schema().object(parent)) {
        if let Some(by) = parent.field(name).filter(|by| by.finds_records()) {
            found.extend(records::matching(db, parent, by, value)?);
        }
    }
    match found.as_slice() {
        [parent] => Ok(parent.id().to_owned()),
        [] => {
            let entity = field.reference_to.join(", ");
            let message =
                format!("Foreign key external ID: {value} not found for field {name} in entity {entity}");
            Err(Refusal::record("INVALID_FIELD", message, &[]))
        }
        _ => {
            let message = format!("{name}: more than one record found for external id field: {value}");
            Err(Refusal::record("DUPLICATE_EXTERNAL_ID", message, &[]))
        }
    }
}

/// Refuses references to records of other objects, to records that do not exist, and to deleted ones.
pub(super) fn check(db: &Db<'_>, object: &ObjectSchema, changes: &Map<String, Value>) -> Result<(), Refusal> {
    for field in &object.fields {
        let Some(id) = changes.get(&field.name).and_then(Value::as_str) else { continue };
        if field.reference_to.is_empty() {
            continue;
        }
        let target = db.schema().object_of_id(id);
        let Some(target) = target.filter(|target| field.reference_to.contains(&target.name)) else {
            let message = format!("{}: id value of incorrect type: {id}", field.label);
            return Err(Refusal::record("FIELD_INTEGRITY_EXCEPTION", message, &[&field.name]));
        };
        match records::even_deleted(db, &target.name, id)? {
            Some(record) if !record.is_deleted() => {}
            Some(_) => return Err(Refusal::record("ENTITY_IS_DELETED", "entity is deleted", &[])),
            None => {
                return Err(Refusal::record(
                    "INVALID_CROSS_REFERENCE_KEY",
                    "invalid cross reference id",
                    &[],
                ));
            }
        }
    }
    Ok(())
}
