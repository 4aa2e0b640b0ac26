use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, timeout_at};

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Applied, skipped on purpose, or in the dead-letter queue.
    Settled,
    /// It may succeed when it is delivered again.
    Retry,
}

/// Applies the items of a batch: those of one lane one after the other in their order, different lanes at the
/// same time, at most `at_once` items in all. Each item comes with the key of its lane.
///
/// Returns the index of the first item that must be delivered again, if any: everything before it is settled.
/// Once an item has to be retried, nothing behind it is started, since it will come again anyway; items before it
/// still are, so that as much as possible is done. When `until` is over nothing more is started and what is still
/// running is dropped where it waits, and counts as not settled.
pub async fn in_lanes<L, T, F, Fut>(
    items: Vec<(L, T)>,
    at_once: NonZeroUsize,
    until: Instant,
    apply: F,
) -> Option<usize>
where
    L: Eq + Hash,
    F: Fn(T) -> Fut,
    Fut: Future<Output = Outcome>,
{
    let apply = &apply;
    let mut unsettled: BTreeSet<usize> = (0..items.len()).collect();
    let first_retry = &AtomicUsize::new(usize::MAX);
    let mut lanes = Lanes::of(items);
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < at_once.get() && Instant::now() < until {
            let Some(Next { index, lane, item }) = lanes.start_before(first_retry.load(Relaxed)) else {
                break;
            };
            running.push(async move {
                // Another may have failed after this one was chosen and before it got its turn.
                let outcome =
                    if index < first_retry.load(Relaxed) { apply(item).await } else { Outcome::Retry };
                (index, lane, outcome)
            });
        }
        match timeout_at(until, running.next()).await {
            Ok(Some((index, lane, Outcome::Settled))) => {
                unsettled.remove(&index);
                lanes.finished(lane);
            }
            // Its lane stays closed: what follows in it must not overtake it.
            Ok(Some((index, _, Outcome::Retry))) => _ = first_retry.fetch_min(index, Relaxed),
            Ok(None) | Err(_) => return unsettled.first().copied(),
        }
    }
}

/// The items that wait, by lane.
struct Lanes<T> {
    waiting: Vec<VecDeque<(usize, T)>>,
    /// The lanes in which nothing runs, by the index of their next item.
    ready: BTreeMap<usize, usize>,
}

struct Next<T> {
    index: usize,
    lane: usize,
    item: T,
}

impl<T> Lanes<T> {
    fn of<L: Eq + Hash>(items: Vec<(L, T)>) -> Self {
        let mut numbers = HashMap::new();
        let mut lanes = Self { waiting: Vec::new(), ready: BTreeMap::new() };
        for (index, (key, item)) in items.into_iter().enumerate() {
            let lane = *numbers.entry(key).or_insert_with(|| {
                lanes.waiting.push(VecDeque::new());
                lanes.ready.insert(index, lanes.waiting.len() - 1);
                lanes.waiting.len() - 1
            });
            lanes.waiting[lane].push_back((index, item));
        }
        lanes
    }

    /// Takes the first item that may start, if it comes before `limit`.
    fn start_before(&mut self, limit: usize) -> Option<Next<T>> {
        let first = self.ready.first_entry().filter(|first| *first.key() < limit)?;
        let lane = first.remove();
        let (index, item) = self.waiting[lane].pop_front()?;
        Some(Next { index, lane, item })
    }

    /// The running item of this lane is done; its next one may start.
    fn finished(&mut self, lane: usize) {
        if let Some((index, _)) = self.waiting[lane].front() {
            self.ready.insert(*index, lane);
        }
    }
}

#[cfg(test)]
mod tests;
