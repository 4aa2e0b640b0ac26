//! Whatever is pushed, in whatever pieces: chunks join, and no sample is lost or doubled without being counted.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// A frame: its side, its time and its length in ms.
pub(in super::super) type Pushed = (Side, i64, i64);

/// A sample that tells where it belongs, and is never silence.
pub(in super::super) fn sample(side: Side, position: i64) -> i16 {
    let value = (position.rem_euclid(13_001) + 1) as i16;
    if side == FromCustomer { value } else { -value }
}

pub(in super::super) fn samples(side: Side, time: i64, millis: i64) -> Vec<u8> {
    let positions = time * PER_MILLI..(time + millis) * PER_MILLI;
    positions.flat_map(|position| sample(side, position).to_le_bytes()).collect()
}

/// The frames of one side: lengths, and pauses before some of them.
fn side(side: Side) -> impl Strategy<Value = Vec<Pushed>> {
    vec((1..=100i64, prop_oneof![5 => Just(0), 1 => 20..400i64]), 0..20).prop_map(move |frames| {
        let mut end = 0;
        let place = |(millis, pause)| {
            let time = end + pause;
            end = time + millis;
            (side, time, millis)
        };
        frames.into_iter().map(place).collect()
    })
}

/// The frames of both sides, in any order that keeps that of each side.
pub(in super::super) fn call() -> impl Strategy<Value = Vec<Pushed>> {
    (side(FromCustomer), side(ToCustomer), vec(any::<bool>(), 40)).prop_map(|(customer, agent, order)| {
        let (mut customer, mut agent) = (customer.into_iter().peekable(), agent.into_iter().peekable());
        let mut merged = Vec::new();
        for customer_first in order {
            let next = match customer_first {
                true => customer.next().or_else(|| agent.next()),
                false => agent.next().or_else(|| customer.next()),
            };
            merged.extend(next);
        }
        merged
    })
}

/// What must come out: at each sample of each side what was pushed for it, else silence.
pub(in super::super) fn expected(frames: &[Pushed]) -> Vec<Vec<i16>> {
    let end = frames.iter().map(|(_, time, millis)| time + millis).max().unwrap_or(0);
    let mut channels = vec![vec![0; (end * PER_MILLI) as usize]; 2];
    for &(side, time, millis) in frames {
        let channel = &mut channels[Sides::Both.channel(side).unwrap()];
        for position in time * PER_MILLI..(time + millis) * PER_MILLI {
            channel[position as usize] = sample(side, position);
        }
    }
    channels
}

pub(in super::super) fn join(all: &mut [Vec<i16>], more: Vec<Vec<i16>>) {
    for (channel, more) in all.iter_mut().zip(more) {
        channel.extend(more);
    }
}

/// Says where they differ first, not what they are.
pub(in super::super) fn assert_same(out: &[Vec<i16>], expected: &[Vec<i16>]) -> Result<(), TestCaseError> {
    for (channel, (out, expected)) in out.iter().zip(expected).enumerate() {
        let different = out.iter().zip(expected).position(|(out, expected)| out != expected);
        prop_assert_eq!(different, None, "of channel {}", channel);
        prop_assert_eq!(out.len(), expected.len(), "in channel {}", channel);
    }
    Ok(())
}

/// Waits for either side as long as it takes.
pub(in super::super) fn patient() -> Timeline {
    Timeline::new(TimelineSettings { patience_millis: 1_000_000, ..settings(Sides::Both) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_sample_comes_out_once_at_its_time(
        frames in call(),
        rests in vec(any::<bool>(), 40),
        // After which frame the connection breaks, and how many come again.
        breaks in vec((0..40usize, 0..30usize), 0..4),
    ) {
        let mut timeline = patient();
        let mut out = vec![Vec::new(); 2];
        for (index, _) in frames.iter().enumerate() {
            let again = breaks.iter().filter(|(after, _)| *after == index).map(|(_, count)| *count).max();
            for &(side, time, millis) in &frames[index - again.unwrap_or(0).min(index)..=index] {
                timeline.push(side, at(time), &samples(side, time, millis));
                join(&mut out, drain(&mut timeline, rests[index]));
            }
        }
        timeline.finish();
        join(&mut out, drain(&mut timeline, true));
        assert_same(&out, &expected(&frames))?;
        let tally = timeline.tally();
        prop_assert_eq!((tally.late_millis, tally.refused_millis), (0, 0));
    }

    #[test]
    fn pieces_of_the_same_audio_make_the_same_chunks(cuts in vec(1..700usize, 1..20)) {
        let whole = samples(FromCustomer, 0, 500);
        let mut timeline = Timeline::new(settings(Sides::Customer));
        let (mut from, mut out) = (0, Vec::new());
        for cut in cuts.iter().cycle() {
            let until = (from + 2 * cut).min(whole.len());
            // Exact to a millisecond, as times are.
            timeline.push(FromCustomer, at(from as i64 / 2 / PER_MILLI), &whole[from..until]);
            out.extend(drain(&mut timeline, false).remove(0));
            from = until;
            if from == whole.len() {
                break;
            }
        }
        let pushed = expected(&[(FromCustomer, 0, 500)]).remove(0);
        // Pieces of less than a millisecond cannot be told from those that come again.
        if cuts.iter().all(|cut| *cut >= 8) {
            prop_assert_eq!(out, pushed);
        }
    }

    #[test]
    fn jitter_moves_frames_but_tears_and_drops_nothing(jitter in vec(-9..=9i64, 1..30)) {
        let mut timeline = Timeline::new(settings(Sides::Customer));
        let mut out = Vec::new();
        for (index, jitter) in jitter.iter().enumerate() {
            let time = 64 * index as i64;
            timeline.push(FromCustomer, at(time + jitter), &samples(FromCustomer, time, 64));
            out.extend(drain(&mut timeline, true).remove(0));
        }
        let first = jitter[0].max(0) * PER_MILLI;
        let cut = (-jitter[0]).max(0) * PER_MILLI;
        let sound = expected(&[(FromCustomer, 0, 64 * jitter.len() as i64)]).remove(0);
        prop_assert_eq!(&out[..first as usize], vec![0; first as usize]);
        prop_assert_eq!(&out[first as usize..], &sound[cut as usize..]);
    }

    #[test]
    fn with_both_sides_in_step_nothing_waits_and_little_is_held(frames in 1..30i64, offset in 0..64i64) {
        let mut timeline = both();
        for frame in 0..frames {
            timeline.push(FromCustomer, at(64 * frame), &audio(64, 1));
            timeline.push(ToCustomer, at(64 * frame + offset), &audio(64, 1));
            drain(&mut timeline, true);
            prop_assert_eq!(timeline.position(), at(64 * (frame + 1)));
            prop_assert!(timeline.tracks[ToCustomer].held() <= offset * PER_MILLI);
        }
        prop_assert_eq!(timeline.tally(), Tally::default());
    }

    #[test]
    fn nothing_breaks_it_and_everything_is_accounted_for(steps in vec(step(), 0..25)) {
        let mut timeline = both();
        let (mut pushed, mut heard, mut position) = (0, 0, timeline.position());
        for step in steps {
            match step {
                Step::Push(side, time, bytes) => {
                    pushed += (bytes / 2) as i64;
                    timeline.push(side, time, &vec![1; bytes]);
                }
                Step::Advance(time) => timeline.advance_to(time),
                Step::Skip(side, time) => timeline.skip(side, time),
                Step::FragmentEnded => prop_assert!(timeline.fragment_ended() >= timeline.position()),
            }
            for chunk in std::iter::from_fn(|| timeline.next_chunk().or_else(|| timeline.rest())).take(30) {
                prop_assert_eq!(chunk.at, position);
                position = chunk.until;
                heard += chunk.pcm.as_chunks::<2>().0.iter().filter(|sample| **sample != [0, 0]).count() as i64;
            }
        }
        let tracks = || timeline.tracks();
        let held: i64 = tracks().map(Track::held).sum();
        let rejected = tracks().map(|track| track.repeated() + track.late()).sum::<i64>() + timeline.refused;
        prop_assert_eq!(heard + held + rejected, pushed);
        prop_assert!(held <= 2 * (MOST_HELD + 1_000 * PER_MILLI + 32_768));
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(Side, MediaTime, usize),
    Advance(MediaTime),
    Skip(Side, MediaTime),
    FragmentEnded,
}

fn step() -> impl Strategy<Value = Step> {
    let time = || {
        prop_oneof![
            8 => (-1_000..10_000i64).prop_map(at),
            1 => any::<i64>().prop_map(MediaTime::from_millis),
        ]
    };
    let side = || prop_oneof![Just(FromCustomer), Just(ToCustomer)];
    let bytes = prop_oneof![12 => 0..2_000usize, 1 => 0..65_536usize];
    prop_oneof![
        8 => (side(), time(), bytes).prop_map(|(side, time, bytes)| Step::Push(side, time, bytes)),
        1 => time().prop_map(Step::Advance),
        1 => (side(), time()).prop_map(|(side, time)| Step::Skip(side, time)),
        1 => Just(Step::FragmentEnded),
    ]
}
