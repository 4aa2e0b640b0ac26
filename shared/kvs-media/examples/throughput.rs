//! How fast a call is read, next to copying the same bytes: `cargo run -p kvs-media --release --example throughput`.
//!
//! Copying is a fresh buffer for each chunk: what a reader that shares no memory does at the least. The call is taken in
//! pieces, one pair of measurements for each, and the median of the pairs' ratios counts, so that what else runs on the
//! machine matters little. Cached: the bytes have just been written, as they have when they come out of a TLS
//! connection. Uncached: they come from main memory.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use kvs_media::{Event, Limits, Reader};

#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/it/connect_stream.rs"]
mod connect_stream;

use connect_stream::{FRAME_MILLIS, Shape};

/// 27 minutes of both sides, 52 MB, in pieces of 8 seconds and fragments of 2.
const PIECES: u64 = 200;
const FRAGMENTS: u64 = 4;
const FRAMES: u64 = 31;

fn main() {
    println!(
        "chunk                copy GB/s  read GB/s  reading / copying (10 % to 90 %)  per minute of call"
    );
    for chunk in [1_460, 4_096, 8_192, 16_384, 65_536] {
        measure(chunk, true);
        measure(chunk, false);
    }
}

fn measure(chunk: usize, cached: bool) {
    let shape = Shape { frames: FRAMES, ..Shape::default() };
    let pieces: Vec<Vec<Bytes>> = (0..PIECES)
        .map(|piece| connect_stream::fragments(piece * FRAGMENTS..(piece + 1) * FRAGMENTS, &shape))
        .map(|stream| stream.chunks(chunk).map(Bytes::copy_from_slice).collect())
        .collect();
    let bytes = pieces[0].iter().map(Bytes::len).sum::<usize>() as f64;
    let mut reader = Reader::new(Limits::telephone_audio());
    let pairs: Vec<(f64, f64)> = pieces
        .chunks_exact(2)
        .map(|pair| {
            if cached {
                pair.iter().for_each(|piece| _ = copy(piece));
            }
            (copy(&pair[0]).as_secs_f64(), read(&mut reader, &pair[1]).as_secs_f64())
        })
        .collect();
    let reading = median(pairs.iter().map(|(_, reading)| *reading));
    let gb_per_second = |seconds: f64| bytes / seconds / 1e9;
    let ratio = |share| quantile(pairs.iter().map(|(copying, reading)| reading / copying), share);
    let minutes = (FRAGMENTS * FRAMES * FRAME_MILLIS) as f64 / 60_000.0;
    println!(
        "{chunk:>6} B, {:<8}  {:>10.1} {:>10.1}  {:.2} ({:.2} to {:.2}) {:>17.0} µs",
        if cached { "cached" } else { "uncached" },
        gb_per_second(median(pairs.iter().map(|(copying, _)| *copying))),
        gb_per_second(reading),
        ratio(0.5),
        ratio(0.1),
        ratio(0.9),
        reading * 1e6 / minutes,
    );
}

#[inline(never)]
fn copy(chunks: &[Bytes]) -> Duration {
    let start = Instant::now();
    for chunk in chunks {
        black_box(chunk.to_vec());
    }
    start.elapsed()
}

#[inline(never)]
fn read(reader: &mut Reader, chunks: &[Bytes]) -> Duration {
    let start = Instant::now();
    let mut frames = 0;
    for chunk in chunks {
        reader.push(chunk.clone());
        while let Some(event) = reader.poll() {
            frames += u64::from(matches!(black_box(event), Event::Frame(_)));
        }
    }
    let elapsed = start.elapsed();
    assert_eq!(frames, 2 * FRAGMENTS * FRAMES, "a frame is missing");
    elapsed
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[(values.len() as f64 * share) as usize]
}
