//! One stream: what was put into it, and who reads it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::document::{self, Stamp};
use super::fragment::Fragment;
use super::fragment_number::Numbering;
use super::interruption::{Ending, ErrorTag, Interruption};
use super::reader::{Chunks, Reader};
use super::selector::Start;
use crate::error::AwsError;
use crate::lock;

/// A video stream. Clones are handles to the same one.
#[derive(Clone, Debug)]
pub struct VideoStream(Arc<Shared>);

#[derive(Debug)]
pub(super) struct Shared {
    arn: String,
    numbering: Numbering,
    state: Mutex<State>,
    /// Told of everything that a reader may wait for.
    pub(super) changed: Notify,
}

/// What a stream is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VideoStreamOptions {
    /// How long fragments are kept, by their server timestamps: those older than the newest by more are gone.
    pub retention: Duration,
    /// What `AfterFragmentNumber` means.
    pub fragment_selector: FragmentSelector,
    /// Where the producer's tags stand.
    pub tag_place: TagPlace,
    /// How many GetMedia calls are let through per second. AWS lets 5 through.
    pub calls_per_second: Option<usize>,
    /// How many GetMedia connections there may be at a time.
    pub connections: Option<usize>,
    /// Every connection is closed when it has sent so much, by the producer's clock. AWS does so after about 45 minutes.
    pub longest_connection: Option<Duration>,
}

impl Default for VideoStreamOptions {
    fn default() -> Self {
        VideoStreamOptions {
            retention: Duration::from_secs(24 * 3600),
            fragment_selector: FragmentSelector::After,
            tag_place: TagPlace::AfterCluster,
            calls_per_second: None,
            connections: None,
            longest_connection: None,
        }
    }
}

/// Where the selector `FRAGMENT_NUMBER` starts. The documentation says the one and the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FragmentSelector {
    /// With the fragment after the one named.
    After,
    /// With the one named.
    From,
}

/// Where in a fragment the producer's tags stand, `ContactId` among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPlace {
    /// Behind the audio, as Amazon Connect has been seen to write them.
    AfterCluster,
    /// Before the audio.
    BeforeCluster,
}

#[derive(Debug, Default)]
struct State {
    options: VideoStreamOptions,
    fragments: VecDeque<Stored>,
    /// The place in the stream of the first fragment that is kept.
    first: u64,
    ended: bool,
    interruptions: VecDeque<Interruption>,
    /// The latest end that all connections met, and how many there were.
    cut: Option<(u64, Ending)>,
    calls: VecDeque<Instant>,
    open: usize,
}

#[derive(Debug)]
struct Stored {
    fragment: Arc<Fragment>,
    server_timestamp: DateTime<Utc>,
}

/// What a reader gets next.
pub(super) enum Next {
    /// The document of the fragment, and when it begins by the producer's clock.
    Document { document: Vec<u8>, begins: DateTime<Utc>, sequence: u64 },
    /// There will be no more.
    Ended,
    /// Nothing yet.
    Wait,
}

impl VideoStream {
    pub(super) fn new(arn: String) -> VideoStream {
        VideoStream(Arc::new(Shared {
            arn,
            numbering: Numbering::random(),
            state: Mutex::default(),
            changed: Notify::new(),
        }))
    }

    /// `arn:aws:kinesisvideo:<region>:<account>:stream/<name>/<when it was created>`.
    pub fn arn(&self) -> &str {
        &self.0.arn
    }

    /// Changes what the stream is like, also for the connections that are open.
    pub fn configure(&self, options: VideoStreamOptions) {
        lock(&self.0.state).options = options;
        self.0.changed.notify_waiters();
    }

    /// Puts a fragment into the stream. Answers with its number, of 47 digits.
    pub fn push(&self, fragment: Fragment) -> String {
        let sequence = {
            let mut state = lock(&self.0.state);
            let server_timestamp = fragment.server_timestamp.unwrap_or_else(Utc::now);
            let sequence = state.first + state.fragments.len() as u64;
            state.fragments.push_back(Stored { fragment: Arc::new(fragment), server_timestamp });
            let kept = TimeDelta::from_std(state.options.retention).unwrap_or(TimeDelta::MAX);
            while state
                .fragments
                .front()
                .is_some_and(|oldest| server_timestamp - oldest.server_timestamp > kept)
            {
                state.fragments.pop_front();
                state.first += 1;
            }
            state.ended = false;
            sequence
        };
        self.0.changed.notify_waiters();
        self.0.numbering.of(sequence)
    }

    /// The number that the next fragment will get: what `StartFragmentNumber` tells before there is any audio.
    pub fn next_fragment_number(&self) -> String {
        let state = lock(&self.0.state);
        self.0.numbering.of(state.first + state.fragments.len() as u64)
    }

    /// Nobody puts anything more into it: a connection is closed when it has sent what is there.
    /// The next fragment makes it go on.
    pub fn end(&self) {
        lock(&self.0.state).ended = true;
        self.0.changed.notify_waiters();
    }

    /// Ends the next connection that is made in this way. Those that are put in one after the other
    /// come in that order, one per connection.
    pub fn interrupt_next(&self, interruption: Interruption) {
        lock(&self.0.state).interruptions.push_back(interruption);
    }

    /// Ends all connections that are open, wherever they are: [`Ending::Broken`] in the middle of a fragment.
    pub fn interrupt(&self, ending: Ending) {
        let mut state = lock(&self.0.state);
        let before = state.cut.as_ref().map_or(0, |(count, _)| *count);
        state.cut = Some((before + 1, ending));
        drop(state);
        self.0.changed.notify_waiters();
    }

    /// How many GetMedia connections are open.
    pub fn connections(&self) -> usize {
        lock(&self.0.state).open
    }

    /// Opens a connection.
    pub(super) fn read(&self, start: &Start) -> Result<Chunks, AwsError> {
        let mut state = lock(&self.0.state);
        state.admit(Instant::now())?;
        state.open += 1;
        let next = state.place_of(start, &self.0.numbering);
        let cuts = state.cut.as_ref().map_or(0, |(count, _)| *count);
        let interruption = state.interruptions.pop_front();
        drop(state);
        let ending = next.is_none().then(|| Ending::Error(ErrorTag::fragment_not_found()));
        Ok(Reader::new(Arc::clone(&self.0), next.unwrap_or_default(), cuts, interruption, ending).chunks())
    }
}

impl Shared {
    /// How all connections end, when there had been so many such ends before.
    pub(super) fn cut(&self, before: u64) -> Option<Ending> {
        let state = lock(&self.state);
        let (count, ending) = state.cut.as_ref()?;
        (*count > before).then(|| ending.clone())
    }

    /// What a reader gets that has come to this place.
    pub(super) fn next(&self, sequence: u64) -> Next {
        let state = lock(&self.state);
        // What a slow reader has not read in time is gone.
        let sequence = sequence.max(state.first);
        let Some(stored) = state.fragments.get((sequence - state.first) as usize) else {
            return if state.ended { Next::Ended } else { Next::Wait };
        };
        let newest = state.fragments.back().map_or(stored.server_timestamp, |newest| newest.server_timestamp);
        let (fragment, server_timestamp) = (Arc::clone(&stored.fragment), stored.server_timestamp);
        let tag_place = state.options.tag_place;
        drop(state);
        let stamp = Stamp {
            number: &self.numbering.of(sequence),
            server_timestamp,
            millis_behind_now: (newest - server_timestamp).num_milliseconds().max(0),
            tag_place,
        };
        let begins = fragment.producer_timestamp;
        Next::Document { document: document::write(&fragment, &stamp), begins, sequence }
    }

    pub(super) fn longest_connection(&self) -> Option<Duration> {
        lock(&self.state).options.longest_connection
    }

    pub(super) fn closed(&self) {
        lock(&self.state).open -= 1;
    }
}

impl State {
    /// Counts a call, or refuses it.
    fn admit(&mut self, now: Instant) -> Result<(), AwsError> {
        if let Some(most) = self.options.calls_per_second {
            self.calls.retain(|&call| now - call < Duration::from_secs(1));
            if self.calls.len() >= most {
                let message = "Rate exceeded: too many GetMedia calls for this stream.";
                return Err(AwsError::refused("ClientLimitExceededException", message));
            }
            self.calls.push_back(now);
        }
        if self.options.connections.is_some_and(|most| self.open >= most) {
            let message = "The allowed number of client connections to this stream is exceeded.";
            return Err(AwsError::refused("ConnectionLimitExceededException", message));
        }
        Ok(())
    }

    /// The place in the stream to start at. `None` if that fragment is not there.
    fn place_of(&self, start: &Start, numbering: &Numbering) -> Option<u64> {
        let end = self.first + self.fragments.len() as u64;
        let numbered = |number: &str| (self.first..=end).find(|&sequence| numbering.of(sequence) == number);
        let timed = |at: DateTime<Utc>, of: fn(&Stored) -> DateTime<Utc>| {
            let begun = self.fragments.iter().take_while(|stored| of(stored) <= at).count() as u64;
            self.first + begun.saturating_sub(1)
        };
        match start {
            Start::Now => Some(end.saturating_sub(1).max(self.first)),
            Start::Earliest => Some(self.first),
            Start::FragmentNumber(number) => match self.options.fragment_selector {
                FragmentSelector::From => numbered(number),
                FragmentSelector::After => numbered(number).map(|sequence| sequence + 1),
            },
            Start::Token(number) => numbered(number).map(|sequence| sequence + 1),
            Start::ServerTimestamp(at) => Some(timed(*at, |stored| stored.server_timestamp)),
            Start::ProducerTimestamp(at) => Some(timed(*at, |stored| stored.fragment.producer_timestamp)),
        }
    }
}
