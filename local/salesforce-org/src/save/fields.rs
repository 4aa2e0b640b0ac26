//! Whether a request may set the fields that it names, and to these values.

use serde_json::{Map, Value};

use super::{Verb, values};
use crate::reply::Refusal;
use crate::schema::{Access, FieldSchema, ObjectSchema};
use crate::store::records::Record;

/// The fields of a body in Salesforce's spelling, each with a value of its type. Parents that are named by external id
/// stay under the name of their relationship.
pub(super) fn read(
    object: &ObjectSchema,
    verb: Verb,
    body: &Map<String, Value>,
) -> Result<Map<String, Value>, Refusal> {
    let mut fields = Map::new();
    let mut forbidden = Vec::new();
    for (name, value) in body.iter().filter(|(name, _)| *name != "attributes") {
        if let (Some(parent), Value::Object(_)) = (object.parent(name), value) {
            fields.insert(parent.relationship_name.clone().unwrap_or_default(), value.clone());
            continue;
        }
        let field = object.field(name).ok_or_else(|| no_such_column(object, name))?;
        let value = values::read(field, value)?;
        if !may_set(field, verb) {
            forbidden.push(field.name.as_str());
        }
        fields.insert(field.name.clone(), value);
    }
    if forbidden == ["Id"] && verb == Verb::Create {
        return Err(Refusal::record(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "cannot specify Id in an insert call",
            &["Id"],
        ));
    }
    if !forbidden.is_empty() {
        let message = format!(
            "Unable to create/update fields: {}. Please check the security settings of this field and verify that it \
             is read/write for your profile or permission set.",
            forbidden.join(", ")
        );
        return Err(Refusal::record("INVALID_FIELD_FOR_INSERT_UPDATE", message, &forbidden));
    }
    for (name, value) in &fields {
        if let Some(field) = object.field(name) {
            values::check(field, value)?;
        }
    }
    Ok(fields)
}

/// Refuses a record that lacks what it must have.
pub(super) fn require(object: &ObjectSchema, record: &Record) -> Result<(), Refusal> {
    let missing = |field: &&FieldSchema| field.required() && record[&field.name].is_null();
    let missing: Vec<_> = object.fields.iter().filter(missing).map(|field| field.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("Required fields are missing: [{}]", missing.join(", "));
    Err(Refusal::record("REQUIRED_FIELD_MISSING", message, &missing))
}

pub(crate) fn no_such_column(object: &ObjectSchema, name: &str) -> Refusal {
    let message = format!("No such column '{name}' on sobject of type {}", object.name);
    Refusal::bad_request("INVALID_FIELD", message)
}

fn may_set(field: &FieldSchema, verb: Verb) -> bool {
    match field.access {
        Access::Read => false,
        Access::Create => verb == Verb::Create,
        Access::Write => true,
    }
}
