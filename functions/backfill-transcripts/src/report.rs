//! What became of each contact, for whoever asked.

use std::collections::BTreeMap;

use connect::ContactId;
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::HandlerError;

/// What became of the transcript of one contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Salesforce has accepted it under this id, and works it off.
    Uploaded { upload_id: String },
    /// Without the dry run it would be uploaded, from this file.
    ToUpload { file: String },
    /// It is there already: it came while the call went on, or was uploaded earlier under this id.
    HasTranscript { upload_id: Option<String> },
    /// It was sent, now or earlier, and nobody knows what became of it.
    Unconfirmed,
    /// Nobody said anything.
    NothingToUpload,
    /// Contact Lens has written nothing about the call, or not yet.
    NoFile,
    /// Salesforce takes transcripts of conversations that are over.
    CallOpen,
    /// It cannot be uploaded, and why.
    Refused { why: String },
    /// The invocation ended before.
    NotReached,
}

impl Outcome {
    pub(crate) fn refused(why: impl ToString) -> Self {
        Self::Refused { why: why.to_string() }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Uploaded { .. } => "uploaded",
            Self::ToUpload { .. } => "to_upload",
            Self::HasTranscript { .. } => "has_transcript",
            Self::Unconfirmed => "unconfirmed",
            Self::NothingToUpload => "nothing_to_upload",
            Self::NoFile => "no_file",
            Self::CallOpen => "call_open",
            Self::Refused { .. } => "refused",
            Self::NotReached => "not_reached",
        }
    }
}

/// One contact of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) contact_id: ContactId,
    pub(crate) outcome: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    contact_id: &'a ContactId,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    upload_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl Line {
    fn written(&self) -> Written<'_> {
        let (mut upload_id, mut file, mut reason) = (None, None, None);
        match &self.outcome {
            Outcome::Uploaded { upload_id: id } => upload_id = Some(id.as_str()),
            Outcome::HasTranscript { upload_id: id } => upload_id = id.as_deref(),
            Outcome::ToUpload { file: key } => file = Some(key.as_str()),
            Outcome::Refused { why } => reason = Some(why.as_str()),
            _ => {}
        }
        Written { contact_id: &self.contact_id, outcome: self.outcome.name(), upload_id, file, reason }
    }
}

/// The report on these contacts, and what ended the work before its time, if anything did.
pub(crate) fn report(lines: &[Line], stopped: Option<&HandlerError>) -> Value {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        *counts.entry(line.outcome.name()).or_default() += 1;
    }
    let contacts: Vec<_> = lines.iter().map(Line::written).collect();
    let mut report = json!({ "counts": counts, "contacts": contacts });
    if let Some(error) = stopped {
        report["stopped"] = json!({ "errorType": error.kind(), "errorMessage": error.to_string() });
    }
    report
}
