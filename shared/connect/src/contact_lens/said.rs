use std::fmt;

use serde::{Deserialize, Serialize};

/// What somebody said. There is no `Display`, and `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Said(String);

impl Said {
    /// The words, for the one place that passes them on.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, to keep.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<T: Into<String>> From<T> for Said {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Said(***)")
    }
}
