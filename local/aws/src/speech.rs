//! Speech that can be told apart: the one side renders utterances as tones, the other hears which of them arrived.
//!
//! An utterance is a train of packets, each of which says which utterance it is of and where in it it belongs. So a
//! word is heard only if its own audio arrived, in order and whole: audio that was lost or sent twice shows as text
//! that is missing or doubled. What carries the packets are the lengths of half-waves, which survive another volume,
//! another sampling rate, and a cut anywhere.

mod call_audio;
mod listener;
mod packet;
mod script;

pub use call_audio::CallAudio;
pub(crate) use listener::Listener;
pub(crate) use packet::PACKET_SAMPLES;
pub(crate) use script::{Script, Scripts};

/// Samples per second of a call's audio, as Amazon Connect streams it.
pub(crate) const RATE: u32 = 8000;

/// Who is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// What the caller says: the track `AUDIO_FROM_CUSTOMER`.
    FromCustomer,
    /// What the caller hears: the track `AUDIO_TO_CUSTOMER`.
    ToCustomer,
}

impl Side {
    /// Both, in the order of Amazon Connect's track numbers.
    pub const BOTH: [Side; 2] = [Side::FromCustomer, Side::ToCustomer];

    /// The name of the track.
    pub fn track_name(self) -> &'static str {
        match self {
            Side::FromCustomer => "AUDIO_FROM_CUSTOMER",
            Side::ToCustomer => "AUDIO_TO_CUSTOMER",
        }
    }
}
