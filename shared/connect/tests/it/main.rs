//! The sample files in `events/`, and what must hold for any JSON at all.

// clippy.toml allows these in `#[test]` functions, not in what they share.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod analyses;
mod any_json;
mod contact_lens;
mod sample_files;
mod samples;
