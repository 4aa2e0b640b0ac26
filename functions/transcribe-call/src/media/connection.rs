//! One GetMedia connection.

use std::collections::VecDeque;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_kinesisvideo::types::ApiName;
use aws_sdk_kinesisvideomedia::config::StalledStreamProtectionConfig;
use aws_sdk_kinesisvideomedia::primitives::ByteStream;
use kvs_media::{Event, Limits, Reader, Side, Track};
use lambda_kit::aws::call;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tracing::warn;

use super::{Media, MediaError, Place};
use crate::audio::MediaTime;

/// Kinesis Video may take its time with the first bytes.
const OPENING: Duration = Duration::from_secs(10);

/// A live stream has something new every second or two. After so long without a byte the connection may be dead.
const SILENT: Duration = Duration::from_secs(20);

const TELEPHONE_RATE: u32 = 8000;

/// Opens connections to one stream.
pub(super) struct Connector {
    sdk: SdkConfig,
    stream_arn: String,
    /// Where its data is, once asked for.
    client: Option<aws_sdk_kinesisvideomedia::Client>,
}

/// How a connection ended without an error.
pub(super) enum Ended {
    /// Kinesis Video closed it, as it does now and then; or nothing came for a long while.
    Closed,
    /// It began too late.
    LooksBack,
    /// Whoever wanted the media is gone.
    NobodyListens,
}

impl Connector {
    pub(super) fn new(sdk: &SdkConfig, stream_arn: &str) -> Self {
        Self { sdk: sdk.clone(), stream_arn: stream_arn.to_owned(), client: None }
    }

    /// Reads from the place on, and moves it along.
    pub(super) async fn read(
        &mut self,
        place: &mut Place,
        media: &mpsc::Sender<Result<Media, MediaError>>,
    ) -> Result<Ended, MediaError> {
        let mut bytes = self.open(place).await?;
        let mut document = Document::new(place);
        let mut reader = Reader::new(Limits::telephone_audio());
        loop {
            while let Some(event) = reader.poll() {
                if let Some(ended) = document.read(event)? {
                    return Ok(ended);
                }
                while let Some(read) = document.next() {
                    if media.send(Ok(read)).await.is_err() {
                        return Ok(Ended::NobodyListens);
                    }
                }
            }
            match timeout(SILENT, bytes.next()).await {
                Ok(Some(Ok(chunk))) => reader.push(chunk),
                Ok(Some(Err(e))) => return Err(MediaError::Broken(e.to_string())),
                Ok(None) | Err(_) => {
                    document.place.came_to_nothing(document.is_first);
                    return Ok(Ended::Closed);
                }
            }
        }
    }

    async fn open(&mut self, place: &Place) -> Result<ByteStream, MediaError> {
        let deadline = Instant::now() + OPENING;
        let resource = format!("stream {}", self.stream_arn);
        let client = match &self.client {
            Some(client) => client,
            None => {
                let client = self.media_client(&resource, deadline).await?;
                self.client.insert(client)
            }
        };
        let request =
            client.get_media().stream_arn(&self.stream_arn).start_selector(place.selector()?).send();
        match call("kinesisvideo:GetMedia", &resource, deadline, request).await {
            Ok(reply) => Ok(reply.payload),
            Err(e) => {
                // The next attempt asks for the address again: it may be another one now.
                self.client = None;
                Err(e.into())
            }
        }
    }

    async fn media_client(
        &self,
        resource: &str,
        deadline: Instant,
    ) -> Result<aws_sdk_kinesisvideomedia::Client, MediaError> {
        let request = aws_sdk_kinesisvideo::Client::new(&self.sdk)
            .get_data_endpoint()
            .api_name(ApiName::GetMedia)
            .stream_arn(&self.stream_arn)
            .send();
        let reply = call("kinesisvideo:GetDataEndpoint", resource, deadline, request).await?;
        let mut config = aws_sdk_kinesisvideomedia::config::Builder::from(&self.sdk)
            .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(OPENING).build())
            // A caller who is on hold sends nothing for as long as it takes.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(reply.data_endpoint);
        Ok(aws_sdk_kinesisvideomedia::Client::from_conf(config.build()))
    }
}

/// What is known of the document that is being read.
struct Document<'a> {
    place: &'a mut Place,
    /// Track numbers hold for one document only.
    tracks: Vec<(u64, Side)>,
    fragment: Fragment,
    /// Whether no fragment was seen yet.
    is_first: bool,
    /// What was read and not passed on.
    media: VecDeque<Media>,
}

/// Which fragment the document is.
#[derive(PartialEq)]
enum Fragment {
    /// Not told yet. Tags may come before.
    Unknown,
    Wanted,
    /// It lies before the place.
    Unwanted,
}

impl<'a> Document<'a> {
    fn new(place: &'a mut Place) -> Self {
        let (fragment, media) = (Fragment::Unknown, VecDeque::new());
        Self { place, tracks: Vec::new(), fragment, is_first: true, media }
    }

    fn read(&mut self, event: Event) -> Result<Option<Ended>, MediaError> {
        match event {
            Event::Document => {
                self.tracks.clear();
                self.fragment = Fragment::Unknown;
            }
            Event::Track(track) => self.add(&track)?,
            Event::Fragment(fragment) => {
                let begins = fragment.producer_time.map(MediaTime::since_epoch);
                let is_first = std::mem::take(&mut self.is_first);
                if is_first && self.place.looks_back(&fragment.number, begins) {
                    return Ok(Some(Ended::LooksBack));
                }
                self.fragment = match self.place.wants(&fragment.number) {
                    true => Fragment::Wanted,
                    false => Fragment::Unwanted,
                };
                if self.fragment == Fragment::Unwanted {
                    self.media.clear();
                }
            }
            Event::Damaged(damage) => warn!("{damage}"),
            Event::Failure(failure) => return Err(failure.into()),
            Event::Tag(_) => {}
            _ if self.fragment == Fragment::Unwanted => {}
            Event::Frame(frame) => {
                if let Some(&(_, side)) = self.tracks.iter().find(|(number, _)| *number == frame.track) {
                    let at = MediaTime::since_epoch(frame.time);
                    self.place.reaches(at);
                    self.media.push_back(Media::Frame { side, at, pcm: frame.data });
                }
            }
            Event::ContactId(contact) => self.media.push_back(Media::Contact(contact)),
            Event::StopStreaming => self.media.push_back(Media::Stop),
            Event::FragmentEnd(end) => {
                self.place.passes(&end.number);
                self.media.push_back(Media::FragmentEnd(end.number));
            }
        }
        Ok(None)
    }

    /// What can be passed on.
    fn next(&mut self) -> Option<Media> {
        if self.fragment == Fragment::Wanted { self.media.pop_front() } else { None }
    }

    fn add(&mut self, track: &Track) -> Result<(), MediaError> {
        let Some(side) = track.side() else { return Ok(()) };
        if let Some(audio) = track.audio
            && (audio.sampling_rate, audio.channels) != (TELEPHONE_RATE, 1)
        {
            return Err(MediaError::Format(audio.sampling_rate, audio.channels));
        }
        self.tracks.push((track.number, side));
        Ok(())
    }
}
