//! The parts together, as the run loop uses them.

use super::*;

use Side::{FromCustomer, ToCustomer};

const START: MediaTime = MediaTime::from_millis(1_700_000_000_000);
const FRAME_MILLIS: i64 = 64;
const FRAMES_PER_FRAGMENT: i64 = 16;

fn at(millis: i64) -> MediaTime {
    START.plus_millis(millis)
}

fn number(fragment: i64) -> kvs_media::FragmentNumber {
    format!("913438523331814323926820626077439201{fragment:011}").parse().unwrap()
}

/// A call of which the frames of both sides come in step, with a little noise on the line.
struct Call {
    timeline: Timeline,
    backlog: Backlog,
    cuts: CutFinder,
    /// Who speaks from when to when, in ms.
    speech: Vec<(Side, i64, i64)>,
    heard: Vec<Chunk>,
    noise: u32,
}

impl Call {
    fn new(starts_at: i64, speech: &[(Side, i64, i64)]) -> Self {
        let settings = TimelineSettings {
            sides: Sides::Both,
            starts_at: at(starts_at),
            sample_rate: SampleRate::Hz8000,
            patience_millis: 1_000,
        };
        Self {
            timeline: Timeline::new(settings),
            backlog: Backlog::default(),
            cuts: CutFinder::default(),
            speech: speech.to_vec(),
            heard: Vec::new(),
            noise: 1,
        }
    }

    fn frame(&mut self, side: Side, millis: i64) {
        let mut sample = |sample: i64| {
            self.noise = self.noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let now = millis + sample / 8;
            let speaks =
                self.speech.iter().any(|(who, from, to)| *who == side && (*from..*to).contains(&now));
            // -49 dB, and a wave of 8000.
            let wave = if !speaks {
                0
            } else if sample / 12 % 2 == 0 {
                8_000
            } else {
                -8_000
            };
            ((self.noise >> 16) as i32 % 200 - 100 + wave) as i16
        };
        let pcm: Vec<u8> = (0..8 * FRAME_MILLIS).flat_map(|index| sample(index).to_le_bytes()).collect();
        self.timeline.push(side, at(millis), &pcm);
        self.take_chunks();
    }

    fn take_chunks(&mut self) {
        while let Some(chunk) = self.timeline.next_chunk().or_else(|| self.timeline.rest()) {
            self.cuts.chunk(&chunk);
            self.backlog.push(chunk.clone());
            self.heard.push(chunk);
        }
    }

    fn fragment(&mut self, fragment: i64) {
        for frame in fragment * FRAMES_PER_FRAGMENT..(fragment + 1) * FRAMES_PER_FRAGMENT {
            self.frame(FromCustomer, frame * FRAME_MILLIS);
            self.frame(ToCustomer, frame * FRAME_MILLIS);
        }
        self.fragment_ends(fragment);
    }

    fn fragment_ends(&mut self, fragment: i64) {
        let up_to = self.timeline.fragment_ended();
        self.take_chunks();
        self.cuts.fragment_end(number(fragment), up_to);
    }

    fn best_cut(&self) -> Option<Cut> {
        self.cuts.best_cut(self.timeline.position())
    }
}

#[test]
fn a_call_is_handed_over_at_the_first_end_of_a_fragment_where_nobody_speaks() {
    // A fragment is 1024 ms: the fifth ends at 5120, in the first pause.
    let speech = [(ToCustomer, 300, 2_500), (FromCustomer, 2_600, 4_700), (ToCustomer, 5_300, 9_000)];
    let mut first = Call::new(0, &speech);
    let cut = (0..10).find_map(|fragment| {
        first.fragment(fragment);
        first.best_cut()
    });
    assert_eq!(cut, Some(Cut { after_fragment: number(4), at: at(5_120) }));
    first.timeline.end_at(at(5_120));
    assert!(first.timeline.is_over());
    assert_eq!(first.heard.last().unwrap().until, at(5_120));

    let mut second = Call::new(5_120, &speech);
    (5..10).for_each(|fragment| second.fragment(fragment));
    assert_eq!(second.heard[0].at, at(5_120));
    let speaks: Vec<i64> = second
        .heard
        .iter()
        .filter(|chunk| !chunk.quiet.agent)
        .map(|chunk| chunk.at.millis_since(START))
        .collect();
    assert!(
        (5_230..=5_300).contains(&speaks[0]) && (8_900..9_000).contains(speaks.last().unwrap()),
        "{speaks:?}"
    );
    assert!(second.heard.iter().all(|chunk| chunk.quiet.customer));
}

#[test]
fn a_call_on_hold_can_be_handed_over_without_a_fragment() {
    let mut call = Call::new(0, &[(FromCustomer, 0, 3_072)]);
    (0..3).for_each(|fragment| call.fragment(fragment));
    assert_eq!(call.best_cut(), None, "the customer speaks to the end of the third");
    call.timeline.advance_to(at(30_000));
    call.take_chunks();
    assert_eq!(call.cuts.hard_cut(call.timeline.position()), None, "silence was heard since");
    call.fragment_ends(2);
    assert_eq!(call.best_cut(), Some(Cut { after_fragment: number(2), at: at(30_000) }));
}

#[test]
fn whoever_comes_after_a_death_reads_from_where_nothing_is_settled() {
    let speech = [(ToCustomer, 300, 2_000), (FromCustomer, 3_000, 20_000), (ToCustomer, 14_000, 15_000)];
    let mut call = Call::new(0, &speech);
    (0..20).for_each(|fragment| call.fragment(fragment));
    call.backlog.settled_until(ToCustomer, at(2_000));
    call.backlog.settled_until(FromCustomer, at(11_990));
    call.backlog.settled_until(ToCustomer, at(15_000));
    let resume_at = call.backlog.resume_at().unwrap();
    let resumed = resume_at.millis_since(START);
    assert!((11_000..=11_400).contains(&resumed), "a second before what is unsettled: {resumed}");
    // The eleventh fragment ended at 11264 ms.
    assert_eq!(call.cuts.fragment_before(resume_at), Some(&number(10)));

    let mut next = Call::new(resumed, &speech);
    for side in [FromCustomer, ToCustomer] {
        next.timeline.skip(side, call.backlog.settled(side));
        next.backlog.settled_until(side, call.backlog.settled(side));
    }
    (11..20).for_each(|fragment| next.fragment(fragment));
    let first = |quiet: fn(&PerSide<bool>) -> bool| {
        next.heard.iter().find(|chunk| !quiet(&chunk.quiet)).map(|chunk| chunk.until.millis_since(START))
    };
    let customer = first(|quiet| quiet.customer).unwrap();
    assert!((11_990..12_100).contains(&customer), "{customer}");
    assert_eq!(first(|quiet| quiet.agent), None, "all that the agent said is settled");
    assert_eq!(next.backlog.lost_millis(), 0);
}
