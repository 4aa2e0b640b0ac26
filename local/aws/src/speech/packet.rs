//! A packet: one long half-wave, then seven digits, each as two half-waves whose lengths have always the same sum.
//! Every sample belongs to a half-wave that is checked, so a packet that misses some, or has too many, is not heard.

use super::RATE;

/// Loud enough to be taken for speech, quiet enough to leave room for what a resampler overshoots.
pub(super) const LEVEL: i16 = 8000;

/// The half-wave that begins a packet: longer than that of any digit. In samples, as all lengths here.
pub(super) const SYNC: usize = 80;
/// The half-wave of the digit 0, and how much longer that of the next digit is.
pub(super) const SHORTEST: usize = 8;
pub(super) const STEP: usize = 4;

const CODE_DIGITS: usize = 4;
const INDEX_DIGITS: usize = 3;
pub(super) const DIGITS: usize = CODE_DIGITS + INDEX_DIGITS;
/// The two half-waves of a digit stand for the digit and for its complement to this.
pub(super) const LARGEST_DIGIT: u8 = 15;

/// The length of a packet, 76.5 ms.
pub(crate) const PACKET_SAMPLES: usize = SYNC + DIGITS * (2 * SHORTEST + LARGEST_DIGIT as usize * STEP);

/// How many packets an utterance may have, so that three digits count them: about five minutes.
pub(super) const MOST_PACKETS: usize = 1 << (4 * INDEX_DIGITS);

/// What a packet says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packet {
    /// Which utterance it is of.
    pub(crate) code: u16,
    /// The packet's number within the utterance, from 0.
    pub(crate) index: u16,
}

impl Packet {
    fn digits(self) -> [u8; DIGITS] {
        let all = (u32::from(self.code) << (4 * INDEX_DIGITS)) | u32::from(self.index);
        std::array::from_fn(|place| (all >> (4 * (DIGITS - 1 - place))) as u8 & LARGEST_DIGIT)
    }

    pub(super) fn of_digits(digits: [u8; DIGITS]) -> Packet {
        let all = digits.iter().fold(0u32, |all, &digit| (all << 4) | u32::from(digit));
        Packet {
            code: (all >> (4 * INDEX_DIGITS)) as u16,
            index: (all & ((1 << (4 * INDEX_DIGITS)) - 1)) as u16,
        }
    }
}

/// The samples of an utterance of so many packets.
pub(super) fn render(code: u16, packets: u16) -> Vec<i16> {
    let mut samples = Vec::with_capacity(usize::from(packets) * PACKET_SAMPLES);
    let mut level = LEVEL;
    let mut half_wave = |length: usize| {
        samples.extend(std::iter::repeat_n(level, length));
        level = -level;
    };
    for index in 0..packets {
        half_wave(SYNC);
        for digit in (Packet { code, index }).digits() {
            half_wave(SHORTEST + STEP * usize::from(digit));
            half_wave(SHORTEST + STEP * usize::from(LARGEST_DIGIT - digit));
        }
    }
    samples
}

/// How many whole packets fit into this time.
pub(super) fn packets_in(length: std::time::Duration) -> usize {
    (length.as_millis() as usize * RATE as usize / 1000) / PACKET_SAMPLES
}
