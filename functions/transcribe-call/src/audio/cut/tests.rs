use bytes::Bytes;

use super::super::{PerSide, Sides};
use super::*;

fn at(millis: i64) -> MediaTime {
    MediaTime::from_millis(1_700_000_000_000 + millis)
}

fn number(index: usize) -> FragmentNumber {
    format!("9134385233318143239268206260774392010000{index:07}").parse().unwrap()
}

/// A tenth of a second of each side per letter: `C` the customer speaks, `A` the agent, `*` both, `.` nobody. A digit
/// is the end of the fragment of that number.
fn finder(call: &str) -> CutFinder {
    let (mut finder, mut time) = (CutFinder::default(), 0);
    for letter in call.chars() {
        if let Some(digit) = letter.to_digit(10) {
            finder.fragment_end(number(digit as usize), at(time));
            continue;
        }
        finder.chunk(&Chunk {
            at: at(time),
            until: at(time + 100),
            pcm: Bytes::new(),
            sides: Sides::Both,
            quiet: PerSide { customer: !"C*".contains(letter), agent: !"A*".contains(letter) },
        });
        time += 100;
    }
    finder
}

fn cut(fragment: usize, millis: i64) -> Option<Cut> {
    Some(Cut { after_fragment: number(fragment), at: at(millis) })
}

#[test]
fn a_cut_lies_where_nobody_speaks() {
    for (what, call, expected) in [
        ("a pause", "CCAA...1...CC", cut(1, 700)),
        ("somebody speaks", "CCCC1AAAA2****3CCCC", None),
        ("only one is quiet", "CCC...A...CCC", None),
        ("the customer speaks on", "AACCCC1CCAA", None),
        ("too short before", "CC..1....CC", None),
        ("too short after", "CC...1.CC", None),
        ("just long enough", "CC...1..CC", cut(1, 500)),
        ("as far as is known", "CC...1", cut(1, 500)),
        ("the next words begin at once", "CC...1C", None),
        ("the longest pause", "CC....1...CC....2.....CC...3...CC", cut(2, 1_500)),
        ("the longest pause, most of it after", "CC...1....CC....2..CC", cut(1, 500)),
        ("the newest of equals", "CC...1...CC...2...CC", cut(2, 1_300)),
        ("twice in one pause", "CC...1...2...CC", cut(2, 800)),
        ("silence from the start", "....1", cut(1, 400)),
        ("nothing at all", "", None),
        ("before anything was heard", "1", None),
    ] {
        assert_eq!(finder(call).best_cut(at(0)), expected, "{what}: {call}");
    }
}

#[test]
fn a_cut_is_not_made_in_what_the_transcriber_heard_already() {
    let finder = finder("CC....1....CC...2...CC");
    assert_eq!(finder.best_cut(at(0)), cut(1, 600));
    assert_eq!(finder.best_cut(at(600)), cut(1, 600));
    assert_eq!(finder.best_cut(at(601)), cut(2, 1_500));
    assert_eq!(finder.best_cut(at(1_501)), None);
    assert_eq!(finder.hard_cut(at(601)), cut(2, 1_500));
    assert_eq!(finder.hard_cut(at(1_501)), None);
}

#[test]
fn a_hard_cut_is_the_newest_end_of_a_fragment() {
    assert_eq!(finder("CC1CC...2...CC3CC").hard_cut(at(0)), cut(3, 1_200));
    assert_eq!(finder("CCCC").hard_cut(at(0)), None);
}

#[test]
fn a_fragment_may_end_a_frame_after_what_was_heard() {
    for (after, expected) in [(64, cut(1, 564)), (150, cut(1, 650)), (151, None)] {
        let mut finder = finder("CC...");
        finder.fragment_end(number(1), at(500 + after));
        assert_eq!(finder.best_cut(at(500)), expected, "{after} ms");
    }
}

#[test]
fn a_fragment_without_audio_is_read_over() {
    let mut finder = finder("CC...1");
    finder.fragment_end(number(2), at(500));
    assert_eq!(finder.best_cut(at(500)), cut(2, 500));
    assert_eq!(finder.fragment_before(at(500)), Some(&number(2)));
    finder.fragment_end(number(3), at(400));
    assert_eq!(finder.hard_cut(at(0)), cut(3, 500));
    // Nothing came but silence: the fragment's end moves on with time.
    assert_eq!(self::finder("CC1....1").best_cut(at(500)), cut(1, 600));
}

#[test]
fn reading_resumes_after_the_last_fragment_that_is_not_needed() {
    let finder = finder("CCC1CCC2CCC3");
    for (time, expected) in
        [(0, None), (299, None), (300, Some(1)), (599, Some(1)), (600, Some(2)), (9_000, Some(3))]
    {
        assert_eq!(finder.fragment_before(at(time)), expected.map(number).as_ref(), "{time} ms");
    }
}

#[test]
fn hours_are_not_remembered_but_the_way_back_is() {
    let mut finder = finder(&"C1".repeat(3));
    let chunk = |tenth: i64| Chunk {
        at: at(100 * tenth),
        until: at(100 * tenth + 100),
        pcm: Bytes::new(),
        sides: Sides::Both,
        quiet: PerSide::both(tenth % 2 == 0),
    };
    for tenth in 3..72_000 {
        finder.chunk(&chunk(tenth));
        if tenth % 10 == 0 {
            finder.fragment_end(number(tenth as usize), at(100 * tenth + 100));
        }
    }
    assert!(finder.fragment_ends.len() <= 152, "{}", finder.fragment_ends.len());
    assert!(finder.pauses.len() <= 752, "{}", finder.pauses.len());
    let oldest = at(7_200_000 - REMEMBERED);
    assert!(finder.fragment_before(oldest).is_some());
}
