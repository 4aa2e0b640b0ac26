use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tracing::warn;

use super::{CredentialError, Freshness};
use crate::aws::AwsError;

/// What reading again may cost a call that has a usable value already.
const REFRESH_BUDGET: Duration = Duration::from_millis(1500);
/// For how long a value serves on after reading again has failed, before that is tried once more.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Values by name, each read by one caller at a time.
pub(super) struct Cache<T> {
    ttl: Duration,
    entries: Mutex<HashMap<String, Arc<Entry<T>>>>,
}

struct Entry<T> {
    state: Mutex<State<T>>,
    /// Held by the caller that reads.
    reading: tokio::sync::Mutex<()>,
}

type Outcome<T> = Result<Arc<T>, CredentialError>;

struct State<T> {
    value: Option<Arc<T>>,
    fresh_until: Instant,
    /// When the last read ended, and with what.
    last: Option<(Instant, Outcome<T>)>,
}

impl<T: PartialEq> Cache<T> {
    pub(super) fn new(ttl: Duration) -> Self {
        Self { ttl, entries: Mutex::default() }
    }

    /// The value under `name`: what is known, or what `read` brings. A value that comes back unchanged stays the
    /// same `Arc`.
    pub(super) async fn get(
        &self,
        name: &str,
        freshness: Freshness,
        deadline: Instant,
        read: impl AsyncFnOnce(Instant) -> Result<T, CredentialError>,
    ) -> Outcome<T> {
        let asked_at = Instant::now();
        let entry = self.entry(name, asked_at);
        if let Some(value) = entry.state().fresh(asked_at).filter(|_| freshness == Freshness::Cached) {
            return Ok(value);
        }
        let Ok(_reading) = timeout_at(deadline, entry.reading.lock()).await else {
            return Err(AwsError::out_of_time("waiting for another read", &format!("secret {name}")).into());
        };
        let known = {
            let state = entry.state();
            match &state.last {
                // Read while this caller waited for its turn: a failure counts for all who waited, too.
                Some((ended_at, outcome)) if *ended_at >= asked_at => return outcome.clone(),
                _ => state.value.clone(),
            }
        };
        let until = if known.is_some() { deadline.min(Instant::now() + REFRESH_BUDGET) } else { deadline };
        let outcome = read(until).await;
        let outcome = self.settle(name, &entry, known, outcome);
        if outcome.is_err() {
            // Names come from outside: those that lead nowhere are not remembered.
            lock(&self.entries).retain(|_, other| !Arc::ptr_eq(other, &entry));
        }
        outcome
    }

    fn settle(
        &self,
        name: &str,
        entry: &Entry<T>,
        known: Option<Arc<T>>,
        outcome: Result<T, CredentialError>,
    ) -> Outcome<T> {
        let now = Instant::now();
        let (outcome, serves_for) = match (outcome, known) {
            (Ok(new), Some(known)) if new == *known => (Ok(known), self.ttl),
            (Ok(new), _) => (Ok(Arc::new(new)), self.ttl),
            (Err(e), Some(known)) if e.is_transient() => {
                warn!(secret = name, error = %e, "credentials could not be read again: those known serve on");
                (Ok(known), PAUSE_AFTER_FAILURE)
            }
            (Err(e), _) => (Err(e), Duration::ZERO),
        };
        *entry.state() = State {
            value: outcome.as_ref().ok().cloned(),
            fresh_until: now + serves_for,
            last: Some((now, outcome.clone())),
        };
        outcome
    }

    fn entry(&self, name: &str, now: Instant) -> Arc<Entry<T>> {
        let mut entries = lock(&self.entries);
        if let Some(entry) = entries.get(name) {
            return Arc::clone(entry);
        }
        let state = State { value: None, fresh_until: now, last: None };
        let entry = Arc::new(Entry { state: Mutex::new(state), reading: tokio::sync::Mutex::default() });
        entries.insert(name.to_owned(), Arc::clone(&entry));
        entry
    }
}

impl<T> Entry<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }
}

impl<T> State<T> {
    fn fresh(&self, now: Instant) -> Option<Arc<T>> {
        self.value.clone().filter(|_| now < self.fresh_until)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
