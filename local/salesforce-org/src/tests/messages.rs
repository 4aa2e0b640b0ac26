use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Harness, code, with};
use crate::{EventSource, Fault, Operation};

/// The start of the test calls, in milliseconds.
const T0: i64 = 1_772_359_200_250;

fn message(id: &str, offset_ms: i64) -> Value {
    json!({
        "participantId": "END_USER",
        "messageId": id,
        "startTime": T0 + offset_ms,
        "endTime": T0 + offset_ms + 500,
        "content": "Hello, this is Zoë.",
        "senderType": "END_USER",
    })
}

fn batch(entries: &[(&str, usize)]) -> Value {
    let entries: Vec<_> = entries
        .iter()
        .enumerate()
        .map(|(place, (key, count))| {
            let messages: Vec<_> =
                (0..*count).map(|number| message(&format!("m-{place}-{number}"), 0)).collect();
            json!({"vendorCallKey": key, "messages": messages})
        })
        .collect();
    json!({"entries": entries})
}

#[tokio::test]
async fn a_message_is_kept_under_its_participant() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    let agent = harness.org.add_agent("agent@example.com", "arn:agent").unwrap();
    for (path, id, sender, participant, kept) in [
        ("/voiceCalls/c-1/messages", "m-1", "END_USER", "+12065550101", "c-1END_USER"),
        ("/voiceCalls/c-1/messages/", "m-2", "VIRTUAL_AGENT", "c-1", "c-1VIRTUAL_AGENT"),
        ("/voiceCalls/c-1/messages", "m-3", "SUPERVISOR", "x", "c-1SUPERVISOR"),
        ("/voiceCalls/c-1/messages", "m-4", "EXTERNAL_USER", "partner-7", "partner-7"),
        ("/voiceCalls/c-1/messages", "m-5", "HUMAN_AGENT", agent.as_str(), agent.as_str()),
    ] {
        let fields =
            json!({"senderType": sender, "participantId": participant, "callCenterApiName": super::CENTER});
        let (status, reply) = harness.post(path, &with(message(id, 100), fields)).await;
        assert_eq!((status.as_u16(), reply), (200, json!({"result": "Accepted"})));
        let stored = harness.org.messages("c-1").unwrap().pop().unwrap();
        assert_eq!((stored.participant_id.as_str(), stored.sender_type.as_str()), (kept, sender));
    }
    let stored = harness.org.messages("c-1").unwrap();
    assert_eq!((stored[0].start_ms, stored[0].end_ms), (T0 + 100, T0 + 600));
    assert_eq!(stored[0].content, "Hello, this is Zoë.");
    assert_eq!(harness.org.request_count(Operation::SendMessage), 5);
}

#[tokio::test]
async fn a_message_sent_again_is_counted_and_not_doubled() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    harness.post("/voiceCalls/c-1/messages", &message("m-1", 0)).await;
    let again = json!({"entries": [{"vendorCallKey": "c-1", "messages": [message("m-1", 0)]}]});
    assert_eq!(harness.post("/voiceCalls/messages", &again).await.0, 200);
    let [stored] = harness.org.messages("c-1").unwrap().try_into().unwrap();
    assert_eq!(stored.deliveries, 2);

    let other = with(message("m-1", 0), json!({"content": "Something else."}));
    let (status, reply) = harness.post("/voiceCalls/c-1/messages", &other).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "DUPLICATE_VALUE"));
}

#[tokio::test]
async fn only_the_first_contacts_key_is_taken() {
    let harness = Harness::start().await;
    let id = harness.call("c-1").await;
    harness.transfer("c-1", "c-2").await;
    for (key, status) in [("c-1", 200), (id.as_str(), 400), (&id[..15], 400), ("c-2", 400), ("c-9", 404)] {
        let path = format!("/voiceCalls/{key}/messages");
        assert_eq!(harness.post(&path, &message(&format!("m-{key}"), 0)).await.0, status, "{key}");
        assert_eq!(harness.post("/voiceCalls/messages", &batch(&[(key, 1)])).await.0, status, "{key}");
        let events = json!({"service": "AmazonConnectContactLens", "events": [
            {"type": "IntelligenceSignal__Category", "value": "Angry", "startTime": T0}]});
        let path = format!("/voiceCalls/{key}/realtimeConversationEvents");
        assert_eq!(harness.post(&path, &events).await.0, if status == 200 { 202 } else { status }, "{key}");
    }
    // Both legs read back the one conversation.
    assert_eq!(harness.org.messages("c-2").unwrap().len(), 2);
}

#[tokio::test]
async fn a_message_lies_inside_its_conversation() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    let post =
        async |id: &str, offset_ms| harness.post("/voiceCalls/c-1/messages", &message(id, offset_ms)).await;
    assert_eq!(post("early", -1_001).await.0, 400);
    assert_eq!(post("rounded", -1_000).await.0, 200);
    assert_eq!(post("open end", 3_600_000).await.0, 200);

    // Ten seconds after the start by the contact record, 9.75 s after what the flow said.
    harness.patch("/voiceCalls/c-1", &json!({"endTime": "2026-03-01T10:00:10Z"})).await;
    assert_eq!(post("inside", 9_000).await.0, 200);
    assert_eq!(post("rounded up", 10_250).await.0, 200);
    let (status, reply) = post("late", 10_251).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "FIELD_INTEGRITY_EXCEPTION"));
    let backwards = with(message("backwards", 0), json!({"endTime": T0 - 1}));
    assert_eq!(harness.post("/voiceCalls/c-1/messages", &backwards).await.0, 400);
    assert_eq!(harness.org.messages("c-1").unwrap().len(), 4);
}

#[tokio::test]
async fn a_batch_has_at_most_five_calls_of_five_messages() {
    let harness = Harness::start().await;
    let keys = ["c-1", "c-2", "c-3", "c-4", "c-5", "c-6"];
    for key in keys {
        harness.call(key).await;
    }
    let five = keys[..5].iter().map(|key| (*key, 5)).collect::<Vec<_>>();
    for (entries, expected) in [
        (batch(&five), 200),
        (batch(&keys.map(|key| (key, 1))), 400),
        (batch(&[("c-1", 6)]), 400),
        // One call in two entries, as the two sides of a conversation are sent.
        (batch(&[("c-6", 3), ("c-6", 2)]), 200),
        (batch(&[("c-6", 3), ("c-6", 3)]), 400),
        (batch(&[("c-6", 0); 6]), 400),
    ] {
        let (status, reply) = harness.post("/voiceCalls/messages", &entries).await;
        assert_eq!(status, expected, "{reply}");
    }
    let stored = keys.map(|key| harness.org.messages(key).unwrap().len());
    assert_eq!(stored, [5, 5, 5, 5, 5, 5]);
    assert_eq!(harness.org.request_count(Operation::SendMessages), 6);
}

#[tokio::test]
async fn a_batch_with_one_wrong_message_is_refused_whole() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    for wrong in [
        json!({"content": ""}),
        json!({"messageId": null}),
        json!({"startTime": "2026-03-01T10:00:00Z"}),
        json!({"senderType": "AGENT"}),
        json!({"senderType": "HUMAN_AGENT"}),
    ] {
        let messages = [message("m-1", 0), with(message("m-2", 0), wrong.clone())];
        let body = json!({"entries": [{"vendorCallKey": "c-1", "messages": messages}]});
        assert_eq!(harness.post("/voiceCalls/messages", &body).await.0, 400, "{wrong}");
    }
    for body in [json!({}), json!({"entries": {}}), json!({"entries": [{"vendorCallKey": "c-1"}]})] {
        assert_eq!(harness.post("/voiceCalls/messages", &body).await.0, 400, "{body}");
    }
    assert_eq!(harness.org.messages("c-1").unwrap().len(), 0);
}

#[tokio::test]
async fn signals_during_and_after_a_call_are_kept() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    let realtime = json!({"service": "AmazonConnectContactLens", "persist": false, "events": [
        {"type": "IntelligenceSignal__Category", "value": "Angry", "startTime": T0, "details": {"BeginOffsetMillis": 0}},
        {"type": "IntelligenceSignal__Sentiment", "value": "-500", "startTime": T0 + 1, "participant": "CUSTOMER"},
    ]});
    let (status, _) = harness.post("/voiceCalls/c-1/realtimeConversationEvents", &realtime).await;
    assert_eq!(status, 202);

    let after = json!({"service": "AmazonConnectContactLens", "events": [{"type": "IntelligenceSignal__Sentiment",
        "value": "1000", "startTime": T0, "endTime": T0 + 5, "participant": "AGENT"}]});
    let path = "/voiceCalls/c-1/postConversationEvents";
    assert_eq!(harness.post(path, &after).await.0, 400, "the conversation is still open");
    harness.patch("/voiceCalls/c-1", &json!({})).await;
    assert_eq!(harness.post(path, &after).await.0, 202);

    let events = harness.org.events("c-1").unwrap();
    let sources: Vec<_> = events.iter().map(|event| event.source).collect();
    assert_eq!(sources, [EventSource::Realtime, EventSource::Realtime, EventSource::PostCall]);
    assert_eq!(events[0].service, "AmazonConnectContactLens");
    assert_eq!(events[0].fields["details"], json!({"BeginOffsetMillis": 0}));
    assert_eq!(events[2].fields["value"], "1000");
}

#[tokio::test]
async fn signals_that_are_not_right_are_refused() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    let event = json!({"type": "IntelligenceSignal__Sentiment", "value": "5", "startTime": T0, "participant": "AGENT"});
    for (events, expected) in [
        (json!([with(event.clone(), json!({"type": "Mood"}))]), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        (json!([with(event.clone(), json!({"participant": null}))]), "REQUIRED_FIELD_MISSING"),
        (json!([with(event.clone(), json!({"value": 5}))]), "JSON_PARSER_ERROR"),
        (json!([with(event.clone(), json!({"value": "1001"}))]), "NUMBER_OUTSIDE_VALID_RANGE"),
        (json!([with(event.clone(), json!({"value": "POSITIVE"}))]), "NUMBER_OUTSIDE_VALID_RANGE"),
        (json!([with(event.clone(), json!({"value": null}))]), "REQUIRED_FIELD_MISSING"),
        (json!([event, with(event.clone(), json!({"startTime": T0 - 1}))]), "FIELD_INTEGRITY_EXCEPTION"),
    ] {
        let body = json!({"service": "AmazonConnectContactLens", "events": events});
        let (status, reply) = harness.post("/voiceCalls/c-1/realtimeConversationEvents", &body).await;
        assert_eq!((status.as_u16(), code(&reply)), (400, expected), "{body}");
    }
    let (status, _) =
        harness.post("/voiceCalls/c-1/realtimeConversationEvents", &json!({"events": [event]})).await;
    assert_eq!(status, 400);
    assert_eq!(harness.org.events("c-1").unwrap(), []);
}

fn turn(number: i64) -> Value {
    json!({"type": "IntelligenceSignal__Sentiment", "value": "-1000", "participant": "CUSTOMER",
        "startTime": T0 + number, "endTime": T0 + number + 1})
}

#[tokio::test]
async fn signals_after_a_call_come_by_twenty_five_and_each_time_they_are_sent() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    harness.transfer("c-1", "c-2").await;
    harness.patch("/voiceCalls/c-2", &json!({"endTime": "2026-03-01T10:00:10Z"})).await;
    harness.patch("/voiceCalls/c-1", &json!({"endTime": "2026-03-01T10:00:10Z"})).await;
    let post = async |key: &str, events: Vec<Value>| {
        let body = json!({"service": "AmazonConnectContactLens", "events": events});
        let (status, reply) = harness.post(&format!("/voiceCalls/{key}/postConversationEvents"), &body).await;
        (status.as_u16(), code(&reply).to_owned())
    };
    let overall =
        with(turn(0), json!({"type": "IntelligenceSignal__OverallSentimentScore", "value": "-2.5"}));
    assert_eq!(post("c-1", (0..25).map(turn).collect()).await.0, 202);
    assert_eq!(post("c-1", (0..25).map(turn).collect()).await.0, 202);
    assert_eq!(post("c-1", vec![overall.clone()]).await.0, 202);
    let stored = harness.org.events("c-1").unwrap();
    assert_eq!(stored.len(), 51, "a signal that is sent twice is there twice");
    assert_eq!(stored[50].fields["value"], "-2.5");

    for (key, events, expected) in [
        ("c-1", (0..26).map(turn).collect(), "LIMIT_EXCEEDED"),
        ("c-1", vec![with(turn(0), json!({"endTime": T0 - 1}))], "FIELD_INTEGRITY_EXCEPTION"),
        ("c-1", vec![turn(1), turn(0)], "FIELD_INTEGRITY_EXCEPTION"),
        ("c-1", vec![with(overall, json!({"value": "-500"}))], "NUMBER_OUTSIDE_VALID_RANGE"),
        ("c-2", vec![turn(0)], "INVALID_ID_FIELD"),
    ] {
        assert_eq!(post(key, events).await, (400, expected.to_owned()));
    }
    assert_eq!(harness.org.events("c-1").unwrap().len(), 51);
}

#[tokio::test]
async fn a_batch_whose_reply_was_lost_is_stored_once_however_often_it_is_sent() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    harness.org.faults().add(Fault::lost_reply(Operation::SendMessages).times(1));
    let batch = batch(&[("c-1", 5)]);
    let lost = harness.request(Method::POST, "/voiceCalls/messages").json(&batch).send().await;
    assert!(lost.is_err());
    assert_eq!(harness.post("/voiceCalls/messages", &batch).await.0, 200);
    let stored = harness.org.messages("c-1").unwrap();
    assert_eq!(stored.iter().map(|message| message.deliveries).collect::<Vec<_>>(), [2; 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_requests_at_once_lose_and_double_nothing() {
    const CALLS: usize = 50;
    const ROUNDS: usize = 16;
    let harness = Harness::start().await;
    for call in 0..CALLS {
        harness.call(&format!("c-{call}")).await;
    }
    let requests = (0..ROUNDS).flat_map(|round| (0..CALLS / 5).map(move |group| (round, group)));
    stream::iter(requests)
        .for_each_concurrent(32, async |(round, group)| {
            let entry = |call: usize| {
                let messages =
                    (0..5).map(|number| message(&format!("{round}-{number}"), round as i64 * 1000));
                json!({"vendorCallKey": format!("c-{call}"), "messages": messages.collect::<Vec<_>>()})
            };
            let entries: Vec<_> = (5 * group..5 * group + 5).map(entry).collect();
            assert_eq!(harness.post("/voiceCalls/messages", &json!({"entries": entries})).await.0, 200);
        })
        .await;
    for call in 0..CALLS {
        let mut stored = harness.org.messages(&format!("c-{call}")).unwrap();
        stored.sort_by_key(|message| message.start_ms);
        let ids: Vec<_> = stored.iter().map(|message| message.message_id.as_str()).collect();
        let expected: Vec<_> =
            (0..ROUNDS).flat_map(|round| (0..5).map(move |number| format!("{round}-{number}"))).collect();
        assert_eq!(ids, expected, "of one request in its order");
        assert!(stored.iter().all(|message| message.deliveries == 1));
    }
}
