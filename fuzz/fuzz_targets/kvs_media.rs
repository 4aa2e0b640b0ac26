//! Any bytes, as the answer of GetMedia. Whatever they are, they are read to their end, the same in any chunks, and no
//! more is held, found or skipped than there is. The first byte of the input says how large the chunks are.
#![no_main]

use bytes::Bytes;
use kvs_media::{Event, Limits, Reader};

/// Small, so that inputs of a few kilobytes meet them.
const LIMITS: Limits = Limits { frame_bytes: 600, element_bytes: 500 };

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let Some((size, stream)) = input.split_first() else { return };
    let stream = Bytes::copy_from_slice(stream);
    let whole = read(&stream, stream.len().max(1));
    assert!(whole == read(&stream, usize::from(*size).max(1)), "the chunks matter");
    assert!(whole.len() <= stream.len(), "{} events from {} bytes", whole.len(), stream.len());
    let accounted: u64 = whole
        .iter()
        .map(|event| match event {
            Event::Frame(frame) => frame.data.len() as u64,
            Event::Damaged(damage) => damage.skipped,
            _ => 0,
        })
        .sum();
    assert!(accounted <= stream.len() as u64, "more was read than there is");
});

fn read(stream: &Bytes, size: usize) -> Vec<Event> {
    let mut reader = Reader::new(LIMITS);
    let mut events = Vec::new();
    for chunk in stream.chunks(size) {
        reader.push(Bytes::copy_from_slice(chunk));
        events.extend(std::iter::from_fn(|| reader.poll()));
        assert!(reader.held_bytes() < LIMITS.frame_bytes as usize, "{} bytes are held", reader.held_bytes());
    }
    events
}
