use crate::damage::Fault;
use crate::ebml::{self, id};

/// A track, as a TrackEntry describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// Which frames are this track's: [`Frame::track`](crate::Frame::track). Holds for one document only.
    pub number: u64,
    /// Its name, perhaps empty. Connect's say whose audio it is: [`Track::side`].
    pub name: String,
    /// The codec, such as `A_PCM/INT/LIT`.
    pub codec_id: String,
    /// How its audio is sampled; `None` if it is not audio.
    pub audio: Option<Audio>,
}

/// How audio is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Audio {
    /// Samples per second. Connect: 8000.
    pub sampling_rate: u32,
    /// Channels. Connect: 1.
    pub channels: u32,
    /// Bits of a sample, where that is stated. Connect: 16.
    pub bit_depth: Option<u32>,
}

/// Whose audio a track of Connect holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// What the customer says.
    FromCustomer,
    /// What the customer hears: the agent, prompts, other participants.
    ToCustomer,
}

impl Track {
    /// Whose audio it is. The single track of older streams, and one without a name, are the customer's.
    /// <https://docs.aws.amazon.com/connect/latest/adminguide/access-media-stream-data.html>
    pub fn side(&self) -> Option<Side> {
        match self.name.as_str() {
            "AUDIO_FROM_CUSTOMER" | "Track_audio/L16" | "" => Some(Side::FromCustomer),
            "AUDIO_TO_CUSTOMER" => Some(Side::ToCustomer),
            _ => None,
        }
    }

    /// Reads the data of a TrackEntry.
    fn read(entry: &[u8]) -> Result<Self, Fault> {
        let mut number = 0;
        let mut track = Self { number, name: String::new(), codec_id: String::new(), audio: None };
        for child in ebml::children(entry) {
            match child? {
                (id::TRACK_NUMBER, data) => number = ebml::unsigned(data, 0)?,
                (id::NAME, data) => track.name = ebml::text(data).into_owned(),
                (id::CODEC_ID, data) => track.codec_id = ebml::text(data).into_owned(),
                (id::AUDIO, data) => track.audio = Some(Audio::read(data)?),
                _ => {}
            }
        }
        // A track that no frame can name.
        if number == 0 { Err(Fault::MalformedElement) } else { Ok(Self { number, ..track }) }
    }
}

impl Audio {
    /// What holds where nothing is said (RFC 9559, section 5.1.4.1.29).
    const DEFAULT: Self = Self { sampling_rate: 8_000, channels: 1, bit_depth: None };

    fn read(audio: &[u8]) -> Result<Self, Fault> {
        let mut read = Self::DEFAULT;
        for child in ebml::children(audio) {
            match child? {
                // `as` keeps within the type whatever the number is.
                (id::SAMPLING_FREQUENCY, data) => {
                    read.sampling_rate =
                        ebml::float(data, f64::from(Self::DEFAULT.sampling_rate))?.round() as u32;
                }
                (id::CHANNELS, data) => read.channels = small(data, Self::DEFAULT.channels)?,
                (id::BIT_DEPTH, data) => read.bit_depth = Some(small(data, 0)?).filter(|bits| *bits > 0),
                _ => {}
            }
        }
        Ok(read)
    }
}

fn small(data: &[u8], default: u32) -> Result<u32, Fault> {
    u32::try_from(ebml::unsigned(data, default.into())?).map_err(|_| Fault::MalformedElement)
}

/// The tracks in the data of a Tracks element.
pub(crate) fn tracks(data: &[u8]) -> impl Iterator<Item = Result<Track, Fault>> {
    ebml::children(data).filter_map(|child| match child {
        Ok((id::TRACK_ENTRY, entry)) => Some(Track::read(entry)),
        Ok(_) => None,
        Err(fault) => Some(Err(fault)),
    })
}

#[cfg(test)]
mod tests;
