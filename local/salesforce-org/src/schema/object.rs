//! What an object is like.

use std::str::FromStr;

use anyhow::Context;
use serde::Deserialize;
use serde_json::Value;

use super::field::FieldSchema;

/// One object: its fields, its relationships and its rules. It is written down in YAML (or JSON, which is YAML) and
/// read with `parse`, e.g. `{name: Ticket__c, fields: [{name: Tier__c, type: picklist, values: [Gold, Silver]}]}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectSchema {
    /// The API name, e.g. `Account` or `Ticket__c`.
    pub name: String,
    /// What its ids begin with: three characters. Those of custom objects are given out from `a00` on.
    #[serde(default)]
    pub key_prefix: String,
    /// What people see.
    #[serde(default)]
    pub label: String,
    /// What people see where there are several.
    #[serde(default)]
    pub label_plural: String,
    /// Whether its records are kept.
    #[serde(default)]
    pub kind: ObjectKind,
    /// Whether its records belong to a user or a queue, and so have an `OwnerId`.
    #[serde(default)]
    pub owned: bool,
    /// The field that names a record.
    #[serde(default)]
    pub name_field: String,
    /// The fields. Those that every object has are added when the org starts.
    #[serde(default)]
    pub fields: Vec<FieldSchema>,
    /// What stops a record from being saved.
    #[serde(default)]
    pub validation_rules: Vec<ValidationRule>,
    /// What makes two records the same.
    #[serde(default)]
    pub duplicate_rules: Vec<DuplicateRule>,
    /// The references of other objects that lead here: found when the org starts.
    #[serde(skip)]
    pub children: Vec<ChildRelationship>,
}

impl ObjectSchema {
    /// The field of this name, in any letter case.
    pub fn field(&self, name: &str) -> Option<&FieldSchema> {
        self.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The reference of this relationship name, in any letter case.
    pub fn parent(&self, relationship_name: &str) -> Option<&FieldSchema> {
        let named = |name: &String| name.eq_ignore_ascii_case(relationship_name);
        self.fields.iter().find(|field| field.relationship_name.as_ref().is_some_and(named))
    }

    /// The children of this relationship name, in any letter case.
    pub fn child(&self, relationship_name: &str) -> Option<&ChildRelationship> {
        self.children.iter().find(|child| child.relationship_name.eq_ignore_ascii_case(relationship_name))
    }

    /// Whether it was added to the org, by its name.
    pub fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }
}

impl FromStr for ObjectSchema {
    type Err = anyhow::Error;

    fn from_str(yaml: &str) -> anyhow::Result<Self> {
        serde_saphyr::from_str(yaml).context("reading an object of the schema")
    }
}

/// Whether the records of an object are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ObjectKind {
    /// They are.
    #[default]
    Record,
    /// They are published and can only be created.
    PlatformEvent,
}

/// A reference seen from the parent's side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildRelationship {
    /// What a query calls the children, e.g. `Contacts`.
    pub relationship_name: String,
    /// The children's object.
    pub child_object: String,
    /// The children's reference to the parent.
    pub field: String,
}

/// A record that meets the condition is refused with the message.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValidationRule {
    /// What a record must not be like.
    #[serde(rename = "when")]
    pub condition: Condition,
    /// What the request is told.
    pub message: String,
}

/// Something that a record may be like, e.g. `{field: Status, is: equalTo, value: Closed}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// The field that is looked at.
    pub field: String,
    /// How it is compared.
    pub is: Operator,
    /// What it is compared with.
    #[serde(default)]
    pub value: Value,
}

/// How a [`Condition`] compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operator {
    /// The field is empty.
    Empty,
    /// The field has the value.
    EqualTo,
    /// The field has another value, or none.
    NotEqualTo,
    /// The field's number is lower than the value.
    LessThan,
    /// The field's number is higher than the value.
    GreaterThan,
}

/// Records that have the same values in these fields, letter case aside, are the same. A field that is empty is like no
/// other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DuplicateRule {
    /// The developer name.
    pub name: String,
    /// The fields to compare.
    pub fields: Vec<String>,
    /// Whether a request that asks for it may save a duplicate all the same.
    #[serde(default)]
    pub allow_save: bool,
}
