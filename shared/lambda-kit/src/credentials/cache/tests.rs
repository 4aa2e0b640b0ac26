use std::cell::Cell;

use super::*;
use crate::aws::tests::soon;
use crate::credentials::Freshness::{Cached, Reread};

const LONG: Duration = Duration::from_secs(300);

fn throttled() -> CredentialError {
    AwsError::out_of_time("secretsmanager:GetSecretValue", "secret s").into()
}

fn deleted() -> CredentialError {
    CredentialError::Malformed { secret: "s".into(), problem: "gone" }
}

#[tokio::test]
async fn a_value_is_read_once_until_it_is_old_or_refused() {
    let cache = Cache::new(LONG);
    let first = cache.get("s", Cached, soon(), async |_| Ok(1)).await.unwrap();
    let again = cache.get("s", Cached, soon(), async |_| panic!("no reason to read")).await.unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    let same = cache.get("s", Reread, soon(), async |_| Ok(1)).await.unwrap();
    assert!(Arc::ptr_eq(&first, &same), "read again, unchanged");
    let new = cache.get("s", Reread, soon(), async |_| Ok(2)).await.unwrap();
    assert_eq!((*new, *first), (2, 1));
    assert_eq!(*cache.get("t", Cached, soon(), async |_| Ok(3)).await.unwrap(), 3, "another name");

    let cache = Cache::new(Duration::ZERO);
    for value in [1, 2] {
        assert_eq!(
            *cache.get("s", Cached, soon(), async |_| Ok(value)).await.unwrap(),
            value,
            "too old at once"
        );
    }
}

#[tokio::test]
async fn callers_at_the_same_time_share_one_read_and_its_failure() {
    for outcome in [Ok(1), Err(())] {
        let cache = Cache::new(LONG);
        let reads = Cell::new(0);
        let callers = (0..50).map(|_| {
            cache.get("s", Cached, soon(), async |_| {
                reads.set(reads.get() + 1);
                tokio::time::sleep(Duration::from_millis(20)).await;
                outcome.map_err(|()| throttled())
            })
        });
        let outcomes = futures_util::future::join_all(callers).await;
        assert_eq!(reads.get(), 1);
        assert!(outcomes.iter().all(|shared| shared.is_ok() == outcome.is_ok()));
    }
}

#[tokio::test]
async fn a_passing_failure_leaves_what_is_known_in_service_for_a_while() {
    let cache = Cache::new(Duration::ZERO);
    let known = cache.get("s", Cached, soon(), async |_| Ok(1)).await.unwrap();
    let later = cache.get("s", Cached, soon(), async |_| Err(throttled())).await.unwrap();
    assert!(Arc::ptr_eq(&known, &later));
    cache.get("s", Cached, soon(), async |_| panic!("it pauses before it tries again")).await.unwrap();
    assert_eq!(
        *cache.get("s", Reread, soon(), async |_| Ok(2)).await.unwrap(),
        2,
        "but not for a refused one"
    );
}

#[tokio::test]
async fn reading_again_may_not_use_up_the_time_of_the_call() {
    let cache = Cache::new(Duration::ZERO);
    cache.get("s", Cached, soon(), async |_| Ok(1)).await.unwrap();
    let deadline = soon();
    let read = async |until: Instant| {
        assert!(until <= Instant::now() + REFRESH_BUDGET);
        Ok(2)
    };
    cache.get("s", Cached, deadline, read).await.unwrap();
    let first_read = async |until: Instant| {
        assert_eq!(until, deadline, "with nothing to fall back on, all the time there is");
        Ok(1)
    };
    cache.get("t", Cached, deadline, first_read).await.unwrap();
}

#[tokio::test]
async fn a_failure_that_is_meant_ends_the_service() {
    let cache = Cache::new(Duration::ZERO);
    cache.get("s", Cached, soon(), async |_| Ok(1)).await.unwrap();
    assert!(cache.get("s", Cached, soon(), async |_| Err(deleted())).await.is_err());
    assert!(
        cache.get("s", Cached, soon(), async |_| Err(throttled())).await.is_err(),
        "nothing is known any more"
    );
    assert!(lock(&cache.entries).is_empty(), "names that lead nowhere are forgotten");
    assert_eq!(*cache.get("s", Cached, soon(), async |_| Ok(2)).await.unwrap(), 2, "until it is back");
}

#[tokio::test]
async fn waiting_for_another_read_ends_with_the_deadline_and_a_dropped_read_harms_nobody() {
    let cache = Cache::new(LONG);
    let stuck = cache.get("s", Cached, soon(), async |_| std::future::pending().await);
    let waiting = async {
        let until = Instant::now() + Duration::from_millis(20);
        cache.get("s", Cached, until, async |_| Ok(1)).await.unwrap_err()
    };
    let error = tokio::select! { biased; _ = stuck => unreachable!(), error = waiting => error };
    assert!(error.is_transient(), "{error}");
    assert_eq!(*cache.get("s", Cached, soon(), async |_| Ok(1)).await.unwrap(), 1);
}
