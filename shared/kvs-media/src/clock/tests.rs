use super::*;

fn clock(producer_time: Option<u64>, cluster_ticks: u64) -> Clock {
    let mut clock = Clock::default();
    clock.fragment_begins(producer_time.map(Duration::from_millis));
    clock.cluster_time(cluster_ticks);
    clock
}

fn millis(clock: &Clock, ticks: i16) -> u128 {
    clock.frame_time(ticks).unwrap().as_millis()
}

#[test]
fn a_cluster_that_counts_from_the_epoch_keeps_its_times() {
    let clock = clock(Some(1_700_000_000_000), 1_700_000_000_000);
    assert_eq!(millis(&clock, 64), 1_700_000_000_064);
    assert_eq!(millis(&clock, -64), 1_699_999_999_936);
}

#[test]
fn a_cluster_that_counts_from_its_session_is_moved_to_the_epoch() {
    let mut clock = clock(Some(1_511_852_110_513), 2_000);
    assert_eq!(millis(&clock, 33), 1_511_852_110_546);
    // The next cluster of the fragment goes on from there, and so does one whose fragment is not named.
    clock.cluster_begins();
    clock.cluster_time(3_000);
    assert_eq!(millis(&clock, 0), 1_511_852_111_513);
}

#[test]
fn without_a_producer_time_the_producers_clock_is_all_there_is() {
    assert_eq!(millis(&clock(None, 5_000), 500), 5_500);
}

#[test]
fn a_frame_needs_the_time_of_its_own_cluster() {
    let mut clock = clock(None, 5_000);
    clock.cluster_begins();
    assert_eq!(clock.frame_time(0), None);
}

#[test]
fn ticks_may_be_shorter_than_a_millisecond() {
    let mut clock = Clock::default();
    clock.set_scale(1_000);
    clock.cluster_time(5_000_000);
    assert_eq!(clock.frame_time(1), Some(Duration::from_micros(5_000_001)));
    clock.set_scale(0);
    clock.cluster_time(5);
    assert_eq!(clock.frame_time(1), Some(Duration::from_millis(6)));
}

#[test]
fn times_beyond_all_reason_stay_within_the_type() {
    assert_eq!(clock(None, 0).frame_time(-1), Some(Duration::ZERO));
    let mut clock = clock(Some(u64::MAX), u64::MAX);
    assert!(clock.frame_time(i16::MAX).is_some());
    clock.set_scale(u64::MAX);
    clock.cluster_time(u64::MAX);
    assert_eq!(clock.frame_time(i16::MAX), Some(Duration::from_nanos(i64::MAX as u64)));
}
