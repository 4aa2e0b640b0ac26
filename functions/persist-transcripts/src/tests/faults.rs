//! What becomes of records when something does not work.

use local_aws::Failure;
use proptest::prelude::*;
use wiremock::matchers::{any as any_request, path_regex};
use wiremock::{Mock, Request, ResponseTemplate};

use super::stream::{batch, replay, utterances};
use super::*;

fn says(text: &'static str) -> impl Fn(&Request) -> bool {
    move |request| String::from_utf8_lossy(&request.body).contains(text)
}

fn refused(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!([{ "errorCode": "INVALID_INPUT", "message": "no" }]))
}

fn accepted() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "result": "Accepted" }))
}

/// Long enough for one request that is not answered well.
fn shortly() -> Instant {
    Instant::now() + TIME_TO_NOTE + Duration::from_millis(700)
}

fn reasons(stage: &Stage) -> Vec<String> {
    let letters = stage.dead_letters();
    letters.iter().map(|letter| letter["reason"]["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn malformed_records_go_whole_and_with_the_reason_to_the_dead_letter_queue() {
    let stage = willing().await;
    let reply = app(&stage).handle(sample("batch-with-malformed"), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert_eq!(reasons(&stage).iter().filter(|code| *code == "MalformedRecord").count(), 5);
    assert_eq!(reasons(&stage).iter().filter(|code| *code == "MalformedSegment").count(), 1);
    for letter in stage.dead_letters() {
        assert!(letter["record"]["content"].is_string() && letter["source"]["sequenceNumber"].is_string());
        let reason = letter["reason"]["message"].as_str().unwrap();
        assert!(!reason.contains("about 18000") && !reason.contains(".."), "{reason}");
    }
    let said: Vec<String> = messages(&stage).await.into_iter().map(|(_, _, content)| content).collect();
    assert_eq!(said.len(), 4, "the rest of the batch, and of the record with one bad segment: {said:?}");
}

#[tokio::test]
async fn while_salesforce_is_down_the_stream_waits_and_then_every_utterance_is_delivered_once() {
    let stage = Stage::new().await.unwrap();
    let down = Mock::given(any_request())
        .respond_with(ResponseTemplate::new(503))
        .mount_as_scoped(&stage.salesforce)
        .await;
    let app = app(&stage);
    let said: Vec<Said> =
        (0..6).map(|number| Said::new(&format!("c-{}", number % 2), number, number)).collect();
    let reply = app.handle(batch_of(&said), shortly()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("0"));
    assert!(stage.dead_letters().is_empty() && stage.aws.items(stage::TABLE).is_empty());

    drop(down);
    stage.salesforce.reset().await;
    stage.answer(200, json!({})).await;
    let reply = app.handle(batch_of(&said), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert_eq!(messages(&stage).await.len(), 6);
}

#[tokio::test]
async fn no_answer_at_all_is_no_success() {
    let stage = Stage::new().await.unwrap();
    let never = accepted().set_delay(Duration::from_secs(30));
    Mock::given(any_request()).respond_with(never).mount(&stage.salesforce).await;
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 0, 7)]), shortly()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("7"));
}

#[tokio::test]
async fn a_limit_of_the_org_is_waited_for_as_long_as_it_asks() {
    let stage = Stage::new().await.unwrap();
    let limit = ResponseTemplate::new(429).insert_header("retry-after", "1");
    Mock::given(any_request()).respond_with(limit).up_to_n_times(1).mount(&stage.salesforce).await;
    stage.answer(200, json!({})).await;
    let started = Instant::now();
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 0, 0)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert!(started.elapsed() >= Duration::from_secs(1), "{:?}", started.elapsed());
    // One that takes longer than the time that is left: the stream waits.
    let limit = ResponseTemplate::new(429).insert_header("retry-after", "60");
    Mock::given(any_request()).respond_with(limit).with_priority(1).mount(&stage.salesforce).await;
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 1, 1)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("1"));
    assert!(stage.dead_letters().is_empty());
}

#[tokio::test]
async fn a_call_that_has_to_wait_does_not_hold_the_others_and_only_it_comes_again() {
    let stage = Stage::new().await.unwrap();
    stage.add_call_center("Other").unwrap();
    let down = Mock::given(says("words 1\""))
        .respond_with(ResponseTemplate::new(500))
        .mount_as_scoped(&stage.salesforce)
        .await;
    stage.answer(200, json!({})).await;
    let app = app(&stage);
    // Requests hold calls of one call center only, so this one is by itself.
    app.clients.state.note_call_center("c-2", "Other-salesforce-secret", soon()).await.unwrap();
    let said =
        [Said::new("c-1", 0, 0), Said::new("c-2", 0, 1), Said::new("c-1", 1, 2), Said::new("c-2", 1, 3)];
    let reply = app.handle(batch_of(&said), shortly()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("1"));

    drop(down);
    let before = stage.sent().await.len();
    let reply = app.handle(batch_of(&said[1..]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    let again: Vec<String> = messages(&stage).await.split_off(0).into_iter().map(|(_, id, _)| id).collect();
    assert_eq!(stage.sent().await.len(), before + 1, "{again:?}");
    assert_eq!(again[again.len() - 2..], ["u-1", "u-3"]);
    assert_eq!(stage.counted("Skipped", "reason"), ["already_delivered"]);
}

#[tokio::test]
async fn of_a_record_that_was_sent_in_part_only_the_rest_is_sent_again() {
    let stage = Stage::new().await.unwrap();
    let down = Mock::given(says("words 6"))
        .respond_with(ResponseTemplate::new(503))
        .mount_as_scoped(&stage.salesforce)
        .await;
    stage.answer(200, json!({})).await;
    let app = app(&stage);
    let record = batch([("c-1", 7, 20_000, utterances("c-1", 0..8))]);
    let reply = app.handle(record.clone(), shortly()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("7"));
    drop(down);
    let before = messages(&stage).await.len();
    app.handle(record, soon()).await.unwrap();
    let ids: Vec<String> =
        messages(&stage).await.split_off(before).into_iter().map(|(_, id, _)| id).collect();
    assert_eq!(ids, ["u-5", "u-6", "u-7"]);
}

#[tokio::test]
async fn what_salesforce_refuses_is_found_and_dead_lettered_and_the_others_go_on() {
    let stage = Stage::new().await.unwrap();
    for contact in ["c-0", "c-1", "c-2", "c-3"] {
        stage.aws.put_contact("i-1", contact, json!({}));
    }
    Mock::given(says("words 9\"")).respond_with(refused(400)).mount(&stage.salesforce).await;
    stage.answer(200, json!({})).await;
    let said: Vec<Said> =
        (0..24).map(|number| Said::new(&format!("c-{}", number % 4), number / 4, number)).collect();
    let app = app(&stage);
    let reply = app.handle(batch_of(&said), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    let letters = stage.dead_letters();
    assert_eq!(reasons(&stage), ["SalesforceRefused"]);
    assert_eq!(letters[0]["source"]["sequenceNumber"], "9");
    assert!(
        letters[0]["record"]["content"].as_str().unwrap().contains("words 9"),
        "the whole record, for a replay"
    );
    assert!(!letters[0]["reason"].to_string().contains("words"));
    // Everything else is with Salesforce, and nothing comes again.
    let before = stage.sent().await.len();
    app.handle(batch_of(&said), soon()).await.unwrap();
    assert_eq!((stage.sent().await.len(), stage.dead_letters().len()), (before, 1));
}

#[tokio::test]
async fn a_dead_letter_is_delivered_once_its_cause_is_mended_though_later_records_are() {
    let stage = Stage::new().await.unwrap();
    stage.aws.put_contact("i-1", "c-1", json!({}));
    let cause =
        Mock::given(says("words 0")).respond_with(refused(400)).mount_as_scoped(&stage.salesforce).await;
    stage.answer(200, json!({})).await;
    let app = app(&stage);
    app.handle(batch_of(&[Said::new("c-1", 0, 0), Said::new("c-1", 1, 1)]), soon()).await.unwrap();
    assert_eq!(stage.dead_letters()[0]["source"]["sequenceNumber"], "0");
    let state = stage.aws.items(stage::TABLE);

    drop(cause);
    let letter: Value =
        serde_json::from_str(stage.dead_letters()[0]["record"]["content"].as_str().unwrap()).unwrap();
    let before = messages(&stage).await.len();
    let reply = app.handle(replay([("c-1", 0, 900, letter)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    let sent = messages(&stage).await.split_off(before);
    assert_eq!(sent, [("c-1".to_owned(), "u-0".to_owned(), "words 0".to_owned())]);
    assert_eq!(stage.aws.items(stage::TABLE), state, "a replay says nothing about the stream");
}

#[tokio::test]
async fn a_signal_is_sent_again_only_if_salesforce_has_said_no() {
    let stage = Stage::new().await.unwrap();
    let down = Mock::given(path_regex("Events$"))
        .respond_with(ResponseTemplate::new(503))
        .mount_as_scoped(&stage.salesforce)
        .await;
    let app = app(&stage);
    let batch = batch([("c-1", 7, 1_000, category("c-1", "Refund"))]);
    let reply = app.handle(batch.clone(), soon()).await.unwrap();
    assert_eq!((redelivered_from(&reply), stage.dead_letters().len()), (Some("7"), 0));
    drop(down);
    // No answer: nobody knows whether Salesforce has it.
    let never = accepted().set_delay(Duration::from_secs(30));
    Mock::given(any_request()).respond_with(never).mount(&stage.salesforce).await;
    let in_time = Instant::now() + TIME_TO_NOTE + Duration::from_millis(2_400);
    let reply = app.handle(batch, in_time).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert_eq!(reasons(&stage), ["SignalOutcomeUnknown"]);
    let letter = stage.dead_letters().remove(0);
    assert!(
        letter["reason"]["message"].as_str().unwrap().contains("replay this record if the call lacks them")
    );
}

#[tokio::test]
async fn without_the_marks_nothing_is_sent() {
    let stage = willing().await;
    let failure = Failure { status: 500, code: "InternalServerError".to_owned(), times: 10 };
    stage.aws.fail_next("BatchGetItem", failure);
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 0, 7)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("7"));
    assert!(stage.sent().await.is_empty());
}

#[tokio::test]
async fn a_mark_that_cannot_be_written_does_not_bring_delivered_records_again() {
    let stage = willing().await;
    let failure = Failure { status: 500, code: "InternalServerError".to_owned(), times: 10 };
    stage.aws.fail_next("UpdateItem", failure);
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 0, 7)]), soon()).await.unwrap();
    assert_eq!((redelivered_from(&reply), messages(&stage).await.len()), (None, 1));
}

#[tokio::test]
async fn a_record_is_safe_only_once_it_is_in_the_dead_letter_queue() {
    let failure = || Failure { status: 500, code: "InternalError".to_owned(), times: 10 };
    let stage = willing().await;
    stage.aws.fail_next("SendMessage", failure());
    let reply = app(&stage).handle(batch([("c-1", 7, 0, json!("no event"))]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("7"));

    let stage = Stage::new().await.unwrap();
    stage.aws.put_contact("i-1", "c-1", json!({}));
    stage.answer(400, json!([])).await;
    stage.aws.fail_next("SendMessage", failure());
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 0, 8)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("8"));
}

#[tokio::test]
async fn what_is_behind_a_record_that_comes_again_is_not_dead_lettered_yet() {
    let stage = Stage::new().await.unwrap();
    stage.answer(503, json!([])).await;
    let mut records = batch_of(&[Said::new("c-1", 0, 7)]);
    let malformed = batch([("c-2", 8, 0, json!("no event"))])["Records"][0].clone();
    records["Records"].as_array_mut().unwrap().push(malformed);
    let reply = app(&stage).handle(records, shortly()).await.unwrap();
    assert_eq!((redelivered_from(&reply), stage.dead_letters().len()), (Some("7"), 0));
}

#[tokio::test]
async fn refused_credentials_hold_the_stream_because_mending_them_cures_it() {
    let stage = Stage::new().await.unwrap();
    stage.answer(401, json!([])).await;
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 0, 7)]), soon()).await.unwrap();
    assert_eq!((redelivered_from(&reply), stage.dead_letters().len()), (Some("7"), 0));
}

#[tokio::test]
async fn with_no_time_left_everything_comes_again() {
    let stage = willing().await;
    let deadline = Instant::now() + Duration::from_secs(1);
    let reply = app(&stage).handle(batch_of(&[Said::new("c-1", 0, 7)]), deadline).await.unwrap();
    assert_eq!(redelivered_from(&reply), Some("7"));
    assert!(stage.sent().await.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_a_record_are_settled(data in prop::collection::vec(".{0,80}", 1..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stage = willing().await;
            let records = data.iter().enumerate().map(|(number, text)| ("c-1", number, 0, json!(text)));
            let mut batch = batch(records);
            // Some are no base64, either.
            batch["Records"][0]["kinesis"]["data"] = json!(data[0]);
            let reply = app(&stage).handle(batch, soon()).await.unwrap();
            assert_eq!(redelivered_from(&reply), None);
            assert_eq!(stage.dead_letters().len(), data.len());
        });
    }
}
