//! What the audio of a call costs on its way from frames to chunks: `cargo run -p transcribe-call --release --example timeline_cost`.
//!
//! Frames of both sides as Amazon Connect sends them, speech and pauses by turns, in fragments of a second; every chunk
//! goes to a backlog and a cut finder, and every utterance gets its result. No network, no Matroska. The call is taken
//! minute by minute, and the median of the minutes counts, so that what else runs on the machine matters little.

use std::hint::black_box;
use std::time::{Duration, Instant};

use kvs_media::FragmentNumber;
use transcribe_call::audio::{
    Backlog, CutFinder, MediaTime, SampleRate, Side, Sides, Timeline, TimelineSettings,
};

const MINUTES: i64 = 60;
const FRAME_MILLIS: i64 = 64;
const FRAMES_PER_FRAGMENT: i64 = 16;
const FRAMES_PER_MINUTE: i64 = 60_000 / FRAME_MILLIS;

fn main() {
    let [speech, line] = [6_000, 60].map(noise);
    println!("                      CPU per minute of call  of one core (10 % to 90 % of the minutes)");
    for sides in [Sides::Both, Sides::Customer] {
        for sample_rate in [SampleRate::Hz8000, SampleRate::Hz16000] {
            let mut minutes = measure(sides, sample_rate, &speech, &line);
            minutes.sort();
            let quantile = |share: f64| minutes[((minutes.len() - 1) as f64 * share).round() as usize];
            let percent = |time: Duration| time.as_secs_f64() / 60.0 * 100.0;
            println!(
                "{:<8} at {:>5} Hz {:>20.2} ms {:>9.4} % ({:.4} to {:.4})",
                format!("{sides:?}"),
                sample_rate.hertz(),
                quantile(0.5).as_secs_f64() * 1e3,
                percent(quantile(0.5)),
                percent(quantile(0.1)),
                percent(quantile(0.9)),
            );
        }
    }
}

/// A call, and what listens to it.
struct Call {
    timeline: Timeline,
    backlog: Backlog,
    cuts: CutFinder,
}

impl Call {
    /// As live: no audio waits for the next frame.
    fn take_chunks(&mut self) {
        while let Some(chunk) = self.timeline.next_chunk().or_else(|| self.timeline.rest()) {
            self.cuts.chunk(&chunk);
            self.backlog.push(black_box(chunk));
        }
    }

    fn fragment_ends(&mut self, frame: i64) {
        let up_to = self.timeline.fragment_ended();
        self.take_chunks();
        // As many digits as real ones have.
        let number = FragmentNumber::parse(&format!("913438523331814323926820626077439201{frame:011}"));
        number.into_iter().for_each(|number| self.cuts.fragment_end(number, up_to));
        black_box(self.cuts.best_cut(self.timeline.position()));
        // The pauses: an utterance has become a result.
        match turn(frame) {
            4 => self.backlog.settled_until(Side::FromCustomer, up_to),
            9 => self.backlog.settled_until(Side::ToCustomer, up_to),
            _ => {}
        }
    }
}

/// How long each minute of the call took.
fn measure(sides: Sides, sample_rate: SampleRate, speech: &[u8], line: &[u8]) -> Vec<Duration> {
    let starts_at = MediaTime::from_millis(1_700_000_000_000);
    let settings = TimelineSettings { sides, starts_at, sample_rate, patience_millis: 3_000 };
    let mut call =
        Call { timeline: Timeline::new(settings), backlog: Backlog::default(), cuts: CutFinder::default() };
    let minute = |minute| {
        let start = Instant::now();
        for frame in minute * FRAMES_PER_MINUTE..(minute + 1) * FRAMES_PER_MINUTE {
            let at = starts_at.plus_millis(frame * FRAME_MILLIS);
            for (side, turns) in [(Side::FromCustomer, 0..4), (Side::ToCustomer, 5..9)] {
                let pcm = if turns.contains(&turn(frame)) { speech } else { line };
                call.timeline.push(side, at, pcm);
                call.take_chunks();
            }
            if (frame + 1) % FRAMES_PER_FRAGMENT == 0 {
                call.fragment_ends(frame);
            }
        }
        start.elapsed()
    };
    (0..MINUTES).map(minute).collect()
}

/// Of ten: in four the customer speaks, in four the agent, and in the two between nobody. A second each.
fn turn(frame: i64) -> i64 {
    (frame / FRAMES_PER_FRAGMENT) % 10
}

/// A frame of noise of this amplitude.
fn noise(amplitude: i32) -> Vec<u8> {
    let mut state = 1u32;
    let mut sample = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 16) as i32 % (2 * amplitude) - amplitude) as i16
    };
    (0..8 * FRAME_MILLIS).flat_map(|_| sample().to_le_bytes()).collect()
}
