//! What a field is like.

use serde::Deserialize;
use serde_json::Value;

use super::config::RawField;

/// One field of an object.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "RawField")]
pub struct FieldSchema {
    /// The API name, e.g. `AccountId` or `Tier__c`.
    pub name: String,
    /// What people see, and what most error messages call the field.
    pub label: String,
    /// The type.
    pub kind: FieldKind,
    /// Whether it may be empty. One that may not is required on create, unless it has a default.
    pub nillable: bool,
    /// Whether no two records may have the same value; letter case does not count.
    pub unique: bool,
    /// Whether records can be found by it in a path.
    pub external_id: bool,
    /// Whether a record can be found by it in a path although it is no external id: Salesforce's `idLookup`.
    pub id_lookup: bool,
    /// The value that a new record has if it is given none.
    pub default: Option<Value>,
    /// Who writes it.
    pub access: Access,
    /// How the org computes it, if it does.
    pub formula: Option<Formula>,
    /// Of a reference: what a query calls the parent, e.g. `Account`.
    pub relationship_name: Option<String>,
    /// Of a reference: the objects that it may lead to; several if it is polymorphic.
    pub reference_to: Vec<String>,
    /// Of a reference: what a query calls the children from the parent's side, e.g. `Contacts`.
    pub child_relationship_name: Option<String>,
}

impl FieldSchema {
    /// Whether it was added to the org, by its name.
    pub fn is_custom(&self) -> bool {
        self.name.ends_with("__c")
    }

    /// Whether a create must give it a value.
    pub fn required(&self) -> bool {
        !self.nillable
            && self.default.is_none()
            && self.access != Access::Read
            && self.kind != FieldKind::Boolean
    }

    /// Whether a record can be found by it in a path.
    pub fn finds_records(&self) -> bool {
        self.external_id || self.id_lookup || self.kind == FieldKind::Id
    }
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// The record id.
    Id,
    /// One line of text of at most so many characters.
    Text {
        /// In characters.
        length: usize,
    },
    /// Several lines of text of at most so many characters.
    TextArea {
        /// In characters.
        length: usize,
    },
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A phone number; any text of 40 characters.
    Phone,
    /// One of several values.
    Picklist {
        /// The values in their order.
        values: Vec<String>,
        /// Whether other values are refused.
        restricted: bool,
    },
    /// Some of several values, separated by semicolons.
    MultiPicklist {
        /// The values in their order.
        values: Vec<String>,
        /// Whether other values are refused.
        restricted: bool,
    },
    /// A checkbox, never empty.
    Boolean,
    /// A whole number of 32 bits.
    Integer,
    /// A number.
    Double,
    /// An amount of money.
    Currency,
    /// A percentage: 5 is 5 %.
    Percent,
    /// A day, `2026-03-01`.
    Date,
    /// A moment, `2026-03-01T10:00:00.000+0000`.
    DateTime,
    /// The id of another record.
    Reference,
    /// A text that the org counts up, e.g. `VC-00000001`.
    AutoNumber {
        /// How the number is written.
        format: NumberFormat,
    },
}

impl FieldKind {
    /// The longest value in characters, of those that are text.
    pub fn length(&self) -> Option<usize> {
        match self {
            Self::Text { length } | Self::TextArea { length } => Some(*length),
            Self::Email => Some(80),
            Self::Phone => Some(40),
            Self::Url | Self::Picklist { .. } => Some(255),
            Self::MultiPicklist { .. } => Some(4099),
            _ => None,
        }
    }

    /// Whether values are JSON numbers.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Integer | Self::Double | Self::Currency | Self::Percent)
    }

    /// What describe and error messages call the type.
    pub fn api_name(&self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text { .. } | Self::AutoNumber { .. } => "string",
            Self::TextArea { .. } => "textarea",
            Self::Email => "email",
            Self::Url => "url",
            Self::Phone => "phone",
            Self::Picklist { .. } => "picklist",
            Self::MultiPicklist { .. } => "multipicklist",
            Self::Boolean => "boolean",
            Self::Integer => "int",
            Self::Double => "double",
            Self::Currency => "currency",
            Self::Percent => "percent",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Reference => "reference",
        }
    }
}

/// Who writes a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// Only the org itself.
    Read,
    /// The request that creates the record, and none after it.
    Create,
    /// Every request.
    #[default]
    Write,
}

/// How the org computes a field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Formula {
    /// These texts with a space between.
    Join(Vec<String>),
    /// Whether a field has one of these values.
    OneOf {
        /// The field that is looked at.
        field: String,
        /// The values that make it true.
        values: Vec<String>,
    },
    /// What a field of a parent holds at the moment.
    Parent {
        /// The reference to the parent.
        reference: String,
        /// The parent's field.
        field: String,
    },
}

/// How an automatic number is written: Salesforce's display format, e.g. `VC-{00000000}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    pub(super) before: String,
    pub(super) digits: usize,
}

impl NumberFormat {
    /// Reads a display format; nothing if it is not text and then zeros in braces.
    pub fn parse(format: &str) -> Option<Self> {
        let (before, digits) = format.strip_suffix('}')?.split_once('{')?;
        let zeros = (1..=10).contains(&digits.len()) && digits.bytes().all(|digit| digit == b'0');
        zeros.then(|| Self { before: before.to_owned(), digits: digits.len() })
    }

    /// The text of this number.
    pub fn write(&self, number: u32) -> String {
        format!("{}{number:0width$}", self.before, width = self.digits)
    }
}
