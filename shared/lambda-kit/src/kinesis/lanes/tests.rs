use std::cell::RefCell;
use std::time::Duration;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
struct Item {
    lane: u8,
    outcome: Outcome,
    /// How often it gives way to the others before it is done.
    pauses: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Started(usize),
    Ended(usize),
}

fn item() -> impl Strategy<Value = Item> {
    let outcome = prop_oneof![9 => Just(Outcome::Settled), 1 => Just(Outcome::Retry)];
    (0..6_u8, outcome, 0..8_usize).prop_map(|(lane, outcome, pauses)| Item { lane, outcome, pauses })
}

/// Runs a batch; what happened, in order, and the index returned.
fn run(items: &[Item], at_once: usize) -> (Vec<Step>, Option<usize>) {
    let steps = RefCell::new(Vec::new());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let first = runtime.block_on(in_lanes(
        items.iter().enumerate().map(|item| (item.1.lane, item)).collect(),
        NonZeroUsize::new(at_once).unwrap(),
        Instant::now() + Duration::from_secs(60),
        |(index, item)| {
            let steps = &steps;
            async move {
                steps.borrow_mut().push(Step::Started(index));
                for _ in 0..item.pauses {
                    tokio::task::yield_now().await;
                }
                steps.borrow_mut().push(Step::Ended(index));
                item.outcome
            }
        },
    ));
    (steps.into_inner(), first)
}

proptest! {
    #[test]
    fn lanes_keep_their_order_and_the_reply_is_true(
        items in proptest::collection::vec(item(), 0..60),
        at_once in 1..9_usize,
    ) {
        let (steps, first) = run(&items, at_once);
        let mut running: Vec<usize> = Vec::new();
        let mut last_of_lane = [None; 6];
        let mut first_retry = usize::MAX;
        let mut settled = vec![false; items.len()];
        for step in steps {
            match step {
                Step::Started(index) => {
                    let lane = usize::from(items[index].lane);
                    prop_assert!(running.iter().all(|other| items[*other].lane != items[index].lane), "two of a lane");
                    prop_assert!(last_of_lane[lane] < Some(index), "out of order");
                    prop_assert!(index < first_retry, "started behind a record that comes again");
                    last_of_lane[lane] = Some(index);
                    running.push(index);
                    prop_assert!(running.len() <= at_once);
                }
                Step::Ended(index) => {
                    running.retain(|other| *other != index);
                    match items[index].outcome {
                        Outcome::Settled => settled[index] = true,
                        Outcome::Retry => first_retry = first_retry.min(index),
                    }
                }
            }
        }
        prop_assert!(running.is_empty());
        prop_assert_eq!(first, settled.iter().position(|settled| !settled));
        prop_assert_eq!(first, Some(first_retry).filter(|index| *index != usize::MAX), "no more than needed comes again");
    }
}

#[test]
fn lanes_run_beside_each_other() {
    let items: Vec<Item> = (0..4).map(|lane| Item { lane, outcome: Outcome::Settled, pauses: 1 }).collect();
    let (steps, _) = run(&items, 3);
    assert_eq!(steps[..3], [Step::Started(0), Step::Started(1), Step::Started(2)]);
}

#[test]
fn items_before_a_failure_are_still_applied() {
    let settled = |lane, pauses| Item { lane, outcome: Outcome::Settled, pauses };
    let items =
        [settled(0, 5), settled(0, 0), Item { lane: 1, outcome: Outcome::Retry, pauses: 0 }, settled(2, 0)];
    let (steps, first) = run(&items, 2);
    assert_eq!(first, Some(2));
    assert!(steps.contains(&Step::Ended(1)), "{steps:?}");
    assert!(!steps.contains(&Step::Started(3)), "{steps:?}");
}

#[tokio::test]
async fn when_time_is_over_nothing_starts_and_nothing_is_waited_for() {
    let at_once = NonZeroUsize::new(2).unwrap();
    let started = RefCell::new(Vec::new());
    let began = Instant::now();
    let apply = |index: usize| {
        started.borrow_mut().push(index);
        async move {
            let needs = if index == 0 { Duration::ZERO } else { Duration::from_secs(60) };
            tokio::time::sleep(needs).await;
            Outcome::Settled
        }
    };
    let items = || (0..5).map(|index| (index, index)).collect::<Vec<_>>();
    let first = in_lanes(items(), at_once, began + Duration::from_millis(30), apply).await;
    assert_eq!(first, Some(1), "the first is settled, the second was cut off");
    assert_eq!(started.take(), [0, 1, 2]);
    assert_eq!(in_lanes(items(), at_once, began, apply).await, Some(0));
    assert_eq!(started.take(), [0; 0]);
    assert!(began.elapsed() < Duration::from_secs(10));
}
