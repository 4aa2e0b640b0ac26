//! Tells the transcript as it grows in the org.

use std::time::Duration;

use salesforce_org::Operation;

use super::play::{Happening, Tell, Told};
use crate::center::Center;

/// How often it is looked whether the org was sent something.
const EVERY: Duration = Duration::from_millis(20);

/// What was told of a transcript so far.
pub(super) struct Teller<'a> {
    center: &'a Center,
    contact_id: String,
    ring_ms: i64,
    tell: Tell,
    /// How many requests with messages there were.
    requests: usize,
    told: usize,
}

impl<'a> Teller<'a> {
    /// Of the call with this first contact, which rang then.
    pub(super) fn new(center: &'a Center, contact_id: &str, ring_ms: i64, tell: Tell) -> Self {
        Self { center, contact_id: contact_id.to_owned(), ring_ms, tell, requests: 0, told: 0 }
    }

    /// Tells what comes, as long as it is waited for.
    pub(super) async fn follow(&mut self) -> anyhow::Result<()> {
        loop {
            tokio::time::sleep(EVERY).await;
            let operations = [Operation::SendMessage, Operation::SendMessages];
            let count = |operation| self.center.org().request_count(operation);
            let requests = operations.into_iter().map(count).sum();
            if requests != self.requests {
                self.requests = requests;
                self.tell_new()?;
            }
        }
    }

    /// Tells what is new.
    pub(super) fn tell_new(&mut self) -> anyhow::Result<()> {
        let at = self.center.script_time();
        let transcript = self.center.transcript(&self.contact_id, self.ring_ms)?;
        for line in transcript.into_iter().skip(self.told) {
            self.told += 1;
            (self.tell)(Happening { at, what: Told::Transcribed(line) });
        }
        Ok(())
    }
}
