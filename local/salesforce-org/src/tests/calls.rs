use chrono::DateTime;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Harness, START, code, inbound, read, transfer, with};
use crate::{Settings, Storage};

#[tokio::test]
async fn a_created_call_reads_back_in_salesforces_spelling() {
    let harness = Harness::start().await;
    let (status, reply) = harness.post("/voiceCalls", &inbound("c-1")).await;
    assert_eq!(status, 201);
    assert_eq!(reply["errors"], json!([]));
    let id = reply["voiceCallId"].as_str().unwrap();
    assert!(id.starts_with("0LQ") && id.len() == 18, "{id}");

    let call = harness.org.voice_call("c-1").unwrap().unwrap();
    assert_eq!(harness.org.voice_call(id).unwrap().as_ref(), Some(&call));
    assert_eq!(harness.org.voice_call(&id[..15]).unwrap().as_ref(), Some(&call));
    assert_eq!(call.id(), id);
    for (field, value) in [
        ("Name", "VC-00000001"),
        ("VendorCallKey", "c-1"),
        ("VendorType", "ContactCenter"),
        ("CallType", "Inbound"),
        ("CallSubtype", "PSTN"),
        ("FromPhoneNumber", "+12065550101"),
        ("ToPhoneNumber", "+12065550100"),
        ("CallStartDateTime", "2026-03-01T10:00:00.250+0000"),
        ("CallDisposition", "new"),
    ] {
        assert_eq!(call.text(field), Some(value), "{field}");
    }
    assert_eq!(call.time("CallStartDateTime"), Some(DateTime::parse_from_rfc3339(START).unwrap().to_utc()));
    assert_eq!(call["NextCallId"], Value::Null);
    let conversation = harness.org.conversation("c-1").unwrap().unwrap();
    assert_eq!(conversation.text("ConversationIdentifier"), Some("c-1"));
    assert_eq!(conversation["EndTime"], Value::Null);
    assert_eq!(call["ConversationId"], conversation.id());
}

#[tokio::test]
async fn a_body_that_is_not_right_creates_nothing() {
    let harness = Harness::start().await;
    for field in
        ["callCenterApiName", "vendorCallKey", "to", "from", "initiationMethod", "startTime", "participants"]
    {
        for missing in [json!(null), json!("")] {
            let (status, reply) =
                harness.post("/voiceCalls", &with(inbound("c-1"), json!({field: missing}))).await;
            assert_eq!((status.as_u16(), code(&reply)), (400, "REQUIRED_FIELD_MISSING"), "{field}");
            assert!(reply[0]["message"].as_str().unwrap().contains(field), "{reply}");
        }
    }
    for (fields, expected) in [
        (json!({"initiationMethod": "Outbound"}), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        (json!({"callSubtype": "SIP"}), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        (json!({"startTime": "yesterday"}), "JSON_PARSER_ERROR"),
        (json!({"to": 5}), "JSON_PARSER_ERROR"),
        (json!({"callAttributes": {}}), "JSON_PARSER_ERROR"),
        (json!({"participants": []}), "REQUIRED_FIELD_MISSING"),
        (json!({"participants": [{"type": "END_USER"}]}), "REQUIRED_FIELD_MISSING"),
        (json!({"participants": ["c-1"]}), "JSON_PARSER_ERROR"),
        (json!({"vendorCallKey": "k".repeat(256)}), "STRING_TOO_LONG"),
        (json!({"parentVoiceCallId": "c-0"}), "INVALID_FIELD"),
        (json!({"initiationMethod": "Transfer"}), "REQUIRED_FIELD_MISSING"),
        (json!({"initiationMethod": "Transfer", "parentVoiceCallId": "c-0"}), "INVALID_CROSS_REFERENCE_KEY"),
    ] {
        let (status, reply) = harness.post("/voiceCalls", &with(inbound("c-1"), fields.clone())).await;
        assert_eq!((status.as_u16(), code(&reply)), (400, expected), "{fields}");
    }
    let text = harness.request(Method::POST, "/voiceCalls").body(inbound("c-1").to_string());
    assert_eq!(read(text.send().await.unwrap()).await.0, 415);
    let (status, reply) = harness.post("/voiceCalls", &json!([1])).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "JSON_PARSER_ERROR"));
    assert_eq!(harness.org.voice_calls().unwrap().len(), 0);
}

#[tokio::test]
async fn creating_a_call_again_answers_with_the_one_there_is() {
    let harness = Harness::start().await;
    let first = harness.call("c-1").await;
    let (status, reply) = harness.post("/voiceCalls", &inbound("c-1")).await;
    assert_eq!((status.as_u16(), reply["voiceCallId"].as_str()), (200, Some(first.as_str())));
    assert_eq!(harness.org.voice_calls().unwrap().len(), 1);

    let strict = Harness::start_with(Settings { idempotent_create: false, ..Settings::default() }).await;
    assert_ne!(strict.call("c-1").await, strict.call("c-1").await);
}

#[tokio::test]
async fn attributes_become_fields_and_problems_one_text() {
    let harness = Harness::start().await;
    let attributes = json!({"Tier__c": "Gold", "SourceType": "Service", "Nickname": "x"}).to_string();
    let (status, reply) =
        harness.post("/voiceCalls", &with(inbound("c-1"), json!({"callAttributes": attributes}))).await;
    assert_eq!(status, 201);
    assert_eq!(reply["errors"], "No such column 'Nickname' on sobject of type VoiceCall");
    let call = harness.org.voice_call("c-1").unwrap().unwrap();
    assert_eq!((call.text("Tier__c"), call.text("SourceType")), (Some("Gold"), Some("Service")));
    assert_eq!(call["Nickname"], Value::Null);
}

#[tokio::test]
async fn attributes_never_overwrite_what_the_org_itself_sets() {
    let harness = Harness::start().await;
    let attributes = json!({"Id": "x", "CallCenterId": "x", "CallType": "x"}).to_string();
    harness.post("/voiceCalls", &with(inbound("c-1"), json!({"callAttributes": attributes}))).await;
    assert_eq!(harness.org.voice_call("c-1").unwrap().unwrap().text("CallType"), Some("Inbound"));
}

#[tokio::test]
async fn a_transfer_links_both_calls_in_one_conversation() {
    let harness = Harness::start().await;
    let queue = harness.org.add_queue("Billing", "arn:aws:connect:us-east-1:1:instance/i/queue/b").unwrap();
    let first = harness.call("c-1").await;
    let to_queue =
        |key: &str, parent: &str, queue: &str| with(transfer(parent, key), json!({"queue": queue}));
    let arn = "arn:aws:connect:us-east-1:1:instance/i/queue/b";
    assert_eq!(harness.post("/voiceCalls", &to_queue("c-2", "c-1", arn)).await.0, 201);

    let parent = harness.org.voice_call("c-1").unwrap().unwrap();
    let leg = harness.org.voice_call("c-2").unwrap().unwrap();
    assert_eq!(parent["NextCallId"], leg.id());
    assert_eq!((&leg["PreviousCallId"], leg.text("VendorParentCallKey")), (&json!(first), Some("c-1")));
    assert_eq!(leg["ConversationId"], parent["ConversationId"]);
    assert_eq!((leg.text("CallType"), leg.text("QueueName")), (Some("Transfer"), Some("Billing")));

    // The parent may be named by record id, the queue too; one that is not known has no name.
    assert_eq!(harness.post("/voiceCalls", &to_queue("c-3", leg.id(), &queue)).await.0, 201);
    let leg = harness.org.voice_call("c-3").unwrap().unwrap();
    assert_eq!((leg.text("VendorParentCallKey"), leg.text("QueueName")), (Some("c-2"), Some("Billing")));
    assert_eq!(harness.post("/voiceCalls", &to_queue("c-4", "c-3", "no-such-queue")).await.0, 201);
    assert_eq!(harness.org.voice_call("c-4").unwrap().unwrap()["QueueName"], Value::Null);
}

#[tokio::test]
async fn over_the_limit_of_calls_per_second_the_answer_is_429() {
    let harness = Harness::start_with(Settings { calls_per_second: Some(0), ..Settings::default() }).await;
    let (status, reply) = harness.post("/voiceCalls", &inbound("c-1")).await;
    assert_eq!((status.as_u16(), code(&reply)), (429, "LIMIT_EXCEEDED"));
    assert_eq!(harness.org.voice_calls().unwrap().len(), 0);
}

#[tokio::test]
async fn an_org_in_a_file_is_the_same_org_after_a_restart() {
    let file = std::env::temp_dir().join(format!("salesforce-org-{}.sqlite", uuid::Uuid::new_v4()));
    let settings = Settings { storage: Storage::File(file.clone()), ..Settings::default() };
    let harness = Harness::start_with(settings.clone()).await;
    harness.call("c-1").await;
    let (url, org_id) = (harness.org.url().to_owned(), harness.org.org_id().to_owned());
    harness.org.shutdown().await;
    assert!(harness.http.get(&url).send().await.unwrap_err().is_connect());

    let listen = url.strip_prefix("http://").unwrap().parse().unwrap();
    let again = Harness::start_with(Settings { listen, ..settings }).await;
    assert_eq!((again.org.url(), again.org.org_id()), (url.as_str(), org_id.as_str()));
    assert!(again.org.voice_call("c-1").unwrap().is_some());
    assert_ne!(again.call("c-2").await, harness.org.voice_call("c-1").unwrap().unwrap().id());
    std::fs::remove_file(file).unwrap();
}
