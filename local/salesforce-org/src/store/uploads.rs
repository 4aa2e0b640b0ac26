//! Uploads of whole conversations.

use rusqlite::{OptionalExtension, params};

use super::Db;

/// What became of an upload.
pub(crate) struct Upload {
    pub(crate) id: String,
    /// The conversation that the file was for.
    pub(crate) conversation_identifier: String,
    pub(crate) status: String,
}

pub(crate) fn put(db: &Db<'_>, upload: &Upload) -> rusqlite::Result<()> {
    let row = params![upload.id, upload.conversation_identifier, upload.status];
    db.execute("INSERT INTO upload VALUES (?1, ?2, ?3)", row)?;
    Ok(())
}

pub(crate) fn find(db: &Db<'_>, id: &str) -> rusqlite::Result<Option<Upload>> {
    db.query_row("SELECT * FROM upload WHERE id = ?1", [id], |row| {
        Ok(Upload {
            id: row.get("id")?,
            conversation_identifier: row.get("conversation_identifier")?,
            status: row.get("status")?,
        })
    })
    .optional()
}
