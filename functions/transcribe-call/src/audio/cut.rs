use std::collections::VecDeque;

use kvs_media::FragmentNumber;

use super::{Chunk, MediaTime};

/// How long both sides must have been quiet before a cut: longer than the stops within words, and most between them.
const QUIET_BEFORE: i64 = 300;

/// How long they must be quiet after it, as far as that is known.
const QUIET_AFTER: i64 = 200;

/// How much before a cut may not have come as a chunk yet: a frame that only one side has.
const UNHEARD: i64 = 150;

/// How long ends of fragments and pauses are remembered: longer than a backlog.
const REMEMBERED: i64 = 150_000;

/// Where one invocation can stop and the next go on: it reads after this fragment, from this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The last fragment that the next invocation does not need.
    pub after_fragment: FragmentNumber,
    /// Up to here, audio is this invocation's.
    pub at: MediaTime,
}

/// Finds an end of a fragment at which nobody speaks.
#[derive(Debug, Default)]
pub struct CutFinder {
    /// In order.
    fragment_ends: VecDeque<Cut>,
    /// When both sides were quiet, in order.
    pauses: VecDeque<Pause>,
    heard_until: Option<MediaTime>,
}

#[derive(Clone, Copy, Debug)]
struct Pause {
    from: MediaTime,
    until: MediaTime,
}

impl CutFinder {
    /// The next chunk.
    pub fn chunk(&mut self, chunk: &Chunk) {
        self.heard_until = Some(chunk.until);
        if chunk.sides.list().iter().all(|side| chunk.quiet[*side]) {
            match self.pauses.back_mut().filter(|last| last.until == chunk.at) {
                Some(last) => last.until = chunk.until,
                None => self.pauses.push_back(Pause { from: chunk.at, until: chunk.until }),
            }
        }
        let forgotten = chunk.until.plus_millis(-REMEMBERED);
        while self.pauses.pop_front_if(|first| first.until < forgotten).is_some() {}
        // One that is older than all others that are remembered is where a reader of old audio begins.
        while self.fragment_ends.get(1).is_some_and(|second| second.at < forgotten) {
            self.fragment_ends.pop_front();
        }
    }

    /// All audio up to that time is in this fragment and those before:
    /// [`Timeline::fragment_ended`](super::Timeline::fragment_ended). The same fragment may end again, later, if there
    /// was only silence since.
    pub fn fragment_end(&mut self, number: FragmentNumber, up_to: MediaTime) {
        // A fragment without audio is no place to cut at, but reading may go on after it.
        if let Some(last) = self.fragment_ends.back_mut().filter(|last| last.at >= up_to) {
            last.after_fragment = number;
            return;
        }
        self.fragment_ends.push_back(Cut { after_fragment: number, at: up_to });
    }

    /// The end of a fragment, not before `since`, in the longest pause of both sides: quiet for 300 ms before it, and for
    /// 200 ms after it as far as that is known. `since` is what the transcriber was given already.
    pub fn best_cut(&self, since: MediaTime) -> Option<Cut> {
        let ends = self.ends_since(since).filter_map(|end| Some((self.pause_around(end.at)?, end)));
        ends.max_by_key(|(millis, _)| *millis).map(|(_, end)| end.clone())
    }

    /// The newest end of a fragment, not before `since`, whoever speaks there.
    pub fn hard_cut(&self, since: MediaTime) -> Option<Cut> {
        self.ends_since(since).last().cloned()
    }

    /// After which fragment somebody must read who needs the audio from that time on.
    pub fn fragment_before(&self, at: MediaTime) -> Option<&FragmentNumber> {
        let before = self.fragment_ends.partition_point(|end| end.at <= at);
        self.fragment_ends.get(before.checked_sub(1)?).map(|end| &end.after_fragment)
    }

    fn ends_since(&self, since: MediaTime) -> impl Iterator<Item = &Cut> {
        self.fragment_ends.iter().skip_while(move |end| end.at < since)
    }

    /// How long the pause is that a cut at that time would lie in.
    fn pause_around(&self, at: MediaTime) -> Option<i64> {
        let heard_until = self.heard_until?;
        let known = at.min(heard_until);
        let pause = self.pauses.iter().rev().find(|pause| pause.from < known && known <= pause.until)?;
        let before = known.millis_since(pause.from);
        let after = pause.until.millis_since(known);
        let is_quiet = before >= QUIET_BEFORE
            && at.millis_since(heard_until) <= UNHEARD
            && (after >= QUIET_AFTER || pause.until == heard_until);
        is_quiet.then_some(before + after)
    }
}

#[cfg(test)]
mod tests;
