use std::fmt;

use bytes::Bytes;
use kvs_media::Side;

use super::{MediaTime, PerSide, Sides};

/// A piece of the stream for the transcriber: whole milliseconds, 100 at most. Each begins where the one before ended.
#[derive(Clone, PartialEq, Eq)]
pub struct Chunk {
    /// When it begins.
    pub at: MediaTime,
    /// When it ends.
    pub until: MediaTime,
    /// Samples of 16 bits, little-endian. Two channels alternate, sample by sample.
    pub pcm: Bytes,
    /// The channels.
    pub sides: Sides,
    /// Whether nobody speaks: the side is no louder than what was in the background lately, or absent.
    pub quiet: PerSide<bool>,
}

impl Chunk {
    /// How long it lasts.
    pub fn millis(&self) -> i64 {
        self.until.millis_since(self.at)
    }

    /// The chunk with silence on one side, up to that time.
    pub(super) fn muted(self, side: Side, until: MediaTime) -> Self {
        let millis = until.min(self.until).millis_since(self.at);
        let Some(channel) = self.sides.channel(side).filter(|_| millis > 0) else { return self };
        let mut pcm = self.pcm.to_vec();
        let muted = pcm.len() * millis as usize / self.millis() as usize;
        for frame in pcm[..muted].chunks_exact_mut(2 * self.sides.list().len()) {
            frame[2 * channel..2 * channel + 2].fill(0);
        }
        Self { pcm: pcm.into(), ..self }
    }
}

impl fmt::Debug for Chunk {
    /// The length of the audio only: it is somebody's voice.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunk")
            .field("at", &self.at)
            .field("until", &self.until)
            .field("bytes", &self.pcm.len())
            .field("quiet", &self.quiet)
            .finish_non_exhaustive()
    }
}
