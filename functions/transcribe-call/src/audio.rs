//! From the frames of two tracks to one stream for the transcriber. No I/O, no clock: time is that of the media.
//!
//! ```text
//! frames ─► Timeline ─► Chunk ─┬─► the transcriber
//!                              ├─► Backlog: what a new session must hear again
//! ends of fragments ───────────┴─► CutFinder: where the call can be handed over
//! ```
//!
//! What the run loop does with them, taking out every [`Timeline::next_chunk`] after each step:
//!
//! 1. A frame: [`Timeline::push`].
//! 2. The end of a fragment: [`Timeline::fragment_ended`]; then, the chunks being out, [`CutFinder::fragment_end`].
//! 3. Nothing more has arrived for the moment: [`Timeline::rest`], so that no audio waits for the next frame.
//! 4. Nothing has arrived for a while, and the stream is not behind: [`Timeline::advance_to`], so that the transcriber
//!    hears silence. If the last that came was the end of a fragment, then 2. with it again: one may hand over here.
//! 5. A hand-over: after 2. [`CutFinder::best_cut`], or [`CutFinder::hard_cut`] when time is short, both since
//!    [`Timeline::position`]; then [`Timeline::end_at`], and on with frames, or [`Timeline::advance_to`] the cut if none
//!    come, until [`Timeline::is_over`]. The next invocation's [`TimelineSettings::starts_at`] is [`Cut::at`].
//! 6. A checkpoint for whoever comes after a death: [`Backlog::resume_at`], after [`CutFinder::fragment_before`] it,
//!    and what [`Backlog::settled`] says of each side, for [`Timeline::skip`] and [`Backlog::settled_until`].
//! 7. A new session of the transcriber: [`Backlog::replay`] first.
//! 8. The end of the media: [`Timeline::finish`], and [`Timeline::rest`] after the last chunk.

mod backlog;
mod chunk;
mod cut;
mod quiet;
mod resample;
mod side;
mod time;
mod timeline;
mod track;

pub use backlog::Backlog;
pub use chunk::Chunk;
pub use cut::{Cut, CutFinder};
pub use kvs_media::Side;
pub use side::{PerSide, Sides};
pub use time::MediaTime;
pub use timeline::{SampleRate, Tally, Timeline, TimelineSettings};

#[cfg(test)]
mod tests;
