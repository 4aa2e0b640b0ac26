use bytes::Bytes;
use kvs_media::Side;

use super::quiet::Background;
use super::resample::Upsampler;
use super::track::Track;
use super::{Chunk, MediaTime, PerSide, Sides};

/// Samples of a millisecond of what is pushed: Connect's audio has 8 kHz.
const PER_MILLI: i64 = 8;

/// The longest chunk. Transcribe advises 50 to 200 ms.
/// <https://docs.aws.amazon.com/transcribe/latest/dg/streaming.html#best-practices>
const CHUNK: usize = 100 * PER_MILLI as usize;

/// How much more than the patience is held of a side whose chunks are not taken out: 10 s.
const MOST_HELD: i64 = 10_000 * PER_MILLI;

/// A frame so far ahead of everything is damage, and no pause: an hour. (Silence, too, has to be sent.)
const LONGEST_PAUSE: i64 = 3_600_000 * PER_MILLI;

/// What a transcriber is to hear.
#[derive(Clone, Copy, Debug)]
pub struct TimelineSettings {
    /// Whose audio.
    pub sides: Sides,
    /// Where the stream begins: the time of the first fragment, or where another invocation ended. Audio from before
    /// is passed over.
    pub starts_at: MediaTime,
    /// Samples per second of the chunks.
    pub sample_rate: SampleRate,
    /// How long, in milliseconds of media, one side is waited for when only the other has frames. Also bounds what is
    /// held in memory.
    ///
    /// By so much the words of the one are late while the other is absent; what comes still later is lost.
    pub patience_millis: u32,
}

/// Samples per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleRate {
    /// 8000, as Connect streams it.
    Hz8000,
    /// 16000, for engines that insist on it. The audio is then a millisecond late.
    Hz16000,
}

impl SampleRate {
    /// The number.
    pub const fn hertz(self) -> u32 {
        match self {
            SampleRate::Hz8000 => 8_000,
            SampleRate::Hz16000 => 16_000,
        }
    }
}

/// How many milliseconds of what was pushed are in no chunk, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// They were had already, or are from before the start: so they come after a reconnection.
    pub repeated_millis: u64,
    /// Lost: they came when their time had been taken for silence.
    pub late_millis: u64,
    /// Lost: their time is an hour or more ahead, or chunks were not taken out.
    pub refused_millis: u64,
}

/// Lays the frames of both sides on one clock: chunk after chunk without a gap, the channels in step, silence where a
/// side has no frames.
#[derive(Debug)]
pub struct Timeline {
    settings: TimelineSettings,
    tracks: PerSide<Track>,
    backgrounds: PerSide<Background>,
    upsamplers: PerSide<Upsampler>,
    /// Up to here everything is in chunks. Whole milliseconds. All positions are in samples of 8 kHz since the start.
    position: i64,
    /// Up to here nothing is missing that could still come.
    horizon: i64,
    /// Where the stream is to end. Whole milliseconds.
    end: i64,
    refused: i64,
}

impl Timeline {
    /// An empty one.
    pub fn new(settings: TimelineSettings) -> Self {
        Self {
            settings,
            tracks: PerSide::default(),
            backgrounds: PerSide::default(),
            upsamplers: PerSide::default(),
            position: 0,
            horizon: 0,
            end: i64::MAX,
            refused: 0,
        }
    }

    /// The audio of a side up to that time was transcribed elsewhere: there is silence instead. Before its first frame.
    pub fn skip(&mut self, side: Side, until: MediaTime) {
        let until = self.position_at(until);
        self.tracks[side].skip_to(until);
    }

    /// Takes a frame of a side: samples of 16 bits, little-endian, 8 kHz. Chunks are to be taken out after each.
    ///
    /// A frame belongs right behind the one before it if its time is less than 20 ms off; what was had already is
    /// dropped, by its time. A side that is not transcribed is passed over.
    pub fn push(&mut self, side: Side, at: MediaTime, pcm: &[u8]) {
        if self.settings.sides.channel(side).is_none() {
            return;
        }
        let at = self.position_since_start(at);
        let patience = i64::from(self.settings.patience_millis) * PER_MILLI;
        let track = &mut self.tracks[side];
        if at > self.position + LONGEST_PAUSE || track.held() > patience + MOST_HELD {
            self.refused += (pcm.len() / 2) as i64;
            return;
        }
        track.place(at, pcm, self.position);
        self.horizon = self.horizon.max(track.end() - patience);
    }

    /// Nothing older will come from either side: what is missing up to then is silence.
    ///
    /// A promise: audio that breaks it is lost. A clock on the wall can give it only where the stream is read at its
    /// live end.
    pub fn advance_to(&mut self, at: MediaTime) {
        self.horizon = self.horizon.max(self.position_at(at));
    }

    /// A fragment was read to its end: no frame that follows begins before the newest one.
    ///
    /// Returns the time by which all audio of this fragment and those before has ended.
    pub fn fragment_ended(&mut self) -> MediaTime {
        let newest = self.tracks().filter_map(Track::newest).max();
        self.horizon = self.horizon.max(newest.unwrap_or(0));
        self.time_at(self.audio_end())
    }

    /// The media are over: what was pushed comes out to its last sample.
    pub fn finish(&mut self) {
        let whole_millis = self.audio_end() + PER_MILLI - 1;
        self.horizon = self.horizon.max(whole_millis);
    }

    /// Chunks end at this time, if it is not in the past: there the next invocation begins.
    pub fn end_at(&mut self, at: MediaTime) {
        self.end = self.position_at(at).max(self.position);
    }

    /// Whether all chunks up to [`Timeline::end_at`] were taken out.
    pub fn is_over(&self) -> bool {
        self.position == self.end
    }

    /// Up to when everything is in chunks.
    pub fn position(&self) -> MediaTime {
        self.time_at(self.position)
    }

    /// The next 100 ms, as soon as both sides are known. Less than that only at the end.
    pub fn next_chunk(&mut self) -> Option<Chunk> {
        let until = self.end.min(self.position + CHUNK as i64);
        (self.position < until && until <= self.known()).then(|| self.cut_off(until))
    }

    /// What both sides have for the next chunk so far, if it is at least a millisecond.
    pub fn rest(&mut self) -> Option<Chunk> {
        let known = self.known().min(self.position + CHUNK as i64);
        let until = known - known % PER_MILLI;
        (self.position < until).then(|| self.cut_off(until))
    }

    /// What was pushed and is in no chunk.
    pub fn tally(&self) -> Tally {
        let millis = |samples: i64| (samples / PER_MILLI) as u64;
        let sum = |count: fn(&Track) -> i64| millis(self.tracks().map(count).sum());
        Tally {
            repeated_millis: sum(Track::repeated),
            late_millis: sum(Track::late),
            refused_millis: millis(self.refused),
        }
    }

    fn cut_off(&mut self, until: i64) -> Chunk {
        let (sides, count) = (self.settings.sides, (until - self.position) as usize);
        let mut quiet = PerSide::both(true);
        let mut channels = [[0; CHUNK]; 2];
        for (samples, &side) in channels.iter_mut().zip(sides.list()) {
            let samples = &mut samples[..count];
            self.tracks[side].read(self.position, samples);
            quiet[side] = self.backgrounds[side].covers(samples);
        }
        let channels = channels.each_ref().map(|samples| &samples[..count]);
        let pcm = match self.settings.sample_rate {
            SampleRate::Hz8000 => interleaved(sides, channels),
            SampleRate::Hz16000 => {
                let mut doubled = [[0; 2 * CHUNK]; 2];
                for ((samples, doubled), &side) in channels.iter().zip(&mut doubled).zip(sides.list()) {
                    self.upsamplers[side].double(samples, &mut doubled[..2 * count]);
                }
                interleaved(sides, doubled.each_ref().map(|samples| &samples[..2 * count]))
            }
        };
        let at = self.position();
        self.position = until;
        Chunk { at, until: self.position(), pcm, sides, quiet }
    }

    /// Up to where both sides are known.
    fn known(&self) -> i64 {
        let known = self.tracks().map(|track| track.known().max(self.horizon)).min();
        known.unwrap_or(self.horizon).min(self.end)
    }

    /// Where the last frame ends.
    fn audio_end(&self) -> i64 {
        self.tracks().map(Track::end).fold(self.position, i64::max)
    }

    fn tracks(&self) -> impl Iterator<Item = &Track> {
        self.settings.sides.list().iter().map(|side| &self.tracks[*side])
    }

    /// May be far outside of what there is.
    fn position_since_start(&self, at: MediaTime) -> i64 {
        at.millis_since(self.settings.starts_at).saturating_mul(PER_MILLI)
    }

    /// No further ahead than a pause may last, and not before the start.
    fn position_at(&self, at: MediaTime) -> i64 {
        self.position_since_start(at).clamp(0, self.position + LONGEST_PAUSE)
    }

    /// Rounded up to a millisecond.
    fn time_at(&self, position: i64) -> MediaTime {
        self.settings.starts_at.plus_millis((position + PER_MILLI - 1) / PER_MILLI)
    }
}

/// The samples of the channels as the transcriber takes them.
fn interleaved(sides: Sides, channels: [&[i16]; 2]) -> Bytes {
    let used = sides.list().len();
    let mut pcm = vec![0; 2 * used * channels[0].len()];
    for (channel, samples) in channels.iter().take(used).enumerate() {
        for (frame, sample) in pcm.chunks_exact_mut(2 * used).zip(*samples) {
            frame[2 * channel..][..2].copy_from_slice(&sample.to_le_bytes());
        }
    }
    pcm.into()
}

#[cfg(test)]
mod tests;
