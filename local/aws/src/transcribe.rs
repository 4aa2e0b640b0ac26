//! Amazon Transcribe streaming: `StartStreamTranscription` and `StartMedicalStreamTranscription`.
//! <https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_StartStreamTranscription.html>
//!
//! Time is that of the audio, except for the pause after which a session is given up: a call may be transcribed
//! faster than it is spoken.

mod event_stream;
mod languages;
mod parameters;
mod recognizer;
mod results;
mod session;
mod sessions;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::http::Version;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use tokio::sync::watch;

pub(crate) use parameters::Kind;
pub(crate) use session::drain;

use crate::error::AwsError;
use crate::lock;
use crate::speech::Scripts;
use parameters::Parameters;
use session::Session;
use sessions::{Ended, Entry};

/// What the transcriber allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TranscribeLimits {
    /// A session that gets no audio for so long is ended: 15 s, by the clock on the wall.
    pub silence: Duration,
    /// The audio that a session may have: 4 h.
    pub session: Duration,
    /// How many sessions there may be at a time: 25, before anybody asked for more.
    pub sessions: usize,
}

impl Default for TranscribeLimits {
    fn default() -> Self {
        let (silence, session) = (Duration::from_secs(15), Duration::from_secs(4 * 3600));
        TranscribeLimits { silence, session, sessions: 25 }
    }
}

/// A break in the middle of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TranscriptionFault {
    /// It comes when the session has received so much audio.
    pub after: Duration,
    /// How it comes.
    pub kind: TranscriptionFaultKind,
}

/// How a session breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TranscriptionFaultKind {
    /// With this exception in the stream, like `InternalFailureException`.
    Exception(String),
    /// The connection breaks.
    Broken,
}

/// A session that was started.
#[derive(Clone, Debug, PartialEq)]
pub struct Transcription {
    /// `StartStreamTranscription` or `StartMedicalStreamTranscription`.
    pub operation: &'static str,
    /// The one asked for, or made up.
    pub session_id: String,
    /// What was asked for, by the names of the headers after `x-amzn-transcribe-`: `language-code`.
    pub parameters: BTreeMap<String, String>,
    /// Whether the connection is HTTP/2, which the real service insists on. AWS clients speak it only over TLS.
    pub http2: bool,
    /// When it started.
    pub at: DateTime<Utc>,
    /// How much audio it received.
    pub audio: Duration,
    /// How many events with audio it received.
    pub events: u64,
    /// How many final results it sent.
    pub finals: u64,
    /// How it ended; `None` while it goes on.
    pub end: Option<TranscriptionEnd>,
}

/// How a session ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TranscriptionEnd {
    /// The client ended its stream, and all results were sent.
    Finished,
    /// With this exception.
    Exception(String),
    /// The connection broke: the client's doing, or asked for.
    Broken,
}

/// The transcriber.
#[derive(Debug, Default)]
pub(crate) struct Transcribe {
    pub(crate) scripts: Scripts,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    limits: TranscribeLimits,
    faults: VecDeque<TranscriptionFault>,
    vocabularies: BTreeSet<String>,
    sessions: Vec<Entry>,
}

impl Transcribe {
    pub(crate) fn set_limits(&self, limits: TranscribeLimits) {
        lock(&self.state).limits = limits;
    }

    pub(crate) fn interrupt_next(&self, fault: TranscriptionFault) {
        lock(&self.state).faults.push_back(fault);
    }

    pub(crate) fn create_vocabulary(&self, name: &str) {
        lock(&self.state).vocabularies.insert(name.to_owned());
    }

    pub(crate) fn transcriptions(&self) -> Vec<Transcription> {
        lock(&self.state).sessions.iter().map(|entry| lock(&entry.transcription).clone()).collect()
    }

    /// Starts a session, or refuses it.
    pub(crate) fn start(self: &Arc<Self>, kind: Kind, head: &Parts) -> Result<Session, AwsError> {
        let parameters = Parameters::read(kind, &head.headers)?;
        let mut state = lock(&self.state);
        let unknown = parameters.vocabularies().find(|name| !state.vocabularies.contains(*name));
        if let Some(unknown) = unknown {
            let message = format!("The vocabulary, filter or model '{unknown}' does not exist.");
            return Err(AwsError::refused("BadRequestException", message));
        }
        let open = |entry: &&Entry| lock(&entry.transcription).end.is_none();
        if let Some(old) = state.sessions.iter().filter(open).find(|old| old.is(&parameters.session_id)) {
            old.conflict.send_replace(true);
        } else if state.sessions.iter().filter(open).count() >= state.limits.sessions {
            let message = "You have reached your account's limit of concurrent streams.";
            return Err(AwsError::new(429, "LimitExceededException", message));
        }
        let (told, conflict) = watch::channel(false);
        let entry = Entry::new(&parameters, head.version == Version::HTTP_2, told);
        state.sessions.push(entry.clone());
        let (limits, fault) = (state.limits, state.faults.pop_front());
        let record = Ended::new(entry.transcription);
        Ok(Session::new(Arc::clone(self), parameters, limits, fault, conflict, record))
    }
}

#[cfg(test)]
mod tests;
