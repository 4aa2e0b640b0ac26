use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;

use super::super::Sides;
use super::*;

use Side::{FromCustomer, ToCustomer};

fn at(millis: i64) -> MediaTime {
    MediaTime::from_millis(1_700_000_000_000 + millis)
}

/// The tenth of a second with this number. The customer's samples are 1, the agent's 2.
fn chunk(tenth: i64, customer_speaks: bool, agent_speaks: bool) -> Chunk {
    Chunk {
        at: at(100 * tenth),
        until: at(100 * tenth + 100),
        pcm: Bytes::from([1, 0, 2, 0].repeat(800)),
        sides: Sides::Both,
        quiet: PerSide { customer: !customer_speaks, agent: !agent_speaks },
    }
}

/// A backlog that has been given this many tenths of a second.
fn backlog(
    tenths: i64,
    customer_speaks: impl Fn(i64) -> bool,
    agent_speaks: impl Fn(i64) -> bool,
) -> Backlog {
    let mut backlog = Backlog::default();
    for tenth in 0..tenths {
        backlog.push(chunk(tenth, customer_speaks(tenth), agent_speaks(tenth)));
    }
    backlog
}

fn never(_: i64) -> bool {
    false
}

#[test]
fn an_utterance_without_a_result_is_kept_with_a_second_to_run_up() {
    let mut backlog = backlog(600, |tenth| (300..340).contains(&tenth), never);
    assert_eq!(backlog.resume_at(), Some(at(29_000)));
    assert_eq!(backlog.replay().count(), 310);
    backlog.settled_until(FromCustomer, at(33_000));
    assert_eq!(
        backlog.resume_at(),
        Some(at(32_300)),
        "the last words are missing: 33.3 s is no echo of 33 s"
    );
    backlog.settled_until(FromCustomer, at(33_800));
    assert_eq!(backlog.resume_at(), Some(at(55_000)), "what follows the result is its echo");
}

#[test]
fn in_silence_only_the_last_seconds_are_kept() {
    let mut backlog = backlog(10_000, never, never);
    assert_eq!(backlog.resume_at(), Some(at(995_000)));
    assert_eq!(backlog.replay().count(), 50);
    assert_eq!(backlog.lost_millis(), 0);
}

#[test]
fn a_side_that_is_always_silent_does_not_hold_up_the_other() {
    let mut backlog = backlog(600, |_| true, never);
    backlog.settled_until(FromCustomer, at(58_000));
    assert_eq!(backlog.resume_at(), Some(at(55_000)));
}

#[test]
fn what_is_settled_on_one_side_is_silent_there_in_a_replay() {
    let mut backlog = backlog(100, |tenth| tenth > 20, |tenth| tenth > 40);
    backlog.settled_until(FromCustomer, at(9_050));
    let channels = |chunk: &Chunk| {
        let (customer, agent): (Vec<_>, Vec<_>) =
            chunk.pcm.chunks_exact(4).map(|frame| (frame[0], frame[2])).unzip();
        (customer, agent)
    };
    let replay: Vec<Chunk> = backlog.replay().collect();
    assert_eq!(replay[0].at, at(3_100));
    for chunk in &replay {
        let (customer, agent) = channels(chunk);
        assert!(agent.iter().all(|sample| *sample == 2));
        let settled = at(9_050).millis_since(chunk.at).clamp(0, 100) as usize * 8;
        assert!(customer[..settled].iter().all(|sample| *sample == 0));
        assert!(customer[settled..].iter().all(|sample| *sample == 1));
    }
}

#[test]
fn one_channel_is_silent_where_it_is_settled() {
    let mut backlog = Backlog::default();
    let pcm = Bytes::from([1, 0].repeat(800));
    let quiet = PerSide { customer: true, agent: false };
    backlog.push(Chunk { pcm, sides: Sides::Agent, quiet, ..chunk(0, false, true) });
    backlog.settled_until(ToCustomer, at(40));
    let replay: Vec<Chunk> = backlog.replay().collect();
    assert_eq!(replay[0].pcm, [[0, 0].repeat(320), [1, 0].repeat(480)].concat());
}

#[test]
fn sound_that_falls_out_is_lost_only_if_a_new_session_must_do_without_it() {
    let long = || backlog(1_500, |_| true, never);
    let mut lost = long();
    assert_eq!((lost.resume_at(), lost.lost_millis()), (Some(at(30_000)), 0));
    assert_eq!(lost.replay().count(), 1_200);
    assert_eq!(lost.lost_millis(), 30_000);
    assert_eq!((lost.replay().count(), lost.lost_millis()), (1_200, 30_000), "counted once");

    let mut late = long();
    late.settled_until(FromCustomer, at(140_000));
    late.replay().for_each(drop);
    assert_eq!(late.lost_millis(), 0, "the old session had a result after all");
}

#[test]
fn an_older_result_unsettles_nothing() {
    let mut backlog = backlog(100, |_| true, |_| true);
    for side in [FromCustomer, ToCustomer] {
        backlog.settled_until(side, at(7_000));
        backlog.settled_until(side, at(3_000));
        assert_eq!(backlog.settled(side), at(7_000));
    }
    assert_eq!(backlog.resume_at(), Some(at(5_000)));
}

#[test]
fn nothing_is_kept_of_nothing() {
    let mut backlog = Backlog::new(Duration::ZERO);
    backlog.settled_until(FromCustomer, at(5));
    assert_eq!((backlog.resume_at(), backlog.replay().count(), backlog.lost_millis()), (None, 0, 0));
    backlog.push(chunk(0, true, true));
    backlog.push(chunk(1, true, true));
    assert_eq!(backlog.replay().count(), 0);
    assert_eq!(backlog.lost_millis(), 200);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_sound_without_a_result_is_replayed(
        speech in vec((any::<bool>(), any::<bool>()), 1..300),
        results in vec((0..300usize, any::<bool>(), 0..50i64), 0..20),
    ) {
        let mut backlog = Backlog::new(Duration::from_secs(20));
        let mut settled = PerSide::both(MediaTime::MIN);
        for (tenth, (customer, agent)) in speech.iter().enumerate() {
            backlog.push(chunk(tenth as i64, *customer, *agent));
            for (_, is_customer, age) in results.iter().filter(|(when, ..)| *when == tenth) {
                let side = if *is_customer { FromCustomer } else { ToCustomer };
                let time = at(100 * (tenth as i64 - age));
                settled[side] = time.max(settled[side]);
                backlog.settled_until(side, time);
            }
        }
        let newest = 100 * speech.len() as i64;
        let replay: Vec<Chunk> = backlog.replay().collect();
        prop_assert!(replay.windows(2).all(|pair| pair[0].until == pair[1].at));
        prop_assert_eq!(replay.last().unwrap().until, at(newest));
        prop_assert!(replay.len() <= 200);
        let replayed = |tenth: i64| replay.iter().any(|chunk| chunk.at == at(100 * tenth));
        for tenth in (newest / 100 - 200).max(0)..newest / 100 {
            let (customer, agent) = speech[tenth as usize];
            for (speaks, side) in [(customer, FromCustomer), (agent, ToCustomer)] {
                if speaks && at(100 * tenth) >= settled[side].plus_millis(FADING) {
                    prop_assert!(replayed(tenth), "{side:?} at {tenth} tenths");
                }
            }
        }
    }
}
