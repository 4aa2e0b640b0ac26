use serde_json::{Value, json};

use super::{Harness, code, with};
use crate::{Operation, RoutingState};

/// The fields of a contact record, as the reference functions send them.
fn ended() -> Value {
    json!({
        "startTime": "2026-03-01T10:00:00Z",
        "endTime": "2026-03-01T10:02:05Z",
        "enqueueTime": "2026-03-01T10:00:10Z",
        "acceptTime": "2026-03-01T10:00:20Z",
        "queue": "Support",
        "agent": "agent@example.com",
        "totalHoldDuration": 12,
        "numberOfHolds": 2,
        "longestHoldDuration": 9,
        "agentInteractionDuration": 90,
        "recordingLocation": "bucket/recording.wav",
        "disconnectReason": {"value": "CUSTOMER_DISCONNECT", "isError": false},
        "callAttributes": "{\"Tier__c\":\"Gold\",\"unknown\":1}",
        "isActiveCall": false,
    })
}

#[tokio::test]
async fn the_update_after_a_call_completes_it() {
    let harness = Harness::start().await;
    let agent = harness.org.add_agent("agent@example.com", "arn:agent").unwrap();
    let id = harness.call("c-1").await;
    let (status, reply) = harness.patch("/voiceCalls/c-1", &ended()).await;
    assert_eq!((status.as_u16(), reply), (200, json!({"status": "pending"})));

    let call = harness.org.voice_call(&id).unwrap().unwrap();
    for (field, value) in [
        ("CallStartDateTime", json!("2026-03-01T10:00:00.000+0000")),
        ("CallEndDateTime", json!("2026-03-01T10:02:05.000+0000")),
        ("CallQueuedDateTime", json!("2026-03-01T10:00:10.000+0000")),
        ("CallAcceptDateTime", json!("2026-03-01T10:00:20.000+0000")),
        ("CallDurationInSeconds", json!(125)),
        ("QueueName", json!("Support")),
        ("UserId", json!(agent)),
        ("CustomerHoldDuration", json!(12)),
        ("NumberOfHolds", json!(2)),
        ("LongestHoldDuration", json!(9)),
        ("DisconnectReason", json!("CUSTOMER_DISCONNECT")),
        ("Tier__c", json!("Gold")),
        ("IsRecorded", json!(true)),
        ("CallDisposition", json!("completed")),
        ("CallType", json!("Inbound")),
    ] {
        assert_eq!(call[field], value, "{field}");
    }
    assert_eq!(call["unknown"], Value::Null);
    let [recording] = harness.org.recordings("c-1").unwrap().try_into().unwrap();
    assert_eq!(call["CallRecordingId"], recording.id());
    assert_eq!(recording.number("DurationInSeconds"), Some(102));
    let conversation = harness.org.conversation("c-1").unwrap().unwrap();
    assert_eq!(conversation.text("StartTime"), Some("2026-03-01T10:00:00.000+0000"));
    assert_eq!(conversation.text("EndTime"), Some("2026-03-01T10:02:05.000+0000"));
}

#[tokio::test]
async fn sent_again_an_update_overwrites_and_what_it_lacks_is_zero() {
    let harness = Harness::start().await;
    let id = harness.call("c-1").await;
    harness.patch("/voiceCalls/c-1", &ended()).await;
    harness.patch(&format!("/voiceCalls/{id}"), &json!({"endTime": "2026-03-01T10:03:00Z"})).await;
    let call = harness.org.voice_call("c-1").unwrap().unwrap();
    let holds =
        ["CustomerHoldDuration", "NumberOfHolds", "LongestHoldDuration"].map(|field| call.number(field));
    assert_eq!(holds, [Some(0); 3]);
    // The duration takes both times, sent together.
    assert_eq!(call.number("CallDurationInSeconds"), Some(125));
    assert_eq!(call.text("CallEndDateTime"), Some("2026-03-01T10:03:00.000+0000"));
    assert_eq!(call.text("QueueName"), Some("Support"));

    harness.patch("/voiceCalls/c-1", &with(ended(), json!({"totalRecordingDuration": 50}))).await;
    let [recording] = harness.org.recordings("c-1").unwrap().try_into().unwrap();
    assert_eq!(recording.number("DurationInSeconds"), Some(50));
}

#[tokio::test]
async fn an_active_call_keeps_its_conversation_routing_and_holds() {
    let harness = Harness::start().await;
    harness.org.add_queue("Support", "arn:queue").unwrap();
    harness.call("c-1").await;
    let flow = json!({"dialedNumber": "+12065550100", "fallbackQueue": "Support"});
    harness.patch("/voiceCalls/c-1/omniFlow", &flow).await;
    let update = json!({"isActiveCall": true, "callOrigin": "Voicemail", "totalHoldDuration": 5});
    harness.patch("/voiceCalls/c-1", &update).await;
    harness.patch("/voiceCalls/c-1", &json!({"isActiveCall": true})).await;

    let call = harness.org.voice_call("c-1").unwrap().unwrap();
    assert_eq!((call.text("CallOrigin"), call.number("CustomerHoldDuration")), (Some("Voicemail"), Some(5)));
    assert_eq!(call.text("CallDisposition"), Some("new"));
    assert_eq!(harness.org.conversation("c-1").unwrap().unwrap()["EndTime"], Value::Null);
    assert_eq!(harness.org.routing("c-1").unwrap().unwrap().state, RoutingState::Pending);

    harness
        .patch("/voiceCalls/c-1", &json!({"isActiveCall": true, "acceptTime": "2026-03-01T10:00:20Z"}))
        .await;
    let call = harness.org.voice_call("c-1").unwrap().unwrap();
    assert_eq!(call.text("CallDisposition"), Some("in-progress"));

    // The end without a time is the time of the update.
    harness.patch("/voiceCalls/c-1", &json!({})).await;
    let call = harness.org.voice_call("c-1").unwrap().unwrap();
    assert_eq!(
        (call.text("CallDisposition"), call.number("CustomerHoldDuration")),
        (Some("completed"), Some(0))
    );
    assert!(harness.org.conversation("c-1").unwrap().unwrap().time("EndTime").is_some());
    assert_eq!(harness.org.routing("c-1").unwrap().unwrap().state, RoutingState::Cleared);
}

#[tokio::test]
async fn the_conversation_of_a_transferred_call_ends_with_its_last_leg() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    harness.transfer("c-1", "c-2").await;
    harness.patch("/voiceCalls/c-1", &ended()).await;
    assert_eq!(harness.org.conversation("c-1").unwrap().unwrap()["EndTime"], Value::Null);
    assert_eq!(harness.org.voice_call("c-1").unwrap().unwrap()["CallDisposition"], "completed");
    harness.patch("/voiceCalls/c-2", &json!({"endTime": "2026-03-01T10:09:00Z"})).await;
    let conversation = harness.org.conversation("c-1").unwrap().unwrap();
    assert_eq!(conversation.text("EndTime"), Some("2026-03-01T10:09:00.000+0000"));
}

#[tokio::test]
async fn an_update_creates_the_call_that_nobody_created() {
    let harness = Harness::start().await;
    for (key, method, call_type, subtype) in [
        ("c-1", json!("INBOUND"), "Inbound", "PSTN"),
        ("c-2", json!("OUTBOUND"), "Outbound", "PSTN"),
        ("c-3", json!("CALLBACK"), "Callback", "PSTN"),
        ("c-4", json!("WEBRTC_API"), "Inbound", "WebRTC"),
        ("c-5", Value::Null, "Inbound", "PSTN"),
    ] {
        let fields = json!({"callCenterApiName": super::CENTER, "initiationMethod": method,
            "fromNumber": "+12065550101", "toNumber": "+12065550100"});
        let (status, reply) = harness.patch(&format!("/voiceCalls/{key}"), &with(ended(), fields)).await;
        assert_eq!(status, 200, "{reply}");
        let call = harness.org.voice_call(key).unwrap().unwrap();
        assert_eq!((call.text("CallType"), call.text("CallSubtype")), (Some(call_type), Some(subtype)));
        assert_eq!(call.text("FromPhoneNumber"), Some("+12065550101"));
        assert_eq!(call.text("CallDisposition"), Some("completed"));
    }
    // A second update of the same call finds it.
    harness.patch("/voiceCalls/c-1", &with(ended(), json!({"initiationMethod": "OUTBOUND"}))).await;
    assert_eq!(harness.org.voice_call("c-1").unwrap().unwrap().text("CallType"), Some("Inbound"));
    assert_eq!(harness.org.voice_calls().unwrap().len(), 5);

    let transfer = json!({"initiationMethod": "TRANSFER", "parentCallIdentifier": "c-1"});
    harness.patch("/voiceCalls/c-6", &with(ended(), transfer)).await;
    let (parent, leg) =
        (harness.org.voice_call("c-1").unwrap(), harness.org.voice_call("c-6").unwrap().unwrap());
    assert_eq!(parent.unwrap()["NextCallId"], leg.id());
    assert_eq!((leg.text("CallType"), leg.text("VendorParentCallKey")), (Some("Transfer"), Some("c-1")));
}

#[tokio::test]
async fn an_update_that_is_not_right_changes_nothing() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    let before = harness.org.voice_call("c-1").unwrap();
    for (fields, expected) in [
        (json!({"endTime": "soon"}), "JSON_PARSER_ERROR"),
        (json!({"numberOfHolds": "2"}), "JSON_PARSER_ERROR"),
        (json!({"numberOfHolds": -1}), "JSON_PARSER_ERROR"),
        (json!({"totalHoldDuration": 2_147_483_648_u32}), "JSON_PARSER_ERROR"),
        (json!({"isActiveCall": "true"}), "JSON_PARSER_ERROR"),
        (json!({"callAttributes": {"Tier__c": "Gold"}}), "JSON_PARSER_ERROR"),
        (json!({"callOrigin": "Other"}), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        (json!({"disconnectReason": "OTHER"}), "JSON_PARSER_ERROR"),
        (json!({"disconnectReason": {"value": "OTHER"}}), "REQUIRED_FIELD_MISSING"),
        (json!({"disconnectReason": {"value": null, "isError": false}}), "REQUIRED_FIELD_MISSING"),
        (json!({"recordingLocation": null, "totalRecordingDuration": 5}), "REQUIRED_FIELD_MISSING"),
    ] {
        let (status, reply) = harness.patch("/voiceCalls/c-1", &with(ended(), fields.clone())).await;
        assert_eq!((status.as_u16(), code(&reply)), (400, expected), "{fields}");
    }
    assert_eq!(harness.org.voice_call("c-1").unwrap(), before);
    let (status, _) = harness.patch("/voiceCalls/c-1", &json!({"callCenterApiName": "Other"})).await;
    assert_eq!(status, 403);
    let unknown = crate::ids::record_id("0LQ", 99);
    assert_eq!(harness.patch(&format!("/voiceCalls/{unknown}"), &ended()).await.0, 404);
    assert_eq!(harness.org.request_count(Operation::UpdateVoiceCall), 13);
}

#[tokio::test]
async fn a_key_with_odd_characters_is_one_path_segment() {
    let harness = Harness::start().await;
    let (status, _) = harness.patch("/voiceCalls/c-1%2F..%2Fx%3Fy=1", &ended()).await;
    assert_eq!(status, 200);
    assert!(harness.org.voice_call("c-1/../x?y=1").unwrap().is_some());
}
