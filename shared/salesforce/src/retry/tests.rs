use super::*;
use proptest::prelude::*;

const OPERATION: &str = "test";
const PLENTY: Duration = Duration::from_secs(60);

fn throttled(status: u16, retry_after: Option<u64>) -> Error {
    let retry_after = retry_after.map(Duration::from_secs);
    Error::Throttled { operation: OPERATION, status, code: None, retry_after }
}

fn unavailable(status: Option<u16>, outcome: Outcome, retry_after: Option<u64>) -> Error {
    let retry_after = retry_after.map(Duration::from_secs);
    Error::Unavailable { operation: OPERATION, status, code: None, outcome, retry_after, source: None }
}

fn refused(code: &str) -> Error {
    Error::Refused { operation: OPERATION, status: 400, code: Some(code.to_owned()), fields: Vec::new() }
}

fn ms(milliseconds: u64) -> Decision {
    Decision::RetryAfter(Duration::from_millis(milliseconds))
}

#[test]
fn the_table() {
    use Decision::GiveUp;
    use Outcome::{NotExecuted, Unknown};
    // error, what if it may be repeated, what if not
    let login =
        crate::oauth::LoginError { status: 400, code: None, cause: crate::oauth::LoginRefusal::Other };
    let table = [
        (throttled(429, None), ms(200), ms(200)),
        (throttled(429, Some(0)), ms(200), ms(200)),
        (throttled(429, Some(3)), ms(3_000), ms(3_000)),
        (throttled(429, Some(5)), ms(5_000), ms(5_000)),
        (throttled(429, Some(6)), GiveUp, GiveUp),
        (throttled(403, None), GiveUp, GiveUp),
        (unavailable(None, NotExecuted, None), ms(200), ms(200)),
        (unavailable(None, Unknown, None), ms(200), GiveUp),
        (unavailable(Some(420), NotExecuted, None), ms(200), ms(200)),
        (unavailable(Some(500), Unknown, None), ms(200), GiveUp),
        (unavailable(Some(502), Unknown, None), ms(200), GiveUp),
        (unavailable(Some(503), Unknown, None), ms(200), GiveUp),
        (unavailable(Some(503), NotExecuted, Some(2)), ms(2_000), ms(2_000)),
        (unavailable(Some(504), Unknown, None), ms(200), GiveUp),
        (unavailable(Some(400), NotExecuted, None), ms(200), ms(200)), // UNABLE_TO_LOCK_ROW
        (unavailable(Some(302), NotExecuted, None), GiveUp, GiveUp),
        (refused("REQUIRED_FIELD_MISSING"), GiveUp, GiveUp),
        (refused("DUPLICATE_VALUE"), GiveUp, GiveUp),
        (Error::Unsendable { operation: OPERATION, problem: "" }, GiveUp, GiveUp),
        (Error::Unauthorized { operation: OPERATION, status: 401, code: None }, GiveUp, GiveUp),
        (Error::OutOfTime { operation: OPERATION }, GiveUp, GiveUp),
        (Error::from(login), GiveUp, GiveUp),
        (Error::from(crate::SettingsError::OrgId), GiveUp, GiveUp),
        (
            Error::UnreadableReply {
                operation: OPERATION,
                status: 200,
                problem: crate::UnreadableProblem::Html,
            },
            GiveUp,
            GiveUp,
        ),
    ];
    for (error, safe, only_if_not_executed) in table {
        assert_eq!(decide(&error, 1, Replay::Safe, PLENTY, 1.0), safe, "{error}");
        assert_eq!(
            decide(&error, 1, Replay::OnlyIfNotExecuted, PLENTY, 1.0),
            only_if_not_executed,
            "{error}"
        );
    }
}

#[test]
fn the_loser_of_a_race_of_upserts_tries_once_more() {
    let error = refused("DUPLICATE_VALUE");
    assert_eq!(decide(&error, 1, Replay::Upsert, PLENTY, 1.0), ms(200));
    assert_eq!(decide(&error, 2, Replay::Upsert, PLENTY, 1.0), Decision::GiveUp);
    assert_eq!(decide(&refused("DUPLICATES_DETECTED"), 1, Replay::Upsert, PLENTY, 1.0), Decision::GiveUp);
    let unknown = unavailable(Some(500), Outcome::Unknown, None);
    assert_eq!(decide(&unknown, 1, Replay::Upsert, PLENTY, 1.0), ms(200));
    assert_eq!(attempt_timeout(Replay::Upsert, Duration::from_secs(7)), Duration::from_secs(5));
}

#[test]
fn pauses_double_and_end() {
    let error = throttled(429, None);
    let pauses: Vec<_> = (1..=4).map(|attempt| decide(&error, attempt, Replay::Safe, PLENTY, 1.0)).collect();
    assert_eq!(pauses, [ms(200), ms(400), ms(800), Decision::GiveUp]);
    let shortest: Vec<_> =
        (1..=3).map(|attempt| decide(&error, attempt, Replay::Safe, PLENTY, 0.0)).collect();
    assert_eq!(shortest, [ms(100), ms(200), ms(400)]);
}

#[test]
fn attempts_leave_time_for_another_if_there_may_be_one() {
    let timeout =
        |replay, seconds: f64| attempt_timeout(replay, Duration::from_secs_f64(seconds)).as_secs_f64();
    assert_eq!(timeout(Replay::Safe, 7.0), 5.0);
    assert_eq!(timeout(Replay::Safe, 4.0), 2.0);
    assert_eq!(timeout(Replay::Safe, 3.9), 3.9);
    assert_eq!(timeout(Replay::OnlyIfNotExecuted, 7.0), 7.0);
    assert_eq!(timeout(Replay::Safe, 900.0), 30.0);
    assert_eq!(timeout(Replay::OnlyIfNotExecuted, 900.0), 30.0);
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = "2026-11-22T10:00:00Z".parse().unwrap();
    let read = |value| retry_after(value, now).map(|wait| wait.as_secs());
    assert_eq!(read("0"), Some(0));
    assert_eq!(read(" 120 "), Some(120));
    assert_eq!(read("Sun, 22 Nov 2026 10:00:30 GMT"), Some(30));
    assert_eq!(read("Sun, 22 Nov 2026 09:00:00 GMT"), Some(0));
    for value in ["", "soon", "-1", "1.5", "99999999999", "Sun, 32 Nov 2026 10:00:30 GMT"] {
        assert_eq!(read(value), None, "{value}");
    }
}

proptest! {
    #[test]
    fn no_pause_reaches_the_deadline_or_comes_too_early(
        attempt in 0..10u32, left in 0..20_000u64, asked in proptest::option::of(0..30u64), spread in any::<f64>(),
    ) {
        let left = Duration::from_millis(left);
        if let Decision::RetryAfter(pause) = decide(&throttled(429, asked), attempt, Replay::Safe, left, spread) {
            prop_assert!(pause < left);
            prop_assert!(pause >= Duration::from_secs(asked.unwrap_or_default()));
            prop_assert!(pause >= Duration::from_millis(100));
        }
    }
}
