//! Has the audio understood, whatever becomes of sessions: one that breaks is followed by another, which first hears again
//! what the one before had not understood.

use std::collections::VecDeque;
use std::time::Duration;

use kvs_media::Side;
use tokio::time::{Instant, sleep_until};
use tracing::{info, warn};

use crate::audio::{Backlog, Chunk, MediaTime};
use crate::transcriber::{Heard, Session, Told, TranscribeError, Transcriber};

/// How much silence keeps a session alive, in milliseconds.
const SILENCE: i64 = 500;

/// A session that takes no audio for so long, or does not come to its end, is taken for broken.
const STUCK: Duration = Duration::from_secs(15);

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// So many sessions in a row may be ended for a bad request before they had a result: then it is one.
const BAD_REQUESTS: u32 = 3;

/// What came of the audio.
#[derive(Debug)]
pub(crate) enum Hears {
    /// Results.
    These(Vec<Heard>),
    /// It has been given everything, and is not busy any more.
    Room,
    /// Everything that it was given is understood.
    Everything,
}

/// The audio on its way to being understood.
pub(crate) struct Hearing {
    transcriber: Transcriber,
    /// After so long without audio a session is given silence.
    keep_alive: Duration,
    session: Option<Session>,
    /// When the next session may begin.
    opens_at: Instant,
    pause: Duration,
    bad_requests: u32,
    /// What the session must hear again, before anything new.
    again: VecDeque<Chunk>,
    /// What no session has heard.
    new: VecDeque<Chunk>,
    /// What sessions were given and have no final result for.
    backlog: Backlog,
    /// When the session was given something last.
    given_at: Instant,
    is_ending: bool,
    sessions: u32,
}

impl Hearing {
    /// Nothing is understood yet.
    pub(crate) fn new(transcriber: Transcriber, keep_alive: Duration) -> Self {
        let now = Instant::now();
        Self {
            transcriber,
            keep_alive,
            session: None,
            opens_at: now,
            pause: FIRST_PAUSE,
            bad_requests: 0,
            again: VecDeque::new(),
            new: VecDeque::new(),
            backlog: Backlog::default(),
            given_at: now,
            is_ending: false,
            sessions: 0,
        }
    }

    /// Takes the next chunk of the call.
    pub(crate) fn push(&mut self, chunk: Chunk) {
        self.new.push_back(chunk);
    }

    /// Whether it has no use for more audio at the moment.
    pub(crate) fn is_busy(&self) -> bool {
        !self.new.is_empty()
    }

    /// There will be no more audio: what is understood when it was heard is all.
    pub(crate) fn end(&mut self) {
        self.is_ending = true;
    }

    /// What a side said up to that time is settled.
    pub(crate) fn settled(&mut self, side: Side, until: MediaTime) {
        self.backlog.settled_until(side, until);
    }

    /// What is settled, and what not.
    pub(crate) fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// How many sessions there were.
    pub(crate) fn sessions(&self) -> u32 {
        self.sessions
    }

    /// What is heard next. May be dropped at any time, and asked for again.
    ///
    /// # Errors
    /// No session with these settings could go on.
    pub(crate) async fn next(&mut self) -> Result<Hears, TranscribeError> {
        loop {
            let has_audio = !self.again.is_empty() || !self.new.is_empty();
            let Some(session) = &mut self.session else {
                sleep_until(self.opens_at).await;
                self.open();
                continue;
            };
            if self.is_ending && !has_audio && !session.is_finished() {
                session.finish();
                self.given_at = Instant::now();
            }
            let is_waiting = has_audio || session.is_finished();
            let patience = if is_waiting { STUCK } else { self.keep_alive };
            tokio::select! {
                biased;
                told = session.told.recv() => match told {
                    Some(Told::Results(results)) => {
                        let heard = session.placed(results);
                        if session.is_finished() {
                            self.given_at = Instant::now();
                        }
                        (self.pause, self.bad_requests) = (FIRST_PAUSE, 0);
                        return Ok(Hears::These(heard));
                    }
                    Some(Told::Over(Ok(()))) if session.is_finished() => return Ok(Hears::Everything),
                    Some(Told::Over(Err(error))) => self.broke(error)?,
                    Some(Told::Over(Ok(()))) | None => self.broke(broken("it was closed"))?,
                },
                () = session.audio.room(), if has_audio => {
                    self.give();
                    if !self.is_busy() {
                        return Ok(Hears::Room);
                    }
                }
                () = sleep_until(self.given_at + patience) => match is_waiting {
                    true => self.broke(broken("it takes no more audio, or has no end"))?,
                    false => self.keep_alive(),
                },
            }
        }
    }

    fn open(&mut self) {
        self.again = self.backlog.replay().collect();
        self.session = Some(self.transcriber.open());
        self.given_at = Instant::now();
        self.sessions += 1;
        info!(
            session = self.sessions,
            again_ms = self.again.iter().map(Chunk::millis).sum::<i64>(),
            "transcribing"
        );
    }

    fn give(&mut self) {
        let Some(session) = &mut self.session else { return };
        if let Some(chunk) = self.again.pop_front() {
            session.give(&chunk);
        } else if let Some(chunk) = self.new.pop_front() {
            session.give(&chunk);
            self.backlog.push(chunk);
        }
        self.given_at = Instant::now();
    }

    fn keep_alive(&mut self) {
        let hertz = self.transcriber.sample_rate.hertz();
        if let Some(session) = &mut self.session {
            session.give_silence(SILENCE, hertz);
        }
        self.given_at = Instant::now();
    }

    fn broke(&mut self, error: TranscribeError) -> Result<(), TranscribeError> {
        self.bad_requests += u32::from(error.blames_the_request());
        if error.is_permanent() || self.bad_requests == BAD_REQUESTS {
            return Err(error);
        }
        let pause = self.pause;
        warn!(
            error_type = error.kind(),
            pause_ms = pause.as_millis() as u64,
            "{error}: a new session follows"
        );
        self.session = None;
        self.opens_at = Instant::now() + pause;
        self.pause = (2 * pause).min(LONGEST_PAUSE);
        Ok(())
    }
}

fn broken(how: &str) -> TranscribeError {
    TranscribeError::Broken(how.to_owned())
}
