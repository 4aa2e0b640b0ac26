//! The names of objects and fields. They go into paths and query strings, so what is not a name must not become one.

use serde::{Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};

/// Salesforce allows 40 characters and adds a namespace prefix and a suffix such as `__c`.
const LONGEST: usize = 80;

/// The API name of an object: `Case`, `Callback__c`. Two names are equal if they differ in case only, as in Salesforce.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ObjectName(Identifier);

/// The API name of a field: `Subject`, `Region__c`. Two names are equal if they differ in case only, as in Salesforce.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldName(Identifier);

/// The text is no API name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the API name of {0}: expected a letter, then up to 79 letters, digits and underscores")]
pub struct InvalidName(&'static str);

impl ObjectName {
    /// Checks a name that came from outside, and keeps its case.
    ///
    /// # Errors
    /// [`InvalidName`] says what is expected, and does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        Identifier::parse(text).map(Self).ok_or(InvalidName("an object"))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }
}

impl FieldName {
    /// Checks a name that came from outside, and keeps its case.
    ///
    /// # Errors
    /// [`InvalidName`] says what is expected, and does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        Identifier::parse(text).map(Self).ok_or(InvalidName("a field"))
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0.0
    }
}

/// `[A-Za-z][A-Za-z0-9_]{0,79}`.
#[derive(Clone, Eq)]
struct Identifier(String);

impl Identifier {
    fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() <= LONGEST
            && text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        well_formed.then(|| Self(text.to_owned()))
    }
}

impl PartialEq for Identifier {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Hash for Identifier {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_ascii_lowercase().hash(state);
    }
}

impl Serialize for Identifier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_keep_their_case_and_compare_without_it() {
        let names = ["VoiceCall", "voicecall", "VOICECALL"].map(|name| ObjectName::parse(name).unwrap());
        assert_eq!(names[0].to_string(), "VoiceCall");
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), 1);
        assert_ne!(names[0], ObjectName::parse("VoiceCall__c").unwrap());
        assert_eq!(FieldName::parse("ns__Region__c").unwrap(), FieldName::parse("NS__region__C").unwrap());
    }

    #[test]
    fn nothing_else_is_a_name() {
        let long = "x".repeat(81);
        for text in
            ["", " ", "1st", "_c", "a b", "Case/../User", "Case?", "a.b", "a,b", "Näme", "a\n", "a'", &long]
        {
            let error = FieldName::parse(text).unwrap_err().to_string();
            assert!(ObjectName::parse(text).is_err(), "{text:?}");
            assert!(error.starts_with("not the API name of a field: expected"), "{error}");
        }
        assert!(FieldName::parse(&long[1..]).is_ok());
    }
}
