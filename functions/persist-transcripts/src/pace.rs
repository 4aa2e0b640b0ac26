//! How fast messages go out: a limit that all requests of an environment share.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Lets messages go at a rate: each request waits until those before it have used up their share of the time.
pub(crate) struct Pace {
    per_message: Option<Duration>,
    free_from: Mutex<Instant>,
}

/// Its turn would come too late.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooLate;

impl Pace {
    /// At most so many messages in a second; `None`: as fast as they come.
    pub(crate) fn new(per_second: Option<NonZeroU32>) -> Self {
        let per_message = per_second.map(|messages| Duration::from_secs(1) / messages.get());
        Self { per_message, free_from: Mutex::new(Instant::now()) }
    }

    /// Returns when so many messages may go, at `until` at the latest.
    pub(crate) async fn take(&self, messages: usize, until: Instant) -> Result<(), TooLate> {
        sleep_until(self.turn(messages, Instant::now(), until)?).await;
        Ok(())
    }

    /// When so many messages may go, of those that asked by `now`.
    fn turn(&self, messages: usize, now: Instant, until: Instant) -> Result<Instant, TooLate> {
        let Some(per_message) = self.per_message else { return Ok(now) };
        let mut free_from = self.free_from.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = (*free_from).max(now);
        if turn > until {
            return Err(TooLate);
        }
        *free_from = turn + per_message * u32::try_from(messages).unwrap_or(u32::MAX);
        Ok(turn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_most(per_second: u32) -> Pace {
        Pace::new(NonZeroU32::new(per_second))
    }

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn ten_seconds_of_messages_take_ten_seconds() {
        let pace = at_most(50);
        let now = Instant::now();
        let until = now + seconds(60.0);
        // 20 requests of 25 messages, all of them asking at once: the first goes at once.
        let turns: Vec<Duration> = (0..20).map(|_| pace.turn(25, now, until).unwrap() - now).collect();
        let expected: Vec<Duration> = (0..20).map(|request| seconds(0.5) * request).collect();
        assert_eq!(turns, expected);
        assert_eq!(pace.turn(1, now, until), Ok(now + seconds(10.0)));
    }

    #[test]
    fn time_that_nobody_used_is_not_saved_up() {
        let pace = at_most(50);
        let later = Instant::now() + seconds(60.0);
        let turns = [0.0, 0.5, 1.0].map(|turn| Ok(later + seconds(turn)));
        assert_eq!([(); 3].map(|()| pace.turn(25, later, later + seconds(60.0))), turns);
    }

    #[test]
    fn who_would_come_too_late_is_told_at_once_and_takes_nothing() {
        let pace = at_most(1);
        let now = Instant::now();
        let shortly = now + seconds(2.0);
        assert_eq!(pace.turn(5, now, shortly), Ok(now));
        assert_eq!(pace.turn(100, now, shortly), Err(TooLate));
        assert_eq!(pace.turn(1, now, now + seconds(5.0)), Ok(now + seconds(5.0)));
    }

    #[tokio::test]
    async fn the_wait_is_one() {
        let pace = at_most(100);
        let start = Instant::now();
        for _ in 0..3 {
            pace.take(1, start + seconds(60.0)).await.unwrap();
        }
        assert!(start.elapsed() >= seconds(0.02), "{:?}", start.elapsed());
    }

    #[tokio::test]
    async fn without_a_limit_nobody_waits() {
        let past = Instant::now();
        Pace::new(None).take(1_000_000, past).await.unwrap();
        assert!(past.elapsed() < seconds(1.0));
    }
}
