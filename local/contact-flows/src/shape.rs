//! Parameters with a structure of their own: maps, lists, and texts in them.

use serde_json::Value;

use crate::text::Text;

/// How deep a parameter may be nested.
pub(crate) const DEEPEST: usize = 32;

/// A JSON value in which texts may be dynamic.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A text.
    Text(Text),
    /// A number, a truth value or null.
    Plain(Value),
    /// A list.
    List(Vec<Shape>),
    /// A map, in the file's order; its keys may be dynamic, too.
    Map(Vec<(Text, Shape)>),
}

impl Shape {
    /// Reads a value; `None` if it is nested too deeply.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Self::within(value, DEEPEST)
    }

    fn within(value: &Value, depth: usize) -> Option<Self> {
        let deeper = depth.checked_sub(1)?;
        Some(match value {
            Value::String(text) => Self::Text(Text::new(text)),
            Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::within(item, deeper)).collect::<Option<_>>()?)
            }
            Value::Object(map) => Self::Map(
                map.iter()
                    .map(|(key, value)| Some((Text::new(key), Self::within(value, deeper)?)))
                    .collect::<Option<_>>()?,
            ),
            plain => Self::Plain(plain.clone()),
        })
    }

    /// Calls `see` with every text in it.
    pub(crate) fn texts<'s>(&'s self, see: &mut dyn FnMut(&'s Text)) {
        match self {
            Self::Text(text) => see(text),
            Self::Plain(_) => {}
            Self::List(items) => items.iter().for_each(|item| item.texts(see)),
            Self::Map(entries) => entries.iter().for_each(|(key, value)| {
                see(key);
                value.texts(see);
            }),
        }
    }
}
