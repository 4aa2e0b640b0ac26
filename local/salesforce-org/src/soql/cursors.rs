//! The rows of a query that are still to be fetched, page by page.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::ordered::Ordered;
use crate::ids;

/// How long a locator is good for after its last use.
const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How many a user may have; one more ends the oldest.
const MOST: usize = 10;
const PREFIX: &str = "01g";

/// All queries with pages to come.
#[derive(Default)]
pub(crate) struct Cursors(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// The number of the last one.
    last: u64,
    /// Oldest first.
    cursors: Vec<Cursor>,
}

struct Cursor {
    id: String,
    user_id: String,
    used: Instant,
    rows: Arc<[Ordered]>,
}

impl Cursors {
    /// Keeps the rows of a user's query; returns the id of the locator, 18 characters.
    pub(crate) fn keep(&self, user_id: &str, rows: Arc<[Ordered]>, now: Instant) -> String {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        let id = ids::record_id(PREFIX, kept.last);
        kept.cursors.retain(|cursor| cursor.lives(now));
        let of_user = |cursor: &Cursor| cursor.user_id == user_id;
        if kept.cursors.iter().filter(|cursor| of_user(cursor)).count() == MOST {
            let oldest = kept.cursors.iter().position(of_user).unwrap_or_default();
            kept.cursors.remove(oldest);
        }
        kept.cursors.push(Cursor { id: id.clone(), user_id: user_id.to_owned(), used: now, rows });
        id
    }

    /// The rows behind a locator of this user's, which lives on from now.
    pub(crate) fn rows(&self, user_id: &str, id: &str, now: Instant) -> Option<Arc<[Ordered]>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = |cursor: &&mut Cursor| cursor.user_id == user_id && cursor.id == id && cursor.lives(now);
        let cursor = kept.cursors.iter_mut().find(mine)?;
        cursor.used = now;
        Some(Arc::clone(&cursor.rows))
    }
}

impl Cursor {
    fn lives(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.used) < LIFETIME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locator_belongs_to_its_user_and_ends_when_it_is_not_used() {
        let (cursors, start) = (Cursors::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let id = cursors.keep("005a", Arc::from([Ordered::from(1)]), start);
        assert!(id.starts_with(PREFIX) && id.len() == 18, "{id}");
        assert_eq!(cursors.rows("005b", &id, start), None);
        assert_eq!(cursors.rows("005a", "01g5e0000000000AAA", start), None);
        assert!(cursors.rows("005a", &id, at(899)).is_some());
        assert!(cursors.rows("005a", &id, at(1798)).is_some());
        assert_eq!(cursors.rows("005a", &id, at(2698)), None);
    }

    #[test]
    fn the_eleventh_ends_the_first() {
        let (cursors, now) = (Cursors::default(), Instant::now());
        let other = cursors.keep("005b", Arc::from([]), now);
        let ids: Vec<_> = (0..11).map(|_| cursors.keep("005a", Arc::from([]), now)).collect();
        assert_eq!(cursors.rows("005a", &ids[0], now), None);
        assert!(cursors.rows("005a", &ids[1], now).is_some() && cursors.rows("005b", &other, now).is_some());
    }
}
