//! The sessions there are and were.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::Utc;
use tokio::sync::watch;

use super::parameters::Parameters;
use super::{Transcription, TranscriptionEnd};
use crate::lock;

/// A session, as the others see it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) transcription: Arc<Mutex<Transcription>>,
    /// Tells the session that another one has taken over its id.
    pub(super) conflict: watch::Sender<bool>,
}

impl Entry {
    pub(super) fn new(parameters: &Parameters, http2: bool, conflict: watch::Sender<bool>) -> Entry {
        let transcription = Transcription {
            operation: parameters.kind.operation(),
            session_id: parameters.session_id.clone(),
            parameters: parameters.all.clone(),
            http2,
            at: Utc::now(),
            audio: Duration::ZERO,
            events: 0,
            finals: 0,
            end: None,
        };
        Entry { transcription: Arc::new(Mutex::new(transcription)), conflict }
    }

    pub(super) fn is(&self, session_id: &str) -> bool {
        lock(&self.transcription).session_id == session_id
    }
}

/// Notes what becomes of a session. Dropped before its end, the connection broke.
#[derive(Debug)]
pub(super) struct Ended(Arc<Mutex<Transcription>>);

impl Ended {
    pub(super) fn new(transcription: Arc<Mutex<Transcription>>) -> Ended {
        Ended(transcription)
    }

    pub(super) fn heard(&self, audio: Duration) {
        let mut transcription = lock(&self.0);
        transcription.audio += audio;
        transcription.events += 1;
    }

    pub(super) fn sent_finals(&self, count: u64) {
        lock(&self.0).finals += count;
    }

    pub(super) fn with(&self, end: TranscriptionEnd) {
        lock(&self.0).end.get_or_insert(end);
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.with(TranscriptionEnd::Broken);
    }
}
