//! The names and values that an expression refers to, and which of them it did refer to.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::dynamodb::value::Value;

/// Names that an expression cannot spell out, in upper case:
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html>.
const RESERVED_WORDS: &str = include_str!("reserved_words.txt");

/// `ExpressionAttributeNames` and `ExpressionAttributeValues` of a request.
#[derive(Debug, Default)]
pub(in crate::dynamodb) struct Placeholders {
    names: BTreeMap<String, String>,
    values: BTreeMap<String, Value>,
    used: RefCell<BTreeSet<String>>,
}

impl Placeholders {
    /// From what the request carries. Present but empty is refused.
    pub(in crate::dynamodb) fn new(
        names: Option<BTreeMap<String, String>>,
        values: Option<BTreeMap<String, Value>>,
    ) -> Result<Placeholders, String> {
        if names.as_ref().is_some_and(BTreeMap::is_empty) {
            return Err("ExpressionAttributeNames must not be empty".to_owned());
        }
        if values.as_ref().is_some_and(BTreeMap::is_empty) {
            return Err("ExpressionAttributeValues must not be empty".to_owned());
        }
        let (names, values) = (names.unwrap_or_default(), values.unwrap_or_default());
        Ok(Placeholders { names, values, used: RefCell::default() })
    }

    /// The attribute that `#name` stands for.
    pub(super) fn name(&self, placeholder: &str) -> Result<String, String> {
        let found = self.names.get(placeholder).cloned();
        self.used(placeholder, found, "An expression attribute name used in the expression is not defined")
    }

    /// The value that `:value` stands for.
    pub(super) fn value(&self, placeholder: &str) -> Result<Value, String> {
        let found = self.values.get(placeholder).cloned();
        self.used(placeholder, found, "An expression attribute value used in expression is not defined")
    }

    fn used<T>(&self, placeholder: &str, found: Option<T>, otherwise: &str) -> Result<T, String> {
        self.used.borrow_mut().insert(placeholder.to_owned());
        found.ok_or_else(|| format!("{otherwise}; placeholder: {placeholder}"))
    }

    /// Refuses what no expression of the request referred to.
    pub(in crate::dynamodb) fn all_used(&self) -> Result<(), String> {
        let used = self.used.borrow();
        for (what, mut given) in [
            ("ExpressionAttributeNames", self.names.keys().collect::<Vec<_>>()),
            ("ExpressionAttributeValues", self.values.keys().collect()),
        ] {
            given.retain(|placeholder| !used.contains(*placeholder));
            if !given.is_empty() {
                return Err(format!("Value provided in {what} unused in expressions: keys: {given:?}"));
            }
        }
        Ok(())
    }
}

/// An attribute name as the expression spells it, unless the word is reserved.
pub(super) fn plain_name(word: &str) -> Result<String, String> {
    if RESERVED_WORDS.lines().any(|reserved| reserved.eq_ignore_ascii_case(word)) {
        return Err(format!("Attribute name is a reserved keyword; reserved keyword: {word}"));
    }
    Ok(word.to_owned())
}
