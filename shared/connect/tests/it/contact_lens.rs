//! The samples of the real-time stream of Contact Lens.

use std::collections::BTreeSet;

use connect::contact_lens::{ReadSegment, Segment, SegmentEvent};
use connect::from_value;
use serde_json::Value;

use crate::sample_files::{folder, records};

/// What is in these is left out or put in another way when it is written.
const RESPELLED: [&str; 2] = ["awkward", "turn-of-customer"];

#[test]
fn events_are_read_and_written_as_they_came() {
    for (name, sent) in folder("contact-lens") {
        let event = SegmentEvent::read(sent.to_string().as_bytes()).unwrap();
        for words in ["order", "calling", "Hm", "Hello", "waiting", "parcel", "Café"] {
            assert!(!format!("{event:?}").contains(words), "{name}: Debug shows {words}");
        }
        let readable = event.segments.iter().all(Result::is_ok);
        assert_eq!(readable, !matches!(name.as_str(), "one-bad-segment" | "chat"), "{name}");
        assert_eq!(event.is_voice(), name != "chat", "{name}");
        if readable && !RESPELLED.contains(&name.as_str()) {
            let event: SegmentEvent = from_value(sent.clone()).unwrap();
            assert_eq!(serde_json::to_value(&event).unwrap(), sent, "{name}");
        }
    }
}

#[test]
fn one_segment_of_many_is_missed() {
    let event = SegmentEvent::read(folder("contact-lens")["one-bad-segment"].to_string().as_bytes()).unwrap();
    let [Ok(Segment::Utterance(_)), Err(problem), Ok(Segment::Utterance(_))] = event.segments.as_slice()
    else {
        panic!("{event:?}");
    };
    assert_eq!(problem.path(), "Utterance.BeginOffsetMillis");
}

#[test]
fn kinesis_records_are_the_plain_events() {
    let plain = folder("contact-lens");
    let mut used = BTreeSet::new();
    for (name, batch) in folder("persist-transcripts") {
        let records = records(&batch);
        assert!(records.is_sorted_by(|a, b| a.sequence_number < b.sequence_number), "{name}");
        for (index, record) in records.iter().enumerate() {
            let read: Option<Result<SegmentEvent<ReadSegment>, _>> =
                record.data.as_deref().map(SegmentEvent::read);
            if record.partition_key.starts_with("malformed") {
                assert!(!matches!(read, Some(Ok(_))), "{name}: record {index} should not be readable");
                continue;
            }
            let event = read.unwrap().unwrap_or_else(|error| panic!("{name}: record {index}: {error}"));
            assert_eq!(record.partition_key, event.contact_id.as_str(), "{name}: record {index}");
            let content: Value = serde_json::from_slice(record.data.as_deref().unwrap()).unwrap();
            let same = plain.iter().find(|(_, plain)| **plain == content);
            used.insert(same.unwrap_or_else(|| panic!("{name}: record {index} has no plain file")).0);
        }
    }
    assert_eq!(used.len(), plain.len(), "an event is in no batch");
}
