//! A fragment, as a producer puts it.

use std::time::Duration;

use axum::body::Bytes;
use chrono::{DateTime, Utc};

use crate::speech::Side;

/// A fragment of a stream: some of its tracks' audio, and tags.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// When its first frame was recorded, by the producer's clock. To the millisecond.
    pub producer_timestamp: DateTime<Utc>,
    /// When the service received it; now, if it is not said.
    pub server_timestamp: Option<DateTime<Utc>>,
    /// The tracks that it declares, also those that have no frames in it.
    pub tracks: Vec<Track>,
    /// The frames, in the order in which they are to be sent.
    pub frames: Vec<Frame>,
    /// Tags of the producer, by name.
    pub tags: Vec<(String, String)>,
}

/// A track as a fragment declares it. Numbers may differ from fragment to fragment; names say what is what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    /// From 1 to 126.
    pub number: u8,
    /// Like `AUDIO_FROM_CUSTOMER`.
    pub name: String,
}

/// Some audio of one track.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// The number of its track.
    pub track: u8,
    /// When it was recorded, since the fragment's producer timestamp: at most 32 s. To the millisecond.
    pub offset: Duration,
    /// Signed 16-bit little-endian samples, 8000 per second.
    pub audio: Bytes,
}

impl std::fmt::Debug for Frame {
    /// What somebody says is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({} bytes of track {} at {:?})", self.audio.len(), self.track, self.offset)
    }
}

impl Fragment {
    /// A fragment without audio, with the tracks and tags that Amazon Connect gives those of a contact.
    pub fn of_contact(
        contact_id: &str,
        instance_id: &str,
        producer_timestamp: DateTime<Utc>,
        sides: &[Side],
    ) -> Fragment {
        let tracks: Vec<Track> = (1..)
            .zip(sides)
            .map(|(number, side)| Track { number, name: side.track_name().to_owned() })
            .collect();
        let tag = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut tags = vec![
            tag("ContactId", contact_id),
            tag("InstanceId", instance_id),
            tag("MimeType", "audio/L16;rate=8000;channels=1;"),
        ];
        tags.extend(tracks.iter().map(|track| tag(&track.name, &track.number.to_string())));
        tags.push(tag("Events", "[]"));
        Fragment { producer_timestamp, server_timestamp: None, tracks, frames: Vec::new(), tags }
    }
}
