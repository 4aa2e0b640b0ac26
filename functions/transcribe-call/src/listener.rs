//! Follows the media of a call: whose they are, when they are over, where they could be cut. Pure.

use std::time::Duration;

use connect::ContactId;
use kvs_media::Side;

use crate::audio::{Chunk, CutFinder, MediaTime, PerSide, SampleRate, Sides, Timeline, TimelineSettings};
use crate::media::Media;
use crate::progress::Progress;

/// How long one side is waited for while only the other has frames: a fragment may hold one side after the other.
/// At the end of a fragment nobody is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// The sides do not begin at the very same moment. In milliseconds.
const HEAD_START: i64 = 100;

/// So long before a cut both sides are quiet already: `CutFinder` wants 300 ms. In milliseconds.
const RUN_UP: i64 = 250;

/// After a pause of both sides that is longer than this, the transcriber does not hear all of the silence. In milliseconds.
const LONG_PAUSE: i64 = 30_000;

/// Why a call is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Connect says so.
    Stopped,
    /// The stream belongs to another contact now.
    ForeignContact,
    /// Nothing new has come for a long time.
    Idle,
}

/// Follows the media of one contact.
#[derive(Debug)]
pub(crate) struct Listener {
    contact: ContactId,
    sides: Sides,
    sample_rate: SampleRate,
    timeline: Option<Timeline>,
    cuts: CutFinder,
    is_last_fragment: bool,
    end: Option<End>,
    fragments: u64,
}

impl Listener {
    /// For the audio of this contact, from where another invocation has ended, if one has.
    pub(crate) fn new(
        contact: ContactId,
        sides: Sides,
        sample_rate: SampleRate,
        goes_on: Option<&Progress>,
    ) -> Self {
        let (cuts, end) = (CutFinder::default(), None);
        let mut listener = Self {
            contact,
            sides,
            sample_rate,
            timeline: None,
            cuts,
            is_last_fragment: false,
            end,
            fragments: 0,
        };
        if let Some(progress) = goes_on {
            let timeline = listener.begin(progress.resume_at());
            for side in [Side::FromCustomer, Side::ToCustomer] {
                timeline.skip(side, progress.settled()[side]);
            }
            let after = progress.after_fragment().clone();
            listener.cuts.fragment_end(after, progress.resume_at());
        }
        listener
    }

    /// Takes what was read.
    pub(crate) fn take(&mut self, media: Media) -> Taken {
        let mut taken = Taken::default();
        match media {
            Media::Frame { side, at, pcm } => {
                if self.position().is_some_and(|position| at.millis_since(position) > LONG_PAUSE) {
                    self.finish(&mut taken.chunks);
                    self.begin(at.plus_millis(-HEAD_START));
                } else if self.timeline.is_none() {
                    self.begin(at.plus_millis(-HEAD_START));
                }
                if let Some(timeline) = &mut self.timeline {
                    timeline.push(side, at, &pcm);
                }
            }
            Media::Contact(contact) => {
                if contact != self.contact.as_str() {
                    self.end = Some(End::ForeignContact);
                    return taken;
                }
            }
            Media::Interrupted => {}
            Media::Stop => self.is_last_fragment = true,
            Media::FragmentEnd(number) => {
                self.fragments += 1;
                let until = self.timeline.as_mut().map(Timeline::fragment_ended);
                self.take_out(&mut taken.chunks);
                taken.ours_until = until;
                if let Some(until) = until {
                    self.cuts.fragment_end(number, until);
                }
                if self.is_last_fragment {
                    self.end = Some(End::Stopped);
                    self.finish(&mut taken.chunks);
                }
            }
        }
        self.take_out(&mut taken.chunks);
        taken
    }

    /// Nothing more has arrived for the moment: what there is need not wait.
    pub(crate) fn rest(&mut self) -> Option<Chunk> {
        let chunk = self.timeline.as_mut()?.rest()?;
        self.cuts.chunk(&chunk);
        Some(chunk)
    }

    /// Nothing more will arrive.
    pub(crate) fn is_idle(&mut self) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        self.end = Some(End::Idle);
        self.finish(&mut chunks);
        chunks
    }

    /// Why the call is over, once it is.
    pub(crate) fn end(&self) -> Option<End> {
        self.end
    }

    /// Ends the audio at a fragment's end where nobody speaks, if there is one now. The last chunks come along, and from
    /// where somebody goes on: a little earlier, because the end of a fragment may lie in the first sound after a pause.
    pub(crate) fn cut(&mut self) -> Option<(Progress, Vec<Chunk>)> {
        let cut = self.cuts.best_cut(self.position()?)?;
        let resume_at = cut.at.plus_millis(-RUN_UP);
        let progress = self.progress(resume_at, PerSide::both(resume_at))?;
        let timeline = self.timeline.as_mut()?;
        timeline.end_at(cut.at);
        timeline.advance_to(cut.at);
        let mut chunks = Vec::new();
        self.take_out(&mut chunks);
        Some((progress, chunks))
    }

    /// Up to when there were chunks.
    pub(crate) fn position(&self) -> Option<MediaTime> {
        self.timeline.as_ref().map(Timeline::position)
    }

    /// From where somebody could go on who needs the audio from that time on, and has of each side what is settled.
    pub(crate) fn progress(&self, from: MediaTime, settled: PerSide<MediaTime>) -> Option<Progress> {
        Some(Progress::new(self.cuts.fragment_before(from)?.clone(), from, settled))
    }

    /// How many fragments there were.
    pub(crate) fn fragments(&self) -> u64 {
        self.fragments
    }

    /// Audio that was lost on its way here, in milliseconds.
    pub(crate) fn lost_millis(&self) -> u64 {
        let tally = self.timeline.as_ref().map(Timeline::tally).unwrap_or_default();
        tally.late_millis + tally.refused_millis
    }

    fn begin(&mut self, at: MediaTime) -> &mut Timeline {
        self.timeline.insert(Timeline::new(TimelineSettings {
            sides: self.sides,
            starts_at: at,
            sample_rate: self.sample_rate,
            patience_millis: PATIENCE.as_millis() as u32,
        }))
    }

    fn finish(&mut self, chunks: &mut Vec<Chunk>) {
        if let Some(timeline) = &mut self.timeline {
            timeline.finish();
        }
        self.take_out(chunks);
        chunks.extend(self.rest());
    }

    fn take_out(&mut self, chunks: &mut Vec<Chunk>) {
        while let Some(chunk) = self.timeline.as_mut().and_then(Timeline::next_chunk) {
            self.cuts.chunk(&chunk);
            chunks.push(chunk);
        }
    }
}

/// What comes of media.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// The next audio for the transcriber.
    pub(crate) chunks: Vec<Chunk>,
    /// A fragment has ended that is the contact's: all audio up to then is.
    pub(crate) ours_until: Option<MediaTime>,
}
