//! What an invocation brings along: its time budget, and whether it is only the keep-warm schedule.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokio::time::Instant;

/// What is kept back of Lambda's own time limit, so that the reply or the error still gets out:
/// an invocation that Lambda has to kill leaves no error behind and costs the next one a cold start.
const MARGIN: Duration = Duration::from_millis(300);

/// When the work on an invocation must be done: after `budget`, or shortly before Lambda ends the invocation
/// (`lambda_deadline_ms`: milliseconds since the epoch, `Context::deadline`), whichever is sooner.
pub fn deadline(lambda_deadline_ms: u64, budget: Duration) -> Instant {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::now() + time_left(Duration::from_millis(lambda_deadline_ms), now, budget)
}

/// `lambda_deadline` and `now` count from the epoch.
fn time_left(lambda_deadline: Duration, now: Duration, budget: Duration) -> Duration {
    lambda_deadline.saturating_sub(now).saturating_sub(MARGIN).min(budget)
}

/// Whether this is the EventBridge schedule that keeps a function warm: it arrives at the same handler as the calls.
pub fn is_warm_up(event: &Value) -> bool {
    event.get("detail-type").and_then(Value::as_str) == Some("Scheduled Event")
}

/// The reply to it, as it has always been.
pub fn warm_up_reply() -> Value {
    json!({ "statusCode": 200, "message": "Keep Lambda Warm" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sooner_of_lambdas_limit_and_the_budget_counts() {
        let ms = Duration::from_millis;
        let now = Duration::from_secs(1_800_000_000);
        for (lambda_leaves, budget, expected) in [
            (8_000, 7_000, 7_000),
            (5_000, 7_000, 4_700),
            (300, 7_000, 0),
            (0, 7_000, 0),
            (900_000, u64::MAX, 899_700),
        ] {
            assert_eq!(time_left(now + ms(lambda_leaves), now, ms(budget)), ms(expected));
        }
        assert_eq!(time_left(Duration::ZERO, now, ms(7_000)), Duration::ZERO, "long over");
    }

    #[test]
    fn only_the_schedule_is_a_warm_up() {
        assert!(is_warm_up(
            &json!({ "source": "aws.events", "detail-type": "Scheduled Event", "detail": {} })
        ));
        for other in
            [json!({ "detail-type": "Amazon Connect Contact Event" }), json!({}), json!([]), json!(null)]
        {
            assert!(!is_warm_up(&other), "{other}");
        }
    }
}
