//! Two invocations, one after the other, hear what one would have heard.

use proptest::collection::vec;
use proptest::prelude::*;

use super::properties::{Pushed, assert_same, expected, join, patient, samples};
use super::*;

/// Frames in the order of their times, as they are in a stream, and of any length and offset to the other side.
fn stream() -> impl Strategy<Value = Vec<Pushed>> {
    let side = |side| {
        (0..100i64, vec((20..=128i64, prop_oneof![6 => Just(0), 1 => 20..400i64]), 1..25)).prop_map(
            move |(mut end, frames)| {
                let place = |(millis, pause)| {
                    let time = end + pause;
                    end = time + millis;
                    (side, time, millis)
                };
                frames.into_iter().map(place).collect::<Vec<_>>()
            },
        )
    };
    (side(FromCustomer), side(ToCustomer)).prop_map(|(customer, agent)| {
        let mut all = [customer, agent].concat();
        all.sort_by_key(|(_, time, _)| *time);
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_cut_at_the_end_of_any_fragment_loses_and_doubles_nothing(
        frames in stream(),
        per_fragment in 1..15usize,
        fragment in 0..10usize,
    ) {
        let cut_after = ((fragment + 1) * per_fragment).min(frames.len());
        let push = |timeline: &mut Timeline, frame: &Pushed| {
            let &(side, time, millis) = frame;
            timeline.push(side, at(time), &samples(side, time, millis));
            drain(timeline, true)
        };

        let mut first = both();
        let mut out = vec![Vec::new(); 2];
        for fragment in frames[..cut_after].chunks(per_fragment) {
            for frame in fragment {
                join(&mut out, push(&mut first, frame));
            }
            first.fragment_ended();
            join(&mut out, drain(&mut first, true));
        }
        let cut = first.fragment_ended();
        first.end_at(cut);
        for frame in &frames[cut_after..] {
            join(&mut out, push(&mut first, frame));
        }
        // No frames came that would have ended it.
        first.advance_to(cut);
        join(&mut out, drain(&mut first, true));
        prop_assert!(first.is_over());
        prop_assert_eq!(first.position(), cut);

        let mut second = Timeline::new(TimelineSettings { starts_at: cut, ..patient().settings });
        for frame in &frames[cut_after..] {
            join(&mut out, push(&mut second, frame));
        }
        second.finish();
        join(&mut out, drain(&mut second, true));
        assert_same(&out, &expected(&frames))?;
        prop_assert_eq!(first.tally().late_millis, 0);
        prop_assert_eq!(second.tally().late_millis, 0);
    }
}
