//! Hears utterances in one channel: what has arrived of each, and when it is over.

use crate::speech::{Listener, PACKET_SAMPLES, RATE, Script, Scripts};

/// A pause of so many seconds ends an utterance.
const PAUSE: f64 = 0.4;

const PACKET: f64 = PACKET_SAMPLES as f64 / RATE as f64;

/// One channel.
#[derive(Debug)]
pub(super) struct Recognizer {
    listener: Listener,
    current: Option<Utterance>,
}

/// An utterance, as far as it was heard.
struct Utterance {
    id: String,
    code: u16,
    script: Script,
    /// Packets that followed upon each other.
    trains: Vec<Train>,
    /// How many words the last partial result had.
    told: usize,
}

impl std::fmt::Debug for Utterance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Utterance").field("code", &self.code).finish_non_exhaustive()
    }
}

struct Train {
    first: u16,
    last: u16,
    start: f64,
    end: f64,
}

/// A word that was heard, with its time in seconds of the audio.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) start: f64,
    pub(super) end: f64,
}

/// What there is to tell of an utterance.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Recognized {
    pub(super) id: String,
    pub(super) partial: bool,
    pub(super) start: f64,
    pub(super) end: f64,
    pub(super) words: Vec<Word>,
}

impl Recognizer {
    /// For audio with so many samples per second.
    pub(super) fn new(rate: u32) -> Recognizer {
        Recognizer { listener: Listener::new(rate), current: None }
    }

    /// How much was heard so far, in seconds.
    pub(super) fn now(&self) -> f64 {
        self.listener.now()
    }

    /// Takes in audio. Utterances that are over come first, then what is new of the one that goes on.
    pub(super) fn hear(&mut self, samples: impl Iterator<Item = i16>, scripts: &Scripts) -> Vec<Recognized> {
        let mut told = Vec::new();
        for sample in samples {
            if let Some(heard) = self.listener.hear(sample) {
                if self.current.as_ref().is_some_and(|current| {
                    current.code != heard.packet.code || heard.start - current.end() > PAUSE
                }) {
                    told.extend(self.finish());
                }
                self.add(heard.packet.code, heard.packet.index, heard.start, heard.end, scripts);
            }
        }
        if self.current.as_ref().is_some_and(|current| self.now() - current.end() > PAUSE) {
            told.extend(self.finish());
        }
        if let Some(current) = &mut self.current {
            let partial = current.tell(true);
            if partial.words.len() > current.told {
                current.told = partial.words.len();
                told.push(partial);
            }
        }
        told
    }

    /// The audio is over, and with it the utterance.
    pub(super) fn end(&mut self, scripts: &Scripts) -> Vec<Recognized> {
        if let Some(heard) = self.listener.end() {
            self.add(heard.packet.code, heard.packet.index, heard.start, heard.end, scripts);
        }
        self.finish().into_iter().collect()
    }

    fn finish(&mut self) -> Option<Recognized> {
        Some(self.current.take()?.tell(false))
    }

    fn add(&mut self, code: u16, index: u16, start: f64, end: f64, scripts: &Scripts) {
        let train = Train { first: index, last: index, start, end };
        match &mut self.current {
            Some(current) if current.code == code => match current.trains.last_mut() {
                Some(last) if last.last + 1 == index => (last.last, last.end) = (index, end),
                _ => current.trains.push(train),
            },
            // What nobody scripted is noise.
            _ => {
                self.current = scripts.get(code).map(|script| {
                    let id = uuid::Uuid::new_v4().to_string();
                    Utterance { id, code, script, trains: vec![train], told: 0 }
                });
            }
        }
    }
}

impl Utterance {
    fn end(&self) -> f64 {
        self.trains.last().map_or(0.0, |train| train.end)
    }

    fn tell(&self, partial: bool) -> Recognized {
        let words = |train: &Train| {
            let (start, first) = (train.start, train.first);
            let at = move |packet: u16| start + f64::from(packet - first) * PACKET;
            let heard = self.script.heard(train.first, train.last).into_iter();
            heard.map(move |(text, from, to)| Word { text, start: at(from), end: at(to) }).collect::<Vec<_>>()
        };
        let mut words: Vec<Word> = self.trains.iter().flat_map(words).collect();
        if partial && words.last().is_some_and(|word| word.text.ends_with('…')) {
            // The word that is being said is none yet.
            words.pop();
        }
        let start = self.trains.first().map_or(0.0, |train| train.start);
        Recognized { id: self.id.clone(), partial, start, end: self.end(), words }
    }
}
