//! Text that must not reach a log: it serializes, but `Debug` hides it and there is no `Display`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// Text about a person: a phone number, a user name, an utterance.
///
/// On the wire it is a plain JSON string; in `Debug` it is hidden, so a struct that holds one may derive `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Private(String);

impl Private {
    /// The text itself, for the one place that needs it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Private {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Private {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[private]")
    }
}

/// A JSON object whose values come from a contact: `Debug` shows the names of its fields, never the values.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(pub Map<String, Value>);

impl From<Map<String, Value>> for Fields {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
