//! Unique fields and duplicate rules.

use serde_json::{Map, Value, json};

use super::Duplicates;
use crate::reply::Refusal;
use crate::schema::{DuplicateRule, ObjectSchema};
use crate::store::Db;
use crate::store::records::{self, Record};

/// Refuses a value that another record has in a unique field.
pub(super) fn unique(
    db: &Db<'_>,
    object: &ObjectSchema,
    record: &Record,
    changes: &Map<String, Value>,
) -> Result<(), Refusal> {
    for field in object.fields.iter().filter(|field| field.unique) {
        let Some(value) = changes.get(&field.name) else { continue };
        let others = records::matching(db, object, field, value)?;
        if let Some(other) = others.iter().find(|other| other.id() != record.id()) {
            let id = other.id().get(..15).unwrap_or_default();
            let message =
                format!("duplicate value found: {} duplicates value on record with id: {id}", field.name);
            return Err(Refusal::record("DUPLICATE_VALUE", message, &[]));
        }
    }
    Ok(())
}

/// Refuses a record that a duplicate rule finds others like, unless rule and request allow it.
pub(super) fn check(
    db: &Db<'_>,
    object: &ObjectSchema,
    record: &Record,
    changes: &Map<String, Value>,
    duplicates: Duplicates,
) -> Result<(), Refusal> {
    for rule in &object.duplicate_rules {
        let concerned = rule.fields.iter().filter_map(|name| object.field(name));
        if !concerned.clone().any(|field| changes.contains_key(&field.name)) {
            continue;
        }
        let mut alike: Option<Vec<Record>> = None;
        for field in concerned {
            let mut same = records::matching(db, object, field, &record[&field.name])?;
            same.retain(|other| {
                other.id() != record.id()
                    && alike.as_ref().is_none_or(|alike| alike.iter().any(|one| one.id() == other.id()))
            });
            alike = Some(same);
        }
        let alike = alike.unwrap_or_default();
        if !(alike.is_empty() || (rule.allow_save && duplicates.allow_save)) {
            return Err(found(object, rule, &alike, duplicates.include_record_details));
        }
    }
    Ok(())
}

fn found(object: &ObjectSchema, rule: &DuplicateRule, alike: &[Record], details: bool) -> Refusal {
    const MESSAGE: &str = "Use one of these records?";
    let matches: Vec<_> = alike
        .iter()
        .map(|record| {
            let mut fields = if details { record.fields().clone() } else { Map::new() };
            fields.insert("attributes".to_owned(), json!({"type": object.name}));
            fields.insert("Id".to_owned(), record.id().into());
            json!({"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0, "record": fields})
        })
        .collect();
    let result = json!({
        "entityType": object.name,
        "errors": [],
        "matchEngine": "ExactMatchEngine",
        "matchRecords": matches,
        "rule": rule.name,
        "size": alike.len(),
        "success": true,
    });
    let mut refusal = Refusal::bad_request("DUPLICATES_DETECTED", MESSAGE);
    refusal.duplicates = Some(json!({
        "allowSave": rule.allow_save,
        "duplicateRule": rule.name,
        "duplicateRuleEntityType": object.name,
        "errorMessage": MESSAGE,
        "matchResults": [result],
    }));
    refusal
}
