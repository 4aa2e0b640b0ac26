//! One session: audio in, results out.

use aws_sdk_transcribestreaming::primitives::Blob;
use aws_sdk_transcribestreaming::types::error::AudioStreamError;
use aws_sdk_transcribestreaming::types::{AudioEvent, AudioStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::clock::Clock;
use super::heard::RawResult;
use super::{Heard, TranscribeError, Transcriber};
use crate::audio::{Chunk, Sides};

/// Chunks on their way: half a second of audio. More would only be lost with a session that breaks.
const AHEAD: usize = 5;

type Event = Result<AudioStream, AudioStreamError>;

/// What a session says.
#[derive(Debug)]
pub(crate) enum Told {
    /// Results.
    Results(Vec<RawResult>),
    /// It is over: it has said all it had to say, or it broke.
    Over(Result<(), TranscribeError>),
}

/// A session, held in the background. Dropping it breaks it off.
pub(crate) struct Session {
    /// What it is to hear.
    pub(crate) audio: Audio,
    /// What it says.
    pub(crate) told: mpsc::UnboundedReceiver<Told>,
    clock: Clock,
    sides: Sides,
    _task: JoinSet<()>,
}

/// The way of the audio into a session; closed when it was given everything.
pub(crate) struct Audio(Option<mpsc::Sender<Event>>);

impl Transcriber {
    /// Opens a session.
    pub(crate) fn open(&self) -> Session {
        let (audio, mut events) = mpsc::channel::<Event>(AHEAD);
        // Results are few and small, and who does not take them must not stop the audio.
        let (sender, told) = mpsc::unbounded_channel();
        let transcriber = self.clone();
        let mut task = JoinSet::new();
        task.spawn(async move {
            // The SDK asks again after the end, which an ordinary `unfold` does not survive.
            let events = futures_util::stream::poll_fn(move |context| events.poll_recv(context));
            let over = transcriber.transcribe(events.into(), &sender).await;
            // Nobody is there any more only when the session is being broken off.
            let _ = sender.send(Told::Over(over));
        });
        Session { audio: Audio(Some(audio)), told, clock: Clock::default(), sides: self.sides, _task: task }
    }
}

impl Audio {
    /// Returns when there is room for a chunk. Never, if there will be none.
    pub(crate) async fn room(&self) {
        match &self.0 {
            Some(events) if events.reserve().await.is_ok() => {}
            // What became of the session, it tells itself.
            _ => std::future::pending().await,
        }
    }

    fn send(&self, pcm: Vec<u8>) {
        if let Some(events) = &self.0 {
            let event = AudioEvent::builder().audio_chunk(Blob::new(pcm)).build();
            // After `room` there is some; a session that is over loses nothing by it.
            let _ = events.try_send(Ok(AudioStream::AudioEvent(event)));
        }
    }
}

impl Session {
    /// Gives it a chunk. There must be room.
    pub(crate) fn give(&mut self, chunk: &Chunk) {
        self.clock.give(chunk.at, chunk.until);
        self.audio.send(chunk.pcm.to_vec());
    }

    /// Gives it silence that is not of the call, so that it does not think itself forgotten.
    pub(crate) fn give_silence(&mut self, millis: i64, hertz: u32) {
        self.clock.pass(millis);
        let samples = millis as usize * hertz as usize / 1000;
        self.audio.send(vec![0; 2 * samples * self.sides.list().len()]);
    }

    /// That was all the audio: it says the rest and is over.
    pub(crate) fn finish(&mut self) {
        self.audio.0 = None;
    }

    /// Whether it was given all there is.
    pub(crate) fn is_finished(&self) -> bool {
        self.audio.0.is_none()
    }

    /// Its results, in times of the call.
    pub(crate) fn placed(&self, results: Vec<RawResult>) -> Vec<Heard> {
        results.into_iter().filter_map(|result| result.placed(&self.clock, self.sides)).collect()
    }
}
