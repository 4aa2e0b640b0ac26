//! The loop of an invocation: from the media to the messages.

use std::time::Duration;

use connect::transcription::TranscriptionJob;
use kvs_media::Side;
use lambda_kit::state::Renewed;
use tokio::time::{Instant, sleep_until};
use tracing::{info, warn};

use crate::HandlerError;
use crate::audio::{Chunk, PerSide};
use crate::delivery::Queue;
use crate::handover::Schedule;
use crate::hearing::{Hearing, Hears};
use crate::lease::Lease;
use crate::listener::{End, Listener};
use crate::mapping;
use crate::media::{Media, MediaReader};
use crate::progress::Progress;
use crate::results::Results;
use crate::transcriber::Heard;

/// Everything that an invocation works with.
pub(crate) struct Run<'a, 'l> {
    pub(crate) job: &'a TranscriptionJob,
    pub(crate) schedule: Schedule,
    pub(crate) idle: Duration,
    pub(crate) send_partials: bool,
    pub(crate) lease: &'a mut Lease<'l>,
    pub(crate) media: MediaReader,
    pub(crate) listener: Listener,
    pub(crate) hearing: Hearing,
    pub(crate) results: Results,
    pub(crate) messages: &'a Queue,
    pub(crate) phase: Phase,
    /// When something has arrived last, or could not have.
    pub(crate) heard_of_at: Instant,
    /// How far the call was when everything that had been understood was delivered.
    pub(crate) progress: Option<Progress>,
}

/// What becomes of the media.
#[derive(Debug, PartialEq)]
pub(crate) enum Phase {
    /// They are listened to.
    Listening,
    /// They are over.
    Over(End),
    /// They were cut at a pause: the next invocation goes on there.
    Cut(Progress),
    /// They were cut while somebody spoke: the next invocation hears that whole.
    Torn,
}

/// How an invocation ends; and how far the call is then, once everything is delivered that was understood.
#[derive(Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The call is over.
    Over(End, Option<Progress>),
    /// Another invocation has to go on.
    HandOver(Option<Progress>),
    /// Another invocation has gone on already.
    LeaseLost,
}

impl Run<'_, '_> {
    /// Until the call is over, or nearly the time of the invocation.
    pub(crate) async fn run(&mut self) -> Result<Outcome, HandlerError> {
        loop {
            let listens = self.phase == Phase::Listening;
            let has_room = !self.hearing.is_busy() && self.messages.has_room();
            tokio::select! {
                biased;
                () = sleep_until(self.schedule.stop_understanding) => {
                    warn!("Transcribe has not come to an end in time: the next invocation has to hear some audio again");
                    return Ok(Outcome::HandOver(self.place()));
                }
                () = self.lease.due() => {
                    self.note_progress();
                    if self.lease.renew(self.progress.clone()).await == Renewed::Lost {
                        return Ok(Outcome::LeaseLost);
                    }
                }
                heard = self.hearing.next() => match heard? {
                    Hears::These(heard) => self.understood(heard),
                    Hears::Room => self.heard_of_at = Instant::now(),
                    Hears::Everything => return Ok(self.all_is_understood()),
                },
                () = sleep_until(self.schedule.stop_hearing), if listens => self.tear(),
                media = self.media.next(), if listens && has_room => self.listen(media?),
                () = self.messages.room(), if listens && !self.messages.has_room() => {
                    self.heard_of_at = Instant::now();
                }
                () = sleep_until(self.heard_of_at + self.idle), if listens && has_room => self.give_up_waiting(),
            }
        }
    }

    fn listen(&mut self, media: Media) {
        self.heard_of_at = Instant::now();
        let taken = self.listener.take(media);
        self.hear(taken.chunks);
        if let Some(until) = taken.ours_until {
            self.results.confirm(until);
            self.pass_on();
        }
        if let Some(end) = self.listener.end() {
            self.end(Phase::Over(end));
        } else if taken.ours_until.is_some() && Instant::now() >= self.schedule.look_for_pause {
            self.cut();
        } else if self.media.is_drained() {
            let rest = self.listener.rest();
            self.hear(rest);
        }
    }

    fn hear(&mut self, chunks: impl IntoIterator<Item = Chunk>) {
        chunks.into_iter().for_each(|chunk| self.hearing.push(chunk));
    }

    fn give_up_waiting(&mut self) {
        let chunks = self.listener.is_idle();
        self.hear(chunks);
        self.end(Phase::Over(End::Idle));
    }

    /// Ends the audio at a pause, if there is one now.
    fn cut(&mut self) {
        if let Some((progress, chunks)) = self.listener.cut() {
            self.hear(chunks);
            self.results.leave_from(progress.resume_at());
            self.end(Phase::Cut(progress));
        }
    }

    /// Ends the audio although nobody has paused.
    fn tear(&mut self) {
        if let Some(position) = self.listener.position() {
            self.results.tear(position);
        }
        self.end(Phase::Torn);
    }

    fn end(&mut self, phase: Phase) {
        info!(phase = ?phase, fragments = self.listener.fragments(), "no more audio is taken");
        self.phase = phase;
        self.hearing.end();
    }

    fn understood(&mut self, heard: Vec<Heard>) {
        for heard in heard {
            if !heard.is_partial {
                self.results.hear(heard);
            } else if self.send_partials && self.messages.is_empty() && self.results.is_new_partial(&heard) {
                self.send(&heard);
            }
        }
        self.pass_on();
    }

    /// Sends what is news, and settles the audio of it.
    fn pass_on(&mut self) {
        for heard in self.results.news() {
            self.send(&heard);
            self.hearing.settled(heard.side, heard.ends);
        }
    }

    fn send(&mut self, heard: &Heard) {
        self.messages.push(mapping::message(heard, &self.job.contact_id, &self.job.conversation_id));
    }

    /// Delivers what is left, as far as there is time.
    pub(crate) async fn deliver_rest(&mut self) {
        loop {
            tokio::select! {
                biased;
                () = self.messages.emptied() => return,
                () = sleep_until(self.schedule.stop_delivering) => return,
                () = self.lease.due() => {
                    if self.lease.renew(self.progress.clone()).await == Renewed::Lost {
                        return;
                    }
                }
            }
        }
    }

    /// What was done, for whoever looks into it.
    pub(crate) fn log(&self) {
        info!(
            fragments = self.listener.fragments(),
            sessions = self.hearing.sessions(),
            lost_ms = self.listener.lost_millis() + self.hearing.backlog().lost_millis(),
            "the work of this invocation"
        );
    }

    /// Notes how far the call is, if everything that was understood is delivered; else what was noted before still holds.
    pub(crate) fn note_progress(&mut self) {
        if self.messages.is_empty() {
            self.progress = self.place().or(self.progress.take());
        }
    }

    /// Where somebody has to go on who has everything that was understood so far.
    pub(crate) fn place(&self) -> Option<Progress> {
        let backlog = self.hearing.backlog();
        let settled = PerSide {
            customer: backlog.settled(Side::FromCustomer),
            agent: backlog.settled(Side::ToCustomer),
        };
        self.in_generation(self.listener.progress(backlog.resume_at()?, settled))
    }

    /// Transcribe has said all it had to say: nothing before the end of the audio is left.
    fn all_is_understood(&self) -> Outcome {
        match &self.phase {
            Phase::Cut(progress) => Outcome::HandOver(self.in_generation(Some(progress.clone()))),
            Phase::Over(end) => {
                let end_of_audio = self.listener.position();
                let progress = end_of_audio.and_then(|at| self.listener.progress(at, PerSide::both(at)));
                Outcome::Over(*end, self.in_generation(progress))
            }
            Phase::Torn | Phase::Listening => Outcome::HandOver(self.place()),
        }
    }

    fn in_generation(&self, progress: Option<Progress>) -> Option<Progress> {
        let generation = self.job.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.generation);
        progress.map(|progress| progress.in_generation(generation))
    }
}
