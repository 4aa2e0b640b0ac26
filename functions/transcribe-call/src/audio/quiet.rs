/// 20 ms, in samples. Speech is about the same for so long; the loudest such piece tells whether there is any.
const WINDOW: usize = 160;

/// What counts as background at the least: -66 dBFS. Telephone codecs are no finer than that.
const FAINTEST: u32 = 270;

/// And at the most: -40 dBFS. What is louder without a pause is music, or somebody who takes no breath.
const LOUDEST: u32 = 107_374;

/// How much louder than the background something must be to be heard: 8 dB.
const MARGIN: u32 = 6;

/// How long a background is remembered, in spans of 100 windows, 2 s. Nobody speaks for 16 s without a pause.
const SPANS: usize = 8;
const WINDOWS_PER_SPAN: usize = 100;

/// How loud the background of one side is: the quietest that it was lately. A side that is absent, or digitally
/// silent, is no background.
///
/// Loudness is the mean square of the samples.
#[derive(Debug)]
pub(super) struct Background {
    /// The quietest of each span; the first is the current one.
    quietest: [u32; SPANS],
    windows: usize,
}

impl Default for Background {
    fn default() -> Self {
        Self { quietest: [u32::MAX; SPANS], windows: 0 }
    }
}

impl Background {
    /// Whether these samples are nothing but background.
    pub(super) fn covers(&mut self, samples: &[i16]) -> bool {
        let loudest = samples.chunks(WINDOW).map(loudness).max().unwrap_or(0);
        if loudest > 0 && samples.len() >= WINDOW {
            self.learn(loudest, samples.len() / WINDOW);
        }
        loudest <= self.level() * MARGIN
    }

    fn learn(&mut self, loudness: u32, windows: usize) {
        if self.windows >= WINDOWS_PER_SPAN {
            self.quietest.rotate_right(1);
            self.quietest[0] = u32::MAX;
            self.windows = 0;
        }
        self.quietest[0] = self.quietest[0].min(loudness);
        self.windows += windows;
    }

    fn level(&self) -> u32 {
        self.quietest.iter().fold(u32::MAX, |least, span| least.min(*span)).clamp(FAINTEST, LOUDEST)
    }
}

fn loudness(samples: &[i16]) -> u32 {
    let squares: u64 = samples.iter().map(|sample| u64::from(sample.unsigned_abs()).pow(2)).sum();
    // At most 2^30.
    (squares / samples.len().max(1) as u64) as u32
}

#[cfg(test)]
mod tests;
