//! The live media of a stream: one GetMedia connection after the other, each from where the one before ended.

mod connection;
mod error;
mod place;

use std::time::Duration;

use aws_config::SdkConfig;
use kvs_media::{FragmentNumber, Side};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tracing::{Instrument, info, warn};

use crate::audio::MediaTime;
use connection::{Connector, Ended};

pub use error::MediaError;
pub(crate) use place::Place;

/// Frames that were read and not taken yet: about a second, so that whoever does not take them stops the reading.
const AHEAD: usize = 32;

/// Kinesis Video lets five GetMedia calls a second through per stream.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// What is read.
#[derive(Debug)]
pub(crate) enum Media {
    /// Some audio: samples of 16 bits, little-endian, 8 kHz.
    Frame { side: Side, at: MediaTime, pcm: bytes::Bytes },
    /// The contact that the audio is of, also what was read of the fragment so far.
    Contact(String),
    /// Connect streams this contact no longer: the fragment is its last.
    Stop,
    /// A fragment was read to its end.
    FragmentEnd(FragmentNumber),
    /// The connection failed, and is made again: that nothing comes does not mean that there is nothing.
    Interrupted,
}

/// The media, read in the background. Dropping it closes the connection.
pub(crate) struct MediaReader {
    media: mpsc::Receiver<Result<Media, MediaError>>,
    _reading: JoinSet<()>,
}

impl MediaReader {
    /// Reads the stream from this place on.
    pub(crate) fn start(sdk: &SdkConfig, stream_arn: &str, place: Place) -> Self {
        let (sender, media) = mpsc::channel(AHEAD);
        let connector = Connector::new(sdk, stream_arn);
        let mut reading = JoinSet::new();
        let read = async move {
            if let Err(error) = read(connector, place, &sender).await {
                // Nobody is there any more only when the reading is being broken off.
                let _ = sender.send(Err(error)).await;
            }
        };
        reading.spawn(read.in_current_span());
        Self { media, _reading: reading }
    }

    /// What comes next; an error ends it.
    pub(crate) async fn next(&mut self) -> Result<Media, MediaError> {
        match self.media.recv().await {
            Some(media) => media,
            None => std::future::pending().await,
        }
    }

    /// Whether everything that has arrived so far was taken.
    pub(crate) fn is_drained(&self) -> bool {
        self.media.is_empty()
    }
}

/// Reads connection after connection, until it fails for good or nobody listens.
async fn read(
    mut connector: Connector,
    mut place: Place,
    media: &mpsc::Sender<Result<Media, MediaError>>,
) -> Result<(), MediaError> {
    let mut pause = FIRST_PAUSE;
    loop {
        let opened = Instant::now();
        let before = place.clone();
        match connector.read(&mut place, media).await {
            Ok(Ended::NobodyListens) => return Ok(()),
            Ok(Ended::LooksBack) => continue,
            Ok(Ended::Closed) => info!("Kinesis Video closed the connection: reading on"),
            Err(e) if e.may_pass() => {
                warn!(error_type = e.kind(), "{e}: reading on");
                if media.send(Ok(Media::Interrupted)).await.is_err() {
                    return Ok(());
                }
            }
            Err(e) if place.falls_back(&e) => {
                warn!(error_type = e.kind(), "{e}: looking for its time instead")
            }
            Err(e) => return Err(e),
        }
        // What read something, or for a while, was no failed attempt.
        if place != before || opened.elapsed() > LONGEST_PAUSE {
            pause = FIRST_PAUSE;
        }
        sleep(pause).await;
        pause = (2 * pause).min(LONGEST_PAUSE);
    }
}
