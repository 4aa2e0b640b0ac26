use std::collections::VecDeque;

/// By how much the time of a frame may be off before it counts: 20 ms, in samples. Times are read from a clock and
/// samples are counted, so the two are never quite the same.
const JITTER: i64 = 160;

/// The samples of one side that were not read yet. Positions are in samples since the start of the timeline.
#[derive(Debug, Default)]
pub(super) struct Track {
    samples: VecDeque<i16>,
    /// Where the samples belong, in order. What lies between is silence.
    runs: VecDeque<Run>,
    /// Where the last frame ended.
    end: i64,
    /// Up to here, everything was had elsewhere.
    skipped: i64,
    /// The newest frame by its own time, which is not quite where it was placed.
    newest: Option<Run>,
    /// Whether any sample was taken. The first is placed exactly, since what is before it may have been had elsewhere.
    begun: bool,
    repeated: i64,
    late: i64,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    start: i64,
    end: i64,
}

impl Track {
    /// Everything up to this position was had elsewhere.
    pub(super) fn skip_to(&mut self, position: i64) {
        self.skipped = self.skipped.max(position);
    }

    /// Where the audio ends.
    pub(super) fn end(&self) -> i64 {
        self.end
    }

    /// Up to where nothing is waited for.
    pub(super) fn known(&self) -> i64 {
        self.end.max(self.skipped)
    }

    /// Where the newest frame begins, by its own time.
    pub(super) fn newest(&self) -> Option<i64> {
        self.newest.map(|frame| frame.start)
    }

    /// How many samples are held.
    pub(super) fn held(&self) -> i64 {
        self.samples.len() as i64
    }

    /// How many samples were had already, or are from before the start.
    pub(super) fn repeated(&self) -> i64 {
        self.repeated
    }

    /// How many samples came when their place had been read.
    pub(super) fn late(&self) -> i64 {
        self.late
    }

    /// Takes a frame that begins at `at`, by its own time. What is before `read` has been read.
    pub(super) fn place(&mut self, at: i64, frame: &[u8], read: i64) {
        let (frame, _) = frame.as_chunks();
        let (at, frame) = self.without_repeated(at, frame);
        if frame.is_empty() {
            return;
        }
        let length = frame.len() as i64;
        let expected = self.known().max(read);
        let ahead = at.saturating_sub(expected);
        // Ahead of what was read as silence is behind a real pause.
        let tolerance = if self.end >= read { JITTER } else { 1 };
        let follows = self.begun && -JITTER < ahead && ahead < tolerance;
        self.newest = Some(Run { start: at, end: at.saturating_add(length) });
        if follows {
            return self.append(expected, frame);
        }
        let passed = ahead.saturating_neg().clamp(0, length);
        let had = self.known().saturating_sub(at).clamp(0, passed);
        self.repeated += had;
        self.late += passed - had;
        self.append(at.max(expected), &frame[passed as usize..]);
    }

    /// A frame that is not newer than the newest comes a second time. What goes beyond that one does not.
    fn without_repeated<'a>(&mut self, at: i64, frame: &'a [[u8; 2]]) -> (i64, &'a [[u8; 2]]) {
        let Some(newest) = self.newest.filter(|newest| at <= newest.start) else { return (at, frame) };
        let repeated = newest.end.saturating_sub(at).min(frame.len() as i64);
        self.repeated += repeated;
        (at + repeated, &frame[repeated as usize..])
    }

    fn append(&mut self, start: i64, frame: &[[u8; 2]]) {
        if frame.is_empty() {
            return;
        }
        self.samples.extend(frame.iter().map(|sample| i16::from_le_bytes(*sample)));
        self.end = start + frame.len() as i64;
        self.begun = true;
        match self.runs.back_mut() {
            Some(last) if last.end == start => last.end = self.end,
            _ => self.runs.push_back(Run { start, end: self.end }),
        }
    }

    /// Takes out the samples from `position` on, silence where there are none. What is before it was taken out.
    pub(super) fn read(&mut self, position: i64, out: &mut [i16]) {
        out.fill(0);
        let until = position + out.len() as i64;
        while let Some(run) = self.runs.front_mut().filter(|run| run.start < until) {
            let count = (run.end.min(until) - run.start) as usize;
            let place = (run.start - position) as usize;
            for (out, sample) in out[place..].iter_mut().zip(self.samples.drain(..count)) {
                *out = sample;
            }
            run.start += count as i64;
            if run.start == run.end {
                self.runs.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests;
