//! The transcripts of ended conversations, many at a time.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.voice_developer_guide.meta/voice_developer_guide/voice_connect_overview.htm>

use super::Rest;
use super::get::Carrier;
use super::multipart::Form;
use super::operations;
use super::send::{Body, unsendable};
use crate::{Error, Fields};
use bytes::Bytes;
use std::collections::HashSet;
use std::fmt;
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

/// An upload that grows conversation by conversation. The lines of a transcript go straight into the body of the request,
/// so nothing is there twice, and whoever fills it sees how large it is. In `Debug` its content is hidden.
#[derive(Default)]
pub struct UploadForm {
    form: Form,
    conversations: HashSet<String>,
}

/// An upload that is ready to be sent, as often as it takes.
pub struct Upload {
    body: Body,
    conversations: usize,
}

impl UploadForm {
    /// Adds the transcript of a conversation, named by its first contact id. `lines`, with their line breaks: JSON for the
    /// conversation, then for each entry.
    ///
    /// # Errors
    /// [`Error::Unsendable`]: the id is none, or the conversation is in it already. The form is as it was.
    pub fn add<L: AsRef<[u8]>>(
        &mut self,
        conversation_id: &str,
        lines: impl IntoIterator<Item = L>,
    ) -> Result<(), Error> {
        let wrong = |problem| Err(unsendable(&operations::UPLOAD, problem));
        if !is_id(conversation_id) {
            return wrong("a conversation id is not 1 to 255 letters, digits, '-' or '_'");
        }
        if !self.conversations.insert(conversation_id.to_owned()) {
            return wrong("a conversation is in it twice");
        }
        self.form.file(conversation_id, FILE_NAME, lines);
        Ok(())
    }

    /// How many conversations are in it.
    pub fn conversations(&self) -> usize {
        self.conversations.len()
    }

    /// How large the request is so far, in bytes. Salesforce takes 512 MB.
    pub fn bytes(&self) -> usize {
        self.form.len()
    }

    /// Whole: nothing can be added any more.
    ///
    /// # Errors
    /// [`Error::Unsendable`]: nothing is in it.
    pub fn finish(self) -> Result<Upload, Error> {
        let wrong = |problem| unsendable(&operations::UPLOAD, problem);
        let conversations = self.conversations();
        if conversations == 0 {
            return Err(wrong("it has no conversations"));
        }
        let body = self.form.finish().map_err(|_| wrong("it cannot be written as a form"))?;
        Ok(Upload { body, conversations })
    }
}

impl Rest {
    /// Uploads transcripts. Salesforce works them off later; the reply has an id for each conversation.
    /// Not repeated if it may have been executed. Can wait.
    pub async fn upload(&self, upload: &Upload, deadline: Instant) -> Result<Fields, Error> {
        let operation = &operations::UPLOAD;
        let url = self.url(operation, &["connect", "conversations", "upload"], &[])?;
        self.send(operation, url, Some(upload.body.clone()), None, deadline).await?.json()
    }

    /// The same with transcripts that are there already.
    pub async fn upload_conversations(
        &self,
        files: &[ConversationFile],
        deadline: Instant,
    ) -> Result<Fields, Error> {
        let mut form = UploadForm::default();
        for file in files {
            form.add(&file.conversation_id, [&file.ndjson])?;
        }
        self.upload(&form.finish()?, deadline).await
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

impl fmt::Debug for UploadForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadForm")
            .field("conversations", &self.conversations)
            .field("bytes", &self.bytes())
            .finish()
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("conversations", &self.conversations).finish_non_exhaustive()
    }
}
