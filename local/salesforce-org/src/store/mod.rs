//! The org's memory: one SQLite database, in memory or in a file.

use std::ops::Deref;
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use crate::ids;
use crate::schema::{ObjectSchema, Schema};
use crate::settings::Storage;

pub(crate) mod calls;
pub(crate) mod events;
pub(crate) mod messages;
pub(crate) mod records;
pub(crate) mod routing;
pub(crate) mod sessions;
pub(crate) mod uploads;

/// The database. What is done with it takes microseconds, so requests take turns.
pub(crate) struct Store {
    connection: Mutex<Connection>,
    schema: Schema,
    /// 15 characters.
    org_id: String,
    /// The user that does what no user asked for: Salesforce's platform integration user.
    own_user_id: String,
}

impl Store {
    pub(crate) fn open(storage: &Storage, schema: Schema) -> anyhow::Result<Self> {
        let connection = match storage {
            Storage::Memory => Connection::open_in_memory()?,
            Storage::File(path) => Connection::open(path)?,
        };
        // Nobody's calls are lost if the machine loses power: not worth waiting for the disk at every request.
        connection.pragma_update(None, "synchronous", "OFF")?;
        connection.execute_batch(include_str!("schema.sql"))?;
        let (org_id, own_user_id) = begin(&connection, &schema).context("reading the org's own records")?;
        Ok(Self { connection: Mutex::new(connection), schema, org_id, own_user_id })
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The org's id, 15 characters, made up when the database was.
    pub(crate) fn org_id(&self) -> &str {
        &self.org_id
    }

    /// Runs `work` in one transaction, which is undone if it fails. What it creates was created by the org itself.
    pub(crate) fn transact<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce(&Db<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transact_as(&self.own_user_id, work)
    }

    /// Runs `work` for a user in one transaction, which is undone if it fails.
    pub(crate) fn transact_as<T, E: From<rusqlite::Error>>(
        &self,
        user_id: &str,
        work: impl FnOnce(&Db<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&Db { connection: &transaction, schema: &self.schema, user_id })?;
        transaction.commit()?;
        Ok(done)
    }
}

/// The database within a transaction, what its records are like, and for whom it is used.
pub(crate) struct Db<'a> {
    connection: &'a Connection,
    schema: &'a Schema,
    user_id: &'a str,
}

impl Db<'_> {
    pub(crate) fn schema(&self) -> &Schema {
        self.schema
    }

    /// The user who is asking, 18 characters.
    pub(crate) fn user_id(&self) -> &str {
        self.user_id
    }

    /// An object that must be there because the org's own code names it or a record of it exists.
    fn object(&self, name: &str) -> rusqlite::Result<&ObjectSchema> {
        self.schema.object(name).ok_or_else(|| rusqlite::Error::InvalidParameterName(name.to_owned()))
    }

    /// Runs `work`; if it fails, what it did is undone and what was done before stays.
    pub(crate) fn attempt<T, E: From<rusqlite::Error>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute_batch("SAVEPOINT attempt")?;
        let done = work();
        let end = if done.is_ok() { "RELEASE attempt" } else { "ROLLBACK TO attempt; RELEASE attempt" };
        self.execute_batch(end)?;
        done
    }
}

impl Deref for Db<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

/// The org's id and its own user's, made up if the database is new.
fn begin(connection: &Connection, schema: &Schema) -> rusqlite::Result<(String, String)> {
    let db = Db { connection, schema, user_id: "" };
    let known = db.query_row("SELECT id, user_id FROM org", [], |row| Ok((row.get(0)?, row.get(1)?)));
    if let Some(ids) = known.optional()? {
        return Ok(ids);
    }
    let org_id = ids::org_id();
    let user = records::fields([
        ("Username", format!("integration@{}.invalid", org_id.to_ascii_lowercase()).into()),
        ("FirstName", "Platform".into()),
        ("LastName", "Integration User".into()),
    ]);
    let user_id = records::insert(&db, records::USER, user)?.id().to_owned();
    let db = Db { user_id: &user_id, ..db };
    if let Some(user) = records::by_id(&db, records::USER, &user_id)? {
        records::update(&db, user, records::fields([("CreatedById", user_id.as_str().into())]))?;
    }
    let organization = records::fields([
        ("Id", ids::to_18(&org_id).into()),
        ("Name", "Local Org".into()),
        ("OrganizationType", "Developer Edition".into()),
        ("InstanceName", "LOCAL".into()),
    ]);
    records::insert(&db, "Organization", organization)?;
    db.execute("INSERT INTO org VALUES (?1, ?2)", [&org_id, &user_id])?;
    Ok((org_id, user_id))
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
