//! What a query reads: the schema, the rows, and the world that it is run in.

use std::cell::OnceCell;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::schema::{ObjectKind, ObjectSchema, Schema};
use crate::soql::ast::{At, Path};
use crate::soql::error::QueryError;
use crate::store::Db;
use crate::store::records::{self, Record};

pub(super) static NULL: Value = Value::Null;
pub(super) static FALSE: Value = Value::Bool(false);

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The query is at fault.
    Refused(QueryError),
    /// The database is.
    Database(rusqlite::Error),
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        Self::Refused(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

/// When and where a query is run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// As written, for excerpts in errors.
    pub(crate) text: &'a str,
    /// `/services/data/v66.0`
    pub(crate) base: &'a str,
    pub(crate) now: DateTime<Utc>,
    /// Whether deleted rows are read too.
    pub(crate) deleted: bool,
}

/// The org as one query sees it. Each object's rows are loaded when they are first asked for.
pub(crate) struct Data<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) setting: Setting<'a>,
    /// Also knows the user who asks.
    db: &'a Db<'a>,
    tables: HashMap<&'a str, OnceCell<Table>>,
}

/// The rows of one object, deleted ones included.
pub(crate) struct Table {
    pub(crate) rows: Vec<Record>,
    by_id: HashMap<[u8; 15], usize>,
    /// The object's name, for `What.Type`.
    pub(super) name: Value,
}

/// A row and where it belongs.
#[derive(Clone, Copy)]
pub(crate) struct Place<'d> {
    pub(crate) object: &'d ObjectSchema,
    pub(crate) table: &'d Table,
    pub(crate) row: &'d Record,
}

impl<'a> Data<'a> {
    pub(crate) fn new(db: &'a Db<'a>, setting: Setting<'a>) -> Self {
        let schema = db.schema();
        let tables = schema.objects().iter().map(|object| (object.name.as_str(), OnceCell::new()));
        Self { schema, setting, db, tables: tables.collect() }
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.setting.now.date_naive()
    }

    /// The object of a `FROM`.
    pub(crate) fn object(&self, path: &Path) -> Result<&'a ObjectSchema, QueryError> {
        let name = path.names.join(".");
        let queried = |object: &&ObjectSchema| object.kind == ObjectKind::Record;
        self.schema.object(&name).filter(queried).ok_or_else(|| {
            self.error(
                "INVALID_TYPE",
                path.at,
                format_args!(
                    "sObject type '{name}' is not supported. If you are attempting to use a custom object, be sure \
                     to append the '__c' after the entity name. Please reference your WSDL or the describe call for \
                     the appropriate names."
                ),
            )
        })
    }

    pub(crate) fn table(&self, object: &ObjectSchema) -> rusqlite::Result<&Table> {
        let Some(cell) = self.tables.get(object.name.as_str()) else {
            return Err(rusqlite::Error::InvalidParameterName(object.name.clone()));
        };
        match cell.get() {
            Some(table) => Ok(table),
            None => {
                let table = Table::load(self.db, object)?;
                Ok(cell.get_or_init(|| table))
            }
        }
    }

    /// The rows of an object that the query may see.
    pub(crate) fn places<'d>(
        &'d self,
        object: &'d ObjectSchema,
    ) -> rusqlite::Result<impl Iterator<Item = Place<'d>>> {
        let table = self.table(object)?;
        let seen = |row: &&Record| self.setting.deleted || !row.is_deleted();
        Ok(table.rows.iter().filter(seen).map(move |row| Place { object, table, row }))
    }

    /// The id of the user who asks.
    pub(super) fn user_id(&self) -> &str {
        self.db.user_id()
    }

    pub(crate) fn error(&self, code: &'static str, at: At, problem: impl std::fmt::Display) -> QueryError {
        QueryError::at(code, self.setting.text, at.0, problem)
    }
}

impl Table {
    fn load(db: &Db<'_>, object: &ObjectSchema) -> rusqlite::Result<Self> {
        let rows = records::all_with_deleted(db, &object.name)?;
        let ids = rows.iter().enumerate().filter_map(|(place, row)| Some((key(row.id())?, place)));
        Ok(Self { by_id: ids.collect(), rows, name: object.name.as_str().into() })
    }

    /// The row of an id of 15 or 18 characters.
    pub(crate) fn row(&self, id: &str) -> Option<&Record> {
        self.rows.get(*self.by_id.get(&key(id)?)?)
    }
}

/// What tells ids apart: 18 characters are 15 and a checksum.
pub(super) fn key(id: &str) -> Option<[u8; 15]> {
    id.as_bytes().first_chunk().copied()
}
