//! What an environment remembers about orgs, so that a warm invocation need not ask again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Administrators change objects and settings rarely, and expect to wait a little when they do.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);

/// Entries: a few orgs with all the objects that their flows know.
const MOST: usize = 256;

/// Facts about an org, each for an hour. `V` is cheap to clone.
pub(crate) struct Remembered<V> {
    facts: Mutex<HashMap<Key, Fact<V>>>,
}

/// The name of the org's secret, as invocations give it, and that of the fact in lower case.
type Key = (String, String);

struct Fact<V> {
    value: V,
    learned: Instant,
}

impl<V: Clone> Remembered<V> {
    pub(crate) fn get(&self, org: &str, name: &str, now: Instant) -> Option<V> {
        let facts = self.lock();
        let fact = facts.get(&key(org, name)).filter(|fact| now < fact.learned + KEPT_FOR)?;
        Some(fact.value.clone())
    }

    /// In place of the oldest fact, if there are many.
    pub(crate) fn insert(&self, org: &str, name: &str, value: V, now: Instant) {
        let mut facts = self.lock();
        if facts.len() >= MOST {
            let oldest = facts.iter().min_by_key(|(_, fact)| fact.learned).map(|(key, _)| key.clone());
            oldest.map(|key| facts.remove(&key));
        }
        facts.insert(key(org, name), Fact { value, learned: now });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Fact<V>>> {
        // The map is whole at every point where a thread could panic.
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(org: &str, name: &str) -> Key {
    (org.to_owned(), name.to_ascii_lowercase())
}

impl<V> Default for Remembered<V> {
    fn default() -> Self {
        Self { facts: Mutex::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_kept_for_an_hour_and_for_its_org() {
        let (facts, now) = (Remembered::default(), Instant::now());
        facts.insert("main", "Case", 1, now);
        let almost = now + KEPT_FOR - Duration::from_secs(1);
        assert_eq!((facts.get("main", "cASE", almost), facts.get("other", "Case", almost)), (Some(1), None));
        assert_eq!(facts.get("main", "Case", now + KEPT_FOR), None);
    }

    #[test]
    fn the_oldest_make_room() {
        let (facts, start) = (Remembered::default(), Instant::now());
        for number in 0..MOST + 2 {
            facts.insert("main", &number.to_string(), number, start + Duration::from_millis(number as u64));
        }
        assert_eq!(facts.lock().len(), MOST);
        assert_eq!((facts.get("main", "1", start), facts.get("main", "2", start)), (None, Some(2)));
    }
}
