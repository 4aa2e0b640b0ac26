//! Sees every invocation: counts it, and tells it to whoever plays a script.

use std::collections::BTreeMap;
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

/// What was invoked so far.
pub(super) struct Watch {
    counts: watch::Sender<BTreeMap<String, usize>>,
    playing: Mutex<Playing>,
}

#[derive(Default)]
struct Playing {
    tell: Option<Tell>,
    /// The time of the beat that is being played.
    now: Duration,
    /// When it rang, and how fast time passes since; none if it does not wait for the clock.
    clock: Option<(Instant, f64)>,
}

impl Playing {
    /// The script time of something that happens now.
    fn time(&self) -> Duration {
        self.clock.map_or(self.now, |(began, times)| began.elapsed().mul_f64(times))
    }
}

impl Watch {
    pub(super) fn new() -> Self {
        Self { counts: watch::Sender::default(), playing: Mutex::default() }
    }

    /// Sees an invocation that has ended.
    pub(super) fn see(&self, invocation: &Invocation) {
        let (at, tell) = {
            let playing = self.lock();
            (playing.time(), playing.tell.clone())
        };
        if let Some(tell) = tell {
            tell(Happening { at, what: Told::Invoked(Box::new(invocation.clone())) });
        }
        let package = package_of(&invocation.function).to_owned();
        self.counts.send_modify(|counts| *counts.entry(package).or_default() += 1);
    }

    /// Tells what happens from now on, when it rings.
    pub(super) fn start_telling(&self, tell: Tell, speed: Speed) {
        let clock = match speed {
            Speed::Max => None,
            Speed::Times(times) => Some((Instant::now(), times)),
        };
        *self.lock() = Playing { tell: Some(tell), now: Duration::ZERO, clock };
    }

    /// Tells no longer what happens.
    pub(super) fn stop_telling(&self) {
        *self.lock() = Playing::default();
    }

    /// The time of the beat that is being played now.
    pub(super) fn now(&self, at: Duration) {
        self.lock().now = at;
    }

    /// The time in the script now.
    pub(super) fn time(&self) -> Duration {
        self.lock().time()
    }

    /// Invocations by package since the start.
    pub(super) fn counts(&self) -> BTreeMap<String, usize> {
        self.counts.borrow().clone()
    }

    /// To be called before a contact record is sent: knows when it was tried, whatever came of it.
    pub(super) fn next_try(&self) -> Tried {
        let mut counts = self.counts.subscribe();
        let before = tries(&counts.borrow_and_update());
        Tried { counts, before }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Playing> {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("counts", &*self.counts.borrow()).finish_non_exhaustive()
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
