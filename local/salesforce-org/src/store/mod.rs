//! The org's memory: one SQLite database, in memory or in a file.

use std::sync::{Mutex, PoisonError};

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::ids;
use crate::settings::Storage;

pub(crate) mod calls;
pub(crate) mod events;
pub(crate) mod messages;
pub(crate) mod records;
pub(crate) mod routing;
pub(crate) mod sessions;

/// The database. What is done with it takes microseconds, so requests take turns.
pub(crate) struct Store(Mutex<Connection>);

impl Store {
    pub(crate) fn open(storage: &Storage) -> rusqlite::Result<Self> {
        let connection = match storage {
            Storage::Memory => Connection::open_in_memory()?,
            Storage::File(path) => Connection::open(path)?,
        };
        // Nobody's calls are lost if the machine loses power: not worth waiting for the disk at every request.
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self(Mutex::new(connection)))
    }

    /// Runs `work` in one transaction, which is undone if it fails.
    pub(crate) fn transact<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// The org's id, 15 characters, made up when the database was.
    pub(crate) fn org_id(&self) -> rusqlite::Result<String> {
        self.transact(|db| {
            if let Some(id) = db.query_row("SELECT id FROM org", [], |row| row.get(0)).optional()? {
                return Ok(id);
            }
            let id = ids::org_id();
            db.execute("INSERT INTO org VALUES (?1)", [&id])?;
            Ok(id)
        })
    }
}

/// JSON kept in a text column.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: serde::de::DeserializeOwned> rusqlite::types::FromSql for Json<T> {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(rusqlite::types::FromSqlError::other)
    }
}

impl<T: serde::Serialize> rusqlite::ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        let text = serde_json::to_string(&self.0)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(text.into())
    }
}
