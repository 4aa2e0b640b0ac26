//! Streams that are not what they should be: nothing panics, nothing grows, and reading goes on.

use bytes::Bytes;
use kvs_media::{Damage, Event, Fault, Limits, Reader};
use proptest::prelude::*;

use crate::chunks::shapes;
use crate::connect_stream::{self, Shape, block, call, element, fragment, head, master, tags};
use crate::samples::events;

fn damages(events: &[Event]) -> Vec<Damage> {
    let damage = |event: &Event| if let Event::Damaged(damage) = event { Some(*damage) } else { None };
    events.iter().filter_map(damage).collect()
}

fn ended(events: &[Event]) -> Vec<String> {
    let number = |event: &Event| match event {
        Event::FragmentEnd(end) => Some(end.number.to_string()),
        _ => None,
    };
    events.iter().filter_map(number).collect()
}

fn frames(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::Frame(_))).count()
}

/// A document with one cluster of these elements, in a fragment that is named.
fn document(elements: &[Vec<u8>]) -> Vec<u8> {
    let named = tags(&[("AWS_KINESISVIDEO_FRAGMENT_NUMBER", "7")]);
    let cluster = master(0x1F43_B675, false, &elements.concat());
    [head(), master(0x1853_8067, false, &[named, cluster].concat())].concat()
}

/// The damage in a document, and the frames that were read.
fn read(elements: &[Vec<u8>]) -> (Vec<Damage>, usize) {
    let events = events([document(elements), fragment(8, &Shape::default())].concat());
    let ended = ended(&events);
    assert_eq!(ended, [connect_stream::fragment_number(8)], "a damaged fragment is not whole, the next is");
    (damages(&events), frames(&events) - 32)
}

#[test]
fn laced_blocks_are_refused_one_by_one() {
    let time = element(0xE7, b"\x05");
    let laced = element(0xA3, b"\x81\0\0\x02\x01pcm");
    let read = read(&[time, laced, block(1, 0, b"pcm", false)]);
    assert_eq!(read, (vec![Damage { fault: Fault::Laced, skipped: 8 }], 1));
}

#[test]
fn a_frame_before_the_time_of_its_cluster_is_refused() {
    let read = read(&[block(1, 0, b"pcm", true), element(0xE7, b"\x05"), block(1, 0, b"pcm", true)]);
    assert_eq!(read, (vec![Damage { fault: Fault::NoTime, skipped: 12 }], 1));
}

#[test]
fn what_is_larger_than_the_limit_is_passed_over() {
    let time = element(0xE7, b"\x05");
    let large = element(0xA3, &vec![0; Limits::default().frame_bytes as usize + 1]);
    let skipped = large.len() as u64;
    assert_eq!(read(&[time.clone(), large]), (vec![Damage { fault: Fault::TooLarge, skipped }], 0));
    let unknown = element(0x7777, &vec![0; Limits::default().element_bytes as usize + 1]);
    let skipped = unknown.len() as u64;
    assert_eq!(read(&[time, unknown]), (vec![Damage { fault: Fault::TooLarge, skipped }], 0));
}

#[test]
fn only_segments_and_clusters_may_leave_their_size_open() {
    let read = read(&[element(0xE7, b"\x05"), b"\xA3\xFFpcm".to_vec()]);
    assert_eq!(read, (vec![Damage { fault: Fault::UnknownSize, skipped: 5 }], 0));
}

#[test]
fn unknown_elements_are_no_damage() {
    let unknown = element(0x7777, b"something new");
    let stream = document(&[element(0xE7, b"\x05"), unknown.clone(), block(1, 0, b"pcm", false), unknown]);
    let events = events([stream, head()].concat());
    assert_eq!((damages(&events), frames(&events), ended(&events)), (vec![], 1, vec!["7".to_owned()]));
}

#[test]
fn an_element_that_outgrows_its_parent_is_damage() {
    let mut cluster = element(0x1F43_B675, &[element(0xE7, b"\x05"), block(1, 0, b"pcm", false)].concat());
    let frame = cluster.len() - 9;
    cluster[frame + 1] += 1;
    let stream = [head(), master(0x1853_8067, false, &cluster), fragment(8, &Shape::default())].concat();
    let events = events(stream);
    assert_eq!(damages(&events), [Damage { fault: Fault::Overrun, skipped: 9 }]);
    assert_eq!(ended(&events).len(), 1);
}

#[test]
fn a_document_that_breaks_off_inside_its_stated_size_loses_only_its_end() {
    let shape = Shape { sized: (true, true), ..Shape::default() };
    let mut stream = fragment(0, &shape);
    // At the end of a frame: the next document begins where another frame would.
    let frame = block(1, 0, &[0; 1024], false).len();
    stream.truncate(stream.len() - tags_after().len() - 3 * frame);
    stream.extend(fragment(1, &shape));
    let events = events(stream);
    assert_eq!(damages(&events), [Damage { fault: Fault::Misplaced, skipped: 0 }]);
    assert_eq!((frames(&events), ended(&events)), (61, vec![connect_stream::fragment_number(1)]));
}

fn tags_after() -> Vec<u8> {
    let number = connect_stream::fragment_number(0);
    tags(&[("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "250"), ("AWS_KINESISVIDEO_CONTINUATION_TOKEN", &number)])
}

#[test]
fn tags_that_cannot_be_read_cost_only_themselves() {
    let mut stream = call(2, &Shape::default());
    let name = stream.windows(9).position(|window| window == b"ContactId").unwrap();
    stream[name - 1] = 0xFF;
    let events = events(stream);
    let fault = Fault::UnknownSize;
    assert!(matches!(damages(&events)[..], [Damage { fault: found, .. }] if found == fault));
    assert_eq!(frames(&events), 64);
    assert_eq!(ended(&events).len(), 2, "they come before the fragment");
}

#[test]
fn garbage_before_the_first_document() {
    let stream = [b"<html>502 Bad Gateway</html>".to_vec(), call(1, &Shape::default())].concat();
    let events = events(stream);
    assert_eq!(damages(&events).iter().map(|damage| damage.skipped).sum::<u64>(), 28);
    assert_eq!((frames(&events), ended(&events).len()), (32, 1));
}

/// What is done to a stream.
#[derive(Clone, Debug)]
enum Mutation {
    Set(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
}

fn mutations() -> impl Strategy<Value = Vec<Mutation>> {
    let insert = prop::collection::vec(any::<u8>(), 1..40);
    let mutation = prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Set(at, byte)),
        (any::<prop::sample::Index>(), insert).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (any::<prop::sample::Index>(), 1..3_000_usize).prop_map(|(at, bytes)| Mutation::Remove(at, bytes)),
    ];
    prop::collection::vec(mutation, 1..8)
}

fn mutate(mut stream: Vec<u8>, mutations: &[Mutation]) -> Vec<u8> {
    for mutation in mutations {
        match mutation {
            _ if stream.is_empty() => break,
            Mutation::Set(at, byte) => {
                let at = at.index(stream.len());
                stream[at] = *byte;
            }
            Mutation::Insert(at, bytes) => {
                let at = at.index(stream.len());
                stream.splice(at..at, bytes.iter().copied());
            }
            Mutation::Remove(at, bytes) => {
                let at = at.index(stream.len());
                stream.drain(at..(at + bytes).min(stream.len()));
            }
        }
    }
    stream
}

/// Reads what may be anything: the events are bounded by the bytes, and what is held by the limits.
fn survive(stream: Vec<u8>, chunk: usize) -> Vec<Event> {
    const SMALL: Limits = Limits { frame_bytes: 50_000, element_bytes: 5_000 };
    let length = stream.len();
    let mut reader = Reader::new(SMALL);
    let mut events = Vec::new();
    let mut rest = Bytes::from(stream);
    while !rest.is_empty() {
        reader.push(rest.split_to(chunk.min(rest.len())));
        events.extend(std::iter::from_fn(|| reader.poll()));
        assert!(reader.held_bytes() < SMALL.frame_bytes as usize, "{}", reader.held_bytes());
    }
    assert!(events.len() <= length, "{} events from {length} bytes", events.len());
    let skipped: u64 = damages(&events).iter().map(|damage| damage.skipped).sum();
    let data: usize =
        events.iter().map(|event| if let Event::Frame(frame) = event { frame.data.len() } else { 0 }).sum();
    assert!(skipped + data as u64 <= length as u64, "more was read than there is");
    events
}

proptest! {
    #[test]
    fn a_damaged_call_is_read_to_its_end(shape in shapes(), mutations in mutations(), chunk in 1..3_000_usize) {
        let stream = mutate(call(3, &shape), &mutations);
        let whole = survive(stream.clone(), stream.len().max(1));
        prop_assert!(survive(stream, chunk) == whole, "the chunks matter");
    }

    #[test]
    fn reading_recovers_within_one_fragment(mutations in mutations()) {
        // No frame of it can pass for the rest of the stream.
        let limits = Limits { frame_bytes: 2_000, element_bytes: 2_000 };
        let good = fragment(9, &Shape::default());
        let stream = [mutate(call(3, &Shape::default()), &mutations), good.clone(), good].concat();
        let mut reader = Reader::new(limits);
        reader.push(stream.into());
        let events: Vec<_> = std::iter::from_fn(|| reader.poll()).collect();
        let ended = ended(&events);
        prop_assert_eq!(ended.last(), Some(&connect_stream::fragment_number(9)));
    }

    #[test]
    fn any_bytes_are_survived(stream in prop::collection::vec(any::<u8>(), 0..3_000), chunk in 1..200_usize) {
        survive(stream, chunk);
    }

    #[test]
    fn any_elements_are_survived(
        ids in prop::collection::vec(prop::sample::select(&IDS[..]), 1..60),
        sizes in prop::collection::vec(0..40_u8, 60),
        chunk in 1..200_usize,
    ) {
        let stream = ids.iter().zip(&sizes).flat_map(|(id, size)| {
            let id_bytes = id.to_be_bytes();
            let size = if *size > 35 { 0xFF } else { 0x80 | size };
            [&id_bytes[id.leading_zeros() as usize / 8..], &[size]].concat()
        });
        survive(stream.collect(), chunk);
    }
}

const IDS: [u32; 22] = [
    0x1A45_DFA3,
    0x1853_8067,
    0x114D_9B74,
    0x1549_A966,
    0x1654_AE6B,
    0x1254_C367,
    0x1F43_B675,
    0xE7,
    0xA3,
    0xA0,
    0xA1,
    0x2A_D7B1,
    0xAE,
    0xD7,
    0x536E,
    0xE1,
    0x7373,
    0x67C8,
    0x45A3,
    0x4487,
    0xEC,
    0xBF,
];
