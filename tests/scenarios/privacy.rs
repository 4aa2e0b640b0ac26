//! Nothing that is secret or personal is in any log line of whole runs, good and bad.

use std::time::Duration;

use contact_center::center::{Center, Options};
use contact_center::script::Script;
use salesforce_org::{Fault, Route};

use crate::support::{REST, VOICE_CALL, center, contact_record, create, event, invoke, options, root};

/// Every kind of thing that must not be in a log: phone numbers of the scripts and samples, what somebody said, tokens,
/// keys, and the names of credentials' values.
const FORBIDDEN: [&str; 21] = [
    "+1206555",
    "+1800555",
    "2065550",
    "8005550",
    "Please call me back",
    "Order status",
    "O'",
    "It's my bill",
    "billed twice",
    "travel insurance",
    "two weeks",
    "late order",
    "Caf",
    "日本語",
    "Schöne",
    "eyJ",
    "Bearer",
    "PRIVATE KEY",
    "MIIE",
    "callbridge-local-consumer-key",
    "secret_access",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_no_token_no_transcript_and_no_phone_number_is_ever_logged() {
    let environment = vec![("LOG_LEVEL".to_owned(), "trace".to_owned())];
    let queue_retry_delay = Duration::from_millis(50);
    let center = Center::start(Options { environment, queue_retry_delay, ..options().await }).await.unwrap();
    for name in [
        "inbound-answered",
        "transfer",
        "salesforce-down",
        "anonymous-caller",
        "webrtc",
        "case-look-up",
        "case-opened",
        "transcribed",
        "contact-lens",
        "post-call",
        "backfill",
    ] {
        let script = Script::read(&root().join(format!("local/scenarios/{name}.yaml"))).unwrap();
        center.play(&script).await.unwrap();
    }
    for (folder, function) in [
        ("voice-call", VOICE_CALL),
        ("salesforce-rest", REST),
        ("persist-transcripts", "ContactLensProcessorFunction"),
        ("backfill-transcripts", "ContactDataSyncFunction"),
    ] {
        for sample in std::fs::read_dir(root().join("events").join(folder)).unwrap() {
            let name = sample.unwrap().file_name().into_string().unwrap();
            center.host().invoke(function, event(&format!("{folder}/{name}"))).await.unwrap();
        }
    }
    for file in std::fs::read_dir(root().join("events/analyses")).unwrap() {
        let path = file.unwrap().path();
        let contact = path.file_stem().unwrap().to_str().unwrap();
        let key = format!(
            "connect/callbridge/Analysis/Voice/2026/03/02/{contact}_analysis_2026-03-02T17:05:10Z.json"
        );
        center.analysis_files().put(&key, std::fs::read(&path).unwrap()).unwrap();
    }
    center.host().invoke("kvsTranscriber", event("transcribe-call/undelivered.json")).await.unwrap();
    for fault in [Fault::status(Route::Any, 400), Fault::status(Route::Any, 401), Fault::reset(Route::Any)] {
        center.org().faults().add(fault.times(8));
        invoke(&center, create("in-trouble")).await;
        center.contact_records().put("in-trouble", contact_record("in-trouble", 1, "Service").to_string());
        center.settle().await.unwrap();
        center.org().faults().clear();
    }
    center
        .contact_records()
        .put("malformed", "{\"CustomerEndpoint\":\"+12065550100\",\"ContactId\":\"+12065550100\"}");
    center.settle().await.unwrap();

    let lines = center.host().logs();
    assert!(lines.len() > 200, "only {} lines: is anything logged?", lines.len());
    for line in &lines {
        for forbidden in FORBIDDEN {
            assert!(!line.text.contains(forbidden), "{}: {forbidden} in: {}", line.function, line.text);
        }
    }
    for letter in center.dead_letters() {
        let reason: serde_json::Value = serde_json::from_str(&letter).unwrap();
        assert!(!reason["reason"].to_string().contains("2065550"), "{}", reason["reason"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn payloads_are_logged_only_when_asked_for_and_then_with_a_warning() {
    let loud = crate::support::center_with(&[("LOG_PAYLOADS", "true")]).await;
    invoke(&loud, create("payload")).await;
    let logs: Vec<String> = loud.host().logs().into_iter().map(|line| line.text).collect();
    assert!(logs.iter().any(|line| line.contains("LOG_PAYLOADS") && line.contains("WARN")));
    assert!(logs.iter().any(|line| line.contains("+12065550100")));
    let quiet = center().await;
    invoke(&quiet, create("payload")).await;
    assert!(quiet.host().logs().iter().all(|line| !line.text.contains("+12065550100")));
}
