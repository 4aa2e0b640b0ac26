//! Sample batches through the function: what is sent to Salesforce, and what becomes of each record.

use std::fmt::Write;
use std::time::Duration;

use lambda_kit::env::Env;
use local_aws::Failure;
use proptest::prelude::*;
use serde_json::json;
use stage::{Stage, event, event_names, soon};
use wiremock::matchers::{any as any_request, path_regex};
use wiremock::{Mock, ResponseTemplate};

use super::*;

fn app(stage: &Stage) -> App {
    let look_up = |variable: &str| stage.look_up(variable);
    let env = Env::new(&look_up);
    let state = StateTable::from_env(&env, stage.sdk()).unwrap();
    let dead_letters = DeadLetterQueue::from_env(&env, stage.sdk(), &stage.metrics()).unwrap();
    let call_centers = stage.call_centers().unwrap();
    App::new(Config::from_env(&env).unwrap(), call_centers, state, dead_letters, stage.metrics())
}

async fn willing() -> Stage {
    let stage = Stage::new().await.unwrap();
    stage.answer(200, json!({ "status": "pending" })).await;
    stage
}

fn batch(name: &str) -> Value {
    event(&format!("sync-contact-records/{name}.json")).unwrap()
}

/// A batch of these contact records, in this order.
fn batch_of(records: &[Value]) -> Value {
    let sample = batch("batch-one")["Records"][0].clone();
    let record = |(index, contact): (usize, &Value)| {
        let mut record = sample.clone();
        record["eventID"] = json!(format!("shardId-000000000000:{index}"));
        record["kinesis"]["sequenceNumber"] = json!(index.to_string());
        record["kinesis"]["data"] = json!(base64(&contact.to_string()));
        record
    };
    json!({ "Records": records.iter().enumerate().map(record).collect::<Vec<_>>() })
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn contact_record(name: &str) -> Value {
    event(&format!("contact-records/{name}.json")).unwrap()
}

/// A record of this contact that changed this many seconds into the minute.
fn version(contact_id: &str, second: u32) -> Value {
    let mut record = contact_record("inbound-answered");
    record["ContactId"] = json!(contact_id);
    record["LastUpdateTimestamp"] = json!(format!("2026-03-02T18:00:{second:02}Z"));
    record["Queue"]["Name"] = json!(format!("version {second}"));
    record
}

fn redelivered_from(reply: &BatchReply) -> Option<&str> {
    reply.batch_item_failures.first().map(|failure| failure.item_identifier.as_str())
}

#[test]
fn each_contact_record_becomes_this_update() {
    let mut story = String::new();
    for name in event_names("contact-records").unwrap() {
        let json = event(&format!("contact-records/{name}")).unwrap();
        let record = connect::from_value(json).unwrap();
        let line = match voice_call_update(&record) {
            Ok(update) => serde_json::to_value(update).unwrap().to_string(),
            Err(skip) => format!("skipped: {}", skip.name()),
        };
        writeln!(story, "# {name}\n{line}\n").unwrap();
    }
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn a_batch_is_one_request_per_record_to_the_voice_call_of_the_contact() {
    let stage = willing().await;
    let reply = app(&stage).handle(batch("batch-inbound"), soon()).await.unwrap();
    assert_eq!(reply, BatchReply::default());
    for sent in stage.sent().await {
        let key = sent["request"].as_str().unwrap().strip_prefix("PATCH /telephony/v1/voiceCalls/").unwrap();
        assert_eq!(key.len(), 36, "{key}");
        assert_eq!(sent["body"]["callCenterApiName"], "Main");
    }
}

#[tokio::test]
async fn every_sample_batch_is_settled_and_nothing_in_it_is_lost() {
    for name in event_names("sync-contact-records").unwrap() {
        let stage = willing().await;
        let event = event(&format!("sync-contact-records/{name}")).unwrap();
        let records = event["Records"].as_array().unwrap().len();
        let reply = app(&stage).handle(event, soon()).await.unwrap();
        assert_eq!(redelivered_from(&reply), None, "{name}");
        let settled =
            stage.sent().await.len() + stage.counted("Skipped", "reason").len() + stage.dead_letters().len();
        assert_eq!(settled, records, "{name}");
    }
}

#[tokio::test]
async fn malformed_records_go_whole_and_with_the_reason_to_the_dead_letter_queue() {
    let stage = willing().await;
    app(&stage).handle(batch("batch-with-malformed"), soon()).await.unwrap();
    let letters = stage.dead_letters();
    assert!(letters.len() >= 3 && !stage.sent().await.is_empty());
    for letter in &letters {
        assert_eq!(letter["reason"]["code"], "MalformedRecord");
        assert!(letter["record"]["content"].is_string());
        assert!(letter["source"]["sequenceNumber"].is_string());
    }
    assert_eq!(stage.counted("DeadLetters", "reason").len(), letters.len());
}

#[tokio::test]
async fn chats_tasks_and_emails_are_skipped_and_counted() {
    let stage = willing().await;
    app(&stage).handle(batch("batch-skipped"), soon()).await.unwrap();
    assert!(stage.sent().await.is_empty());
    let reasons = stage.counted("Skipped", "reason");
    for reason in ["not_voice", "no_sync", "initiation_method", "voicemail"] {
        assert!(reasons.iter().any(|counted| counted == reason), "{reason} in {reasons:?}");
    }
}

#[tokio::test]
async fn the_same_record_again_and_an_older_one_after_a_newer_one_are_skipped() {
    let stage = willing().await;
    let app = app(&stage);
    for second in [20, 20, 10, 30] {
        app.handle(batch_of(&[version("c-1", second)]), soon()).await.unwrap();
    }
    let queues: Vec<Value> = stage.sent().await.iter().map(|sent| sent["body"]["queue"].clone()).collect();
    assert_eq!(queues, ["version 20", "version 30"]);
    assert_eq!(stage.counted("Skipped", "reason"), ["already_applied", "already_applied"]);
}

#[tokio::test]
async fn a_record_that_salesforce_refuses_is_a_dead_letter_and_the_batch_goes_on() {
    let stage = Stage::new().await.unwrap();
    let refuse =
        ResponseTemplate::new(400).set_body_json(json!([{ "errorCode": "INVALID_INPUT", "message": "no" }]));
    Mock::given(path_regex("/c-1$")).respond_with(refuse).mount(&stage.salesforce).await;
    stage.answer(200, json!({ "status": "pending" })).await;
    let records = [version("c-1", 1), version("c-2", 2)];
    let reply = app(&stage).handle(batch_of(&records), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    let letters = stage.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0]["reason"]["code"], "SalesforceRefused");
    let content: Value = serde_json::from_str(letters[0]["record"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(content, records[0], "the whole record, for a replay");
}

#[tokio::test]
async fn while_salesforce_is_down_the_stream_waits_and_then_every_record_is_applied_once() {
    let stage = Stage::new().await.unwrap();
    let down = Mock::given(any_request())
        .respond_with(ResponseTemplate::new(503))
        .mount_as_scoped(&stage.salesforce)
        .await;
    let app = app(&stage);
    let batch = batch_of(&[version("c-1", 1), version("c-2", 2), version("c-1", 3)]);
    let shortly = Instant::now() + Duration::from_millis(1_500);
    let reply = app.handle(batch.clone(), shortly).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("0"));
    assert!(stage.dead_letters().is_empty());

    drop(down);
    stage.answer(200, json!({ "status": "pending" })).await;
    let reply = app.handle(batch, soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    let applied = stage.aws.items(stage::TABLE);
    assert_eq!(applied.len(), 2, "{applied:?}");
    let of_c_1 = applied.iter().find(|item| item["pk"] == "contact-record#c-1").unwrap();
    assert!(of_c_1["lastUpdate"].as_str().unwrap().contains("18:00:03"), "the newest version: {of_c_1}");
}

#[tokio::test]
async fn refused_credentials_hold_the_stream_because_mending_them_cures_it() {
    let stage = Stage::new().await.unwrap();
    stage.answer(401, json!([])).await;
    let reply = app(&stage).handle(batch_of(&[version("c-1", 1)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("0"));
    assert!(stage.dead_letters().is_empty());
}

#[tokio::test]
async fn a_contact_that_names_a_secret_that_is_not_offered_is_a_dead_letter() {
    let stage = willing().await;
    let mut record = version("c-1", 1);
    record["Attributes"]["secretName"] = json!("production/database");
    app(&stage).handle(batch_of(&[record]), soon()).await.unwrap();
    assert_eq!(stage.dead_letters().len(), 1);
}

#[tokio::test]
async fn a_record_is_safe_only_once_it_is_in_the_dead_letter_queue() {
    let stage = willing().await;
    let failure = Failure { status: 500, code: "InternalError".to_owned(), times: 10 };
    stage.aws.fail_next("SendMessage", failure);
    let reply = app(&stage).handle(batch_of(&[json!("not a contact record")]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("0"));
}

#[tokio::test]
async fn sixteen_contacts_at_once_but_never_two_requests_for_one() {
    let stage = Stage::new().await.unwrap();
    // Answers after a while, so that requests overlap if they are going to.
    let slow = ResponseTemplate::new(200).set_body_json(json!({ "status": "pending" }));
    let slow = slow.set_delay(Duration::from_millis(5));
    Mock::given(any_request()).respond_with(slow).mount(&stage.salesforce).await;
    let records: Vec<Value> = (0..60).map(|index| version(&format!("c-{}", index % 20), index)).collect();
    app(&stage).handle(batch_of(&records), soon()).await.unwrap();
    let sent = stage.sent().await;
    assert_eq!(sent.len(), 60);
    for contact in 0..20 {
        let end = format!("/c-{contact}");
        let of_contact = sent.iter().filter(|sent| sent["request"].as_str().unwrap().ends_with(&end));
        let versions: Vec<&str> = of_contact.map(|sent| sent["body"]["queue"].as_str().unwrap()).collect();
        let in_order = [0, 20, 40].map(|round| format!("version {}", contact + round));
        assert_eq!(versions, in_order);
    }
}

#[tokio::test]
async fn what_is_no_batch_is_an_error_that_says_where() {
    let stage = willing().await;
    let error = app(&stage).handle(json!({ "Records": "none" }), soon()).await.unwrap_err();
    assert!(error.to_string().contains("Records"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_a_record_are_settled(data in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..80), 1..5)) {
        use base64::Engine;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stage = willing().await;
            let mut batch = batch_of(&vec![json!(null); data.len()]);
            for (index, bytes) in data.iter().enumerate() {
                batch["Records"][index]["kinesis"]["data"] =
                    json!(base64::engine::general_purpose::STANDARD.encode(bytes));
            }
            let reply = app(&stage).handle(batch, soon()).await.unwrap();
            assert_eq!(redelivered_from(&reply), None);
            assert_eq!(stage.dead_letters().len(), data.len());
        });
    }
}
