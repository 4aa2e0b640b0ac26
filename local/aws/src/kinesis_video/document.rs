//! A fragment as GetMedia sends it: a Matroska document (RFC 9559) of its own.
//!
//! The layout is that of a fragment that Amazon Connect wrote: the service's own tags stand before the cluster, the
//! producer's behind it, and at the very end those about how to go on.

use chrono::{DateTime, Utc};

use super::ebml::Elements;
use super::fragment::Fragment;
use super::interruption::ErrorTag;
use super::stream::TagPlace;

const EBML: u32 = 0x1A45_DFA3;
const SEGMENT: u32 = 0x1853_8067;
const INFO: u32 = 0x1549_A966;
const TRACKS: u32 = 0x1654_AE6B;
const TRACK_ENTRY: u32 = 0xAE;
const TAGS: u32 = 0x1254_C367;
const TAG: u32 = 0x7373;
const SIMPLE_TAG: u32 = 0x67C8;
const TAG_NAME: u32 = 0x45A3;
const TAG_STRING: u32 = 0x4487;
const CLUSTER: u32 = 0x1F43_B675;
const TIMESTAMP: u32 = 0xE7;
const POSITION: u32 = 0xA7;
const SIMPLE_BLOCK: u32 = 0xA3;

const APPLICATION: &str = "Kinesis Video SDK";

/// The type of an audio track.
const AUDIO: u64 = 2;

/// What Amazon Connect says that its samples are, whatever they are.
const CODEC: &str = "A_AAC";

/// What the service adds to a fragment.
pub(super) struct Stamp<'a> {
    pub(super) number: &'a str,
    pub(super) server_timestamp: DateTime<Utc>,
    pub(super) millis_behind_now: i64,
    pub(super) tag_place: TagPlace,
}

/// The document of a fragment.
pub(super) fn write(fragment: &Fragment, stamp: &Stamp<'_>) -> Vec<u8> {
    let mut document = header();
    let info = Elements::default()
        .binary(0x73A4, &[0xCB; 16])
        .unsigned(0x2A_D7B1, 1_000_000)
        .text(0x7BA9, APPLICATION)
        .text(0x4D80, APPLICATION)
        .text(0x5741, APPLICATION);
    document = document.master(INFO, info);
    let tracks = fragment.tracks.iter().fold(Elements::default(), |tracks, track| {
        let entry = Elements::default()
            .unsigned(0xD7, track.number.into())
            .unsigned(0x73C5, track.number.into())
            .unsigned(0x83, AUDIO)
            .text(0x536E, &track.name)
            .text(0x86, CODEC)
            .binary(0x63A2, &[0x15, 0x88]);
        tracks.master(TRACK_ENTRY, entry)
    });
    document = document.master(TRACKS, tracks);
    if stamp.tag_place == TagPlace::BeforeCluster {
        document = producer_tags(document, fragment);
    }
    document = tags(
        document,
        &[
            ("AWS_KINESISVIDEO_FRAGMENT_NUMBER", stamp.number),
            ("AWS_KINESISVIDEO_SERVER_TIMESTAMP", &seconds(stamp.server_timestamp)),
            ("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", &seconds(fragment.producer_timestamp)),
        ],
    );
    document = document
        .open(CLUSTER, 1)
        .unsigned(TIMESTAMP, fragment.producer_timestamp.timestamp_millis().unsigned_abs())
        .unsigned(POSITION, 0);
    for frame in &fragment.frames {
        let offset = i16::try_from(frame.offset.as_millis()).unwrap_or(i16::MAX).to_be_bytes();
        let mut block = vec![0x80 | frame.track, offset[0], offset[1], 0x80];
        block.extend_from_slice(&frame.audio);
        document = document.binary(SIMPLE_BLOCK, &block);
    }
    if stamp.tag_place == TagPlace::AfterCluster {
        document = producer_tags(document, fragment);
    }
    document = tags(
        document,
        &[
            ("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", &stamp.millis_behind_now.to_string()),
            ("AWS_KINESISVIDEO_CONTINUATION_TOKEN", stamp.number),
        ],
    );
    document.into_bytes()
}

/// The document that says why there are no more.
pub(super) fn write_error(error: &ErrorTag) -> Vec<u8> {
    let id = error.id.to_string();
    let named = [("AWS_KINESISVIDEO_ERROR_CODE", error.code.as_str()), ("AWS_KINESISVIDEO_ERROR_ID", &id)];
    tags(header(), &named).into_bytes()
}

fn header() -> Elements {
    let ebml = Elements::default()
        .unsigned(0x4286, 1)
        .unsigned(0x42F7, 1)
        .unsigned(0x42F2, 4)
        .unsigned(0x42F3, 8)
        .text(0x4282, "matroska")
        .unsigned(0x4287, 2)
        .unsigned(0x4285, 2);
    Elements::default().master(EBML, ebml).open(SEGMENT, 8)
}

/// The producer's tags, each in tags of its own.
fn producer_tags(document: Elements, fragment: &Fragment) -> Elements {
    fragment.tags.iter().fold(document, |document, (name, value)| tags(document, &[(name, value)]))
}

fn tags(document: Elements, named: &[(&str, &str)]) -> Elements {
    let all = named.iter().fold(Elements::default(), |all, (name, value)| {
        all.master(SIMPLE_TAG, Elements::default().text(TAG_NAME, name).text(TAG_STRING, value))
    });
    document.master(TAGS, Elements::default().master(TAG, all))
}

/// Seconds since 1970 with three decimals.
fn seconds(at: DateTime<Utc>) -> String {
    format!("{}.{:03}", at.timestamp(), at.timestamp_subsec_millis())
}
