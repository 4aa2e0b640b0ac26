//! What an object is made of.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_describe.htm>

use super::Rest;
use super::get::Carrier;
use super::operations;
use crate::{Error, ObjectName};
use serde::{Deserialize, Deserializer};
use tokio::time::Instant;

/// An object, as far as this user may see it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Describe {
    /// API name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Objects that refer to it.
    #[serde(default, deserialize_with = "named")]
    pub child_relationships: Vec<ChildRelationship>,
}

/// A field of an object.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// API name.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// What a query calls the record that a reference leads to: `Account` of `AccountId`.
    pub relationship_name: Option<String>,
    /// Objects that a reference may lead to.
    #[serde(default)]
    pub reference_to: Vec<String>,
}

/// What the values of a field are, in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Text: also ids, references and picklists.
    Text,
    /// A checkbox.
    Boolean,
    /// A number.
    Number,
    /// Anything else: dates and times, addresses, locations, files.
    Other,
}

/// A relationship from another object to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildRelationship {
    /// What a sub-query calls it: `Contacts` of an account.
    pub relationship_name: String,
    /// API name of the other object.
    pub child_object: String,
}

impl Rest {
    /// What an object is made of. Large: to be kept.
    pub async fn describe(&self, object: &ObjectName, deadline: Instant) -> Result<Describe, Error> {
        let operation = &operations::DESCRIBE;
        let url = self.url(operation, &["sobjects", object.as_str(), "describe"], &[])?;
        self.get(operation, url, Carrier::Composite, deadline).await?.json()
    }
}

impl<'de> Deserialize<'de> for FieldKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match String::deserialize(deserializer)?.as_str() {
            "boolean" => Self::Boolean,
            "int" | "long" | "double" | "currency" | "percent" => Self::Number,
            "string" | "textarea" | "email" | "phone" | "url" | "picklist" | "multipicklist" | "combobox"
            | "encryptedstring" | "id" | "reference" => Self::Text,
            _ => Self::Other,
        })
    }
}

/// Some relationships have no name, so no query can follow them.
fn named<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ChildRelationship>, D::Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wire {
        relationship_name: Option<String>,
        #[serde(rename = "childSObject")]
        child_object: String,
    }
    let all = Vec::<Wire>::deserialize(deserializer)?;
    let named = all.into_iter().filter_map(|Wire { relationship_name, child_object }| {
        Some(ChildRelationship { relationship_name: relationship_name?, child_object })
    });
    Ok(named.collect())
}
