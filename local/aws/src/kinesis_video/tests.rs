pub(crate) mod document;

use std::time::Duration;

use aws_sdk_kinesisvideo::types::ApiName;
use aws_sdk_kinesisvideomedia::Client;
use aws_sdk_kinesisvideomedia::config::retry::RetryConfig;
use aws_sdk_kinesisvideomedia::error::ProvideErrorMetadata;
use aws_sdk_kinesisvideomedia::primitives::{ByteStream, DateTime as Timestamp};
use aws_sdk_kinesisvideomedia::types::{StartSelector, StartSelectorType};
use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use self::document::{Document, documents};
use super::*;
use crate::{Failure, LocalAws, Side};

const CONTACT: &str = "b0c6ef7a-3c3c-4f3d-8f6a-3f2f5f0f6a11";

fn started() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_772_470_000_500).unwrap()
}

/// The fragment of second `number`, that the service received a quarter of a second after its end.
fn fragment(number: i64) -> Fragment {
    let begins = started() + TimeDelta::seconds(number);
    let mut fragment = Fragment::of_contact(CONTACT, "instance", begins, &Side::BOTH);
    fragment.server_timestamp = Some(begins + TimeDelta::milliseconds(1250));
    for (track, offset) in [(1, 0), (2, 1), (1, 500), (2, 501)] {
        let audio = Bytes::from(vec![number as u8; 8000]);
        fragment.frames.push(Frame { track, offset: Duration::from_millis(offset), audio });
    }
    fragment
}

struct Stage {
    aws: LocalAws,
    stream: VideoStream,
    client: Client,
    numbers: Vec<String>,
}

/// A stream with so many fragments, and a client that found it as functions do.
async fn stage(fragments: i64) -> Stage {
    let aws = LocalAws::start().await.unwrap();
    let stream = aws.video_stream("support-connect-1");
    let numbers = (0..fragments).map(|number| stream.push(fragment(number))).collect();
    let config = aws.sdk_config().await;
    let control = aws_sdk_kinesisvideo::Client::new(&config);
    let endpoint = control.get_data_endpoint().api_name(ApiName::GetMedia).stream_arn(stream.arn());
    let endpoint = endpoint.send().await.unwrap().data_endpoint.unwrap();
    assert_eq!(endpoint, aws.url());
    let config = aws_sdk_kinesisvideomedia::config::Builder::from(&config)
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled());
    Stage { aws, stream, client: Client::from_conf(config.build()), numbers }
}

impl Stage {
    async fn open(&self, selector: StartSelector) -> ByteStream {
        let reply = self.client.get_media().stream_arn(self.stream.arn()).start_selector(selector);
        reply.send().await.unwrap().payload
    }

    async fn refusal(&self, selector: StartSelector) -> String {
        let reply =
            self.client.get_media().stream_arn(self.stream.arn()).start_selector(selector).send().await;
        reply.unwrap_err().code().unwrap().to_owned()
    }

    /// The seconds of the fragments that this selector gets, of a stream that ended.
    async fn seconds(&self, selector: StartSelector) -> Vec<i64> {
        self.stream.end();
        let mut media = self.open(selector).await;
        let (documents, whole) = read_all(&mut media).await;
        assert!(whole);
        documents.iter().map(second).collect()
    }
}

fn second(document: &Document) -> i64 {
    (document.cluster_timestamp as i64 - started().timestamp_millis()) / 1000
}

/// Everything up to the end: the documents, and whether the end was a clean one.
async fn read_all(media: &mut ByteStream) -> (Vec<Document>, bool) {
    let (mut bytes, mut whole) = (Vec::new(), true);
    while let Some(piece) = media.next().await {
        match piece {
            Ok(piece) => bytes.extend(piece),
            Err(_) => {
                whole = false;
                break;
            }
        }
    }
    let (documents, left_over) = documents(&bytes);
    (documents, whole && !left_over)
}

fn select(kind: StartSelectorType) -> StartSelector {
    StartSelector::builder().start_selector_type(kind).build().unwrap()
}

fn after(number: &str) -> StartSelector {
    let kind = StartSelectorType::FragmentNumber;
    StartSelector::builder().start_selector_type(kind).after_fragment_number(number).build().unwrap()
}

fn at(kind: StartSelectorType, millis: i64) -> StartSelector {
    let at = Timestamp::from_millis(started().timestamp_millis() + millis);
    StartSelector::builder().start_selector_type(kind).start_timestamp(at).build().unwrap()
}

#[tokio::test]
async fn a_fragment_is_a_document_of_its_own() {
    let stage = stage(3).await;
    stage.stream.end();
    let (documents, whole) = read_all(&mut stage.open(select(StartSelectorType::Earliest)).await).await;
    assert!(whole);
    assert_eq!(documents.len(), 3);
    let document = &documents[1];
    assert_eq!(document.number(), stage.numbers[1]);
    assert_eq!(stage.numbers[1].len(), 47);
    assert!(stage.numbers.is_sorted());
    assert_eq!(document.tag("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP"), Some("1772470001.500"));
    assert_eq!(document.tag("AWS_KINESISVIDEO_SERVER_TIMESTAMP"), Some("1772470002.750"));
    assert_eq!(document.tag("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW"), Some("1000"));
    assert_eq!(document.tag("AWS_KINESISVIDEO_CONTINUATION_TOKEN"), Some(stage.numbers[1].as_str()));
    assert_eq!(document.tag("ContactId"), Some(CONTACT));
    assert_eq!(document.cluster_timestamp, 1_772_470_001_500);
    assert_eq!(document.tracks[&1], "AUDIO_FROM_CUSTOMER");
    assert_eq!(document.tracks[&2], "AUDIO_TO_CUSTOMER");
    let blocks: Vec<_> =
        document.blocks.iter().map(|(track, at, audio)| (*track, *at, audio[..] == [1; 8000])).collect();
    assert_eq!(blocks, [(1, 0, true), (2, 1, true), (1, 500, true), (2, 501, true)]);
    let cluster = document.layout.iter().position(|&id| id == 0x1F43_B675).unwrap();
    assert_eq!(cluster, 3, "info, tracks, the service's tags");
    assert_eq!(
        document.layout.len(),
        cluster + 1 + 6 + 1,
        "the producer's tags follow, and those that end it"
    );

    stage.stream.configure(VideoStreamOptions { tag_place: TagPlace::BeforeCluster, ..Default::default() });
    let (documents, _) = read_all(&mut stage.open(select(StartSelectorType::Earliest)).await).await;
    assert_eq!(documents[0].layout.iter().position(|&id| id == 0x1F43_B675), Some(9));
}

#[tokio::test]
async fn a_reader_starts_where_it_is_told_to() {
    let stage = stage(5).await;
    assert_eq!(stage.seconds(select(StartSelectorType::Earliest)).await, [0, 1, 2, 3, 4]);
    assert_eq!(stage.seconds(select(StartSelectorType::Now)).await, [4]);
    assert_eq!(stage.seconds(after(&stage.numbers[2])).await, [3, 4]);
    assert_eq!(stage.seconds(at(StartSelectorType::ProducerTimestamp, 2300)).await, [2, 3, 4]);
    assert_eq!(stage.seconds(at(StartSelectorType::ProducerTimestamp, -10_000)).await, [0, 1, 2, 3, 4]);
    assert_eq!(stage.seconds(at(StartSelectorType::ServerTimestamp, 2300)).await, [1, 2, 3, 4]);
    let token = StartSelector::builder().start_selector_type(StartSelectorType::ContinuationToken);
    let token = token.continuation_token(&stage.numbers[3]).build().unwrap();
    assert_eq!(stage.seconds(token).await, [4]);
    let from = VideoStreamOptions { fragment_selector: FragmentSelector::From, ..Default::default() };
    stage.stream.configure(from);
    assert_eq!(stage.seconds(after(&stage.numbers[2])).await, [2, 3, 4]);
}

#[tokio::test]
async fn a_selector_that_makes_no_sense_is_refused() {
    let stage = stage(1).await;
    let without = select(StartSelectorType::FragmentNumber);
    for selector in
        [without, after("12a"), after(&"1".repeat(129)), select(StartSelectorType::ProducerTimestamp)]
    {
        assert_eq!(stage.refusal(selector).await, "InvalidArgumentException");
    }
    let nowhere = stage.client.get_media().stream_name("nowhere").start_selector(after("1")).send().await;
    assert!(nowhere.unwrap_err().into_service_error().is_resource_not_found_exception());
    // A fragment that is not there shows only in the reply.
    let (documents, _) = read_all(&mut stage.open(after("12345")).await).await;
    assert_eq!(documents[0].tag("AWS_KINESISVIDEO_ERROR_ID"), Some("4000"));
}

#[tokio::test]
async fn what_is_put_in_later_comes_at_once() {
    let stage = stage(1).await;
    let mut media = stage.open(select(StartSelectorType::Earliest)).await;
    let mut bytes = Vec::new();
    for number in 1..4 {
        while documents(&bytes).0.len() < number as usize {
            let piece = tokio::time::timeout(Duration::from_secs(5), media.next()).await.unwrap();
            bytes.extend(piece.unwrap().unwrap());
        }
        assert_eq!(stage.stream.connections(), 1);
        stage.stream.push(fragment(number));
    }
    stage.stream.end();
    while media.next().await.is_some() {}
    for _ in 0..100 {
        if stage.stream.connections() == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the connection is still counted");
}

#[tokio::test]
async fn what_is_older_than_the_retention_is_gone() {
    let stage = stage(1).await;
    let retention = Duration::from_secs(3);
    stage.stream.configure(VideoStreamOptions { retention, ..Default::default() });
    for number in 1..10 {
        stage.stream.push(fragment(number));
    }
    assert_eq!(stage.seconds(select(StartSelectorType::Earliest)).await, [6, 7, 8, 9]);
}

#[tokio::test]
async fn a_connection_ends_as_asked_for() {
    let stage = stage(6).await;
    stage.stream.end();
    let error = ErrorTag { id: 5000, code: "INTERNAL_ERROR".to_owned() };
    for (after, ending) in [
        (After::Fragments(2), Ending::Closed),
        (After::Bytes(40_000), Ending::Broken),
        (After::StreamTime(Duration::from_secs(3)), Ending::Error(error)),
        (After::Bytes(7), Ending::Closed),
    ] {
        stage.stream.interrupt_next(Interruption { after, ending });
    }
    let earliest = || select(StartSelectorType::Earliest);
    let mut outcomes = Vec::new();
    for _ in 0..5 {
        let (documents, whole) = read_all(&mut stage.open(earliest()).await).await;
        let error =
            documents.last().and_then(|last| last.tag("AWS_KINESISVIDEO_ERROR_ID")).map(str::to_owned);
        outcomes.push((documents.len(), whole, error));
    }
    let expected = [
        (2, true, None),
        (1, false, None),
        (4, true, Some("5000".to_owned())),
        (0, false, None),
        (6, true, None),
    ];
    assert_eq!(outcomes, expected);
    let longest_connection = Some(Duration::from_secs(4));
    stage.stream.configure(VideoStreamOptions { longest_connection, ..Default::default() });
    assert_eq!(stage.seconds(earliest()).await, [0, 1, 2, 3]);
    assert_eq!(stage.seconds(after(&stage.numbers[3])).await, [4, 5]);
}

#[tokio::test]
async fn all_connections_can_be_cut_at_once() {
    let stage = stage(2).await;
    let mut media = [
        stage.open(select(StartSelectorType::Earliest)).await,
        stage.open(select(StartSelectorType::Now)).await,
    ];
    for media in &mut media {
        media.next().await.unwrap().unwrap();
    }
    stage.stream.interrupt(Ending::Broken);
    for media in &mut media {
        let mut last = None;
        while let Some(piece) = media.next().await {
            last = Some(piece.is_ok());
        }
        assert_eq!(last, Some(false));
    }
    assert_eq!(stage.seconds(select(StartSelectorType::Earliest)).await, [0, 1], "the next one lives");
}

#[tokio::test]
async fn too_many_calls_and_connections_are_refused() {
    let stage = stage(1).await;
    stage.stream.configure(VideoStreamOptions { connections: Some(1), ..Default::default() });
    let open = stage.open(select(StartSelectorType::Earliest)).await;
    assert_eq!(stage.refusal(select(StartSelectorType::Now)).await, "ConnectionLimitExceededException");
    stage.stream.configure(VideoStreamOptions { calls_per_second: Some(5), ..Default::default() });
    for _ in 0..5 {
        drop(stage.open(select(StartSelectorType::Now)).await);
    }
    assert_eq!(stage.refusal(select(StartSelectorType::Now)).await, "ClientLimitExceededException");
    drop(open);
    let failure = Failure { status: 401, code: "NotAuthorizedException".to_owned(), times: 1 };
    stage.aws.fail_next("GetMedia", failure);
    assert_eq!(stage.refusal(select(StartSelectorType::Now)).await, "NotAuthorizedException");
    let operations: Vec<_> =
        stage.aws.requests().into_iter().map(|request| (request.service, request.operation)).collect();
    assert_eq!(
        operations[..2],
        [("kinesisvideo", "GetDataEndpoint"), ("kinesisvideo", "GetMedia")].map(|(s, o)| (s, o.to_owned()))
    );
}
