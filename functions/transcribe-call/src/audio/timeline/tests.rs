use super::*;

mod handover;
mod properties;

use Side::{FromCustomer, ToCustomer};

pub(super) const START: MediaTime = MediaTime::from_millis(1_700_000_000_000);

pub(super) fn settings(sides: Sides) -> TimelineSettings {
    TimelineSettings { sides, starts_at: START, sample_rate: SampleRate::Hz8000, patience_millis: 1_000 }
}

pub(super) fn both() -> Timeline {
    Timeline::new(settings(Sides::Both))
}

pub(super) fn at(millis: i64) -> MediaTime {
    START.plus_millis(millis)
}

/// So many milliseconds of one value.
pub(super) fn audio(millis: i64, value: i16) -> Vec<u8> {
    value.to_le_bytes().repeat((millis * PER_MILLI) as usize)
}

/// Everything that can be had, as samples per channel. Checks that the chunks join.
pub(super) fn drain(timeline: &mut Timeline, rest: bool) -> Vec<Vec<i16>> {
    let channels = timeline.settings.sides.list().len();
    let mut samples = vec![Vec::new(); channels];
    loop {
        let before = timeline.position();
        let chunk = timeline.next_chunk().or_else(|| if rest { timeline.rest() } else { None });
        let Some(chunk) = chunk else { return samples };
        assert_eq!(chunk.at, before);
        assert_eq!(chunk.until, timeline.position());
        assert!((1..=100).contains(&chunk.millis()));
        let per_milli = timeline.settings.sample_rate.hertz() as usize / 1000;
        assert_eq!(chunk.pcm.len(), 2 * channels * per_milli * chunk.millis() as usize);
        for (index, sample) in chunk.pcm.as_chunks().0.iter().enumerate() {
            samples[index % channels].push(i16::from_le_bytes(*sample));
        }
    }
}

/// The values of a channel, each with the number of samples it lasts.
pub(super) fn runs(samples: &[i16]) -> Vec<(i16, usize)> {
    samples.chunk_by(|one, next| one == next).map(|run| (run[0], run.len())).collect()
}

fn in_millis(samples: &[i16]) -> Vec<(i16, usize)> {
    runs(samples).into_iter().map(|(value, count)| (value, count / PER_MILLI as usize)).collect()
}

/// What comes out of the frames of one side, each with its time, its length in ms and its value.
fn of_frames(frames: &[(i64, i64, i16)]) -> (Vec<(i16, usize)>, Tally) {
    let mut timeline = Timeline::new(settings(Sides::Customer));
    for (time, millis, value) in frames {
        timeline.push(FromCustomer, at(*time), &audio(*millis, *value));
    }
    timeline.finish();
    (in_millis(&drain(&mut timeline, true)[0]), timeline.tally())
}

#[test]
fn a_chunk_is_a_hundred_milliseconds_of_both_sides_sample_by_sample() {
    let mut timeline = both();
    timeline.push(FromCustomer, at(0), &audio(128, 1));
    assert_eq!(timeline.next_chunk(), None, "the agent's side is not known yet");
    timeline.push(ToCustomer, at(0), &audio(64, 2));
    assert_eq!(timeline.next_chunk(), None, "nor all of it");
    timeline.push(ToCustomer, at(64), &audio(64, 3));
    let chunk = timeline.next_chunk().unwrap();
    assert_eq!((chunk.at, chunk.until, chunk.millis()), (at(0), at(100), 100));
    assert_eq!(chunk.pcm.len(), 3_200);
    assert_eq!(&chunk.pcm[..8], [1, 0, 2, 0, 1, 0, 2, 0]);
    assert_eq!(&chunk.pcm[3_192..], [1, 0, 3, 0, 1, 0, 3, 0]);
    assert_eq!(timeline.next_chunk(), None);
    let rest = timeline.rest().unwrap();
    assert_eq!((rest.at, rest.until), (at(100), at(128)));
    assert_eq!(timeline.rest(), None);
}

#[test]
fn one_side_alone_has_one_channel_and_the_other_is_passed_over() {
    for (sides, wanted, other) in
        [(Sides::Customer, FromCustomer, ToCustomer), (Sides::Agent, ToCustomer, FromCustomer)]
    {
        let mut timeline = Timeline::new(settings(sides));
        timeline.push(other, at(0), &audio(500, 9));
        assert_eq!(timeline.next_chunk(), None);
        timeline.push(wanted, at(0), &audio(100, 5));
        assert_eq!(timeline.next_chunk().unwrap().pcm, audio(100, 5));
        assert_eq!(timeline.tally(), Tally::default());
    }
}

#[test]
fn frames_lie_where_their_time_says() {
    let none = Tally::default();
    let repeated = |millis| Tally { repeated_millis: millis, ..none };
    for (what, frames, expected, tally) in [
        ("in a row", &[(0, 64, 1), (64, 64, 2)][..], &[(1, 64), (2, 64)][..], none),
        ("after a pause", &[(0, 64, 1), (264, 64, 2)], &[(1, 64), (0, 200), (2, 64)], none),
        ("after the start", &[(30, 64, 1)], &[(0, 30), (1, 64)], none),
        ("a little late", &[(0, 64, 1), (83, 64, 2), (128, 64, 3)], &[(1, 64), (2, 64), (3, 64)], none),
        ("a little early", &[(0, 64, 1), (45, 64, 2), (128, 64, 3)], &[(1, 64), (2, 64), (3, 64)], none),
        ("20 ms late", &[(0, 64, 1), (84, 64, 2)], &[(1, 64), (0, 20), (2, 64)], none),
        ("20 ms early", &[(0, 64, 1), (44, 64, 2)], &[(1, 64), (2, 44)], repeated(20)),
        (
            "twice",
            &[(0, 64, 1), (64, 64, 2), (0, 64, 1), (64, 64, 2), (128, 64, 3)],
            &[(1, 64), (2, 64), (3, 64)],
            repeated(128),
        ),
        (
            "short, twice",
            &[(0, 10, 1), (10, 10, 2), (10, 10, 2), (20, 10, 3)],
            &[(1, 10), (2, 10), (3, 10)],
            repeated(10),
        ),
        ("late, then twice", &[(0, 64, 1), (80, 64, 2), (80, 64, 2)], &[(1, 64), (2, 64)], repeated(64)),
        ("early, then twice", &[(0, 64, 1), (50, 64, 2), (50, 64, 2)], &[(1, 64), (2, 64)], repeated(64)),
        ("in other pieces", &[(0, 64, 1), (0, 128, 2)], &[(1, 64), (2, 64)], repeated(64)),
        ("from before the start", &[(-128, 64, 1), (-64, 64, 2), (0, 64, 3)], &[(3, 64)], repeated(128)),
        ("across the start", &[(-10, 64, 1), (54, 64, 2)], &[(1, 54), (2, 64)], repeated(10)),
        ("empty", &[(0, 0, 1), (0, 64, 2)], &[(2, 64)], none),
        (
            "from the end of time",
            &[(0, 64, 1), (i64::MAX, 64, 2), (i64::MIN, 64, 3)],
            &[(1, 64)],
            Tally { repeated_millis: 64, refused_millis: 64, late_millis: 0 },
        ),
        (
            "after an hour",
            &[(0, 64, 1), (3_600_001, 64, 2)],
            &[(1, 64)],
            Tally { refused_millis: 64, ..none },
        ),
    ] {
        assert_eq!(of_frames(frames), (expected.to_vec(), tally), "{what}");
    }
}

#[test]
fn a_clock_that_runs_fast_or_slow_is_followed() {
    // 63 ms of samples for every 64 ms of time, and the other way round, for two minutes.
    for (samples, time) in [(63, 64), (65, 64)] {
        let mut timeline = Timeline::new(settings(Sides::Customer));
        for frame in 0..1_875 {
            timeline.push(FromCustomer, at(time * frame), &audio(samples, 1));
            drain(&mut timeline, true);
            let off = timeline.position().millis_since(at(time * (frame + 1)));
            assert!(off.abs() <= 21, "{off} ms off in frame {frame}");
        }
        assert_eq!(timeline.tally().late_millis, 0);
    }
}

#[test]
fn half_a_sample_and_odd_pieces_of_a_millisecond_do_no_harm() {
    let mut timeline = Timeline::new(settings(Sides::Customer));
    timeline.push(FromCustomer, at(0), &audio(64, 1)[..1001]);
    assert_eq!(timeline.fragment_ended(), at(63), "62.5 ms");
    timeline.push(FromCustomer, at(62), &audio(64, 2)[..1001]);
    timeline.finish();
    // 500 samples each, and a whole number of milliseconds.
    assert_eq!(runs(&drain(&mut timeline, true)[0]), [(1, 500), (2, 500)]);
}

#[test]
fn a_side_without_frames_is_silent_after_the_patience() {
    let mut timeline = both();
    for frame in 0..10 {
        timeline.push(FromCustomer, at(100 * frame), &audio(100, 1));
        assert_eq!(timeline.next_chunk(), None, "there may still be frames of the agent");
    }
    timeline.push(FromCustomer, at(1_000), &audio(100, 1));
    let samples = drain(&mut timeline, true);
    assert_eq!((in_millis(&samples[0]), in_millis(&samples[1])), (vec![(1, 100)], vec![(0, 100)]));
    // The agent joins: where he is on time he is whole.
    timeline.push(ToCustomer, at(1_050), &audio(50, 2));
    let samples = drain(&mut timeline, true);
    assert_eq!(in_millis(&samples[1]), [(0, 950), (2, 50)]);
    assert_eq!(timeline.tally(), Tally::default());
}

#[test]
fn what_comes_when_its_time_is_over_is_lost_and_counted() {
    let mut timeline = both();
    timeline.push(FromCustomer, at(0), &audio(1_200, 1));
    drain(&mut timeline, true);
    assert_eq!(timeline.position(), at(200));
    timeline.push(ToCustomer, at(150), &audio(100, 2));
    assert_eq!(timeline.tally(), Tally { late_millis: 50, ..Tally::default() });
    timeline.push(ToCustomer, at(250), &audio(100, 3));
    assert_eq!(in_millis(&drain(&mut timeline, true)[1]), [(2, 50), (3, 100)]);
}

#[test]
fn what_comes_a_little_too_late_is_moved_instead() {
    let mut timeline = both();
    timeline.push(ToCustomer, at(0), &audio(100, 2));
    timeline.push(FromCustomer, at(0), &audio(1_200, 1));
    drain(&mut timeline, true);
    timeline.push(ToCustomer, at(185), &audio(64, 3));
    assert_eq!(in_millis(&drain(&mut timeline, true)[1]), [(3, 64)]);
    assert_eq!(timeline.tally(), Tally::default());
}

#[test]
fn a_promise_that_nothing_older_comes_makes_silence() {
    let mut timeline = both();
    timeline.push(FromCustomer, at(0), &audio(50, 1));
    timeline.advance_to(at(20_000));
    timeline.advance_to(at(10_000));
    let samples = drain(&mut timeline, true);
    assert_eq!(in_millis(&samples[0]), [(1, 50), (0, 19_950)]);
    assert_eq!(in_millis(&samples[1]), [(0, 20_000)]);
    // A clock that is wrong by years makes an hour of it, not more.
    timeline.advance_to(MediaTime::from_millis(i64::MAX));
    assert_eq!(timeline.horizon, 3_620 * 8_000);
}

#[test]
fn at_the_end_of_a_fragment_an_absent_side_is_not_waited_for() {
    let mut timeline = both();
    for frame in 0..8 {
        timeline.push(FromCustomer, at(64 * frame), &audio(64, 1));
    }
    assert_eq!(timeline.fragment_ended(), at(512));
    // A frame of the agent that begins while the last of the customer lasts would be in the next fragment.
    let samples = drain(&mut timeline, true);
    assert_eq!(in_millis(&samples[1]), [(0, 448)]);
    timeline.push(ToCustomer, at(450), &audio(64, 2));
    assert_eq!(in_millis(&drain(&mut timeline, true)[1]), [(0, 2), (2, 62)]);
    assert_eq!(timeline.tally(), Tally::default());
    // Nothing came since: audio ends where it did, and later where there was only silence.
    assert_eq!(timeline.fragment_ended(), at(514));
    timeline.advance_to(at(2_000));
    drain(&mut timeline, true);
    assert_eq!(timeline.fragment_ended(), at(2_000));
}

#[test]
fn a_side_that_was_transcribed_elsewhere_is_silent_up_to_there() {
    let mut timeline = both();
    timeline.skip(ToCustomer, at(150));
    timeline.push(FromCustomer, at(0), &audio(300, 1));
    assert_eq!(drain(&mut timeline, true)[1], [0; 150 * 8], "nothing of the agent is waited for up to there");
    for frame in 0..3 {
        timeline.push(ToCustomer, at(100 * frame), &audio(100, 2));
    }
    let samples = drain(&mut timeline, true);
    assert_eq!((in_millis(&samples[0]), in_millis(&samples[1])), (vec![(1, 150)], vec![(2, 150)]));
    assert_eq!(timeline.tally(), Tally { repeated_millis: 150, ..Tally::default() });
}

#[test]
fn a_side_that_was_transcribed_far_ahead_does_not_hurry_the_other() {
    let mut timeline = both();
    timeline.skip(ToCustomer, at(5_000));
    for frame in 0..10 {
        timeline.push(ToCustomer, at(64 * frame), &audio(64, 2));
        timeline.push(FromCustomer, at(64 * frame), &audio(64, 1));
        assert_eq!(in_millis(&drain(&mut timeline, true)[0]), [(1, 64)]);
    }
    assert_eq!(timeline.fragment_ended(), at(640));
    assert_eq!(timeline.tally().late_millis, 0);
}

#[test]
fn chunks_end_where_they_are_told_to() {
    let mut timeline = both();
    timeline.push(FromCustomer, at(0), &audio(300, 1));
    timeline.push(ToCustomer, at(0), &audio(130, 2));
    timeline.end_at(at(164));
    assert_eq!(drain(&mut timeline, true)[0].len(), 130 * 8);
    assert!(!timeline.is_over(), "the agent's side is not complete");
    timeline.push(ToCustomer, at(130), &audio(64, 3));
    let last = timeline.next_chunk().unwrap();
    assert_eq!((last.at, last.until), (at(130), at(164)));
    assert!(timeline.is_over());
    timeline.advance_to(at(10_000));
    assert_eq!((timeline.next_chunk(), timeline.rest()), (None, None));
    // In the past there is nothing to end.
    let mut timeline = both();
    timeline.advance_to(at(500));
    drain(&mut timeline, true);
    timeline.end_at(at(400));
    assert!(timeline.is_over());
    assert_eq!(timeline.position(), at(500));
}

#[test]
fn chunks_that_nobody_takes_out_are_bounded() {
    let mut timeline = both();
    for frame in 0..1_000 {
        timeline.push(FromCustomer, at(64 * frame), &audio(64, 1));
    }
    let held = timeline.tracks[FromCustomer].held() / PER_MILLI;
    assert!((11_000..=11_064).contains(&held), "{held} ms");
    assert_eq!(timeline.tally().refused_millis, 64_000 - held as u64);
}

#[test]
fn sixteen_kilohertz_have_two_samples_for_one() {
    let rate = SampleRate::Hz16000;
    let mut timeline = Timeline::new(TimelineSettings { sample_rate: rate, ..settings(Sides::Both) });
    for frame in 0..10 {
        timeline.push(FromCustomer, at(64 * frame), &audio(64, 1_000));
        timeline.push(ToCustomer, at(64 * frame), &audio(64, -3_000));
    }
    let samples = drain(&mut timeline, true);
    assert_eq!(samples[0].len(), 640 * 16);
    // Once the filter is full.
    assert!(samples[0][32..].iter().all(|sample| *sample == 1_000));
    assert!(samples[1][32..].iter().all(|sample| *sample == -3_000));
}

#[test]
fn a_side_is_quiet_where_it_has_no_frames() {
    let mut timeline = both();
    let loud: Vec<u8> =
        (0..1_600).flat_map(|n: i32| (if n % 20 < 10 { 8_000i16 } else { -8_000 }).to_le_bytes()).collect();
    timeline.push(FromCustomer, at(0), &loud);
    timeline.advance_to(at(400));
    let quiet: Vec<_> = std::iter::from_fn(|| timeline.next_chunk().map(|chunk| chunk.quiet)).collect();
    let of = |customer, agent| PerSide { customer, agent };
    assert_eq!(quiet, [of(false, true), of(false, true), of(true, true), of(true, true)]);
}
