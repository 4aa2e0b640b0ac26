//! What the operations take, and the checks that all writes share.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Item;
use super::expression::{Condition, Placeholders, Update};
use super::value::Value;
use crate::error::AwsError;

/// The attribute that is the key of every table.
pub(super) const KEY: &str = "pk";

/// How many keys a batch has at most.
const MOST_KEYS: usize = 100;

/// The longest key, in bytes.
const LONGEST_KEY: usize = 2048;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetItem {
    pub(super) table_name: String,
    key: Item,
    /// Every read here is consistent.
    #[serde(rename = "ConsistentRead")]
    _consistent_read: Option<bool>,
}

impl GetItem {
    pub(super) fn key(&self) -> Result<String, AwsError> {
        only_key(&self.key)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct BatchGetItem {
    request_items: BTreeMap<String, Wanted>,
}

/// The items that a batch wants of one table.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Wanted {
    keys: Vec<Item>,
    /// As for one item.
    consistent_read: Option<bool>,
}

/// One key of a batch.
pub(super) struct BatchKey {
    pub(super) table: String,
    pub(super) key: String,
    /// As the table's other keys were asked for; what is left unprocessed is told with it.
    pub(super) consistent_read: Option<bool>,
}

impl BatchGetItem {
    /// All keys, each once.
    pub(super) fn into_keys(self) -> Result<Vec<BatchKey>, AwsError> {
        let mut keys = Vec::new();
        for (table, wanted) in self.request_items {
            for key in &wanted.keys {
                let (table, key) = (table.clone(), only_key(key)?);
                keys.push(BatchKey { table, key, consistent_read: wanted.consistent_read });
            }
        }
        if keys.is_empty() {
            return Err(AwsError::invalid("The batch request list for GetItem cannot be null or empty"));
        }
        if keys.len() > MOST_KEYS {
            return Err(AwsError::invalid("Too many items requested for the BatchGetItem call"));
        }
        let names: BTreeSet<_> = keys.iter().map(|key| (&key.table, &key.key)).collect();
        if names.len() < keys.len() {
            return Err(AwsError::invalid("Provided list of item keys contains duplicates"));
        }
        Ok(keys)
    }
}

/// `PutItem`, `UpdateItem` or `DeleteItem` on the wire. Which fields go together depends on the operation.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct WriteRequest {
    pub(super) table_name: String,
    key: Option<Item>,
    item: Option<Item>,
    update_expression: Option<String>,
    condition_expression: Option<String>,
    expression_attribute_names: Option<BTreeMap<String, String>>,
    expression_attribute_values: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    return_values: ReturnValues,
    #[serde(default)]
    return_values_on_condition_check_failure: ReturnValuesOnFailure,
}

/// Which attributes a write answers with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ReturnValues {
    #[default]
    None,
    AllOld,
    AllNew,
    UpdatedOld,
    UpdatedNew,
}

/// Whether a write whose condition does not hold answers with the item as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum ReturnValuesOnFailure {
    #[default]
    None,
    AllOld,
}

/// What a write does to the item.
#[derive(Debug)]
pub(super) enum Change {
    Put(Item),
    /// With the key, so that the update can create the item.
    Update(Item, Update),
    Delete,
}

/// A write whose parts are read and fit together.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) key: String,
    pub(super) change: Change,
    pub(super) condition: Option<Condition>,
    pub(super) return_values: ReturnValues,
    pub(super) return_values_on_failure: ReturnValuesOnFailure,
}

impl WriteRequest {
    pub(super) fn into_put(mut self) -> Result<Write, AwsError> {
        let item = self.item.take().ok_or_else(|| missing("Item"))?;
        let key = key_of(&item)?;
        self.into_write(key, &[ReturnValues::AllOld], |_| Ok(Change::Put(item)))
    }

    pub(super) fn into_delete(mut self) -> Result<Write, AwsError> {
        let key = only_key(&self.key.take().ok_or_else(|| missing("Key"))?)?;
        self.into_write(key, &[ReturnValues::AllOld], |_| Ok(Change::Delete))
    }

    pub(super) fn into_update(mut self) -> Result<Write, AwsError> {
        let key_item = self.key.take().ok_or_else(|| missing("Key"))?;
        let key = only_key(&key_item)?;
        let text = self.update_expression.take();
        let all =
            [ReturnValues::AllOld, ReturnValues::AllNew, ReturnValues::UpdatedOld, ReturnValues::UpdatedNew];
        self.into_write(key, &all, |placeholders| {
            let update = match text {
                Some(text) => Update::parse(&text, placeholders)?,
                None => Update::default(),
            };
            if update.touched().any(|name| name == KEY) {
                let message = "One or more parameter values were invalid: Cannot update attribute pk. \
                    This attribute is part of the key";
                return Err(message.to_owned());
            }
            Ok(Change::Update(key_item, update))
        })
    }

    fn into_write(
        self,
        key: String,
        allowed: &[ReturnValues],
        change: impl FnOnce(&Placeholders) -> Result<Change, String>,
    ) -> Result<Write, AwsError> {
        if self.key.is_some() || self.item.is_some() || self.update_expression.is_some() {
            return Err(AwsError::invalid(
                "Key, Item and UpdateExpression do not go together in this operation",
            ));
        }
        if self.return_values != ReturnValues::None && !allowed.contains(&self.return_values) {
            return Err(AwsError::invalid(format!(
                "Return values set to invalid value: {:?}",
                self.return_values
            )));
        }
        let placeholders =
            Placeholders::new(self.expression_attribute_names, self.expression_attribute_values)
                .map_err(AwsError::invalid)?;
        let change = change(&placeholders).map_err(AwsError::invalid)?;
        let condition = self.condition_expression.map(|text| Condition::parse(&text, &placeholders));
        let condition = condition.transpose().map_err(AwsError::invalid)?;
        placeholders.all_used().map_err(AwsError::invalid)?;
        Ok(Write {
            key,
            change,
            condition,
            return_values: self.return_values,
            return_values_on_failure: self.return_values_on_condition_check_failure,
        })
    }
}

/// The key of an item: a string that is not empty.
fn key_of(item: &Item) -> Result<String, AwsError> {
    let invalid =
        |what: String| AwsError::invalid(format!("One or more parameter values were invalid: {what}"));
    match item.get(KEY) {
        Some(Value::String(key)) if key.is_empty() => {
            Err(invalid(format!("an empty string is not a valid value for the key {KEY}")))
        }
        Some(Value::String(key)) if key.len() > LONGEST_KEY => {
            Err(invalid(format!("the key {KEY} is longer than {LONGEST_KEY} bytes")))
        }
        Some(Value::String(key)) => Ok(key.clone()),
        Some(other) => {
            Err(invalid(format!("Type mismatch for key {KEY} expected: S actual: {}", other.type_name())))
        }
        None => Err(invalid(format!("Missing the key {KEY} in the item"))),
    }
}

/// The key where nothing else may be given.
fn only_key(given: &Item) -> Result<String, AwsError> {
    if given.len() != 1 {
        return Err(AwsError::invalid("The provided key element does not match the schema"));
    }
    key_of(given)
}

fn missing(field: &str) -> AwsError {
    AwsError::invalid(format!("The parameter '{field}' is required but was not present in the request"))
}
