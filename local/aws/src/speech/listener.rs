//! Hears packets in audio.

use super::packet::{DIGITS, LARGEST_DIGIT, LEVEL, Packet, SHORTEST, STEP, SYNC};
use super::{PACKET_SAMPLES, RATE};

/// What is fainter is silence: a quarter of what is rendered.
const THRESHOLD: i16 = LEVEL / 4;

/// How long it may be faint within a half-wave, where it crosses zero: 1 ms, in samples of 8 kHz.
const CROSSING: f64 = 8.0;

/// By how much the length of a half-wave may be off, in samples of 8 kHz.
const TOLERANCE: f64 = 1.6;

/// Follows the audio of one channel.
#[derive(Debug)]
pub(crate) struct Listener {
    /// How many samples make one of 8 kHz.
    scale: f64,
    /// Samples heard so far.
    position: u64,
    /// The sign of the half-wave that is heard, 0 in silence.
    sign: i8,
    /// Where it began.
    since: u64,
    /// Where it was last loud enough.
    last_loud: u64,
    packet: Option<Incoming>,
}

/// A packet of which the beginning was heard.
#[derive(Debug)]
struct Incoming {
    start: u64,
    digits: [u8; DIGITS],
    half_waves: usize,
}

/// A packet that was heard whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Heard {
    pub(crate) packet: Packet,
    /// Where it began, in seconds of the audio.
    pub(crate) start: f64,
    /// Where it ended.
    pub(crate) end: f64,
}

impl Listener {
    /// For audio with so many samples per second.
    pub(crate) fn new(rate: u32) -> Listener {
        let scale = f64::from(rate) / f64::from(RATE);
        Listener { scale, position: 0, sign: 0, since: 0, last_loud: 0, packet: None }
    }

    /// How much was heard so far, in seconds.
    pub(crate) fn now(&self) -> f64 {
        self.seconds(self.position)
    }

    /// Takes in one sample. Answers with the packet that was complete with it.
    pub(crate) fn hear(&mut self, sample: i16) -> Option<Heard> {
        let at = self.position;
        self.position += 1;
        let sign = i8::from(sample > THRESHOLD) - i8::from(sample < -THRESHOLD);
        if sign != 0 {
            self.last_loud = at;
        }
        if sign == self.sign {
            return None;
        }
        let ended = if sign != 0 {
            at
        } else if (at - self.last_loud) as f64 > CROSSING * self.scale {
            self.last_loud + 1
        } else {
            return None;
        };
        let heard = if self.sign == 0 { None } else { self.half_wave(self.since, ended) };
        if sign == 0 {
            self.packet = None;
        }
        (self.sign, self.since) = (sign, at);
        heard
    }

    /// Takes the end of the audio for silence.
    pub(crate) fn end(&mut self) -> Option<Heard> {
        let heard = if self.sign == 0 { None } else { self.half_wave(self.since, self.last_loud + 1) };
        self.sign = 0;
        self.packet = None;
        heard
    }

    fn half_wave(&mut self, start: u64, end: u64) -> Option<Heard> {
        let length = (end - start) as f64 / self.scale;
        if (length - SYNC as f64).abs() <= 2.0 * TOLERANCE {
            self.packet = Some(Incoming { start, digits: [0; DIGITS], half_waves: 0 });
            return None;
        }
        let mut packet = self.packet.take()?;
        let digit = ((length - SHORTEST as f64) / STEP as f64).round();
        let off = (length - SHORTEST as f64 - digit * STEP as f64).abs();
        if off > TOLERANCE || !(0.0..=f64::from(LARGEST_DIGIT)).contains(&digit) {
            return None;
        }
        let (place, digit) = (packet.half_waves / 2, digit as u8);
        if packet.half_waves % 2 == 0 {
            packet.digits[place] = digit;
        } else if packet.digits[place] + digit != LARGEST_DIGIT {
            return None;
        }
        packet.half_waves += 1;
        if packet.half_waves < 2 * DIGITS {
            self.packet = Some(packet);
            return None;
        }
        let whole = (end - packet.start) as f64 / self.scale;
        ((whole - PACKET_SAMPLES as f64).abs() <= 3.0 * TOLERANCE).then(|| Heard {
            packet: Packet::of_digits(packet.digits),
            start: self.seconds(packet.start),
            end: self.seconds(end),
        })
    }

    fn seconds(&self, samples: u64) -> f64 {
        samples as f64 / (self.scale * f64::from(RATE))
    }
}

#[cfg(test)]
mod tests;
