//! How much memory the function takes for the transcripts of long calls: the binary itself is invoked, over the Runtime
//! API. Linux only, because Linux tells.
//!
//! `cargo test -p backfill-transcripts --test memory -- --nocapture` prints it; with `--release` it is that of a
//! deployment.

#![cfg(target_os = "linux")]
// clippy.toml allows it in `#[test]` functions, not in what they share.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Instant;

use serde_json::{Value, json};
use stage::{REST_BASE, Stage, event};
use wiremock::matchers::any;
use wiremock::{Mock, Request, ResponseTemplate};

const MOST_KIB: u64 = 64 * 1024;
const BUCKET: &str = "main-123456789012";
const CALLS: usize = 30;

/// Somebody speaks all the time, in turns of three seconds, and the file has all that Contact Lens can say about a turn.
fn four_hours() -> Value {
    const TURN_MILLIS: u32 = 3_000;
    let turns = 4 * 3600 * 1000 / TURN_MILLIS;
    let turn = |at: u32| {
        let begin = at * TURN_MILLIS;
        json!({
            "BeginOffsetMillis": begin,
            "EndOffsetMillis": begin + TURN_MILLIS - 100,
            "Content": "And then I was told, schön wär's, that the parcel with the number [PII] has come back.",
            "Id": format!("{at:08x}-13c2-4fee-952c-247ec8bb0e53"),
            "ParticipantId": if at.is_multiple_of(2) { "AGENT" } else { "CUSTOMER" },
            "Sentiment": "NEUTRAL",
            "LoudnessScore": [72.44, null, 0],
            "IssuesDetected": [{ "CharacterOffsets": { "BeginOffsetChar": 0, "EndOffsetChar": 21 }, "Text": "And then I was told" }],
            "Redaction": { "RedactedTimestamps": [{ "BeginOffsetMillis": begin + 1_200, "EndOffsetMillis": begin + 1_900 }] },
        })
    };
    let mut file = event("analyses/original.json").unwrap();
    file["Transcript"] = (0..turns).map(turn).collect();
    file
}

/// A Salesforce with calls of four hours.
fn answer(request: &Request) -> ResponseTemplate {
    let ok = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let Some(path) = request.url.path().strip_prefix(REST_BASE) else {
        return ok(json!({ "access_token": "the-token", "token_type": "Bearer" }));
    };
    if path != "/query" {
        let body = String::from_utf8_lossy(&request.body);
        let names = body.split("; name=\"").skip(1).map(|part| part.split('"').next().unwrap());
        let results: Vec<Value> = names
            .map(|name| json!({ "conversationIdentifier": name, "uploadId": format!("u-{name}") }))
            .collect();
        return ok(json!({ "conversationBulkUploadsResults": results }));
    }
    let rows: Vec<Value> = (0..CALLS)
        .map(|call| {
            json!({
                "Id": format!("0LQ5e0000000{call:03}"),
                "VendorCallKey": format!("c-{call}"),
                "ConversationId": format!("0dw5e0000000{call:03}"),
                "CallStartDateTime": "2026-03-02T08:00:00.000+0000",
                "CallEndDateTime": "2026-03-02T12:00:00.000+0000",
                "Conversation": {
                    "ConversationIdentifier": format!("c-{call}"),
                    "StartTime": "2026-03-02T08:00:00.000+0000",
                    "EndTime": "2026-03-02T12:00:00.000+0000",
                },
            })
        })
        .collect();
    ok(json!({ "totalSize": rows.len(), "done": true, "records": rows }))
}

#[tokio::test]
async fn thirty_calls_of_four_hours_take_less_than_64_mib() {
    let stage = Stage::new().await.unwrap();
    Mock::given(any()).respond_with(answer).mount(&stage.salesforce).await;
    stage.aws.create_bucket(BUCKET);
    let file = four_hours().to_string();
    let size = file.len();
    for call in 0..CALLS {
        let key = format!("Analysis/Voice/2026/03/02/c-{call}_analysis_2026-03-02T08:00:00Z.json");
        stage.aws.put_object(BUCKET, &key, file.clone());
    }

    let backfill = event("backfill-transcripts/backfill.json").unwrap();
    let binary = env!("CARGO_BIN_EXE_backfill-transcripts");
    let started = Instant::now();
    let invoked = stage.invoke_binary(binary, &backfill, &[("ANALYSIS_BUCKET", BUCKET)]).await.unwrap();
    let report = invoked.reply.unwrap();
    assert_eq!(report["counts"], json!({ "uploaded": CALLS }), "{report}");
    let requests = stage.salesforce.received_requests().await.unwrap();
    let uploads: Vec<usize> = requests
        .iter()
        .filter(|request| request.url.path().ends_with("/upload"))
        .map(|upload| upload.body.len())
        .collect();

    let peak = invoked.peak_kib.unwrap();
    println!(
        "{CALLS} files of {:.1} MB in {} uploads of at most {:.1} MB: {:.1} MiB at most, {:.1} s",
        size as f64 / 1e6,
        uploads.len(),
        uploads.iter().copied().max().unwrap_or_default() as f64 / 1e6,
        peak as f64 / 1024.0,
        started.elapsed().as_secs_f64(),
    );
    assert!(peak < MOST_KIB, "{peak} KiB");
}
