//! When a call is handed over to the next invocation, and how.

use std::time::Duration;

use connect::transcription::TranscriptionJob;
use lambda_kit::aws::AwsError;
use lambda_kit::functions::Functions;
use tokio::time::{Instant, sleep};
use tracing::warn;

/// How often a call may be handed over: two days in invocations of a quarter of an hour. Something that hands over more often
/// than that does not transcribe a call.
pub(crate) const MOST_GENERATIONS: u32 = 200;

const PAUSE: Duration = Duration::from_millis(500);

/// The end of an invocation, step by step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    /// From now on it may end at every pause.
    pub(crate) look_for_pause: Instant,
    /// Nobody has paused: it ends here.
    pub(crate) stop_hearing: Instant,
    /// What is not understood by now is left to the next one.
    pub(crate) stop_understanding: Instant,
    /// What is not delivered by now goes to the dead-letter queue.
    pub(crate) stop_delivering: Instant,
    /// Everything must be done.
    pub(crate) deadline: Instant,
}

impl Schedule {
    /// For an invocation from `now` until `deadline`. At least half of it is for the call.
    pub(crate) fn new(now: Instant, deadline: Instant, margin: Duration) -> Self {
        let margin = margin.min(deadline.saturating_duration_since(now) / 2);
        let before = |part: f64| deadline.checked_sub(margin.mul_f64(part)).unwrap_or(deadline);
        Self {
            look_for_pause: before(1.0),
            stop_hearing: before(0.6),
            stop_understanding: before(0.4),
            stop_delivering: before(0.2),
            deadline,
        }
    }
}

/// Has the successor invoked, as often as that takes. At the worst there are two of it, and the lease lets one of them go on.
///
/// # Errors
/// Lambda did not take the event before the deadline, or never will.
pub(crate) async fn invoke_successor(
    functions: &Functions,
    function: &str,
    job: &TranscriptionJob,
    deadline: Instant,
) -> Result<(), AwsError> {
    let event = serde_json::to_string(job).unwrap_or_default();
    loop {
        match functions.start(function, &event, deadline).await {
            Err(e) if e.is_transient() && Instant::now() + PAUSE < deadline => {
                warn!(error_type = e.kind(), "{e}: trying again to hand the call over");
                sleep(PAUSE).await;
            }
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_invocation_ends_step_by_step_before_its_time_is_over() {
        let now = Instant::now();
        let seconds = |at: Instant| (at - now).as_secs();
        let long = Schedule::new(now, now + Duration::from_secs(900), Duration::from_secs(60));
        let steps = [long.look_for_pause, long.stop_hearing, long.stop_understanding, long.stop_delivering];
        assert_eq!(steps.map(seconds), [840, 864, 876, 888]);
        let short = Schedule::new(now, now + Duration::from_secs(40), Duration::from_secs(60));
        assert_eq!(seconds(short.look_for_pause), 20);
        let over = Schedule::new(now, now, Duration::from_secs(60));
        assert_eq!(over.look_for_pause, over.deadline);
    }
}
