//! The tables and what the operations do to them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use serde_json::{Value as Json, json};

use super::Item;
use super::request::KEY;
use super::request::{
    BatchGetItem, BatchKey, Change, GetItem, ReturnValues, ReturnValuesOnFailure, Write, WriteRequest,
};
use super::value::{item_size, plain_item};
use crate::error::{AwsError, read};
use crate::lock;

/// The largest item, in bytes.
const LARGEST_ITEM: usize = 400 * 1024;

/// The largest reply to a batch, in bytes.
const LARGEST_BATCH: usize = 16 * 1024 * 1024;

/// All tables by name, their items by key.
#[derive(Default)]
pub(crate) struct Tables {
    tables: Mutex<BTreeMap<String, Table>>,
    /// How many keys each of the next batches is to leave unprocessed.
    unprocessed: Mutex<VecDeque<usize>>,
}

type Table = BTreeMap<String, Item>;

impl std::fmt::Debug for Tables {
    /// Items are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(lock(&self.tables).keys()).finish()
    }
}

impl Tables {
    pub(crate) fn create(&self, name: &str) {
        lock(&self.tables).entry(name.to_owned()).or_default();
    }

    pub(crate) fn items(&self, name: &str) -> Vec<Json> {
        let tables = lock(&self.tables);
        tables.get(name).map(|table| table.values().map(plain_item).collect()).unwrap_or_default()
    }

    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Result<Json, AwsError> {
        let write = match operation {
            "BatchGetItem" => return self.get_batch(read(operation, body)?),
            "GetItem" => return self.get(&read(operation, body)?),
            "PutItem" => WriteRequest::into_put,
            "UpdateItem" => WriteRequest::into_update,
            "DeleteItem" => WriteRequest::into_delete,
            other => return Err(AwsError::unknown_operation(other)),
        };
        let request: WriteRequest = read(operation, body)?;
        let name = request.table_name.clone();
        let write = write(request)?;
        self.with(&name, |table| apply(table, write))
    }

    fn get(&self, request: &GetItem) -> Result<Json, AwsError> {
        let key = request.key()?;
        self.with(&request.table_name, |table| {
            Ok(table.get(&key).map_or_else(|| json!({}), |item| json!({ "Item": item })))
        })
    }

    pub(crate) fn leave_unprocessed(&self, keys: usize) {
        lock(&self.unprocessed).push_back(keys);
    }

    /// What there is of these items, in no order that a client could rely on, and the keys that there was no room for.
    fn get_batch(&self, request: BatchGetItem) -> Result<Json, AwsError> {
        let keys = request.into_keys()?;
        let left_out = lock(&self.unprocessed).pop_front().unwrap_or_default();
        let most = keys.len().saturating_sub(left_out);
        let (mut items, mut unprocessed) = (json!({}), json!({}));
        let mut size = 0;
        for (place, BatchKey { table: name, key, consistent_read }) in keys.into_iter().enumerate() {
            let item = self.with(&name, |table| Ok(table.get(&key).cloned()))?;
            size += item.as_ref().map_or(0, item_size);
            if items[&name].is_null() {
                items[&name] = json!([]);
            }
            if place >= most || size > LARGEST_BATCH {
                let left = &mut unprocessed[&name];
                if left.is_null() {
                    *left = json!({ "Keys": [], "ConsistentRead": consistent_read.unwrap_or_default() });
                }
                append(&mut left["Keys"], json!({ KEY: { "S": key } }));
            } else if let Some(item) = item {
                append(&mut items[&name], json!(item));
            }
        }
        Ok(json!({ "Responses": items, "UnprocessedKeys": unprocessed }))
    }

    /// Runs this on the table with the name.
    fn with<T>(
        &self,
        name: &str,
        run: impl FnOnce(&mut Table) -> Result<T, AwsError>,
    ) -> Result<T, AwsError> {
        let mut tables = lock(&self.tables);
        let table = tables.get_mut(name).ok_or_else(|| {
            let message = format!("Requested resource not found: Table: {name} not found");
            AwsError::refused("ResourceNotFoundException", message)
        })?;
        run(table)
    }
}

fn append(list: &mut Json, value: Json) {
    if let Some(list) = list.as_array_mut() {
        list.insert(0, value);
    }
}

/// Does the write if its condition holds.
fn apply(table: &mut Table, write: Write) -> Result<Json, AwsError> {
    let before = table.get(&write.key).cloned();
    let nothing = Item::new();
    let existing = before.as_ref().unwrap_or(&nothing);
    if write.condition.is_some_and(|condition| !condition.holds(existing)) {
        let wanted = write.return_values_on_failure == ReturnValuesOnFailure::AllOld;
        return Err(AwsError {
            item: before.filter(|_| wanted).map(|item| json!(item)),
            ..AwsError::refused("ConditionalCheckFailedException", "The conditional request failed")
        });
    }
    let (after, touched) = match write.change {
        Change::Put(item) => (Some(item), Vec::new()),
        Change::Delete => (None, Vec::new()),
        Change::Update(key, update) => {
            let start = before.as_ref().unwrap_or(&key);
            let after = update.apply(start).map_err(AwsError::invalid)?;
            (Some(after), update.touched().map(str::to_owned).collect())
        }
    };
    if after.as_ref().is_some_and(|item| item_size(item) > LARGEST_ITEM) {
        return Err(AwsError::invalid("Item size has exceeded the maximum allowed size"));
    }
    match &after {
        Some(item) => table.insert(write.key, item.clone()),
        None => table.remove(&write.key),
    };
    let mut returned = match write.return_values {
        ReturnValues::None => None,
        ReturnValues::AllOld | ReturnValues::UpdatedOld => before,
        ReturnValues::AllNew | ReturnValues::UpdatedNew => after,
    };
    if matches!(write.return_values, ReturnValues::UpdatedOld | ReturnValues::UpdatedNew) {
        returned = returned.map(|item| item.into_iter().filter(|(name, _)| touched.contains(name)).collect());
    }
    Ok(match returned.filter(|item| !item.is_empty()) {
        Some(item) => json!({ "Attributes": item }),
        None => json!({}),
    })
}

#[cfg(test)]
mod tests;
