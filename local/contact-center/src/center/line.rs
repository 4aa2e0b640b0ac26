//! A call that is being played, as the contact center sees it: its contacts, its clock, and what was invoked for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::bail;
use tokio::sync::watch;

use crate::functions::{SYNC_CONTACT_RECORDS, package_of};
use crate::lambda::Invocation;
use crate::script::{Happening, Speed, Tell, Told};

/// The first try of a contact record takes a cold start at most.
const TRIED_WITHIN: Duration = Duration::from_secs(30);

/// A call that is being played.
pub(crate) struct Line {
    contact_ids: Vec<String>,
    /// Whether no other call is played meanwhile.
    alone: bool,
    tell: Tell,
    /// When it rang, and how fast time passes since; none if it does not wait for the clock.
    clock: Option<(Instant, f64)>,
    /// The time of the beat that is being played.
    now: Mutex<Duration>,
    /// Invocations for it, by package.
    counts: watch::Sender<BTreeMap<String, usize>>,
}

impl Line {
    /// It rings now.
    pub(super) fn new(contact_ids: Vec<String>, alone: bool, speed: Speed, tell: Tell) -> Self {
        let clock = match speed {
            Speed::Max => None,
            Speed::Times(times) => Some((Instant::now(), times)),
        };
        Self { contact_ids, alone, tell, clock, now: Mutex::default(), counts: watch::Sender::default() }
    }

    /// The contacts of the call.
    pub(crate) fn contact_ids(&self) -> &[String] {
        &self.contact_ids
    }

    /// Whether something is about this call that names these contacts. What names none that is known is about the call that is
    /// played alone: Lambda's own records of batches name none.
    pub(super) fn is_about(&self, named: &BTreeSet<&str>) -> bool {
        self.alone || self.contact_ids.iter().any(|id| named.contains(id.as_str()))
    }

    /// Tells what happens now.
    pub(super) fn tell(&self, what: Told) {
        (self.tell)(Happening { at: self.time(), what });
    }

    /// Sees an invocation for it that has ended.
    pub(super) fn see(&self, invocation: &Invocation) {
        self.tell(Told::Invoked(Box::new(invocation.clone())));
        let package = package_of(&invocation.function).to_owned();
        self.counts.send_modify(|counts| *counts.entry(package).or_default() += 1);
    }

    /// The beat of this time is being played now.
    pub(crate) fn now_playing(&self, at: Duration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// The script time: that of the clock, or without one that of the beat that is being played.
    pub(crate) fn time(&self) -> Duration {
        let beat = || *self.now.lock().unwrap_or_else(PoisonError::into_inner);
        self.clock.map_or_else(beat, |(began, times)| began.elapsed().mul_f64(times))
    }

    /// Invocations for it so far, by package.
    pub(crate) fn invocations(&self) -> BTreeMap<String, usize> {
        self.counts.borrow().clone()
    }

    /// To be called before a contact record is sent: knows when it was tried, whatever came of it.
    pub(crate) fn next_try(&self) -> Tried {
        let mut counts = self.counts.subscribe();
        let before = tries(&counts.borrow_and_update());
        Tried { counts, before }
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { contact_ids, alone, .. } = self;
        f.debug_struct("Line").field("contact_ids", contact_ids).field("alone", alone).finish_non_exhaustive()
    }
}

/// A contact record that was sent and may have been tried.
pub(crate) struct Tried {
    counts: watch::Receiver<BTreeMap<String, usize>>,
    before: usize,
}

impl Tried {
    /// Waits until the function was invoked with it once.
    pub(crate) async fn wait(mut self) -> anyhow::Result<()> {
        let tried = self.counts.wait_for(|counts| tries(counts) > self.before);
        match tokio::time::timeout(TRIED_WITHIN, tried).await {
            Ok(_) => Ok(()),
            Err(_) => bail!(
                "{} was not invoked within {} s of a contact record being sent",
                SYNC_CONTACT_RECORDS.package,
                TRIED_WITHIN.as_secs()
            ),
        }
    }
}

fn tries(counts: &BTreeMap<String, usize>) -> usize {
    counts.get(SYNC_CONTACT_RECORDS.package).copied().unwrap_or(0)
}
