//! The sample events through the function, against a real org (the local one) and files in a bucket.

mod office;
mod transcripts;
mod trouble;
mod twice;

use std::fmt::Write;

use serde_json::{Value, json};
use stage::{event, event_names, soon};

use self::office::{CALL, NO_AGENT, Office, TRANSFERRED, outcomes};

/// A text without the ids that uploads get, which are different each time.
fn anonymous(mut value: Value) -> Value {
    match &mut value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                *member = match name.as_str() {
                    "uploadId" => json!("[upload]"),
                    _ => anonymous(member.take()),
                };
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = anonymous(item.take())),
        _ => {}
    }
    value
}

#[tokio::test]
async fn each_sample_uploads_this_and_is_answered_with_that() {
    let mut story = String::new();
    for name in event_names("backfill-transcripts").unwrap() {
        let office = Office::of_the_samples().await;
        let event = event(&format!("backfill-transcripts/{name}")).unwrap();
        let answer = match office.app().handle(event, soon()).await {
            Ok(answer) => serde_json::to_string_pretty(&anonymous(answer)).unwrap(),
            Err(e) => format!("{}: {e}", e.kind()),
        };
        writeln!(story, "# {name}").unwrap();
        for call in [CALL, NO_AGENT] {
            for message in office.messages(call) {
                let participant = message.participant_id.replace(call, "[first contact]");
                let start = message.start_ms - office::millis("17:00:00");
                let duration = message.end_ms - message.start_ms;
                writeln!(story, "17:00+{start} ms, {duration} ms, {participant}: {}", message.content)
                    .unwrap();
            }
        }
        writeln!(story, "-> {answer}\n").unwrap();
    }
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn the_status_of_more_uploads_than_one_request_takes_is_told_as_one() {
    let office = Office::of_the_samples().await;
    let app = office.app();
    let report = office.backfill(&app, json!({})).await.unwrap();
    let uploaded: Vec<&str> =
        report["contacts"].as_array().unwrap().iter().filter_map(|line| line["uploadId"].as_str()).collect();
    assert_eq!(uploaded.len(), 3);
    let ids: Vec<&str> = uploaded.iter().copied().cycle().take(150).collect();
    let status =
        app.handle(json!({ "operation": "fetchUploadIdsStatus", "uploadIds": ids }), soon()).await.unwrap();
    let statuses = status["conversationBulkUploadsStatuses"].as_array().unwrap();
    assert_eq!(statuses.len(), 150);
    assert_eq!(statuses[0]["conversationIdentifier"], CALL);
    assert_eq!(office.org.request_count(salesforce_org::Operation::UploadStatus), 2);
}

#[tokio::test]
async fn a_day_is_worked_off_ten_conversations_at_a_time_and_everybodys_words_are_there_once() {
    let office = Office::new().await;
    let contacts: Vec<String> = (0..47).map(|number| format!("c-{number}")).collect();
    for (number, contact) in contacts.iter().enumerate() {
        // Several at the same second: the cursor must tell them apart.
        let minute = number / 4;
        office.call_with_file(contact, &format!("17:{minute:02}:00"), &format!("17:{minute:02}:30"), contact);
    }
    let app = office.app();
    let (mut cursor, mut rounds) = (json!(null), 0);
    loop {
        let report = office.backfill(&app, json!({ "limit": 21, "cursor": cursor })).await.unwrap();
        rounds += 1;
        if report["done"] == true {
            assert_eq!(report.get("cursor"), None);
            break;
        }
        assert_eq!(report["counts"], json!({ "uploaded": 21 }));
        cursor = report["cursor"].clone();
    }
    assert_eq!((rounds, office.uploads()), (3, 3 + 3 + 1));
    for contact in &contacts {
        let messages = office.messages(contact);
        assert_eq!(messages.len(), 1, "{contact}");
        assert_eq!((messages[0].content.as_str(), messages[0].deliveries), (contact.as_str(), 1));
    }
}

#[tokio::test]
async fn a_page_of_calls_costs_two_queries_and_an_upload_for_each_ten() {
    let office = Office::new().await;
    for number in 0..100 {
        office.call_with_file(&format!("c-{number}"), "17:00:00", "17:01:00", "Hello");
    }
    office.backfill(&office.app(), json!({ "limit": 100 })).await.unwrap();
    assert_eq!(office.org.request_count(salesforce_org::Operation::Query), 2);
    assert_eq!(office.uploads(), 10);
}

#[tokio::test]
async fn calls_of_another_time_or_another_call_center_are_none_of_its_business() {
    let office = Office::of_the_samples().await;
    let report = office.backfill(&office.app(), json!({ "from": "2026-03-02T17:04:06Z" })).await.unwrap();
    assert_eq!((&report["contacts"], &report["done"]), (&json!([]), &json!(true)));
    let keys = salesforce_org::KeyPair::generate().unwrap();
    let other =
        salesforce_org::CallCenter { api_name: "Other".to_owned(), public_key_pem: keys.public_pem() };
    office.org.add_call_center(other).unwrap();
    let center = office.org.records("CallCenter").unwrap()[1].id().to_owned();
    let conversation = office.conversation("c-1", "17:00:00", Some("17:01:00"));
    let call = json!({
        "VendorCallKey": "c-1", "CallCenterId": center, "ConversationId": conversation,
        "CallStartDateTime": office::time("17:00:00"),
    });
    office.org.insert("VoiceCall", call).unwrap();
    let report = office.backfill(&office.app(), json!({ "dryRun": true })).await.unwrap();
    assert_eq!(outcomes(&report), [(CALL, "to_upload"), (TRANSFERRED, "to_upload"), (NO_AGENT, "to_upload")]);
}
