//! Attribute values with their types.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::Number;

/// The value of an attribute, on the wire `{"S":"text"}`. Sets are not stood in for: no function uses them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Value {
    #[serde(rename = "S")]
    String(String),
    #[serde(rename = "N")]
    Number(Number),
    #[serde(rename = "B")]
    Binary(Bytes),
    #[serde(rename = "BOOL")]
    Bool(bool),
    #[serde(rename = "NULL")]
    Null(bool),
    #[serde(rename = "M")]
    Map(BTreeMap<String, Value>),
    #[serde(rename = "L")]
    List(Vec<Value>),
}

impl Value {
    /// The type as the wire names it.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Value::String(_) => "S",
            Value::Number(_) => "N",
            Value::Binary(_) => "B",
            Value::Bool(_) => "BOOL",
            Value::Null(_) => "NULL",
            Value::Map(_) => "M",
            Value::List(_) => "L",
        }
    }

    /// Whether values of this type have an order.
    pub(super) fn is_ordered(&self) -> bool {
        matches!(self, Value::String(_) | Value::Number(_) | Value::Binary(_))
    }

    /// How two values of one ordered type compare: numbers as numbers, text and bytes byte by byte.
    pub(super) fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Binary(a), Value::Binary(b)) => Some(a.0.cmp(&b.0)),
            _ => None,
        }
    }

    /// How many bytes it takes, as DynamoDB reckons:
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>.
    fn size(&self) -> usize {
        match self {
            Value::String(text) => text.len(),
            Value::Number(number) => number.size(),
            Value::Binary(bytes) => bytes.0.len(),
            Value::Bool(_) | Value::Null(_) => 1,
            Value::Map(map) => 3 + map.len() + item_size(map),
            Value::List(list) => 3 + list.iter().map(|value| 1 + value.size()).sum::<usize>(),
        }
    }

    /// The same without types: numbers as far as JSON can hold them, bytes as base64.
    pub(super) fn to_plain(&self) -> serde_json::Value {
        match self {
            Value::String(text) => text.as_str().into(),
            Value::Number(number) => {
                let text = number.to_string();
                serde_json::from_str(&text).unwrap_or(serde_json::Value::String(text))
            }
            Value::Binary(bytes) => STANDARD.encode(&bytes.0).into(),
            Value::Bool(value) => (*value).into(),
            Value::Null(_) => serde_json::Value::Null,
            Value::Map(map) => plain_item(map),
            Value::List(list) => list.iter().map(Value::to_plain).collect(),
        }
    }
}

/// An item, or a map within one, as plain JSON.
pub(super) fn plain_item(item: &BTreeMap<String, Value>) -> serde_json::Value {
    item.iter().map(|(name, value)| (name.clone(), value.to_plain())).collect()
}

/// How many bytes an item takes, or what is in a map.
pub(super) fn item_size(item: &BTreeMap<String, Value>) -> usize {
    item.iter().map(|(name, value)| name.len() + value.size()).sum()
}

/// Bytes, on the wire as base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Bytes).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(wire: serde_json::Value) -> Value {
        serde_json::from_value(wire).unwrap()
    }

    #[test]
    fn the_wire_form_survives_and_the_plain_one_has_no_types() {
        let wire = json!({ "M": {
            "text": { "S": "é" },
            "count": { "N": "12" },
            "share": { "N": "0.25" },
            "bytes": { "B": "AQI=" },
            "flag": { "BOOL": false },
            "nothing": { "NULL": true },
            "list": { "L": [{ "N": "1" }] },
        }});
        assert_eq!(serde_json::to_value(value(wire.clone())).unwrap(), wire);
        let plain = json!({
            "text": "é", "count": 12, "share": 0.25, "bytes": "AQI=", "flag": false, "nothing": null, "list": [1],
        });
        assert_eq!(value(wire).to_plain(), plain);
    }

    #[test]
    fn only_values_of_one_type_have_an_order() {
        let order = |a, b| value(a).order(&value(b));
        assert_eq!(order(json!({"N": "9"}), json!({"N": "10"})), Some(Ordering::Less));
        assert_eq!(order(json!({"S": "9"}), json!({"S": "10"})), Some(Ordering::Greater));
        assert_eq!(
            order(json!({"B": "fw=="}), json!({"B": "gA=="})),
            Some(Ordering::Less),
            "bytes have no sign"
        );
        assert_eq!(order(json!({"S": "1"}), json!({"N": "1"})), None);
        assert_eq!(order(json!({"BOOL": true}), json!({"BOOL": true})), None);
    }

    #[test]
    fn sizes_are_those_of_the_pricing_page() {
        for (wire, size) in [
            (json!({"S": "é"}), 2),
            (json!({"N": "-1234"}), 4),
            (json!({"B": "AQI="}), 2),
            (json!({"NULL": true}), 1),
            (json!({"L": [{"S": "ab"}, {"BOOL": true}]}), 8),
            (json!({"M": {"key": {"S": "ab"}}}), 9),
        ] {
            assert_eq!(value(wire.clone()).size(), size, "{wire}");
        }
    }

    #[test]
    fn an_unknown_type_is_refused() {
        for wire in [json!({"SS": ["a"]}), json!({"S": 1}), json!({"S": "a", "N": "1"}), json!({"N": "one"})]
        {
            assert!(serde_json::from_value::<Value>(wire.clone()).is_err(), "{wire}");
        }
    }
}
