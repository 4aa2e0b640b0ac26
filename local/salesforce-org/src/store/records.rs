//! sObject records, whatever their object.

use std::ops::Index;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, ToSql, params};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Db, Json};
use crate::ids;
use crate::schema::{FieldKind, FieldSchema, Formula, ObjectSchema};

/// How Salesforce writes a dateTime field.
const DATE_TIME: &str = "%Y-%m-%dT%H:%M:%S%.3f%z";

// The objects that the org's own code names.
pub(crate) const VOICE_CALL: &str = "VoiceCall";
pub(crate) const CONVERSATION: &str = "Conversation";
pub(crate) const CALL_CENTER: &str = "CallCenter";
pub(crate) const USER: &str = "User";
/// A queue is a Group whose `Type` is `Queue`.
pub(crate) const GROUP: &str = "Group";
pub(crate) const ROUTING_MAP: &str = "CallCenterRoutingMap";
pub(crate) const RECORDING: &str = "VoiceCallRecording";
pub(crate) const CONTACT_REQUEST: &str = "ContactRequest";

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

    /// Whether the record was deleted.
    pub fn is_deleted(&self) -> bool {
        self["IsDeleted"] == true
    }

    /// All fields that were ever set.
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The record with these changes, computed fields included, as it would be stored.
    pub(crate) fn with(
        &self,
        object: &ObjectSchema,
        changes: impl IntoIterator<Item = (String, Value)>,
    ) -> Self {
        let mut changed = self.clone();
        changed.0.extend(changes);
        changed.compute(object);
        changed
    }

    fn compute(&mut self, object: &ObjectSchema) {
        for field in &object.fields {
            let value = match &field.formula {
                Some(Formula::Join(parts)) => {
                    let parts: Vec<_> = parts.iter().filter_map(|part| self.text(part)).collect();
                    parts.join(" ").into()
                }
                Some(Formula::OneOf { field, values }) => {
                    self.text(field).is_some_and(|value| values.iter().any(|one| one == value)).into()
                }
                // What a parent holds is looked up when the record is read.
                Some(Formula::Parent { .. }) | None => continue,
            };
            self.0.insert(field.name.clone(), value);
        }
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

/// What a new record has before anybody gives it anything.
pub(crate) fn blank(db: &Db<'_>, object: &ObjectSchema) -> Record {
    let default = |field: &FieldSchema| Some((field.name.clone(), field.default.clone()?));
    let mut fields: Map<_, _> = object.fields.iter().filter_map(default).collect();
    if object.owned {
        fields.insert("OwnerId".to_owned(), db.user_id().into());
    }
    Record(fields)
}

/// Stores a new record and gives it its id, its number and its system fields.
pub(crate) fn insert(db: &Db<'_>, object: &str, fields: Map<String, Value>) -> rusqlite::Result<Record> {
    let object = db.object(object)?;
    let number: u32 = db.query_row(
        "INSERT INTO sequence VALUES (?1, 1) ON CONFLICT (prefix) DO UPDATE SET last = last + 1 RETURNING last",
        [&object.key_prefix],
        |row| row.get(0),
    )?;
    let mut record = blank(db, object);
    record.0.insert("Id".to_owned(), ids::record_id(&object.key_prefix, number.into()).into());
    for field in &object.fields {
        if let FieldKind::AutoNumber { format } = &field.kind {
            record.0.insert(field.name.clone(), format.write(number).into());
        }
    }
    let now = date_time(Utc::now());
    record.0.insert("CreatedDate".to_owned(), now.clone());
    record.0.insert("CreatedById".to_owned(), db.user_id().into());
    let record = stamped(db, record, now).with(object, fields);
    db.execute("INSERT INTO record VALUES (?1, ?2, ?3)", params![record.id(), object.name, Json(&record)])?;
    Ok(record)
}

/// Changes fields of a record; the others keep their values.
pub(crate) fn update(
    db: &Db<'_>,
    record: Record,
    changes: impl IntoIterator<Item = (String, Value)>,
) -> rusqlite::Result<Record> {
    let object = db.schema().object_of_id(record.id());
    let object = object.ok_or_else(|| rusqlite::Error::InvalidParameterName(record.id().to_owned()))?;
    let record = stamped(db, record, date_time(Utc::now())).with(object, changes);
    db.execute("UPDATE record SET fields = ?2 WHERE id = ?1", params![record.id(), Json(&record)])?;
    Ok(record)
}

fn stamped(db: &Db<'_>, mut record: Record, now: Value) -> Record {
    record.0.insert("LastModifiedDate".to_owned(), now.clone());
    record.0.insert("SystemModstamp".to_owned(), now);
    record.0.insert("LastModifiedById".to_owned(), db.user_id().into());
    record
}

/// The record with this id, 15 or 18 characters.
pub(crate) fn by_id(db: &Db<'_>, object: &str, id: &str) -> rusqlite::Result<Option<Record>> {
    Ok(even_deleted(db, object, id)?.filter(|record| !record.is_deleted()))
}

/// The record with this id, 15 or 18 characters, whether it was deleted or not.
pub(crate) fn even_deleted(db: &Db<'_>, object: &str, id: &str) -> rusqlite::Result<Option<Record>> {
    let Some(id) = ids::to_18(id) else { return Ok(None) };
    let sql = "SELECT fields FROM record WHERE object = ?1 AND id = ?2";
    Ok(read(db, sql, params![object, id])?.pop())
}

/// The records whose field has this text, oldest first.
pub(crate) fn by_field(
    db: &Db<'_>,
    object: &str,
    field: &'static str,
    value: &str,
) -> rusqlite::Result<Vec<Record>> {
    // The field's name is part of the SQL, for only then does the index on it apply; it never comes from a request.
    select(db, &format!("json_extract(fields, '$.{field}') = ?2"), params![object, value])
}

/// The records whose field has this value, letter case aside, oldest first.
pub(crate) fn matching(
    db: &Db<'_>,
    object: &ObjectSchema,
    field: &FieldSchema,
    value: &Value,
) -> rusqlite::Result<Vec<Record>> {
    let path = format!("$.{}", field.name);
    let condition = "json_extract(fields, ?2) = ?3 COLLATE NOCASE";
    match value {
        Value::String(text) => select(db, condition, params![object.name, path, text]),
        Value::Number(number) => select(db, condition, params![object.name, path, number.as_f64()]),
        _ => Ok(Vec::new()),
    }
}

/// All records of an object, oldest first.
pub(crate) fn all(db: &Db<'_>, object: &str) -> rusqlite::Result<Vec<Record>> {
    select(db, "TRUE", params![object])
}

/// All records of an object, the deleted ones too, oldest first.
pub(crate) fn all_with_deleted(db: &Db<'_>, object: &str) -> rusqlite::Result<Vec<Record>> {
    read(db, "SELECT fields FROM record WHERE object = ?1 ORDER BY rowid", params![object])
}

fn select(db: &Db<'_>, condition: &str, params: &[&dyn ToSql]) -> rusqlite::Result<Vec<Record>> {
    let sql = format!(
        "SELECT fields FROM record WHERE object = ?1 AND {condition}
         AND json_extract(fields, '$.IsDeleted') IS NOT TRUE ORDER BY rowid"
    );
    read(db, &sql, params)
}

fn read(db: &Db<'_>, sql: &str, params: &[&dyn ToSql]) -> rusqlite::Result<Vec<Record>> {
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params, |row| Ok(row.get::<_, Json<Record>>(0)?.0))?;
    rows.map(|record| with_parents(db, record?)).collect()
}

/// A record with what it shows of its parents.
fn with_parents(db: &Db<'_>, mut record: Record) -> rusqlite::Result<Record> {
    let object = db.schema().object_of_id(record.id());
    for shown in object.iter().flat_map(|object| &object.fields) {
        if let Some(Formula::Parent { reference, field }) = &shown.formula {
            let mut parent = db.prepare_cached("SELECT fields FROM record WHERE id = ?1")?;
            let parent = parent.query_row([record.text(reference)], |row| row.get::<_, Json<Record>>(0));
            let value = parent.optional()?.map(|Json(parent)| parent[field].clone());
            record.0.insert(shown.name.clone(), value.unwrap_or_default());
        }
    }
    Ok(record)
}

/// Collects fields for [`insert`] and [`update`].
pub(crate) fn fields<const N: usize>(fields: [(&str, Value); N]) -> Map<String, Value> {
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
