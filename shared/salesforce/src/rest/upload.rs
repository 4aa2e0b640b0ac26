//! The transcripts of ended conversations, many at a time.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.voice_developer_guide.meta/voice_developer_guide/voice_connect_overview.htm>

use super::Rest;
use super::get::Carrier;
use super::multipart::{Part, encode};
use super::operations;
use super::send::unsendable;
use crate::{Error, Fields};
use bytes::Bytes;
use std::collections::HashSet;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use tokio::time::Instant;

/// What the reference function calls each file; Salesforce wants a name.
const FILE_NAME: &str = "transcripts.txt";

/// As many uploads Salesforce tells about in one reply.
const MAX_UPLOAD_IDS: usize = 100;

/// The transcript of one conversation. In `Debug` its content is hidden.
#[derive(Clone, PartialEq, Eq)]
pub struct ConversationFile {
    /// The conversation's first contact id.
    pub conversation_id: String,
    /// A line of JSON for the conversation, then one for each entry.
    pub ndjson: Bytes,
}

impl Rest {
    /// Uploads transcripts, 512 MB at most. Salesforce works them off later; the reply has an id for each upload.
    /// Not repeated if it may have been executed. Can wait.
    pub async fn upload_conversations(
        &self,
        files: &[ConversationFile],
        deadline: Instant,
    ) -> Result<Fields, Error> {
        let operation = &operations::UPLOAD;
        check(files).map_err(|problem| unsendable(operation, problem))?;
        let parts: Vec<_> = files.iter().map(ConversationFile::part).collect();
        // Every RandomState has other keys, so hashing nothing with a new one is a random number.
        let body = encode(&parts, RandomState::new().hash_one(()))
            .map_err(|_| unsendable(operation, "it cannot be written as a form"))?;
        let url = self.url(operation, &["connect", "conversations", "upload"], &[])?;
        self.send(operation, url, Some(body), None, deadline).await?.json()
    }

    /// How far up to 100 uploads are. Can wait.
    pub async fn upload_status(&self, upload_ids: &[String], deadline: Instant) -> Result<Fields, Error> {
        let operation = &operations::UPLOAD_STATUS;
        if !(1..=MAX_UPLOAD_IDS).contains(&upload_ids.len()) || !upload_ids.iter().all(|id| is_id(id)) {
            return Err(unsendable(
                operation,
                "expected 1 to 100 upload ids of letters, digits, '-' and '_'",
            ));
        }
        let ids = upload_ids.join(",");
        let url = self.url(operation, &["connect", "conversations", "upload"], &[("uploadIds", &ids)])?;
        self.get(operation, url, Carrier::Composite, deadline).await?.json()
    }
}

impl ConversationFile {
    fn part(&self) -> Part<'_> {
        Part { name: &self.conversation_id, file_name: FILE_NAME, content: &self.ndjson }
    }
}

fn check(files: &[ConversationFile]) -> Result<(), &'static str> {
    if files.is_empty() {
        return Err("it has no conversations");
    }
    if !files.iter().all(|file| is_id(&file.conversation_id)) {
        return Err("a conversation id is not 1 to 255 letters, digits, '-' or '_'");
    }
    let ids: HashSet<_> = files.iter().map(|file| &file.conversation_id).collect();
    if ids.len() == files.len() { Ok(()) } else { Err("a conversation is in it twice") }
}

fn is_id(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl fmt::Debug for ConversationFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConversationFile")
            .field("conversation_id", &self.conversation_id)
            .field("bytes", &self.ndjson.len())
            .finish()
    }
}
