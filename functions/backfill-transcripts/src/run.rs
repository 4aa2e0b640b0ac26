//! Conversation after conversation from S3 to Salesforce: read, gathered into an upload, and sent when that is full.

use std::mem;

use connect::ContactId;
use connect::analysis::Analysis;
use lambda_kit::state::{TranscriptState, Uploaded};
use salesforce::Outcome as Executed;
use salesforce::rest::{Rest, UploadForm};
use tokio::time::Instant;
use tracing::{error, info};

use crate::App;
use crate::calls::{Call, Conversation};
use crate::error::HandlerError;
use crate::files::{Files, Found};
use crate::mapping::{Entry, audio_start, entries, lines};
use crate::report::{Line, Outcome};
use crate::uploads::{Answer, answers};

/// An upload that is as large is sent, however few conversations it has: so memory holds this and one conversation,
/// not ten of hours. In bytes.
const LARGE: usize = 4 * 1024 * 1024;

/// How calls are worked off.
#[derive(Clone, Copy)]
pub(crate) struct Mode<'a> {
    /// The secret of the call center, where it is not the default.
    pub(crate) secret_name: Option<&'a str>,
    /// Only tell what would be done.
    pub(crate) dry_run: bool,
    /// Whatever is known of the transcript.
    pub(crate) again: bool,
    pub(crate) deadline: Instant,
}

/// The work, as far as it is.
pub(crate) struct Run<'a> {
    app: &'a App,
    files: Files<'a>,
    mode: Mode<'a>,
    form: UploadForm,
    pending: Vec<Pending>,
    lines: Vec<Line>,
}

/// A contact whose words are in the upload.
struct Pending {
    line: usize,
    conversation: ContactId,
}

/// What is to be done about a call.
enum Step {
    Done(Outcome),
    Upload(Vec<Entry>),
}

impl<'a> Run<'a> {
    pub(crate) fn new(app: &'a App, bucket: &'a str, mode: Mode<'a>) -> Self {
        let files = Files {
            files: &app.files,
            bucket,
            prefix: &app.config.prefix,
            redacted: app.config.redacted,
            deadline: mode.deadline,
        };
        Self { app, files, mode, form: UploadForm::default(), pending: Vec::new(), lines: Vec::new() }
    }

    /// What became of the contacts so far.
    pub(crate) fn into_lines(self) -> Vec<Line> {
        self.lines
    }

    /// Notes what became of a contact about which nothing can be done.
    pub(crate) fn note(&mut self, contact_id: ContactId, outcome: Outcome) {
        self.lines.push(Line { contact_id, outcome });
    }

    /// Whether the upload is to be sent before another conversation is taken.
    pub(crate) fn is_full(&self) -> bool {
        self.form.conversations() >= self.app.config.in_an_upload || self.form.bytes() >= LARGE
    }

    /// Whether all that was taken is settled.
    pub(crate) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Reads what was said in the calls of a conversation, and puts it into the upload.
    ///
    /// # Errors
    /// What concerns all calls. What is in the upload by then is to be sent nevertheless.
    pub(crate) async fn take(&mut self, conversation: &Conversation) -> Result<(), HandlerError> {
        let first_line = self.lines.len();
        for call in &conversation.calls {
            self.note(call.contact_id.clone(), Outcome::NotReached);
        }
        let live = self.live(conversation).await?;
        let mut words = Vec::new();
        for (line, call) in (first_line..).zip(&conversation.calls) {
            match self.step(conversation, call, live.contains(&call.contact_id)).await? {
                Step::Done(outcome) => self.settle(line, outcome),
                Step::Upload(entries) => words.push((line, entries)),
            }
        }
        self.gather(conversation, words).await
    }

    /// The contacts whose transcript came while the call went on.
    async fn live(&self, conversation: &Conversation) -> Result<Vec<ContactId>, HandlerError> {
        if self.mode.again || conversation.ended.is_none() {
            return Ok(Vec::new());
        }
        let (state, deadline) = (&self.app.state, self.mode.deadline);
        let contacts: Vec<&str> = conversation.calls.iter().map(|call| call.contact_id.as_str()).collect();
        let states = state.transcripts(&contacts, deadline).await?;
        let is_delivered = |state: &TranscriptState| state.delivered.is_some();
        let mut live = Vec::new();
        for call in &conversation.calls {
            let contact = call.contact_id.as_str();
            if states.get(contact).is_some_and(is_delivered)
                || state.transcription_checkpoint(contact, deadline).await?.is_some()
            {
                live.push(call.contact_id.clone());
            }
        }
        Ok(live)
    }

    async fn step(
        &self,
        conversation: &Conversation,
        call: &Call,
        is_live: bool,
    ) -> Result<Step, HandlerError> {
        if conversation.ended.is_none() {
            return Ok(Step::Done(Outcome::CallOpen));
        }
        if is_live {
            return Ok(Step::Done(Outcome::HasTranscript { upload_id: None }));
        }
        if !self.mode.again
            && let Some(known) = self.known(call).await?
        {
            return Ok(Step::Done(known));
        }
        let Some(file) = self.files.find(call).await? else { return Ok(Step::Done(Outcome::NoFile)) };
        if self.mode.dry_run {
            return Ok(Step::Done(Outcome::ToUpload { file: file.key }));
        }
        self.read(conversation, call, &file).await
    }

    async fn read(
        &self,
        conversation: &Conversation,
        call: &Call,
        file: &Found,
    ) -> Result<Step, HandlerError> {
        let json = match self.files.read(file).await {
            Ok(json) => json,
            Err(e) if e.is_permanent() => return Ok(Step::Done(Outcome::refused(e))),
            Err(e) => return Err(e.into()),
        };
        let analysis = match Analysis::read(&json) {
            Ok(analysis) => analysis,
            Err(malformed) => {
                let (path, problem) = (malformed.path(), malformed.problem());
                let why = format!("{} is not an analysis: at {path}: {problem}", file.key);
                return Ok(Step::Done(Outcome::refused(why)));
            }
        };
        let start = audio_start(call, file.connected_to_agent);
        let said: Vec<Entry> = entries(conversation, call, start, &analysis).collect();
        Ok(if said.is_empty() { Step::Done(Outcome::NothingToUpload) } else { Step::Upload(said) })
    }

    /// What is known of an earlier upload.
    async fn known(&self, call: &Call) -> Result<Option<Outcome>, HandlerError> {
        let known = self.app.state.uploaded(call.contact_id.as_str(), self.mode.deadline).await?;
        Ok(known.map(|known| match known {
            Uploaded::Accepted(upload_id) => Outcome::HasTranscript { upload_id: Some(upload_id) },
            Uploaded::Unconfirmed => Outcome::Unconfirmed,
        }))
    }

    /// Puts what was said into the upload, and notes of each contact that it is about to be sent.
    async fn gather(
        &mut self,
        conversation: &Conversation,
        words: Vec<(usize, Vec<Entry>)>,
    ) -> Result<(), HandlerError> {
        let (mut said, mut begun, mut failed) = (Vec::new(), Vec::new(), None);
        for (line, mut entries) in words {
            let contact = self.lines[line].contact_id.clone();
            match self.app.state.begin_upload(contact.as_str(), self.mode.again, self.mode.deadline).await {
                Ok(true) => {
                    said.append(&mut entries);
                    begun.push(line);
                }
                // By another invocation, at the same time.
                Ok(false) => self.settle(line, Outcome::Unconfirmed),
                Err(e) => {
                    failed = Some(e);
                    break;
                }
            }
        }
        if !begun.is_empty() {
            match self.form.add(conversation.identifier.as_str(), lines(&conversation.identifier, said)) {
                Ok(()) => self.pending.extend(
                    begun
                        .into_iter()
                        .map(|line| Pending { line, conversation: conversation.identifier.clone() }),
                ),
                Err(e) => {
                    for line in begun {
                        self.forget(line).await?;
                        self.settle(line, Outcome::refused(&e));
                    }
                }
            }
        }
        failed.map_or(Ok(()), |e| Err(e.into()))
    }

    /// Sends the upload, if there is anything in it, and notes what became of each contact.
    ///
    /// # Errors
    /// What concerns all calls, not only those of this upload.
    pub(crate) async fn flush(&mut self) -> Result<(), HandlerError> {
        let pending = mem::take(&mut self.pending);
        if pending.is_empty() {
            return Ok(());
        }
        let (app, Mode { secret_name, deadline, .. }) = (self.app, self.mode);
        let upload = mem::take(&mut self.form).finish().map_err(call_centers::Error::Salesforce)?;
        let sent = app
            .call_centers
            .rest(secret_name, deadline, async |rest: &Rest| rest.upload(&upload, deadline).await)
            .await;
        match sent {
            Ok(reply) => {
                let answers = answers(&reply);
                let mut noted = Ok(());
                for Pending { line, conversation } in pending {
                    noted = self.answered(line, answers.get(conversation.as_str())).await.and(noted);
                }
                noted
            }
            Err(e) if may_be_executed(&e) => {
                for Pending { line, .. } in pending {
                    self.settle(line, Outcome::Unconfirmed);
                }
                Err(e.into())
            }
            Err(e) => {
                let mut forgotten = Ok(());
                for Pending { line, .. } in pending {
                    forgotten = self.forget(line).await.and(forgotten);
                    if e.is_permanent() {
                        self.settle(line, Outcome::refused(&e));
                    }
                }
                if e.is_permanent() { forgotten } else { Err(e.into()) }
            }
        }
    }

    async fn answered(&mut self, line: usize, answer: Option<&Answer>) -> Result<(), HandlerError> {
        let (state, deadline) = (&self.app.state, self.mode.deadline);
        match answer {
            Some(Answer::Accepted(upload_id)) => {
                let upload_id = upload_id.clone();
                self.settle(line, Outcome::Uploaded { upload_id: upload_id.clone() });
                state.note_upload(self.lines[line].contact_id.as_str(), &upload_id, deadline).await?;
            }
            Some(Answer::Refused(why)) => {
                let refused = Outcome::refused(why);
                self.settle(line, refused);
                self.forget(line).await?;
            }
            None => self.settle(line, Outcome::Unconfirmed),
        }
        Ok(())
    }

    async fn forget(&self, line: usize) -> Result<(), HandlerError> {
        let contact = self.lines[line].contact_id.as_str();
        Ok(self.app.state.forget_upload(contact, self.mode.deadline).await?)
    }

    fn settle(&mut self, line: usize, outcome: Outcome) {
        let line = &mut self.lines[line];
        let (contact_id, name) = (line.contact_id.as_str(), outcome.name());
        match &outcome {
            Outcome::Uploaded { upload_id } => {
                info!(contact_id, outcome = name, upload_id, "call worked off")
            }
            // Why may be in Salesforce's words, which are for the report only.
            Outcome::Refused { .. } | Outcome::Unconfirmed => {
                error!(contact_id, outcome = name, "call worked off")
            }
            _ => {
                self.app.metrics.skipped(name);
                info!(contact_id, outcome = name, "call worked off");
            }
        }
        line.outcome = outcome;
    }
}

/// Whether Salesforce may have the upload all the same.
fn may_be_executed(error: &call_centers::Error) -> bool {
    use salesforce::Error;
    matches!(
        error,
        call_centers::Error::Salesforce(
            Error::Unavailable { outcome: Executed::Unknown, .. }
                | Error::OutOfTime { .. }
                | Error::UnreadableReply { .. }
        )
    )
}
