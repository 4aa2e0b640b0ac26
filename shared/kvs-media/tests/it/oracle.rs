//! What webm-iterable, a reader that shares nothing with this crate, makes of a stream.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::time::Duration;

use kvs_media::Event;
use webm_iterable::WebmIterator;
use webm_iterable::matroska_spec::{Block, Master, MatroskaSpec, SimpleBlock};

use crate::connect_stream::{Shape, call};
use crate::samples;

/// What both readers can say.
#[derive(Debug, PartialEq)]
enum Seen {
    Document,
    Track {
        number: u64,
        name: String,
        codec_id: String,
        audio: Option<(f64, u64)>,
    },
    Tag(String, String),
    /// The tags of Kinesis Video in one Tags element.
    OfKinesis(BTreeMap<String, String>),
    Frame {
        track: u64,
        nanos: u128,
        data: Vec<u8>,
    },
}

fn by_webm_iterable(stream: &[u8]) -> Vec<Seen> {
    let whole = [
        MatroskaSpec::Info(Master::Start),
        MatroskaSpec::TrackEntry(Master::Start),
        MatroskaSpec::Tags(Master::Start),
        MatroskaSpec::BlockGroup(Master::Start),
    ];
    let mut seen = Vec::new();
    let (mut scale, mut producer_millis, mut to_epoch, mut cluster) = (1_000_000, None, 0, 0);
    let time = |cluster: i128, ticks: i16, scale: i128| (cluster + i128::from(ticks) * scale) as u128;
    for element in WebmIterator::new(Cursor::new(stream), &whole) {
        match element.unwrap() {
            MatroskaSpec::Ebml(Master::Start) => {
                (scale, producer_millis, to_epoch) = (1_000_000, None, 0);
                seen.push(Seen::Document);
            }
            MatroskaSpec::Info(Master::Full(children)) => {
                for child in children {
                    if let MatroskaSpec::TimestampScale(nanos) = child {
                        scale = i128::from(nanos);
                    }
                }
            }
            MatroskaSpec::TrackEntry(Master::Full(children)) => seen.push(track(children)),
            MatroskaSpec::Tags(Master::Full(children)) => {
                let mut of_kinesis = BTreeMap::new();
                for (name, value) in simple_tags(children) {
                    if name.starts_with("AWS_KINESISVIDEO_") {
                        of_kinesis.insert(name, value);
                    } else {
                        seen.push(Seen::Tag(name, value));
                    }
                }
                if let Some(seconds) = of_kinesis.get("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP") {
                    producer_millis = Some(seconds.replace('.', "").parse::<i128>().unwrap());
                }
                if !of_kinesis.is_empty() {
                    seen.push(Seen::OfKinesis(of_kinesis));
                }
            }
            MatroskaSpec::Timestamp(ticks) => {
                let nanos = i128::from(ticks) * scale;
                if let Some(millis) = producer_millis.take() {
                    to_epoch = millis * 1_000_000 - nanos;
                }
                cluster = nanos + to_epoch;
            }
            MatroskaSpec::SimpleBlock(data) => {
                let block = SimpleBlock::try_from(&data).unwrap();
                let nanos = time(cluster, block.timestamp, scale);
                seen.push(Seen::Frame { track: block.track, nanos, data: block.raw_frame_data().to_vec() });
            }
            MatroskaSpec::BlockGroup(Master::Full(children)) => {
                for child in children {
                    let MatroskaSpec::Block(data) = child else { continue };
                    let block = Block::try_from(&data).unwrap();
                    let nanos = time(cluster, block.timestamp, scale);
                    seen.push(Seen::Frame {
                        track: block.track,
                        nanos,
                        data: block.raw_frame_data().to_vec(),
                    });
                }
            }
            _ => {}
        }
    }
    seen
}

fn unpadded(text: String) -> String {
    text.trim_end_matches('\0').to_owned()
}

fn track(children: Vec<MatroskaSpec>) -> Seen {
    let (mut number, mut name, mut codec_id, mut audio) = (0, String::new(), String::new(), None);
    for child in children {
        match child {
            MatroskaSpec::TrackNumber(value) => number = value,
            MatroskaSpec::Name(value) => name = unpadded(value),
            MatroskaSpec::CodecID(value) => codec_id = unpadded(value),
            MatroskaSpec::Audio(Master::Full(children)) => {
                let sampling = children.iter().find_map(|child| match child {
                    MatroskaSpec::SamplingFrequency(hertz) => Some(*hertz),
                    _ => None,
                });
                let channels = children.iter().find_map(|child| match child {
                    MatroskaSpec::Channels(channels) => Some(*channels),
                    _ => None,
                });
                audio = Some((sampling.unwrap_or(8_000.0), channels.unwrap_or(1)));
            }
            _ => {}
        }
    }
    Seen::Track { number, name, codec_id, audio }
}

fn simple_tags(tags: Vec<MatroskaSpec>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for tag in tags {
        let MatroskaSpec::Tag(Master::Full(simple)) = tag else { continue };
        for simple in simple {
            let MatroskaSpec::SimpleTag(Master::Full(children)) = simple else { continue };
            let (mut name, mut value) = (String::new(), String::new());
            for child in children {
                match child {
                    MatroskaSpec::TagName(text) => name = unpadded(text),
                    MatroskaSpec::TagString(text) => value = unpadded(text),
                    _ => {}
                }
            }
            pairs.push((name, value));
        }
    }
    pairs
}

/// The same from this crate's events.
fn by_this_crate(events: Vec<Event>) -> Vec<Seen> {
    let seconds = |time: Duration| format!("{}.{:03}", time.as_secs(), time.subsec_millis());
    let of_kinesis = |tags: Vec<(&str, Option<String>)>| {
        let tags =
            tags.into_iter().filter_map(|(name, value)| Some((format!("AWS_KINESISVIDEO_{name}"), value?)));
        Seen::OfKinesis(tags.collect())
    };
    let convert = |event| match event {
        Event::Document => Seen::Document,
        Event::Track(track) => Seen::Track {
            number: track.number,
            name: track.name,
            codec_id: track.codec_id,
            audio: track.audio.map(|audio| (audio.sampling_rate.into(), audio.channels.into())),
        },
        Event::ContactId(id) => Seen::Tag("ContactId".to_owned(), id),
        Event::StopStreaming => Seen::Tag("STOP_STREAMING".to_owned(), "true".to_owned()),
        Event::Tag(tag) => Seen::Tag(tag.name, tag.value),
        Event::Fragment(fragment) => of_kinesis(vec![
            ("FRAGMENT_NUMBER", Some(fragment.number.to_string())),
            ("PRODUCER_TIMESTAMP", fragment.producer_time.map(seconds)),
            ("SERVER_TIMESTAMP", fragment.server_time.map(seconds)),
        ]),
        Event::FragmentEnd(end) => of_kinesis(vec![
            ("CONTINUATION_TOKEN", end.continuation_token),
            ("MILLIS_BEHIND_NOW", end.behind_now.map(|behind| behind.as_millis().to_string())),
        ]),
        Event::Frame(frame) => {
            Seen::Frame { track: frame.track, nanos: frame.time.as_nanos(), data: frame.data.to_vec() }
        }
        Event::Failure(_) | Event::Damaged(_) => panic!("a sound stream: {event:?}"),
    };
    events.into_iter().map(convert).collect()
}

#[track_caller]
pub(crate) fn check(what: &str, stream: &[u8]) {
    let (theirs, ours) = (by_webm_iterable(stream), by_this_crate(samples::events(stream.to_vec())));
    for (index, (theirs, ours)) in theirs.iter().zip(&ours).enumerate() {
        assert!(theirs == ours, "{what}: event {index} is {theirs:?} to webm-iterable and {ours:?} here");
    }
    assert_eq!(theirs.len(), ours.len(), "{what}");
}

#[test]
fn the_samples_read_as_webm_iterable_reads_them() {
    for (name, stream) in samples::all() {
        check(name, &stream);
    }
}

#[test]
fn a_call_reads_as_webm_iterable_reads_it() {
    check("a call", &call(20, &Shape::default()));
}
