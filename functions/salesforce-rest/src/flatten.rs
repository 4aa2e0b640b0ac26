//! A record becomes the flat strings that a flow reads: `Account.Owner.Name`, `Cases.records.0.Id`. Pure.

use lambda_kit::flow::Entry;
use serde_json::{Map, Value};

/// The metadata that Salesforce puts beside the fields of every record. Only an object is metadata: a query may name
/// a column like that.
const METADATA: &str = "attributes";

/// All values of a record. What is null or empty is left out: a flow sees both as an absent key.
pub(crate) fn flatten(record: &Map<String, Value>) -> Vec<Entry> {
    let mut entries = Vec::new();
    members(record, "", &mut entries);
    entries
}

/// The API name of the object that this record is one of.
pub(crate) fn object_of(record: &Map<String, Value>) -> Option<&str> {
    record.get(METADATA)?.get("type")?.as_str()
}

/// The value of a field, whose name is the same in any case.
pub(crate) fn field<'a>(record: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    record.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

// The recursion is as deep as the JSON, and the parser stops at 128 levels.
fn descend(value: &Value, name: String, entries: &mut Vec<Entry>) {
    match value {
        Value::Null => {}
        Value::Object(map) => members(map, &name, entries),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                descend(item, joined(&name, &index.to_string()), entries);
            }
        }
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => entries.push((name, text.clone())),
        Value::Bool(truth) => entries.push((name, truth.to_string())),
        Value::Number(number) => entries.push((name, number_text(number))),
    }
}

fn members(map: &Map<String, Value>, prefix: &str, entries: &mut Vec<Entry>) {
    for (name, value) in map {
        if name != METADATA || !value.is_object() {
            descend(value, joined(prefix, name), entries);
        }
    }
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}.{name}") }
}

/// Salesforce writes `5.0` where a flow has always read `5`.
fn number_text(number: &serde_json::Number) -> String {
    let text = number.to_string();
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn flat(value: Value) -> Value {
        let entries = flatten(value.as_object().unwrap());
        entries.into_iter().map(|(name, text)| (name, Value::from(text))).collect::<Map<_, _>>().into()
    }

    #[test]
    fn nested_results_are_joined_with_dots_and_carry_no_metadata() {
        let metadata = json!({ "type": "Case", "url": "/services/data/v66.0/sobjects/Case/500" });
        let record = json!({
            "attributes": metadata,
            "Id": "500",
            "Amount": 5.0,
            "Rate": 0.25,
            "IsClosed": false,
            "Reason": null,
            "Comments": "",
            "Account": { "attributes": metadata, "Name": "Acme", "Owner": { "attributes": metadata, "Name": "O" } },
            "Cases": {
                "totalSize": 2, "done": true,
                "records": [{ "attributes": metadata, "Id": "1" }, { "attributes": metadata, "Id": "2" }],
            },
        });
        assert_eq!(
            flat(record),
            json!({
                "Id": "500",
                "Amount": "5",
                "Rate": "0.25",
                "IsClosed": "false",
                "Account.Name": "Acme",
                "Account.Owner.Name": "O",
                "Cases.totalSize": "2",
                "Cases.done": "true",
                "Cases.records.0.Id": "1",
                "Cases.records.1.Id": "2",
            })
        );
    }

    #[test]
    fn a_column_of_that_name_is_no_metadata() {
        assert_eq!(flat(json!({ "attributes": "yes" })), json!({ "attributes": "yes" }));
    }

    #[test]
    fn fields_are_found_in_any_case_and_the_object_by_its_metadata() {
        let record = json!({ "attributes": { "type": "Contact" }, "Phone": "1" });
        let record = record.as_object().unwrap();
        assert_eq!(field(record, "phone"), Some(&json!("1")));
        assert_eq!(object_of(record), Some("Contact"));
        assert_eq!(object_of(&Map::new()), None);
    }
}
