//! All calls that the console knows, and word of it when something about them is new.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::call::{About, Call, State};
use crate::script::Tell;

/// How many calls are kept: beyond that, those that ended first are forgotten.
const KEPT: usize = 500;

/// The calls. What is told waits for nobody and nothing is dropped: who looks reads what there is, as far as they have not.
#[derive(Debug)]
pub(super) struct Board {
    calls: Mutex<Calls>,
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Calls {
    begun: usize,
    /// Oldest first.
    kept: Vec<Call>,
}

impl Board {
    pub(super) fn new() -> Self {
        Self { calls: Mutex::default(), changes: watch::Sender::default() }
    }

    /// A call that is to be played; returns its number.
    pub(super) fn add(&self, about: About) -> usize {
        let mut calls = self.lock();
        calls.begun += 1;
        let number = calls.begun;
        if calls.kept.len() >= KEPT
            && let Some(oldest) = calls.kept.iter().position(Call::is_over)
        {
            calls.kept.remove(oldest);
        }
        calls.kept.push(Call::new(number, about));
        drop(calls);
        self.changed();
        number
    }

    /// Takes what is told of a call.
    pub(super) fn tell(self: &Arc<Self>, number: usize) -> Tell {
        let board = Arc::clone(self);
        Arc::new(move |happening| board.change(number, |call| call.take(happening)))
    }

    /// How a call came out.
    pub(super) fn set_state(&self, number: usize, state: State) {
        self.change(number, |call| call.state = state);
    }

    /// The number of the call that was started last.
    pub(super) fn latest(&self) -> Option<usize> {
        self.lock().kept.last().map(|call| call.number)
    }

    /// Looks at a call; none if there is none of that number, or no longer.
    pub(super) fn look<T>(&self, number: usize, look: impl FnOnce(&Call) -> T) -> Option<T> {
        self.lock().kept.iter().find(|call| call.number == number).map(look)
    }

    /// Looks at all calls, oldest first.
    pub(super) fn look_at_all<T>(&self, look: impl FnOnce(&[Call]) -> T) -> T {
        look(&self.lock().kept)
    }

    /// Tells whoever looks that something else has changed.
    pub(super) fn changed(&self) {
        self.changes.send_modify(|version| *version += 1);
    }

    /// Notices every change from now on.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn change(&self, number: usize, change: impl FnOnce(&mut Call)) {
        if let Some(call) = self.lock().kept.iter_mut().find(|call| call.number == number) {
            change(call);
        }
        self.changed();
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::samples::happening;
    use crate::script::Told;

    #[test]
    fn two_hundred_calls_at_once_lose_nothing_that_is_told() {
        let board = Arc::new(Board::new());
        let mut changes = board.changes();
        let numbers: Vec<usize> = (0..200).map(|_| board.add(About::default())).collect();
        std::thread::scope(|scope| {
            for half in numbers.chunks(100) {
                let board = &board;
                scope.spawn(move || {
                    for second in 0..50 {
                        for number in half {
                            let text = format!("{number}/{second}");
                            board.tell(*number)(happening(second, Told::Fault(text)));
                        }
                    }
                });
            }
        });
        for number in numbers {
            let told = board.look(number, |call| {
                let text = |entry: &crate::console::call::Entry| match &entry.happening.what {
                    Told::Fault(text) => text.clone(),
                    _ => String::new(),
                };
                call.entries.iter().map(text).collect::<Vec<_>>()
            });
            let expected: Vec<String> = (0..50).map(|second| format!("{number}/{second}")).collect();
            assert_eq!(told, Some(expected));
        }
        assert!(changes.has_changed().unwrap() && *changes.borrow_and_update() == 200 + 200 * 50);
    }

    #[test]
    fn calls_that_ended_first_are_forgotten_first_and_none_that_is_played() {
        let board = Board::new();
        for _ in 0..KEPT {
            board.add(About::default());
        }
        board.set_state(3, State::Withdrawn);
        board.add(About::default());
        assert_eq!(board.look(3, |_| ()), None);
        assert_eq!(board.look_at_all(<[Call]>::len), KEPT);
        board.add(About::default());
        assert_eq!(board.look_at_all(<[Call]>::len), KEPT + 1);
        assert_eq!(board.latest(), Some(KEPT + 2));
    }
}
