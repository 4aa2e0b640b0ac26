//! What is named by whoever asks: contacts to upload, and uploads to tell about.

use std::collections::HashMap;

use salesforce::rest::Rest;
use serde_json::{Value, json};

use crate::App;
use crate::calls::{Calls, Conversation};
use crate::error::HandlerError;
use crate::report::{Line, Outcome, report};
use crate::request::Wanted;
use crate::run::{Mode, Run};
use crate::uploads::joined;

/// As many uploads Salesforce tells about in one reply.
const STATUSES: usize = 100;

impl App {
    /// Uploads the transcripts of these contacts. Of a contact that is named twice, what is named last counts.
    pub(crate) async fn upload(&self, wanted: Vec<Wanted>, mode: Mode<'_>) -> Result<Value, HandlerError> {
        let call_center = self.call_centers.call_center_api_name(mode.secret_name, mode.deadline).await?;
        let bucket = self.config.bucket.name(&call_center);
        let contacts: Vec<&str> = wanted.iter().map(|wanted| wanted.contact_id.as_str()).collect();
        let Mode { secret_name, deadline, .. } = mode;
        let calls =
            Calls { call_centers: &self.call_centers, secret_name, call_center: &call_center, deadline };
        let mut conversations = calls.of_contacts(&contacts).await?;
        relate(&mut conversations, &wanted);

        let mut run = Run::new(self, &bucket, mode);
        let end = take_all(&mut run, &conversations).await;
        // What was gathered is noted as being uploaded: it is sent whatever happened to the others.
        let end = run.flush().await.and(end);
        let mut became: HashMap<_, _> =
            run.into_lines().into_iter().map(|line| (line.contact_id, line.outcome)).collect();
        for call in conversations.into_iter().flat_map(|conversation| conversation.calls) {
            became.entry(call.contact_id).or_insert(Outcome::NotReached);
        }
        let mut lines: Vec<Line> = Vec::new();
        for Wanted { contact_id, .. } in wanted {
            if lines.iter().any(|line| line.contact_id == contact_id) {
                continue;
            }
            let unknown =
                || Outcome::refused("Salesforce has no VoiceCall of this contact in this call center");
            let outcome = became.remove(&contact_id).unwrap_or_else(unknown);
            lines.push(Line { contact_id, outcome });
        }
        match end {
            Err(e) if lines.iter().all(|line| line.outcome == Outcome::NotReached) => Err(e),
            end => Ok(report(&lines, end.err().as_ref())),
        }
    }

    /// How far uploads are, in Salesforce's words.
    pub(crate) async fn status(&self, upload_ids: &[String], mode: Mode<'_>) -> Result<Value, HandlerError> {
        let Mode { secret_name, deadline, .. } = mode;
        let mut replies = Vec::new();
        for ids in upload_ids.chunks(STATUSES) {
            let ask = async |rest: &Rest| rest.upload_status(ids, deadline).await;
            replies.push(self.call_centers.rest(secret_name, deadline, ask).await?);
        }
        Ok(json!(joined(replies)))
    }
}

async fn take_all(run: &mut Run<'_>, conversations: &[Conversation]) -> Result<(), HandlerError> {
    for conversation in conversations {
        run.take(conversation).await?;
        if run.is_full() {
            run.flush().await?;
        }
    }
    Ok(())
}

/// What the request says that a transcript belongs to, in place of the VoiceCall.
fn relate(conversations: &mut [Conversation], wanted: &[Wanted]) {
    for call in conversations.iter_mut().flat_map(|conversation| &mut conversation.calls) {
        let mut named = wanted.iter().rev();
        let named = named.find(|wanted| wanted.contact_id == call.contact_id);
        if let Some(named) = named.filter(|named| !named.related_records.is_empty()) {
            call.related_records.clone_from(&named.related_records);
        }
    }
}
