//! How values of each type compare.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, NaiveTime};
use serde_json::Value;

use crate::schema::FieldKind;

/// Text areas of more characters than this can be neither filtered nor sorted nor grouped by.
const LONGEST_FILTERED: usize = 255;

/// What a query can do with a field depends on this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Id,
    Text,
    LongText,
    MultiPicklist,
    Boolean,
    Integer,
    Double,
    Date,
    DateTime,
}

impl Type {
    pub(super) fn of(kind: &FieldKind) -> Self {
        match kind {
            FieldKind::Id | FieldKind::Reference => Self::Id,
            FieldKind::TextArea { length } if *length > LONGEST_FILTERED => Self::LongText,
            FieldKind::Text { .. }
            | FieldKind::TextArea { .. }
            | FieldKind::Email
            | FieldKind::Url
            | FieldKind::Phone
            | FieldKind::Picklist { .. }
            | FieldKind::AutoNumber { .. } => Self::Text,
            FieldKind::MultiPicklist { .. } => Self::MultiPicklist,
            FieldKind::Boolean => Self::Boolean,
            FieldKind::Integer => Self::Integer,
            FieldKind::Double | FieldKind::Currency | FieldKind::Percent => Self::Double,
            FieldKind::Date => Self::Date,
            FieldKind::DateTime => Self::DateTime,
        }
    }

    /// What an error calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id | Self::Text | Self::LongText | Self::MultiPicklist => "string",
            Self::Boolean => "boolean",
            Self::Integer => "int",
            Self::Double => "double",
            Self::Date => "date",
            Self::DateTime => "dateTime",
        }
    }

    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Integer | Self::Double)
    }

    pub(super) fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::DateTime)
    }
}

/// A value in the form that it is compared in: letter case does not count, nor how an id is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Null,
    Boolean(bool),
    Number(Number),
    /// Milliseconds since 1970 in UTC; of a date, its midnight.
    Moment(i64),
    Text(String),
}

/// A finite number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number(pub(super) f64);

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // Adding 0 makes -0 the same as 0.
        (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl Key {
    /// The key of a stored value. What is not of its type counts as no value.
    pub(super) fn of(kind: Type, value: &Value) -> Self {
        let key = match kind {
            // A checkbox that was never set is not ticked.
            Type::Boolean => Some(Self::Boolean(value.as_bool().unwrap_or_default())),
            Type::Integer | Type::Double => value.as_f64().map(|number| Self::Number(Number(number))),
            Type::Date => value.as_str().and_then(day),
            Type::DateTime => value.as_str().and_then(moment),
            Type::Id | Type::Text | Type::LongText | Type::MultiPicklist => {
                value.as_str().map(|text| Self::text(kind, text))
            }
        };
        key.unwrap_or(Self::Null)
    }

    /// The key of a text; an empty one is no value, as Salesforce stores it.
    pub(super) fn text(kind: Type, text: &str) -> Self {
        if text.is_empty() {
            return Self::Null;
        }
        Self::Text(match kind {
            Type::Id => text.get(..15).unwrap_or(text).to_owned(),
            Type::MultiPicklist => choices(text).join(";"),
            _ => text.to_lowercase(),
        })
    }

    pub(super) fn day(date: NaiveDate) -> i64 {
        date.and_time(NaiveTime::MIN).and_utc().timestamp_millis()
    }
}

/// The choices in the value of a multi-select picklist, in an order of their own.
pub(super) fn choices(text: &str) -> Vec<String> {
    let mut choices: Vec<_> = text.split(';').map(|choice| choice.trim().to_lowercase()).collect();
    choices.sort_unstable();
    choices
}

fn day(text: &str) -> Option<Key> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(Key::Moment(Key::day(date)))
}

fn moment(text: &str) -> Option<Key> {
    let time = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").ok()?;
    Some(Key::Moment(time.timestamp_millis()))
}
