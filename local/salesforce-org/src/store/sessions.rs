//! Sessions of logged-in users, and the JWT ids that were used up.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::Db;

pub(crate) fn add(db: &Db<'_>, token: &str, username: &str, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let row = params![token, username, now.timestamp_millis()];
    db.execute("INSERT INTO session VALUES (?1, ?2, ?3)", row)?;
    Ok(())
}

/// Whose session this is, if it is one that has been used within its lifetime; it lives on from now.
pub(crate) fn touch(
    db: &Db<'_>,
    token: &str,
    lifetime: Duration,
    now: DateTime<Utc>,
) -> rusqlite::Result<Option<String>> {
    let lifetime_ms = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
    let oldest = now.timestamp_millis().saturating_sub(lifetime_ms);
    db.query_row(
        "UPDATE session SET used_at_ms = ?2 WHERE token = ?1 AND used_at_ms > ?3 RETURNING username",
        params![token, now.timestamp_millis(), oldest],
        |row| row.get(0),
    )
    .optional()
}

/// Ends one session. False if there is no such session.
pub(crate) fn revoke(db: &Db<'_>, token: &str) -> rusqlite::Result<bool> {
    Ok(db.execute("DELETE FROM session WHERE token = ?1", [token])? == 1)
}

pub(crate) fn revoke_all(db: &Db<'_>) -> rusqlite::Result<()> {
    db.execute("DELETE FROM session", [])?;
    Ok(())
}

/// Uses up a JWT id. False if it was used before.
pub(crate) fn use_jti(db: &Db<'_>, call_center: &str, jti: &str) -> rusqlite::Result<bool> {
    let added = db.execute("INSERT OR IGNORE INTO used_jti VALUES (?1, ?2)", [call_center, jti])?;
    Ok(added == 1)
}
