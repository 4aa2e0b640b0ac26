//! How a field is written down.

use serde::Deserialize;
use serde_json::Value;

use super::field::{Access, FieldKind, FieldSchema, Formula, NumberFormat};

/// A field as it is written: flat, with what only some types have beside what all have.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RawField {
    name: String,
    #[serde(rename = "type")]
    kind: RawKind,
    #[serde(default)]
    label: String,
    length: Option<usize>,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    restricted: bool,
    format: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    unique: bool,
    #[serde(default)]
    external_id: bool,
    #[serde(default)]
    id_lookup: bool,
    default: Option<Value>,
    #[serde(default)]
    access: Access,
    formula: Option<Formula>,
    relationship_name: Option<String>,
    #[serde(default)]
    reference_to: Vec<String>,
    child_relationship_name: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum RawKind {
    Id,
    Text,
    TextArea,
    Email,
    Url,
    Phone,
    Picklist,
    MultiPicklist,
    Boolean,
    Integer,
    Double,
    Currency,
    Percent,
    Date,
    DateTime,
    Reference,
    AutoNumber,
}

/// What Salesforce takes for a text whose length nobody says.
const TEXT: usize = 255;
const TEXT_AREA: usize = 32_000;

impl TryFrom<RawField> for FieldSchema {
    type Error = String;

    fn try_from(raw: RawField) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("the field {}: {what}", raw.name));
        let text = matches!(raw.kind, RawKind::Text | RawKind::TextArea);
        let choice = matches!(raw.kind, RawKind::Picklist | RawKind::MultiPicklist);
        if raw.length.is_some() && !text {
            return wrong("only text has a length");
        }
        if (!raw.values.is_empty() || raw.restricted) && !choice {
            return wrong("only picklists have values");
        }
        if raw.reference_to.is_empty() == (raw.kind == RawKind::Reference) {
            return wrong("a reference, and nothing else, says what it leads to (referenceTo)");
        }
        let format = raw.format.as_deref().map(NumberFormat::parse);
        let kind = match (raw.kind, format) {
            (RawKind::AutoNumber, Some(Some(format))) => FieldKind::AutoNumber { format },
            (RawKind::AutoNumber, _) => return wrong("an automatic number has a format such as T-{0000}"),
            (_, Some(_)) => return wrong("only automatic numbers have a format"),
            (RawKind::Id, None) => FieldKind::Id,
            (RawKind::Text, None) => FieldKind::Text { length: raw.length.unwrap_or(TEXT) },
            (RawKind::TextArea, None) => FieldKind::TextArea { length: raw.length.unwrap_or(TEXT_AREA) },
            (RawKind::Email, None) => FieldKind::Email,
            (RawKind::Url, None) => FieldKind::Url,
            (RawKind::Phone, None) => FieldKind::Phone,
            (RawKind::Picklist, None) => {
                FieldKind::Picklist { values: raw.values, restricted: raw.restricted }
            }
            (RawKind::MultiPicklist, None) => {
                FieldKind::MultiPicklist { values: raw.values, restricted: raw.restricted }
            }
            (RawKind::Boolean, None) => FieldKind::Boolean,
            (RawKind::Integer, None) => FieldKind::Integer,
            (RawKind::Double, None) => FieldKind::Double,
            (RawKind::Currency, None) => FieldKind::Currency,
            (RawKind::Percent, None) => FieldKind::Percent,
            (RawKind::Date, None) => FieldKind::Date,
            (RawKind::DateTime, None) => FieldKind::DateTime,
            (RawKind::Reference, None) => FieldKind::Reference,
        };
        let given_out = matches!(kind, FieldKind::AutoNumber { .. } | FieldKind::Id);
        let automatic = given_out || raw.formula.is_some();
        Ok(Self {
            label: if raw.label.is_empty() { label_of(&raw.name) } else { raw.label },
            relationship_name: raw.relationship_name.or_else(|| relationship_of(&raw.name, &kind)),
            // A checkbox is never empty, and what the org gives out never missing.
            nillable: !raw.required && !given_out && kind != FieldKind::Boolean,
            default: raw.default.or((kind == FieldKind::Boolean).then_some(Value::Bool(false))),
            access: if automatic { Access::Read } else { raw.access },
            name: raw.name,
            kind,
            unique: raw.unique,
            external_id: raw.external_id,
            id_lookup: raw.id_lookup,
            formula: raw.formula,
            reference_to: raw.reference_to,
            child_relationship_name: raw.child_relationship_name,
        })
    }
}

/// `LastName` is labelled `Last Name`, `AccountId` `Account ID` and `Tier__c` `Tier`.
pub(super) fn label_of(name: &str) -> String {
    let name = name.trim_end_matches("__c").trim_end_matches("__e").replace('_', " ");
    let mut label = String::new();
    let mut after_lower = false;
    for letter in name.chars() {
        if after_lower && letter.is_ascii_uppercase() {
            label.push(' ');
        }
        after_lower = letter.is_ascii_lowercase();
        label.push(letter);
    }
    match label.strip_suffix(" Id") {
        Some(owner) => format!("{owner} ID"),
        None => label,
    }
}

/// `AccountId` leads to `Account`, `Account__c` to `Account__r`.
fn relationship_of(field: &str, kind: &FieldKind) -> Option<String> {
    if *kind != FieldKind::Reference {
        return None;
    }
    let custom = field.strip_suffix("__c").map(|name| format!("{name}__r"));
    custom.or_else(|| field.strip_suffix("Id").map(str::to_owned))
}
