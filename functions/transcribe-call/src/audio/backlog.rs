use std::collections::VecDeque;
use std::time::Duration;

use kvs_media::Side;

use super::{Chunk, MediaTime, PerSide};

/// Milliseconds of audio before what is unsettled that a new session hears again, since words begin faintly.
const RUN_UP: i64 = 1_000;

/// How much of the newest audio a new session hears in any case, in milliseconds: what seemed to be background may
/// still have been understood.
const RECENT: i64 = 5_000;

/// By how many milliseconds a sound may outlast the end of a result and still belong to it: breath, echo.
const FADING: i64 = 300;

/// The audio that has no final result yet: what a new session of the transcriber must hear again. Bounded.
///
/// Silence gets no results. So what is kept begins at the first sound without one, with a second to run up, and is
/// never less than the last five seconds.
#[derive(Debug)]
pub struct Backlog {
    chunks: VecDeque<Chunk>,
    limit_millis: i64,
    settled: PerSide<MediaTime>,
    /// Milliseconds of sound without a result that fell out.
    dropped: PerSide<u64>,
    lost_millis: u64,
}

impl Default for Backlog {
    /// Two minutes: more than an utterance, and 4 MB.
    fn default() -> Self {
        Self::new(Duration::from_secs(120))
    }
}

impl Backlog {
    /// Holds at most so much audio.
    pub fn new(limit: Duration) -> Self {
        Self {
            chunks: VecDeque::new(),
            limit_millis: i64::try_from(limit.as_millis()).unwrap_or(i64::MAX),
            settled: PerSide::both(MediaTime::MIN),
            dropped: PerSide::default(),
            lost_millis: 0,
        }
    }

    /// The transcriber is given this chunk.
    pub fn push(&mut self, chunk: Chunk) {
        self.chunks.push_back(chunk);
        self.trim();
    }

    /// A final result of this side ends at that time: what the side said before is settled.
    pub fn settled_until(&mut self, side: Side, at: MediaTime) {
        self.settled[side] = self.settled[side].max(at);
        if self.chunks.front().is_none_or(|first| first.at <= at) {
            self.dropped[side] = 0;
        }
        self.trim();
    }

    /// What a new session must hear first, in order. What is settled on one side is silent there, so that it is not
    /// understood twice.
    pub fn replay(&mut self) -> impl Iterator<Item = Chunk> + '_ {
        let dropped = std::mem::take(&mut self.dropped);
        self.lost_millis += dropped.customer.max(dropped.agent);
        self.chunks.iter().map(|chunk| {
            let sides = chunk.sides.list().iter();
            sides.fold(chunk.clone(), |chunk, side| chunk.muted(*side, self.settled[*side]))
        })
    }

    /// Where [`Backlog::replay`] begins: everything before is settled. `None` before the first chunk.
    pub fn resume_at(&self) -> Option<MediaTime> {
        self.chunks.front().map(|first| first.at)
    }

    /// Up to when a side is settled.
    pub fn settled(&self, side: Side) -> MediaTime {
        self.settled[side]
    }

    /// Milliseconds of sound that no session has transcribed to the end: they had no result when a new session began,
    /// and were older than the limit.
    pub fn lost_millis(&self) -> u64 {
        self.lost_millis
    }

    /// Lets go of what is settled, and of what is too much.
    fn trim(&mut self) {
        let Some(newest) = self.chunks.back().map(|last| last.until) else { return };
        let recent = newest.plus_millis(-RECENT);
        let unsettled = self
            .chunks
            .iter()
            .find(|chunk| chunk.sides.list().iter().any(|side| self.is_unsettled(chunk, *side)));
        let needed = unsettled.map_or(recent, |chunk| recent.min(chunk.at.plus_millis(-RUN_UP)));
        while self.chunks.pop_front_if(|first| first.until <= needed).is_some() {}
        let oldest = newest.plus_millis(-self.limit_millis);
        while let Some(first) = self.chunks.pop_front_if(|first| first.at < oldest) {
            for &side in first.sides.list() {
                if self.is_unsettled(&first, side) {
                    self.dropped[side] += first.millis() as u64;
                }
            }
        }
    }

    /// Whether the side says something there that is in no result yet.
    fn is_unsettled(&self, chunk: &Chunk, side: Side) -> bool {
        !chunk.quiet[side] && chunk.until > self.settled[side].plus_millis(FADING)
    }
}

#[cfg(test)]
mod tests;
