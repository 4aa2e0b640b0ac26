//! How a stream is divided into chunks must not matter.

use bytes::Bytes;
use kvs_media::{Event, Limits, Reader};
use proptest::prelude::*;

use crate::connect_stream::{Shape, call};
use crate::{oracle, samples};

/// The events of a stream in chunks of the given sizes, which are taken in turn.
fn in_chunks(stream: &Bytes, sizes: &[usize]) -> Vec<Event> {
    let mut reader = Reader::new(Limits::default());
    let mut events = Vec::new();
    let mut rest = stream.clone();
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        // Memory of its own, as a chunk from a connection has.
        let chunk = rest.split_to((*size).min(rest.len()));
        reader.push(Bytes::copy_from_slice(&chunk));
        events.extend(std::iter::from_fn(|| reader.poll()));
        assert!(reader.held_bytes() < Limits::default().frame_bytes as usize);
    }
    events
}

/// Few sizes, small and large.
fn sizes(largest: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![1..20_usize, 1..=largest], 1..12)
}

pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    let sizes = (
        1..6_u64,
        prop_oneof![4 => Just(1024_usize), 4 => 0..300_usize, 1 => 10_000..40_000_usize],
        1..4_u64,
    );
    let choices = (any::<(bool, bool)>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (sizes, choices).prop_map(
        |((frames, frame_bytes, clusters), (sized, groups, relative, late_contact, fillers))| Shape {
            frames,
            frame_bytes,
            sized,
            groups,
            relative,
            late_contact,
            fillers,
            clusters,
        },
    )
}

#[test]
fn the_samples_read_the_same_in_chunks_of_one_size() {
    for (name, stream) in samples::all() {
        let whole = samples::events(stream.clone());
        // One byte at a time where that does not take seconds.
        for size in [1, 3, 7, 1_000, 16_384, 1 << 20].into_iter().filter(|size| stream.len() / size < 400_000)
        {
            assert!(in_chunks(&stream, &[size]) == whole, "{name} in chunks of {size}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_samples_read_the_same_in_any_chunks(sizes in sizes(100_000)) {
        for (name, stream) in samples::all() {
            prop_assert!(in_chunks(&stream, &sizes) == samples::events(stream), "{name}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_call_reads_the_same_in_any_chunks(shape in shapes(), fragments in 1..5_u64, sizes in sizes(5_000)) {
        let stream = Bytes::from(call(fragments, &shape));
        prop_assert!(in_chunks(&stream, &sizes) == samples::events(stream));
    }

    #[test]
    fn a_call_of_any_shape_reads_as_webm_iterable_reads_it(shape in shapes(), fragments in 1..5_u64) {
        oracle::check("a call", &call(fragments, &shape));
    }
}
