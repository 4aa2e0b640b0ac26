//! What is uploaded, and from which file.

use std::fmt::Write;

use serde_json::json;
use stage::soon;

use super::office::{BUCKET, CALL, Office, TRANSFERRED, analysis, millis, outcomes};

const KEY: &str = "Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:00:10Z.json";

#[tokio::test]
async fn offsets_of_1_2_3_4_s_are_1_2_3_4_s_after_the_agent_was_connected() {
    let office = Office::new().await;
    office.call("c-1", "17:00:00", Some("17:00:10"), "17:01:00");
    let said = [1_000, 2_000, 3_000, 4_000].map(|offset| ("AGENT", offset, "Hello"));
    office.file(KEY, &analysis(&said));
    office.backfill(&office.app(), json!({})).await.unwrap();
    let times: Vec<i64> =
        office.messages("c-1").iter().map(|message| message.start_ms - millis("17:00:10")).collect();
    assert_eq!(times, [1_000, 2_000, 3_000, 4_000]);
}

#[tokio::test]
async fn times_stay_inside_the_conversation() {
    let office = Office::new().await;
    // Salesforce has whole seconds, and calls are cut off in the middle of a word.
    office.call("c-1", "17:00:10", Some("17:00:09"), "17:00:12");
    office.file(
        KEY,
        &analysis(&[("AGENT", 0, "Hello"), ("CUSTOMER", 2_500, "Yes"), ("CUSTOMER", 60_000, "No")]),
    );
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(report["counts"], json!({ "uploaded": 1 }));
    let times: Vec<i64> =
        office.messages("c-1").iter().map(|message| message.start_ms - millis("17:00:10")).collect();
    assert_eq!(times, [0, 1_500, 2_000]);
}

#[tokio::test]
async fn without_an_agent_time_counts_from_the_name_of_the_file_or_from_the_start_of_the_call() {
    for (name, expected) in
        [("2026-03-02T17:00:05Z", 5_000), ("2022-03-30T23:55:23Z", 0), ("of-an-unknown-form", 0)]
    {
        let office = Office::new().await;
        office.call("c-1", "17:00:00", None, "17:01:00");
        office.file(
            &format!("Analysis/Voice/2026/03/02/c-1_analysis_{name}.json"),
            &analysis(&[("CUSTOMER", 0, "Hello?")]),
        );
        office.backfill(&office.app(), json!({})).await.unwrap();
        assert_eq!(office.messages("c-1")[0].start_ms - millis("17:00:00"), expected, "{name}");
    }
}

#[tokio::test]
async fn what_was_said_in_all_legs_is_in_the_order_in_which_it_was_said() {
    let office = Office::new().await;
    let conversation = office.conversation("c-1", "17:00:00", Some("17:02:00"));
    let times = |started| (started, Some(started), Some("17:02:00"));
    let first = office.voice_call("c-1", &conversation, None, times("17:00:00"));
    office.voice_call("c-2", &conversation, Some(&first), times("17:00:30"));
    office.file(
        "Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:00:00Z.json",
        &analysis(&[("AGENT", 0, "1"), ("CUSTOMER", 40_000, "3"), ("CUSTOMER", 40_000, "4")]),
    );
    office.file(
        "Analysis/Voice/2026/03/02/c-2_analysis_2026-03-02T17:00:30Z.json",
        &analysis(&[("AGENT", 5_000, "2"), ("SUPERVISOR", 11_000, "5"), ("SYSTEM", 12_000, "6")]),
    );
    office.backfill(&office.app(), json!({})).await.unwrap();
    let messages = office.messages("c-1");
    let said: Vec<&str> = messages.iter().map(|message| message.content.as_str()).collect();
    assert_eq!(said, ["1", "2", "3", "4", "5", "6"]);
    let participants: Vec<&str> = messages.iter().map(|message| message.participant_id.as_str()).collect();
    let agent = "c-1VIRTUAL_AGENT";
    assert_eq!(participants, [agent, agent, "c-1END_USER", "c-1END_USER", "c-1SUPERVISOR", agent]);
    assert_eq!(office.uploads(), 1, "one conversation, one file in one upload");
}

#[tokio::test]
async fn every_language_arrives_as_it_was_written() {
    let office = Office::new().await;
    let said = "Grüße aus Köln, é à 日本語 😀 \"quoted\" \\ \u{2028} {brace}";
    office.call_with_file("c-1", "17:00:00", "17:01:00", said);
    office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(office.messages("c-1")[0].content, said);
}

#[tokio::test]
async fn the_file_is_found_among_thousands_and_on_the_day_after_midnight() {
    let office = Office::new().await;
    for number in 0..2_500 {
        let key = format!("Analysis/Voice/2026/03/02/b-{number}_analysis_2026-03-02T17:00:00Z.json");
        office.stage.aws.put_object(BUCKET, &key, "{}");
    }
    office.call_with_file("c-1", "17:00:00", "17:01:00", "Hello");
    // Somebody whose id begins like that of another.
    office.call("c-", "18:00:00", None, "18:01:00");
    let late = ("23:58:00", Some("2026-03-03T00:01:00Z"), Some("2026-03-03T00:05:00Z"));
    let conversation = office.conversation("c-2", "23:58:00", Some("2026-03-03T00:05:00Z"));
    office.voice_call("c-2", &conversation, None, late);
    office.file(
        "Analysis/Voice/2026/03/03/c-2_analysis_2026-03-03T00:01:00Z.json",
        &analysis(&[("AGENT", 0, "Hello")]),
    );
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!(outcomes(&report), [("c-1", "uploaded"), ("c-", "no_file"), ("c-2", "uploaded")]);
    assert_eq!(office.messages("c-2")[0].start_ms, millis("2026-03-03T00:01:00Z"));
}

#[tokio::test]
async fn original_or_redacted_files_and_a_prefix_by_configuration() {
    let files = [
        ("Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:00:10Z.json", "original"),
        ("Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:00:10Z.json.bak", "not one"),
        ("Analysis/Voice/Redacted/2026/03/02/c-1_analysis_redacted_2026-03-02T17:00:10Z.json", "redacted"),
        ("Analysis/Voice/Redacted/2026/03/02/c-1_call_recording_redacted_2026-03-02T17:00:10Z.wav", "sound"),
        ("connect/support/Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:00:10Z.json", "prefix"),
        (
            "connect/support/Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:00:11Z.json",
            "analyzed again",
        ),
    ];
    for (variables, expected) in [
        (&[][..], "original"),
        (&[("ANALYSIS_FILES", "redacted")], "redacted"),
        (&[("ANALYSIS_PREFIX", "connect/support")], "analyzed again"),
        (&[("ANALYSIS_PREFIX", "connect/support/"), ("ANALYSIS_BUCKET", BUCKET)], "analyzed again"),
    ] {
        let office = Office::new().await;
        office.call("c-1", "17:00:00", Some("17:00:10"), "17:01:00");
        for (key, said) in files {
            office.file(key, &analysis(&[("CUSTOMER", 0, said)]));
        }
        let report = office.backfill(&office.app_with(variables), json!({})).await.unwrap();
        assert_eq!(report["counts"], json!({ "uploaded": 1 }), "{variables:?}");
        assert_eq!(office.messages("c-1")[0].content, expected, "{variables:?}");
    }
}

#[tokio::test]
async fn everything_that_can_become_of_a_call_is_in_the_report() {
    let office = Office::new().await;
    office.call_with_file("uploaded", "17:00:00", "17:01:00", "Hello");
    office.call("no-file", "17:01:00", None, "17:02:00");
    let open = office.conversation("open", "17:02:00", None);
    office.voice_call("open", &open, None, ("17:02:00", None, None));
    for (contact, second, content) in [
        ("silent", 3, analysis(&[("CUSTOMER", 0, " "), ("CUSTOMER", 1, "")])),
        ("empty", 4, json!({})),
        ("malformed", 5, json!({ "Transcript": [{ "Content": "+12065550100" }] })),
        ("no-object", 6, json!("+12065550100")),
    ] {
        office.call(contact, &format!("17:0{second}:00"), None, &format!("17:0{second}:30"));
        office.file(&format!("Analysis/Voice/2026/03/02/{contact}_analysis_x.json"), &content);
    }
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    let mut story = String::new();
    for line in report["contacts"].as_array().unwrap() {
        let (contact, outcome) = (&line["contactId"], &line["outcome"]);
        writeln!(story, "{contact} {outcome} {}", line.get("reason").unwrap_or(&json!(""))).unwrap();
    }
    insta::assert_snapshot!(story, @r#"
    "uploaded" "uploaded" ""
    "no-file" "no_file" ""
    "open" "call_open" ""
    "silent" "nothing_to_upload" ""
    "empty" "nothing_to_upload" ""
    "malformed" "refused" "Analysis/Voice/2026/03/02/malformed_analysis_x.json is not an analysis: at Transcript[0]: missing field `BeginOffsetMillis` at line 1 column 41"
    "no-object" "refused" "Analysis/Voice/2026/03/02/no-object_analysis_x.json is not an analysis: at .: invalid type: string, expected struct Analysis at line 1 column 14"
    "#);
    assert!(!report.to_string().contains("555"), "{report}");
    assert_eq!(report["done"], true);
    let mut skipped = office.stage.counted("Skipped", "reason");
    skipped.sort();
    assert_eq!(skipped, ["call_open", "no_file", "nothing_to_upload", "nothing_to_upload"]);
}

#[tokio::test]
async fn contacts_that_are_named_get_what_is_named_and_nothing_more() {
    let office = Office::of_the_samples().await;
    let event = json!({
        "operation": "uploadTranscript",
        "payload": [
            { "contactId": TRANSFERRED, "relatedRecords": ["0LQ5e0000000001"] },
            { "contactId": "nobody" },
        ],
    });
    let report = office.app().handle(event, soon()).await.unwrap();
    assert_eq!(outcomes(&report), [(TRANSFERRED, "uploaded"), ("nobody", "refused")]);
    // Under the conversation's first contact, although only the transferred leg was named.
    let messages = office.messages(CALL);
    assert_eq!(messages.len(), 3);
    assert!(messages.iter().all(|message| message.vendor_call_key == CALL));
    assert!(messages.iter().all(|message| message.participant_id.starts_with(CALL)));
}

#[tokio::test]
async fn an_upload_of_long_calls_is_sent_before_it_has_ten() {
    let office = Office::new().await;
    // Some two megabytes of words each.
    let words = "So I said to them that it had not come. ".repeat(50);
    let said: Vec<_> = (0..1_000).map(|turn| ("CUSTOMER", turn * 1_000, words.as_str())).collect();
    for number in 0..5 {
        let contact = format!("c-{number}");
        office.call(&contact, "17:00:00", None, "18:00:00");
        office.file(&format!("Analysis/Voice/2026/03/02/{contact}_analysis_x.json"), &analysis(&said));
    }
    let report = office.backfill(&office.app(), json!({})).await.unwrap();
    assert_eq!((&report["counts"], office.uploads()), (&json!({ "uploaded": 5 }), 3));
    assert_eq!(office.messages("c-4").len(), 1_000);
}
