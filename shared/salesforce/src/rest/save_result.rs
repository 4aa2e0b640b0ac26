//! What became of a record, and what was wrong with it.

use crate::classify::SalesforceError;
use crate::error::by_code;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::fmt;

/// What became of one record of several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SaveResult {
    /// Of the record, if there is one.
    #[serde(default)]
    pub id: Option<String>,
    /// Whether it was done.
    pub success: bool,
    /// Whether an upsert created the record.
    #[serde(default)]
    pub created: bool,
    /// Why not.
    #[serde(default)]
    pub errors: Vec<SaveError>,
}

/// What Salesforce says of a record, without its sentence: that may quote the record.
///
/// As text it is the code, the fields, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveError {
    /// Salesforce's code, e.g. `REQUIRED_FIELD_MISSING`.
    pub status_code: String,
    /// The fields that it is about.
    pub fields: Vec<String>,
}

impl<'de> Deserialize<'de> for SaveError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let SalesforceError { code, fields } = SalesforceError::from(&Value::deserialize(deserializer)?);
        // The code that Salesforce itself uses for want of a better one.
        Ok(Self { status_code: code.unwrap_or_else(|| "UNKNOWN_EXCEPTION".to_owned()), fields })
    }
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.status_code)?;
        if !self.fields.is_empty() {
            write!(f, " ({})", self.fields.join(", "))?;
        }
        match by_code(&self.status_code) {
            Some(advice) => write!(f, ": {advice}"),
            None => Ok(()),
        }
    }
}
