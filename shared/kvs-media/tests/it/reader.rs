//! What the events say.

use std::time::Duration;

use bytes::Bytes;
use kvs_media::{
    Audio, Event, FailureKind, Fragment, FragmentEnd, FragmentNumber, Limits, Reader, Side, Track,
};

use crate::connect_stream::{
    CALL_BEGINS, CONTACT, FRAME_MILLIS, Shape, block, call, element, fragment, fragment_number, head, master,
    samples, tags,
};
use crate::samples::events;

fn number(index: u64) -> FragmentNumber {
    FragmentNumber::parse(&fragment_number(index)).unwrap()
}

fn track(number: u64, name: &str) -> Event {
    let audio = Some(Audio { sampling_rate: 8_000, channels: 1, bit_depth: Some(16) });
    Event::Track(Track { number, name: name.to_owned(), codec_id: "A_PCM/INT/LIT".to_owned(), audio })
}

#[test]
fn a_fragment_of_connect() {
    let shape = Shape { frames: 2, ..Shape::default() };
    let events = events(fragment(3, &shape));
    let begins = CALL_BEGINS + 3 * 2 * FRAME_MILLIS;
    let about = [
        Event::Document,
        track(1, "AUDIO_FROM_CUSTOMER"),
        track(2, "AUDIO_TO_CUSTOMER"),
        Event::ContactId(CONTACT.to_owned()),
        Event::Fragment(Fragment {
            number: number(3),
            producer_time: Some(Duration::from_millis(begins)),
            server_time: Some(Duration::from_millis(begins + 250)),
        }),
    ];
    assert_eq!(events[..5], about);
    for (frame, event) in events[5..9].iter().enumerate() {
        let Event::Frame(read) = event else { panic!("{event:?}") };
        let (track, index) = (frame as u8 % 2 + 1, frame as u64 / 2);
        assert_eq!((read.track, read.time.as_millis() as u64), (track.into(), begins + index * FRAME_MILLIS));
        assert_eq!(read.data, samples(track, 6 + index, 1024));
    }
    let end = FragmentEnd {
        number: number(3),
        continuation_token: Some(fragment_number(3)),
        behind_now: Some(Duration::from_millis(250)),
    };
    assert_eq!(events[9..], [Event::FragmentEnd(end)]);
}

#[test]
fn frames_of_both_sides_lie_on_one_clock_whatever_the_producer_counts_from() {
    let times = |relative| {
        let events = events(call(4, &Shape { relative, clusters: 2, ..Shape::default() }));
        let time =
            |event| if let Event::Frame(frame) = event { Some((frame.track, frame.time)) } else { None };
        events.into_iter().filter_map(time).collect::<Vec<_>>()
    };
    let (from_epoch, from_start) = (times(false), times(true));
    assert_eq!(from_epoch, from_start);
    let expected = (0..4 * 2 * 16).flat_map(|frame| {
        let time = Duration::from_millis(CALL_BEGINS + frame * FRAME_MILLIS);
        [(1, time), (2, time)]
    });
    assert!(from_epoch.into_iter().eq(expected));
}

#[test]
fn a_frame_in_one_chunk_is_not_copied() {
    let stream = Bytes::from(fragment(0, &Shape::default()));
    let mut reader = Reader::new(Limits::telephone_audio());
    reader.push(stream.clone());
    let mut frames = 0;
    while let Some(event) = reader.poll() {
        if let Event::Frame(frame) = event {
            assert!(stream.as_ptr_range().contains(&frame.data.as_ptr()));
            frames += 1;
        }
    }
    assert_eq!((frames, reader.held_bytes()), (32, 0));
}

#[test]
fn a_connection_that_breaks_in_a_fragment_leaves_it_open() {
    let stream = fragment(0, &Shape::default());
    let end = |stream: &[u8]| {
        events(stream.to_vec()).into_iter().any(|event| matches!(event, Event::FragmentEnd(_)))
    };
    assert!(end(&stream));
    for missing in [1, 100, 1_000, 20_000] {
        assert!(!end(&stream[..stream.len() - missing]), "{missing} bytes are missing");
    }
}

/// A document without the tags after the frames.
fn untold(index: u64, sized: bool) -> Vec<u8> {
    let number = fragment_number(index);
    [head(), master(0x1853_8067, sized, &tags(&[("AWS_KINESISVIDEO_FRAGMENT_NUMBER", &number)]))].concat()
}

#[test]
fn without_tags_after_the_frames_a_fragment_ends_with_its_segment() {
    let end = |index| {
        Event::FragmentEnd(FragmentEnd { number: number(index), continuation_token: None, behind_now: None })
    };
    let begin =
        |index| Event::Fragment(Fragment { number: number(index), producer_time: None, server_time: None });
    let sized = events([untold(0, true), untold(1, true)].concat());
    assert_eq!(sized, [Event::Document, begin(0), end(0), Event::Document, begin(1), end(1)]);
    let open = events([untold(0, false), untold(1, false)].concat());
    assert_eq!(open, [Event::Document, begin(0), end(0), Event::Document, begin(1)]);
}

#[test]
fn a_token_beside_the_number_does_not_end_the_fragment_before_its_frames() {
    let both = [("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "7"), ("AWS_KINESISVIDEO_CONTINUATION_TOKEN", "token")];
    let cluster = [element(0xE7, b"\x05"), block(1, 0, b"pcm", false)].concat();
    let segment = [tags(&both), master(0x1F43_B675, true, &cluster)].concat();
    let events = events([head(), master(0x1853_8067, true, &segment), head()].concat());
    let number = FragmentNumber::parse("7").unwrap();
    let end = FragmentEnd { number, continuation_token: Some("token".to_owned()), behind_now: None };
    assert!(matches!(events[2], Event::Frame(_)), "{events:?}");
    assert_eq!(events[3..], [Event::FragmentEnd(end), Event::Document]);
}

#[test]
fn a_document_keeps_its_own_clock() {
    let document = |about: Vec<u8>| {
        let cluster = [element(0xE7, &5_000_u16.to_be_bytes()), block(1, 0, b"pcm", false)].concat();
        [head(), master(0x1853_8067, false, &[about, master(0x1F43_B675, false, &cluster)].concat())].concat()
    };
    let named =
        [("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "7"), ("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", "90.000")];
    let stream = [
        document(tags(&named)),
        document(element(0x1549_A966, &element(0x2A_D7B1, &1_000_u16.to_be_bytes()))),
        document(Vec::new()),
    ];
    let time = |event| if let Event::Frame(frame) = event { Some(frame.time.as_millis()) } else { None };
    assert!(events(stream.concat()).into_iter().filter_map(time).eq([90_000, 5, 5_000]));
}

#[test]
fn several_fragments_in_one_segment() {
    let named = |index| tags(&[("AWS_KINESISVIDEO_FRAGMENT_NUMBER", &*fragment_number(index))]);
    let events = events([head(), master(0x1853_8067, false, &[named(0), named(1)].concat())].concat());
    let numbers = events.iter().filter_map(|event| match event {
        Event::Fragment(fragment) => Some(("begins", fragment.number.clone())),
        Event::FragmentEnd(end) => Some(("ends", end.number.clone())),
        _ => None,
    });
    assert!(numbers.eq([("begins", number(0)), ("ends", number(0)), ("begins", number(1))]));
}

#[test]
fn a_failure_inside_a_fragment_leaves_it_open() {
    let failure = tags(&[
        ("AWS_KINESISVIDEO_FRAGMENT_NUMBER", &*fragment_number(0)),
        ("AWS_KINESISVIDEO_ERROR_CODE", "INTERNAL_ERROR"),
        ("AWS_KINESISVIDEO_ERROR_ID", "5000"),
    ]);
    let events = events([untold(0, false), failure, untold(1, false)].concat());
    let failures = events.iter().filter(
        |event| matches!(event, Event::Failure(failure) if failure.kind == FailureKind::Internal && failure.fragment == Some(number(0))),
    );
    assert_eq!(failures.count(), 1);
    assert!(!events.iter().any(|event| matches!(event, Event::FragmentEnd(_))), "{events:?}");
}

#[test]
fn the_contact_may_be_told_after_the_frames() {
    let events = events(fragment(0, &Shape { late_contact: true, frames: 1, ..Shape::default() }));
    let place = |wanted: fn(&Event) -> bool| events.iter().position(wanted).unwrap();
    let contact = place(|event| matches!(event, Event::ContactId(id) if id == CONTACT));
    assert!(place(|event| matches!(event, Event::Frame(_))) < contact);
    assert!(contact < place(|event| matches!(event, Event::FragmentEnd(_))));
}

#[test]
fn audio_is_not_in_debug_output() {
    let events = events(fragment(0, &Shape { frames: 1, ..Shape::default() }));
    let frame = events.iter().find(|event| matches!(event, Event::Frame(_))).unwrap();
    assert_eq!(format!("{frame:?}"), "Frame(Frame { track: 1, time: 1700000000s, bytes: 1024 })");
}

#[test]
fn the_tracks_say_whose_audio_they_are() {
    let sides = events(fragment(0, &Shape::default())).into_iter().filter_map(|event| match event {
        Event::Track(track) => track.side(),
        _ => None,
    });
    assert!(sides.eq([Side::FromCustomer, Side::ToCustomer]));
}
