//! sObject records, whatever their object.

use std::ops::Index;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Json;
use crate::ids;

/// How Salesforce writes a dateTime field.
const DATE_TIME: &str = "%Y-%m-%dT%H:%M:%S%.3f%z";

/// An object of the org.
pub(crate) struct Object {
    pub(crate) name: &'static str,
    /// What its ids begin with.
    prefix: &'static str,
    /// What the automatic number in `Name` begins with, if the object has one.
    numbered: Option<&'static str>,
}

pub(crate) const VOICE_CALL: Object = Object { name: "VoiceCall", prefix: "0LQ", numbered: Some("VC-") };
pub(crate) const CONVERSATION: Object = Object { name: "Conversation", prefix: "0dw", numbered: Some("C-") };
pub(crate) const CALL_CENTER: Object = Object { name: "CallCenter", prefix: "04v", numbered: None };
pub(crate) const USER: Object = Object { name: "User", prefix: "005", numbered: None };
/// A queue is a Group whose `Type` is `Queue`.
pub(crate) const GROUP: Object = Object { name: "Group", prefix: "00G", numbered: None };
// The prefixes of these three are not published; any that no other object uses will do.
pub(crate) const ROUTING_MAP: Object = Object { name: "CallCenterRoutingMap", prefix: "1zR", numbered: None };
pub(crate) const RECORDING: Object = Object { name: "VoiceCallRecording", prefix: "1zV", numbered: None };
pub(crate) const CONTACT_REQUEST: Object =
    Object { name: "ContactRequest", prefix: "1zC", numbered: Some("CR-") };

/// One sObject record: its fields as Salesforce spells them. A field that is not set reads as null.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Record(Map<String, Value>);

impl Record {
    /// The record id, 18 characters.
    pub fn id(&self) -> &str {
        self.text("Id").unwrap_or_default()
    }

    /// The text of a field; nothing if the field is not set or not text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self[field].as_str()
    }

    /// The whole number in a field; nothing if the field is not set or not a whole number.
    pub fn number(&self, field: &str) -> Option<i64> {
        self[field].as_i64()
    }

    /// The time in a dateTime field; nothing if the field is not set or not a time.
    pub fn time(&self, field: &str) -> Option<DateTime<Utc>> {
        let time = DateTime::parse_from_str(self.text(field)?, DATE_TIME).ok()?;
        Some(time.to_utc())
    }

    /// All fields that were ever set.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl Index<&str> for Record {
    type Output = Value;

    fn index(&self, field: &str) -> &Value {
        self.0.get(field).unwrap_or(&Value::Null)
    }
}

/// A time as the value of a dateTime field.
pub(crate) fn date_time(time: DateTime<Utc>) -> Value {
    time.format(DATE_TIME).to_string().into()
}

/// Stores a new record and gives it its id and system fields.
pub(crate) fn insert(
    db: &Connection,
    object: &Object,
    fields: Map<String, Value>,
) -> rusqlite::Result<Record> {
    let number: u32 = db.query_row(
        "INSERT INTO sequence VALUES (?1, 1) ON CONFLICT (prefix) DO UPDATE SET last = last + 1 RETURNING last",
        [object.prefix],
        |row| row.get(0),
    )?;
    let now = date_time(Utc::now());
    let mut all = Map::from_iter([("Id".to_owned(), ids::record_id(object.prefix, number.into()).into())]);
    if let Some(letters) = object.numbered {
        all.insert("Name".to_owned(), format!("{letters}{number:08}").into());
    }
    all.insert("CreatedDate".to_owned(), now.clone());
    all.insert("LastModifiedDate".to_owned(), now);
    all.extend(fields);
    let record = Record(all);
    db.execute("INSERT INTO record VALUES (?1, ?2, ?3)", params![record.id(), object.name, Json(&record)])?;
    Ok(record)
}

/// Changes fields of a record; the others keep their values.
pub(crate) fn update(
    db: &Connection,
    mut record: Record,
    changes: impl IntoIterator<Item = (String, Value)>,
) -> rusqlite::Result<Record> {
    record.0.extend(changes);
    record.0.insert("LastModifiedDate".to_owned(), date_time(Utc::now()));
    db.execute("UPDATE record SET fields = ?2 WHERE id = ?1", params![record.id(), Json(&record)])?;
    Ok(record)
}

/// The record with this id, 15 or 18 characters.
pub(crate) fn by_id(db: &Connection, object: &Object, id: &str) -> rusqlite::Result<Option<Record>> {
    let Some(id) = ids::to_18(id) else { return Ok(None) };
    db.query_row("SELECT fields FROM record WHERE id = ?1 AND object = ?2", params![id, object.name], |row| {
        Ok(row.get::<_, Json<Record>>(0)?.0)
    })
    .optional()
}

/// The records whose field has this text, oldest first.
pub(crate) fn by_field(
    db: &Connection,
    object: &Object,
    field: &'static str,
    value: &str,
) -> rusqlite::Result<Vec<Record>> {
    // The field's name is part of the SQL, for only then does the index on it apply; it never comes from a request.
    let sql = format!(
        "SELECT fields FROM record WHERE object = ?1 AND json_extract(fields, '$.{field}') = ?2 ORDER BY rowid"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows =
        statement.query_map(params![object.name, value], |row| Ok(row.get::<_, Json<Record>>(0)?.0))?;
    rows.collect()
}

/// All records of an object, oldest first.
pub(crate) fn all(db: &Connection, object: &Object) -> rusqlite::Result<Vec<Record>> {
    let mut statement = db.prepare_cached("SELECT fields FROM record WHERE object = ?1 ORDER BY rowid")?;
    let rows = statement.query_map([object.name], |row| Ok(row.get::<_, Json<Record>>(0)?.0))?;
    rows.collect()
}

/// Collects fields for [`insert`] and [`update`].
pub(crate) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
