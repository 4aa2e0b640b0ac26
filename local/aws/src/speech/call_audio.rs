//! The audio of a scripted call, as Amazon Connect streams it.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::ensure;
use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use super::packet::{PACKET_SAMPLES, render};
use super::{RATE, Side};
use crate::LocalAws;
use crate::kinesis_video::{Fragment, Frame, VideoStream};

/// The audio of a frame: 1024 bytes.
const FRAME: Duration = Duration::from_millis(64);
const FRAME_SAMPLES: usize = RATE as usize * 64 / 1000;
/// A fragment holds about a second.
const FRAMES_PER_FRAGMENT: u32 = 16;

/// Silence is most of a call: all of it is this.
static SILENCE: [u8; 2 * FRAME_SAMPLES] = [0; 2 * FRAME_SAMPLES];

/// The audio of a call that is still to be streamed: who says what and when. What is not scripted is silence.
#[derive(Clone, Debug)]
pub struct CallAudio {
    aws: LocalAws,
    contact_id: String,
    instance_id: String,
    started: DateTime<Utc>,
    length: Duration,
    sides: Vec<Side>,
    /// Per side, in order: no two overlap.
    utterances: BTreeMap<Side, Vec<Utterance>>,
    gaps: Vec<(Side, Duration, Duration)>,
}

/// What is said, by the code and packets that it is rendered with. The text is with the transcriber.
#[derive(Clone, Debug)]
struct Utterance {
    /// In samples since the start of the call.
    start: usize,
    end: usize,
    code: u16,
    packets: u16,
}

impl CallAudio {
    /// A call of both sides that began to be streamed at this time and lasts so long, all of it silence so far.
    /// The instance id is any: consumers have no use for it.
    pub fn new(aws: &LocalAws, contact_id: &str, started: DateTime<Utc>, length: Duration) -> CallAudio {
        CallAudio {
            aws: aws.clone(),
            contact_id: contact_id.to_owned(),
            instance_id: "11111111-2222-3333-4444-555555555555".to_owned(),
            started,
            length,
            sides: Side::BOTH.to_vec(),
            utterances: BTreeMap::new(),
            gaps: Vec::new(),
        }
    }

    /// Streams only this side: the other has no track.
    #[must_use]
    pub fn only(mut self, side: Side) -> CallAudio {
        self.sides = vec![side];
        self
    }

    /// Lets somebody say this, beginning so long after the start of the stream. It takes `length`, rounded down to
    /// packets of 76.5 ms, of which each word needs one. Transcribe's stand-in answers the text where it hears it.
    ///
    /// # Errors
    /// When there is no text, when it cannot be said in that time or before the end of the call, or when the same
    /// side says something else at that time.
    pub fn say(&mut self, side: Side, at: Duration, length: Duration, text: &str) -> anyhow::Result<()> {
        ensure!(at + length <= self.length, "the call is over before this is said");
        let (start, latest) = (samples_in(at), samples_in(at + length));
        ensure!(
            self.audible(side, start, latest).is_empty(),
            "the same side already says something between {} and {} ms",
            at.as_millis(),
            (at + length).as_millis()
        );
        let (code, packets) = self.aws.scripts().add(text, length)?;
        let end = start + usize::from(packets) * PACKET_SAMPLES;
        let others = self.utterances.entry(side).or_default();
        let place = others.partition_point(|other| other.start < start);
        others.insert(place, Utterance { start, end, code, packets });
        Ok(())
    }

    /// Streams no frames of this side in that time, not even silent ones: as on hold, or before an agent joins.
    /// Rounded to frames of 64 ms. What is scripted for that time is not heard.
    pub fn gap(&mut self, side: Side, from: Duration, to: Duration) {
        self.gaps.push((side, from, to));
    }

    /// The call in fragments of about a second, one after the other, the last with the tag `STOP_STREAMING`.
    /// Where no side has a frame there is no fragment.
    pub fn fragments(&self) -> impl Iterator<Item = Fragment> + '_ {
        let frames = self.length.as_millis().div_ceil(FRAME.as_millis()) as u32;
        // An utterance is rendered once, not once per frame.
        let mut rendered: Vec<(u16, Vec<i16>)> = Vec::new();
        (0..frames).step_by(FRAMES_PER_FRAGMENT as usize).filter_map(move |first| {
            let end = frames.min(first + FRAMES_PER_FRAGMENT);
            let fragment = self.fragment(first, end, end == frames, &mut rendered);
            (end == frames || !fragment.frames.is_empty()).then_some(fragment)
        })
    }

    /// Pushes the call into the stream: `speed` times as fast as it is spoken, or at once.
    pub async fn play(&self, stream: &VideoStream, speed: Option<f64>) {
        let began = tokio::time::Instant::now();
        for fragment in self.fragments() {
            let spoken = fragment.server_timestamp.and_then(|at| (at - self.started).to_std().ok());
            match speed.zip(spoken) {
                Some((speed, spoken)) => tokio::time::sleep_until(began + spoken.div_f64(speed)).await,
                // Whoever reads the stream comes to it.
                None => tokio::task::yield_now().await,
            }
            stream.push(fragment);
        }
    }

    /// The frames from `first` up to `end`. The service receives them when the last has been spoken.
    fn fragment(&self, first: u32, end: u32, stops: bool, rendered: &mut Vec<(u16, Vec<i16>)>) -> Fragment {
        let missing = |side: Side, at: Duration| {
            self.gaps.iter().any(|&(of, from, to)| of == side && (from..to).contains(&at))
        };
        let frames = (first..end)
            .flat_map(|frame| (1u8..).zip(&self.sides).map(move |(track, &side)| (frame, track, side)));
        let frames: Vec<_> = frames.filter(|&(frame, _, side)| !missing(side, FRAME * frame)).collect();
        let begins = frames.first().map_or(first, |(frame, ..)| *frame);
        let mut fragment =
            Fragment::of_contact(&self.contact_id, &self.instance_id, self.at(FRAME * begins), &self.sides);
        fragment.server_timestamp = Some(self.at(FRAME * end));
        if stops {
            fragment.tags.push(("STOP_STREAMING".to_owned(), "true".to_owned()));
        }
        let frames = frames.into_iter().map(|(frame, track, side)| Frame {
            track,
            offset: FRAME * (frame - begins),
            audio: self.frame(side, frame as usize * FRAME_SAMPLES, rendered),
        });
        fragment.frames = frames.collect();
        fragment
    }

    /// What is said between two samples.
    fn audible(&self, side: Side, from: usize, to: usize) -> &[Utterance] {
        let all = self.utterances.get(&side).map_or(&[][..], Vec::as_slice);
        let first = all.partition_point(|utterance| utterance.end <= from);
        let end = all.partition_point(|utterance| utterance.start < to);
        &all[first..end.max(first)]
    }

    fn at(&self, since_start: Duration) -> DateTime<Utc> {
        self.started + TimeDelta::from_std(since_start).unwrap_or(TimeDelta::zero())
    }

    /// The frame that begins with this sample, little-endian.
    fn frame(&self, side: Side, from: usize, rendered: &mut Vec<(u16, Vec<i16>)>) -> Bytes {
        let to = from + FRAME_SAMPLES;
        let audible = self.audible(side, from, to);
        if audible.is_empty() {
            return Bytes::from_static(&SILENCE);
        }
        let mut samples = [0i16; FRAME_SAMPLES];
        for utterance in audible {
            let place = rendered.iter().position(|(code, _)| *code == utterance.code).unwrap_or_else(|| {
                if rendered.len() > 4 {
                    rendered.remove(0);
                }
                rendered.push((utterance.code, render(utterance.code, utterance.packets)));
                rendered.len() - 1
            });
            let (start, stop) = (utterance.start.max(from), utterance.end.min(to));
            let spoken = &rendered[place].1[start - utterance.start..stop - utterance.start];
            samples[start - from..stop - from].copy_from_slice(spoken);
        }
        samples.iter().flat_map(|sample| sample.to_le_bytes()).collect()
    }
}

fn samples_in(time: Duration) -> usize {
    time.as_millis() as usize * RATE as usize / 1000
}

#[cfg(test)]
mod tests;
