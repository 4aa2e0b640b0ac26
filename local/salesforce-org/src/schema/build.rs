//! Putting a schema together: what every object has, key prefixes, and relationships seen from the other side.

use anyhow::{Context, bail, ensure};
use serde_json::Value;

use super::config::label_of;
use super::field::{Access, FieldKind, FieldSchema};
use super::object::{ChildRelationship, ObjectKind, ObjectSchema};

/// The standard objects with the custom ones, complete and checked, in the order of their names.
pub(super) fn complete(
    mut objects: Vec<ObjectSchema>,
    custom: &[ObjectSchema],
) -> anyhow::Result<Vec<ObjectSchema>> {
    let mut custom_objects = 0;
    for added in custom {
        for field in &added.fields {
            ensure!(field.is_custom(), "{}.{}: a field that is added ends in __c", added.name, field.name);
        }
        if let Some(known) = objects.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&added.name)) {
            known.fields.extend(added.fields.iter().cloned());
            known.validation_rules.extend(added.validation_rules.iter().cloned());
            known.duplicate_rules.extend(added.duplicate_rules.iter().cloned());
        } else {
            objects.push(custom_object(added, custom_objects)?);
            custom_objects += 1;
        }
    }
    objects.iter_mut().for_each(add_common);
    lead_to_custom_objects(&mut objects);
    objects.sort_by(|one, other| one.name.cmp(&other.name));
    let children: Vec<_> = objects.iter().flat_map(references).collect();
    for (parent, child) in children {
        let parent = objects.iter_mut().find(|object| object.name == parent);
        let parent = parent
            .with_context(|| format!("{}.{} leads to an unknown object", child.child_object, child.field))?;
        if !child.relationship_name.is_empty() {
            parent.children.push(child);
        }
    }
    objects.iter().try_for_each(check)?;
    Ok(objects)
}

fn custom_object(added: &ObjectSchema, number: usize) -> anyhow::Result<ObjectSchema> {
    let name = &added.name;
    ensure!(
        name.ends_with("__c") || name.ends_with("__e"),
        "{name}: an object that is added ends in __c or __e"
    );
    let mut object = added.clone();
    if name.ends_with("__e") {
        object.kind = ObjectKind::PlatformEvent;
    }
    if object.key_prefix.is_empty() {
        object.key_prefix = custom_prefix(number).context("too many custom objects")?;
    }
    object.owned = object.kind == ObjectKind::Record;
    Ok(object)
}

/// `a00`, `a01` … `a0z`, `a10` …
fn custom_prefix(number: usize) -> Option<String> {
    let digit = |number: usize| char::from_digit(u32::try_from(number).ok()?, 36);
    Some(format!("a{}{}", digit(number / 36)?, digit(number % 36)?))
}

/// A reference that may lead to any custom object is written as one to `*__c`.
fn lead_to_custom_objects(objects: &mut [ObjectSchema]) {
    let custom: Vec<_> =
        objects.iter().filter(|object| object.is_custom()).map(|object| object.name.clone()).collect();
    for field in objects.iter_mut().flat_map(|object| &mut object.fields) {
        if let Some(place) = field.reference_to.iter().position(|name| name == "*__c") {
            field.reference_to.splice(place..=place, custom.iter().cloned());
        }
    }
}

fn add_common(object: &mut ObjectSchema) {
    if object.label.is_empty() {
        object.label = label_of(&object.name);
    }
    if object.label_plural.is_empty() {
        object.label_plural = format!("{}s", object.label);
    }
    let mut fields = vec![common("Id", FieldKind::Id)];
    if object.kind == ObjectKind::Record {
        fields.push(common("IsDeleted", FieldKind::Boolean));
    }
    if object.name_field.is_empty() {
        object.name_field = "Name".to_owned();
        if object.is_custom() && object.field("Name").is_none() {
            let kind = FieldKind::Text { length: 80 };
            fields.push(FieldSchema { access: Access::Write, nillable: true, ..common("Name", kind) });
        }
    }
    if object.owned {
        let owner = reference("OwnerId", &["Group", "User"]);
        fields.push(FieldSchema { access: Access::Write, ..owner });
    }
    fields.append(&mut object.fields);
    fields.push(common("CreatedDate", FieldKind::DateTime));
    fields.push(reference("CreatedById", &["User"]));
    if object.kind == ObjectKind::Record {
        fields.push(common("LastModifiedDate", FieldKind::DateTime));
        fields.push(reference("LastModifiedById", &["User"]));
        fields.push(common("SystemModstamp", FieldKind::DateTime));
    }
    object.fields = fields;
}

/// A field that the org writes.
fn common(name: &str, kind: FieldKind) -> FieldSchema {
    FieldSchema {
        name: name.to_owned(),
        label: label_of(name),
        nillable: false,
        unique: false,
        external_id: false,
        id_lookup: kind == FieldKind::Id,
        default: (kind == FieldKind::Boolean).then_some(Value::Bool(false)),
        kind,
        access: Access::Read,
        formula: None,
        relationship_name: None,
        reference_to: Vec::new(),
        child_relationship_name: None,
    }
}

fn reference(name: &str, to: &[&str]) -> FieldSchema {
    FieldSchema {
        relationship_name: name.strip_suffix("Id").map(str::to_owned),
        reference_to: to.iter().map(|name| (*name).to_owned()).collect(),
        ..common(name, FieldKind::Reference)
    }
}

/// Each parent with the reference that leads to it; without a relationship name if queries have none for it.
fn references(object: &ObjectSchema) -> impl Iterator<Item = (String, ChildRelationship)> {
    object.fields.iter().flat_map(|field| {
        field.reference_to.iter().map(|parent| {
            let child = ChildRelationship {
                relationship_name: field.child_relationship_name.clone().unwrap_or_default(),
                child_object: object.name.clone(),
                field: field.name.clone(),
            };
            (parent.clone(), child)
        })
    })
}

fn check(object: &ObjectSchema) -> anyhow::Result<()> {
    let name = &object.name;
    ensure!(is_identifier(name), "{name:?} cannot be the name of an object");
    ensure!(
        object.key_prefix.len() == 3 && object.key_prefix.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{name}: a key prefix has three letters or digits"
    );
    for (place, field) in object.fields.iter().enumerate() {
        ensure!(is_identifier(&field.name), "{name}: {:?} cannot be the name of a field", field.name);
        let same = object.fields[..place].iter().any(|other| other.name.eq_ignore_ascii_case(&field.name));
        ensure!(!same, "{name} has two fields {}", field.name);
    }
    let compared = object.duplicate_rules.iter().flat_map(|rule| &rule.fields);
    let looked_at = object.validation_rules.iter().map(|rule| &rule.condition.field);
    for field in compared.chain(looked_at) {
        if object.field(field).is_none() {
            bail!("{name}: a rule names {field}, which is no field");
        }
    }
    Ok(())
}

/// The names that Salesforce takes. They are also what keeps a field's name harmless where SQL holds it.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.len() <= 80
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
