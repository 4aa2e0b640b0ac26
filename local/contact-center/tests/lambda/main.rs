//! The Lambda host and the event sources, over a real process: `examples/misbehaving.rs`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod asynchronous;
mod eventbridge;
mod host;
mod invoke_api;
mod kinesis;
mod s3;
mod sqs;

use std::path::PathBuf;
use std::time::Duration;

use contact_center::lambda::{Function, Host, Options};

/// The example's executable. `cargo test` builds examples beside the tests.
fn misbehaving() -> Function {
    let test = std::env::current_exe().unwrap();
    let target: PathBuf = test.ancestors().nth(2).unwrap().into();
    let binary = target.join("examples/misbehaving").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(binary.exists(), "build the examples first: cargo test -p contact-center (without --test)");
    Function::new("Misbehaving", binary)
}

async fn host_of(function: Function) -> Host {
    let retry_delays = [Duration::from_millis(1); 2];
    Host::start(vec![function], Options { retry_delays, ..Options::default() }).await.unwrap()
}
