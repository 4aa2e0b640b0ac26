//! Salesforce takes messages of a transferred leg only under the conversation's first contact.

use local_aws::Failure;
use wiremock::matchers::any as any_request;
use wiremock::{Mock, Request, ResponseTemplate};

use super::*;

/// A Salesforce that knows conversations by their first contact only, and answers for others with this status.
async fn knowing(first: &'static [&'static str], status: u16) -> Stage {
    let stage = Stage::new().await.unwrap();
    Mock::given(any_request())
        .respond_with(move |request: &Request| {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            let path = request.url.path().to_owned();
            let in_path = path.split('/').nth_back(1).filter(|_| path.ends_with("Events")).map(str::to_owned);
            let in_body = body["entries"].as_array().cloned().unwrap_or_default();
            let keys = in_body.iter().filter_map(|entry| entry["vendorCallKey"].as_str());
            let known = keys.chain(in_path.as_deref()).all(|key| first.contains(&key));
            ResponseTemplate::new(if known { 200 } else { status }).set_body_json(json!([]))
        })
        .mount(&stage.salesforce)
        .await;
    stage
}

fn questions(stage: &Stage) -> usize {
    stage.aws.requests().iter().filter(|request| request.operation == "DescribeContact").count()
}

/// Who was told what, where it was taken.
async fn taken(stage: &Stage, first: &str) -> Vec<String> {
    messages(stage).await.into_iter().filter(|(key, _, _)| key == first).map(|(_, id, _)| id).collect()
}

#[tokio::test]
async fn a_leg_whose_link_is_noted_is_told_under_the_first_contact_at_once() {
    let stage = knowing(&["leg-1"], 400).await;
    let app = app(&stage);
    app.clients.state.note_first_contact("leg-2", "leg-1", soon()).await.unwrap();
    let batch = stream::batch([
        ("leg-2", 0, 900, stream::utterances("leg-2", 0..2)),
        ("leg-2", 1, 1_000, category("leg-2", "Refund")),
    ]);
    app.handle(batch, soon()).await.unwrap();
    let sent = stage.sent().await;
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0]["body"]["entries"][0]["vendorCallKey"], "leg-1");
    assert_eq!(sent[0]["body"]["entries"][0]["messages"][0]["participantId"], "leg-1END_USER");
    assert_eq!(sent[1]["request"], "POST /telephony/v1/voiceCalls/leg-1/realtimeConversationEvents");
    assert_eq!(questions(&stage), 0);
}

#[tokio::test]
async fn a_leg_without_a_note_is_refused_once_then_connect_is_asked_once() {
    for status in [400, 404] {
        let stage = knowing(&["leg-1", "c-1"], status).await;
        stage.aws.put_contact("i-1", "leg-2", json!({ "InitialContactId": "leg-1" }));
        let app = app(&stage);
        let said = [Said::new("leg-2", 0, 0), Said::new("c-1", 0, 1), Said::new("leg-2", 1, 2)];
        let reply = app.handle(batch_of(&said), soon()).await.unwrap();
        assert_eq!(redelivered_from(&reply), None);
        assert!(stage.dead_letters().is_empty());
        assert_eq!(taken(&stage, "leg-1").await, ["u-0", "u-2"]);
        assert_eq!(questions(&stage), 1);
        // From now on it is known.
        let before = stage.sent().await.len();
        app.handle(batch_of(&[Said::new("leg-2", 2, 3)]), soon()).await.unwrap();
        assert_eq!((stage.sent().await.len(), questions(&stage)), (before + 1, 1));
    }
}

#[tokio::test]
async fn the_records_of_a_call_that_salesforce_does_not_know_are_dead_letters_and_connect_is_asked_once() {
    let stage = knowing(&["c-1"], 404).await;
    stage.aws.put_contact("i-1", "c-2", json!({}));
    let app = app(&stage);
    let said: Vec<Said> =
        (0..20).map(|number| Said::new(&format!("c-{}", 1 + number % 2), number, number)).collect();
    let reply = app.handle(batch_of(&said), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert_eq!(
        taken(&stage, "c-1").await.len(),
        10 + 5,
        "ten, of which five were refused once with the others"
    );
    assert_eq!(stage.dead_letters().len(), 10);
    assert!(stage.sent().await.len() <= 5, "not message by message");
    app.handle(batch_of(&[Said::new("c-2", 40, 40)]), soon()).await.unwrap();
    assert_eq!((stage.dead_letters().len(), questions(&stage)), (11, 1));
}

#[tokio::test]
async fn while_connects_quota_is_used_up_the_record_waits() {
    let stage = knowing(&["leg-1"], 400).await;
    stage.aws.put_contact("i-1", "leg-2", json!({ "InitialContactId": "leg-1" }));
    let throttled = Failure { status: 429, code: "TooManyRequestsException".to_owned(), times: 3 };
    stage.aws.fail_next("DescribeContact", throttled);
    let app = app(&stage);
    let batch = batch_of(&[Said::new("leg-2", 0, 7)]);
    let reply = app.handle(batch.clone(), soon()).await.unwrap();
    assert_eq!((redelivered_from(&reply), stage.dead_letters().len()), (Some("7"), 0));
    let reply = app.handle(batch, soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert_eq!(taken(&stage, "leg-1").await, ["u-7"]);
}

#[tokio::test]
async fn when_connect_cannot_tell_the_records_are_dead_letters() {
    let stage = knowing(&[], 400).await;
    let app = app(&stage);
    let reply = app.handle(batch_of(&[Said::new("leg-2", 0, 7)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert_eq!(stage.dead_letters().len(), 1);
}
