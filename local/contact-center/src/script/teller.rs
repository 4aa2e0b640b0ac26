//! Tells the transcript and the signals of a call as they come to the org.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use salesforce_org::Operation;

use super::happening::{Happening, Tell, Told};
use crate::center::{Center, Line};

/// How often it is looked whether the org was sent something.
const EVERY: Duration = Duration::from_millis(20);

/// The requests that bring lines or signals.
const BRING: [Operation; 5] = [
    Operation::SendMessage,
    Operation::SendMessages,
    Operation::SendRealtimeEvents,
    Operation::SendPostCallEvents,
    Operation::UploadConversations,
];

/// Tells of one call.
pub(super) struct Teller<'a> {
    center: &'a Center,
    line: Arc<Line>,
    ring_ms: i64,
    tell: Tell,
    so_far: Mutex<SoFar>,
}

/// What was told so far.
#[derive(Default)]
struct SoFar {
    /// How many requests there were that bring something.
    requests: usize,
    lines: usize,
    signals: usize,
}

impl<'a> Teller<'a> {
    /// Of this call, which rang then.
    pub(super) fn new(center: &'a Center, line: Arc<Line>, ring_ms: i64, tell: Tell) -> Self {
        Self { center, line, ring_ms, tell, so_far: Mutex::default() }
    }

    /// Tells what comes, as long as it is waited for.
    pub(super) async fn follow(&self) -> anyhow::Result<()> {
        loop {
            tokio::time::sleep(EVERY).await;
            self.tell_new()?;
        }
    }

    /// Tells what is new.
    pub(super) fn tell_new(&self) -> anyhow::Result<()> {
        let mut so_far = self.so_far.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = BRING.map(|operation| self.center.org().request_count(operation)).iter().sum();
        if requests == so_far.requests {
            return Ok(());
        }
        so_far.requests = requests;
        let at = self.line.time();
        let Some(contact_id) = self.line.contact_ids().first() else { return Ok(()) };
        let transcript = self.center.transcript(contact_id, self.ring_ms)?;
        for line in transcript.into_iter().skip(so_far.lines) {
            so_far.lines += 1;
            (self.tell)(Happening { at, what: Told::Transcribed(line) });
        }
        let signals = self.center.signals(contact_id, self.ring_ms)?;
        for signal in signals.into_iter().skip(so_far.signals) {
            so_far.signals += 1;
            (self.tell)(Happening { at, what: Told::Signal(signal) });
        }
        Ok(())
    }
}
