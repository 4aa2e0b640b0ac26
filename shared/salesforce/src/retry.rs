//! Whether a failed attempt is worth another one. Pure: the time left and the random spread are arguments.

use crate::{Error, Outcome};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// One attempt and three repetitions, which is what Salesforce's page on voice resiliency asks for.
pub(crate) const MAX_ATTEMPTS: u32 = 4;

/// The pause before the first repetition, before the spread; it doubles each time.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A pause that Salesforce asks for is kept up to this length. For a longer one the caller is told, and knows better
/// what to do with the time: a flow goes on without Salesforce, a stream comes again.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// With less than this left, another attempt would only add load.
const SHORTEST_ATTEMPT: Duration = Duration::from_millis(100);

/// What a repeatable attempt leaves for the next one: enough for a fresh connection and a normal answer.
const RESERVE: Duration = Duration::from_secs(2);

/// No single attempt waits longer, however much time the caller has.
const LONGEST_ATTEMPT: Duration = Duration::from_secs(30);

/// Whether a request may be sent again when nobody knows what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replay {
    /// Twice is as good as once.
    Safe,
    /// Twice is as good as once, and once more if Salesforce finds a duplicate: of two upserts of the same new external
    /// id at the same time one loses the race to create the record (`DUPLICATE_VALUE`), and finds it the next time.
    Upsert,
    /// Twice would do harm: only if Salesforce certainly did not execute it. That is so when there was no connection,
    /// when a limit refused it (429), when Salesforce said when to come back (503 with `Retry-After`), when its edge
    /// did not know where to send it (420), when it never got all of it (408), and when the transaction was rolled
    /// back for a lock.
    OnlyIfNotExecuted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    RetryAfter(Duration),
    GiveUp,
}

/// Decides on the failure of attempt number `attempt` (from 1). `spread`, from 0 to 1, keeps clients from coming
/// back all at once: it moves a pause within its upper half. A pause that Salesforce asked for is never shortened.
pub(crate) fn decide(
    error: &Error,
    attempt: u32,
    replay: Replay,
    time_left: Duration,
    spread: f64,
) -> Decision {
    let asked = match error {
        // 403 is the limit of a day: it will not be over within the time of a call.
        Error::Throttled { status: 429, retry_after, .. } => *retry_after,
        // A redirect stays a redirect.
        Error::Unavailable { status: Some(300..=399), .. } => return Decision::GiveUp,
        Error::Unavailable { outcome, retry_after, .. }
            if *outcome == Outcome::NotExecuted || replay != Replay::OnlyIfNotExecuted =>
        {
            *retry_after
        }
        // Once: it may as well be another field whose value is taken, and that stays so.
        Error::Refused { code: Some(code), .. }
            if replay == Replay::Upsert && attempt == 1 && code == "DUPLICATE_VALUE" =>
        {
            None
        }
        _ => return Decision::GiveUp,
    };
    if attempt >= MAX_ATTEMPTS {
        return Decision::GiveUp;
    }
    let pause = FIRST_PAUSE * 2u32.pow(attempt.saturating_sub(1));
    let pause = pause.mul_f64(0.5 + 0.5 * spread.clamp(0.0, 1.0)).max(asked.unwrap_or_default());
    if pause > LONGEST_PAUSE || pause + SHORTEST_ATTEMPT > time_left {
        Decision::GiveUp
    } else {
        Decision::RetryAfter(pause)
    }
}

/// How long one attempt may take. A repeatable one leaves [`RESERVE`] for another, as long as it keeps at least as
/// much for itself; what may not be repeated gets all there is.
pub(crate) fn attempt_timeout(replay: Replay, time_left: Duration) -> Duration {
    let repeatable = replay != Replay::OnlyIfNotExecuted;
    let timeout = if repeatable && time_left >= 2 * RESERVE { time_left - RESERVE } else { time_left };
    timeout.min(LONGEST_ATTEMPT)
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3). A date that has passed means now.
pub(crate) fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let date = DateTime::parse_from_rfc2822(value).ok()?;
    Some((date.with_timezone(&Utc) - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests;
