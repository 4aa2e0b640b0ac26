//! JSON whose members stay in the order in which a query named them.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ordered {
    Value(Value),
    Object(Vec<(String, Ordered)>),
    List(Vec<Ordered>),
}

impl Ordered {
    /// Without the order.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Object(members) => {
                Value::Object(members.into_iter().map(|(name, value)| (name, value.into_value())).collect())
            }
            Self::List(list) => Value::Array(list.into_iter().map(Self::into_value).collect()),
        }
    }
}

impl<T: Into<Value>> From<T> for Ordered {
    fn from(value: T) -> Self {
        Self::Value(value.into())
    }
}

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::List(list) => list.serialize(serializer),
            Self::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}
