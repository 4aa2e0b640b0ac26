//! Whole calls over the real function binaries, faults of every kind, and checks that keep the house tidy.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "all of this is tests")]

mod calls;
mod console;
mod contact_lens;
mod credentials;
mod faults;
mod flows;
mod invoke;
mod privacy;
mod queries;
mod records;
mod steady;
mod support;
mod tidy;
mod transcription;
