use serde_json::{Value, json};

use super::values;
use crate::schema::FieldSchema;

fn read(kind: &str, value: Value) -> Option<Value> {
    let field: FieldSchema = serde_json::from_value(json!({"name": "Field__c", "type": kind})).unwrap();
    values::read(&field, &value).ok()
}

#[test]
fn text_is_read_as_the_fields_type_where_it_is_one() {
    for (kind, text, value) in [
        ("text", " x ", json!(" x ")),
        ("text", "5", json!("5")),
        ("text", "", Value::Null),
        ("boolean", "TRUE", json!(true)),
        ("integer", " 5 ", json!(5)),
        ("double", "5", json!(5)),
        ("double", "-1e3", json!(-1000.0)),
        ("currency", "9.99", json!(9.99)),
        ("percent", "", Value::Null),
        ("date", "2026-03-01", json!("2026-03-01")),
        ("date", "2026-03-01T23:30:00-01:00", json!("2026-03-02")),
        ("dateTime", "2026-03-01", json!("2026-03-01T00:00:00.000+0000")),
        ("dateTime", "2026-03-01T10:00:00Z", json!("2026-03-01T10:00:00.000+0000")),
        ("dateTime", "2026-03-01T10:00:00.123+02:00", json!("2026-03-01T08:00:00.123+0000")),
    ] {
        assert_eq!(read(kind, text.into()), Some(value), "{kind} {text}");
    }
}

#[test]
fn what_is_no_value_of_the_type_is_not_made_one() {
    for (kind, value) in [
        ("text", json!(5)),
        ("phone", json!(12065550100_i64)),
        ("picklist", json!(true)),
        ("boolean", json!("1")),
        ("boolean", json!("")),
        ("integer", json!("5.0")),
        ("double", json!("NaN")),
        ("double", json!("0x10")),
        ("double", json!("1e999")),
        ("date", json!("2026-02-30")),
        ("date", json!("01.03.2026")),
        ("date", json!(20260301)),
        ("dateTime", json!("2026-03-01T10:00")),
        ("dateTime", json!("2026-03-01T10:00:00")),
        ("textArea", json!({})),
    ] {
        assert_eq!(read(kind, value.clone()), None, "{kind} {value}");
    }
}
