//! Streams as Kinesis Video sends them, sound and damaged, in chunks of any size.

// clippy.toml allows these in `#[test]` functions, not in what they share.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod chunks;
mod connect_stream;
mod damage;
mod oracle;
mod reader;
mod samples;
