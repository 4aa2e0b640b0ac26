//! How much memory the function takes for the analysis of a call of four hours: the binary itself is invoked, over the
//! Runtime API. Linux only, because Linux tells.
//!
//! `cargo test -p post-call-analysis --test memory -- --nocapture` prints it; with `--release` it is that of a
//! deployment.

#![cfg(target_os = "linux")]
// clippy.toml allows it in `#[test]` functions, not in what they share.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Instant;

use serde_json::{Value, json};
use stage::{Stage, event};

const MOST_KIB: u64 = 64 * 1024;
const BUCKET: &str = "connect-recordings-123456789012";
const INSTANCE: &str = "6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83";
const CONTACT: &str = "1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6";

/// Somebody speaks all the time, in turns of three seconds, and the file has all that Contact Lens can say about a turn.
fn four_hours() -> Value {
    const TURN_MILLIS: u32 = 3_000;
    let turns = 4 * 3600 * 1000 / TURN_MILLIS;
    let turn = |at: u32| {
        let begin = at * TURN_MILLIS;
        let sentiment = ["POSITIVE", "NEUTRAL", "MIXED", "NEGATIVE"][at as usize % 4];
        json!({
            "BeginOffsetMillis": begin,
            "EndOffsetMillis": begin + TURN_MILLIS - 100,
            "Content": "And then I was told, schön wär's, that the parcel with the number [PII] has come back.",
            "Id": format!("{at:08x}-13c2-4fee-952c-247ec8bb0e53"),
            "ParticipantId": if at.is_multiple_of(2) { "AGENT" } else { "CUSTOMER" },
            "Sentiment": sentiment,
            "LoudnessScore": [72.44, null, 0],
            "IssuesDetected": [{ "CharacterOffsets": { "BeginOffsetChar": 0, "EndOffsetChar": 21 }, "Text": "And then I was told" }],
            "Redaction": { "RedactedTimestamps": [{ "BeginOffsetMillis": begin + 1_200, "EndOffsetMillis": begin + 1_900 }] },
        })
    };
    let mut file = event("analyses/original.json").unwrap();
    file["Transcript"] = (0..turns).map(turn).collect();
    file
}

#[tokio::test]
async fn the_analysis_of_a_call_of_four_hours_takes_less_than_64_mib() {
    let stage = Stage::new().await.unwrap();
    stage.answer(202, json!({ "result": "Accepted" })).await;
    let seconds = 1_772_471_110.25;
    let described = json!({ "AgentInfo": { "ConnectedToAgentTimestamp": seconds } });
    stage.aws.put_contact(INSTANCE, CONTACT, described);
    stage.aws.create_bucket(BUCKET);
    let event = event("post-call-analysis/original.json").unwrap();
    let key = event["detail"]["object"]["key"].as_str().unwrap();
    let file = four_hours();
    let signals = 2 + file["Transcript"].as_array().unwrap().len();
    let file = file.to_string();
    let size = file.len();
    stage.aws.put_object(BUCKET, key, file);

    let binary = env!("CARGO_BIN_EXE_post-call-analysis");
    let started = Instant::now();
    let invoked = stage.invoke_binary(binary, &event, &[]).await.unwrap();
    invoked.reply.unwrap();
    let sent = stage.sent().await;
    let events = sent.iter().map(|sent| sent["body"]["events"].as_array().unwrap().len());
    assert_eq!(events.sum::<usize>(), signals);

    let peak = invoked.peak_kib.unwrap();
    println!(
        "{signals} signals in {} requests from a file of {:.1} MB: {:.1} MiB at most, {:.1} s",
        sent.len(),
        size as f64 / 1e6,
        peak as f64 / 1024.0,
        started.elapsed().as_secs_f64(),
    );
    assert!(peak < MOST_KIB, "{peak} KiB");
}
