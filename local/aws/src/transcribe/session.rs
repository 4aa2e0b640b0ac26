//! One session, from its first audio to its last result.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::event_stream::{Incoming, Messages, exception, transcript};
use super::parameters::Parameters;
use super::recognizer::{Recognized, Recognizer};
use super::results::result;
use super::sessions::Ended;
use super::{Transcribe, TranscribeLimits, TranscriptionEnd, TranscriptionFault, TranscriptionFaultKind};

/// What was sent before a break is given this time to leave.
const BEFORE_A_BREAK: Duration = Duration::from_millis(50);

/// How long a client may need to notice that its session is over.
const DRAINED: Duration = Duration::from_secs(5);

/// A session.
pub(crate) struct Session {
    transcribe: Arc<Transcribe>,
    parameters: Parameters,
    limits: TranscribeLimits,
    fault: Option<TranscriptionFault>,
    /// True when another session has taken over the id.
    conflict: watch::Receiver<bool>,
    record: Ended,
    request: BodyDataStream,
    messages: Messages,
    channels: Vec<Recognizer>,
    audio: Duration,
    last_audio: Instant,
    outgoing: VecDeque<Bytes>,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Open,
    /// What is still to be sent is sent, and that is all.
    Over,
    /// The connection is to break.
    Broken,
}

impl Session {
    pub(super) fn new(
        transcribe: Arc<Transcribe>,
        parameters: Parameters,
        limits: TranscribeLimits,
        fault: Option<TranscriptionFault>,
        conflict: watch::Receiver<bool>,
        record: Ended,
    ) -> Session {
        Session {
            transcribe,
            channels: (0..parameters.channels).map(|_| Recognizer::new(parameters.rate)).collect(),
            parameters,
            limits,
            fault,
            conflict,
            record,
            request: Body::empty().into_data_stream(),
            messages: Messages::default(),
            audio: Duration::ZERO,
            last_audio: Instant::now(),
            outgoing: VecDeque::new(),
            state: State::Open,
        }
    }

    /// The reply to a request with this audio: its body are the results.
    pub(crate) fn reply(mut self, audio: Body) -> Response {
        let mut headers = HeaderMap::new();
        let mut put = |name: &str, value: &str| {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        };
        for (name, value) in &self.parameters.all {
            put(&format!("x-amzn-transcribe-{name}"), value);
        }
        put("x-amzn-transcribe-session-id", &self.parameters.session_id);
        put("content-type", "application/vnd.amazon.eventstream");
        self.request = audio.into_data_stream();
        let events = futures_util::stream::unfold(self, async |mut session| {
            let event = session.event().await?;
            Some((event, session))
        });
        (headers, Body::from_stream(events)).into_response()
    }

    /// The next event of the reply; `None` at its end.
    async fn event(&mut self) -> Option<io::Result<Bytes>> {
        loop {
            if let Some(event) = self.outgoing.pop_front() {
                return Some(Ok(event));
            }
            match self.state {
                State::Open => {}
                State::Over => {
                    let request = std::mem::replace(&mut self.request, Body::empty().into_data_stream());
                    tokio::spawn(drain(Body::from_stream(request)));
                    return None;
                }
                State::Broken => {
                    self.state = State::Over;
                    sleep(BEFORE_A_BREAK).await;
                    return Some(Err(io::Error::other("this break was asked for")));
                }
            }
            tokio::select! {
                bytes = self.request.next() => match bytes {
                    Some(Ok(bytes)) => self.receive(&bytes),
                    // Without the message that ends the audio, nobody is there any more who would want results.
                    _ => self.state = State::Over,
                },
                () = sleep_until(self.last_audio + self.limits.silence) => {
                    let waited = self.limits.silence.as_secs();
                    self.fail(
                        "BadRequestException",
                        &format!("Your request timed out because no new audio was received for {waited} seconds."),
                    );
                }
                () = taken_over(&mut self.conflict) => {
                    self.fail("ConflictException", "A new stream started with the same session ID.");
                }
            }
        }
    }

    fn receive(&mut self, bytes: &[u8]) {
        self.messages.push(bytes);
        while self.state == State::Open {
            match self.messages.next() {
                Ok(None) => return,
                Ok(Some(Incoming::Audio(audio))) => self.hear(&audio),
                Ok(Some(Incoming::End)) => self.finish(),
                Err(reason) => self.fail("BadRequestException", &reason),
            }
        }
    }

    fn hear(&mut self, audio: &[u8]) {
        let (channels, rate) = (self.channels.len(), self.parameters.rate as usize);
        let second = 2 * channels * rate;
        if audio.len() > second {
            let message =
                format!("An audio event holds at most one second: {second} bytes, not {}.", audio.len());
            return self.fail("BadRequestException", &message);
        }
        if !audio.len().is_multiple_of(2 * channels) {
            return self
                .fail("BadRequestException", "An audio event must hold whole samples of all channels.");
        }
        let length = Duration::from_secs_f64(audio.len() as f64 / second as f64);
        self.audio += length;
        self.last_audio = Instant::now();
        self.record.heard(length);
        let mut results = Vec::new();
        for channel in 0..channels {
            let samples = audio
                .chunks_exact(2 * channels)
                .map(|frame| i16::from_le_bytes([frame[2 * channel], frame[2 * channel + 1]]));
            for recognized in self.channels[channel].hear(samples, &self.transcribe.scripts) {
                results.push((channel, recognized));
            }
        }
        self.send(results);
        if self.audio > self.limits.session {
            self.fail("LimitExceededException", "The stream exceeds the maximum session duration.");
        } else if self.fault.as_ref().is_some_and(|fault| self.audio >= fault.after) {
            match self.fault.take().map(|fault| fault.kind) {
                Some(TranscriptionFaultKind::Exception(code)) => {
                    self.fail(&code, "this failure was asked for")
                }
                _ => self.end(State::Broken, TranscriptionEnd::Broken),
            }
        }
    }

    /// The audio is over: what was heard of it is final.
    fn finish(&mut self) {
        let mut results = Vec::new();
        for (channel, recognizer) in self.channels.iter_mut().enumerate() {
            results.extend(recognizer.end(&self.transcribe.scripts).into_iter().map(|told| (channel, told)));
        }
        self.send(results);
        self.end(State::Over, TranscriptionEnd::Finished);
    }

    /// Sends all that is new in one event, as the service may.
    fn send(&mut self, results: Vec<(usize, Recognized)>) {
        if results.is_empty() {
            return;
        }
        self.record.sent_finals(results.iter().filter(|(_, told)| !told.partial).count() as u64);
        let told_apart = self.channels.len() > 1;
        let results: Vec<_> = results
            .iter()
            .map(|(channel, told)| result(told, told_apart.then_some(*channel), &self.parameters))
            .collect();
        self.outgoing.push_back(transcript(&results));
    }

    fn fail(&mut self, code: &str, message: &str) {
        self.outgoing.push_back(exception(code, message));
        self.end(State::Over, TranscriptionEnd::Exception(code.to_owned()));
    }

    fn end(&mut self, state: State, end: TranscriptionEnd) {
        self.state = state;
        self.record.with(end);
    }
}

/// Reads on for a while. A connection that is closed on what its client still sends is reset, and with it goes what
/// the client has not read yet: the reason.
pub(crate) async fn drain(request: Body) {
    let mut request = request.into_data_stream();
    let rest = async { while request.next().await.is_some_and(|piece| piece.is_ok()) {} };
    // Who sends on for longer has not noticed anyway.
    drop(timeout(DRAINED, rest).await);
}

/// Returns when another session has taken over the id.
async fn taken_over(conflict: &mut watch::Receiver<bool>) {
    if conflict.wait_for(|taken| *taken).await.is_err() {
        std::future::pending::<()>().await;
    }
}
