//! What a session counts from its own beginning, in times of the call.

use crate::audio::MediaTime;

/// Knows which time of the call the audio of a session is from. The session counts from zero, and is given silence
/// that belongs to no time where there is no audio; so the one is not simply the other plus something.
#[derive(Debug, Default)]
pub(super) struct Clock {
    /// How much audio the session was given, in milliseconds.
    given: i64,
    /// Where a stretch of the call without a gap begins: in the session, and in the call. In order.
    stretches: Vec<(i64, MediaTime)>,
    /// Where the last stretch ends in the call.
    until: Option<MediaTime>,
}

impl Clock {
    /// The session is given this stretch of the call.
    pub(super) fn give(&mut self, at: MediaTime, until: MediaTime) {
        if self.until != Some(at) {
            self.stretches.push((self.given, at));
        }
        self.given += until.millis_since(at);
        self.until = Some(until);
    }

    /// The session is given so many milliseconds of silence that are not of the call.
    pub(super) fn pass(&mut self, millis: i64) {
        self.given += millis;
        self.until = None;
    }

    /// The time of the call at which the session has counted so many seconds. `None` before it was given anything.
    pub(super) fn time(&self, seconds: f64) -> Option<MediaTime> {
        // `as` keeps within the type whatever the number is.
        let millis = (seconds * 1000.0).round() as i64;
        let begun = self.stretches.partition_point(|(from, _)| *from <= millis).max(1);
        let (from, at) = self.stretches.get(begun - 1)?;
        Some(at.plus_millis(millis.saturating_sub(*from)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> MediaTime {
        MediaTime::from_millis(millis)
    }

    #[test]
    fn a_session_counts_from_where_the_call_was_then() {
        let mut clock = Clock::default();
        assert_eq!(clock.time(0.0), None);
        clock.give(at(10_000), at(10_100));
        clock.give(at(10_100), at(10_200));
        assert_eq!(clock.time(0.15), Some(at(10_150)));
        assert_eq!(clock.stretches.len(), 1);
    }

    #[test]
    fn silence_of_no_time_does_not_move_the_call() {
        let mut clock = Clock::default();
        clock.give(at(10_000), at(11_000));
        clock.pass(500);
        clock.pass(500);
        clock.give(at(11_000), at(12_000));
        assert_eq!(clock.time(0.9), Some(at(10_900)));
        assert_eq!(clock.time(2.1), Some(at(11_100)));
    }

    #[test]
    fn a_leap_of_the_call_is_followed() {
        let mut clock = Clock::default();
        clock.give(at(10_000), at(11_000));
        clock.give(at(60_000), at(61_000));
        assert_eq!(clock.time(1.5), Some(at(60_500)));
        assert_eq!(clock.time(-1.0), Some(at(9_000)), "whatever the session says");
        assert!(clock.time(f64::NAN).is_some() && clock.time(f64::INFINITY).is_some());
    }
}
