//! What Kinesis Video really sent: the files beside the repository, which are read from there and not copied.

use std::path::Path;
use std::{fs, io};

use bytes::Bytes;
use kvs_media::{Event, FragmentNumber, Limits, Reader};

const RECORDED: &str = "output_get_media.mkv";
const TAGGED: &str = "test_mixed_tags.mkv";
const WITHOUT_MEDIA: &str = "empty-mkv-with-tags.mkv";

/// The sample files, by name. None if the folder is not there, as in a clone of the repository alone; the files are
/// in `src/test/resources` of github.com/aws/amazon-kinesis-video-streams-parser-library.
pub(crate) fn all() -> Vec<(&'static str, Bytes)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/kinesis-video");
    if !folder.exists() {
        eprintln!("no sample files at {}: not tested with them", folder.display());
        return Vec::new();
    }
    let read = |name: &'static str| -> io::Result<_> { Ok((name, fs::read(folder.join(name))?.into())) };
    [RECORDED, TAGGED, WITHOUT_MEDIA].map(|name| read(name).unwrap()).to_vec()
}

/// All events of a stream that comes in one chunk.
pub(crate) fn events(stream: impl Into<Bytes>) -> Vec<Event> {
    let mut reader = Reader::new(Limits::default());
    reader.push(stream.into());
    std::iter::from_fn(|| reader.poll()).collect()
}

fn sample(name: &str) -> Option<Vec<Event>> {
    all().into_iter().find(|(found, _)| *found == name).map(|(_, stream)| events(stream))
}

fn count(events: &[Event], wanted: impl Fn(&Event) -> bool) -> usize {
    events.iter().filter(|event| wanted(event)).count()
}

fn ended(events: &[Event]) -> Vec<FragmentNumber> {
    let number = |event: &Event| match event {
        Event::FragmentEnd(end) => Some(end.number.clone()),
        _ => None,
    };
    events.iter().filter_map(number).collect()
}

#[test]
fn a_recorded_answer() {
    let Some(events) = sample(RECORDED) else { return };
    assert_eq!(count(&events, |event| matches!(event, Event::Document)), 5);
    assert_eq!(count(&events, |event| matches!(event, Event::Frame(_))), 300);
    assert_eq!(count(&events, |event| matches!(event, Event::Damaged(_))), 0);
    let times: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::Frame(frame) => Some(frame.time.as_millis()),
            _ => None,
        })
        .collect();
    // Its clusters count from the start of the recording.
    assert_eq!(times[..2], [1_511_852_108_513, 1_511_852_108_546]);
    assert!(times.is_sorted());
    assert_eq!(times[299] - times[0], 9_967);
    let ended = ended(&events);
    assert!(ended.is_sorted());
    assert_eq!(ended[4].as_str(), "91343852333181432412489103236310005892133364608");
    assert!(
        matches!(events.last(), Some(Event::FragmentEnd(end)) if end.behind_now.unwrap().as_millis() == 12_093)
    );
}

#[test]
fn tags_before_and_after_the_frames() {
    let Some(events) = sample(TAGGED) else { return };
    assert_eq!(count(&events, |event| matches!(event, Event::Tag(_))), 55);
    assert_eq!(count(&events, |event| matches!(event, Event::Frame(_))), 100);
    assert_eq!(count(&events, |event| matches!(event, Event::Damaged(_))), 0);
    assert_eq!(ended(&events).len(), 10);
    assert!(
        matches!(&events[1], Event::Tag(tag) if tag.name == "testTag_0" && tag.value == "testTag_0_Value")
    );
    assert!(matches!(&events[6], Event::Track(track) if track.name == "test track" && track.audio.is_none()));
    assert!(matches!(&events[7], Event::Fragment(_)));
}

#[test]
fn a_fragment_without_media() {
    let Some(events) = sample(WITHOUT_MEDIA) else { return };
    let [Event::Document, Event::Track(track), Event::Fragment(fragment)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(track.codec_id, "V_MPEG4/ISO/AVC");
    assert_eq!(fragment.number.as_str(), "91343852338378294813695855977007281634605393997");
}
