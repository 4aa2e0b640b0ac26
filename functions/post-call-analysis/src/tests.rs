//! The sample events through the function.

use std::fmt::Write;
use std::time::Duration;

use lambda_kit::credentials::CredentialStore;
use lambda_kit::env::Env;
use local_aws::Failure;
use proptest::prelude::*;
use serde_json::json;
use stage::{Stage, event, event_names, soon};
use wiremock::matchers::any as any_request;
use wiremock::{Mock, ResponseTemplate};

use super::*;

const INSTANCE: &str = "6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83";
const BUCKET: &str = "connect-recordings-123456789012";
const ANSWERED: &str = "1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6";
const TRANSFERRED: &str = "2a9f3c51-7d4e-4b68-8f32-1c8e6d95a4b7";
const ABANDONED: &str = "6ed07095-b182-4fac-8376-50c2a1d9e8fb";

fn app_with(stage: &Stage, more: &[(&str, &str)]) -> App {
    let look_up = |variable: &str| {
        let own = more.iter().find(|(name, _)| *name == variable).map(|(_, value)| (*value).to_owned());
        own.or_else(|| stage.look_up(variable))
    };
    let env = Env::new(&look_up);
    let credentials = CredentialStore::from_env(&env, stage.sdk()).unwrap();
    let clients = Clients {
        call_centers: CallCenters::new(credentials, stage.metrics()),
        contacts: Contacts::new(&env, stage.sdk()),
        files: AnalysisFiles::new(&env, stage.sdk()),
        state: StateTable::from_env(&env, stage.sdk()).unwrap(),
        dead_letters: DeadLetterQueue::from_env(&env, stage.sdk(), &stage.metrics()).unwrap(),
    };
    App::new(Config::from_env(&env).unwrap(), clients, stage.metrics())
}

fn app(stage: &Stage) -> App {
    app_with(stage, &[("CONNECT_INSTANCE_ID", INSTANCE)])
}

/// A stage with the contacts of the samples and a bucket.
async fn stage() -> Stage {
    let stage = Stage::new().await.unwrap();
    stage.aws.create_bucket(BUCKET);
    let seconds =
        |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp_millis() as f64 / 1e3;
    let answered = json!({
        "InitiationTimestamp": seconds("2026-03-02T17:04:05.118Z"),
        "ConnectedToSystemTimestamp": seconds("2026-03-02T17:04:05.341Z"),
        "DisconnectTimestamp": seconds("2026-03-02T17:11:42Z"),
        "AgentInfo": { "ConnectedToAgentTimestamp": seconds("2026-03-02T17:05:10.250Z") },
    });
    let transferred = json!({
        "InitialContactId": ANSWERED,
        "PreviousContactId": ANSWERED,
        "InitiationTimestamp": seconds("2026-03-02T17:11:20Z"),
        "DisconnectTimestamp": seconds("2026-03-02T17:19:03Z"),
        "AgentInfo": { "ConnectedToAgentTimestamp": seconds("2026-03-02T17:11:52Z") },
    });
    let abandoned = json!({
        "InitiationTimestamp": seconds("2026-03-02T17:04:05.118Z"),
        "ConnectedToSystemTimestamp": seconds("2026-03-02T17:04:05.341Z"),
        "DisconnectTimestamp": seconds("2026-03-02T17:06:40.733Z"),
    });
    for (contact, described) in [(ANSWERED, answered), (TRANSFERRED, transferred), (ABANDONED, abandoned)] {
        stage.aws.put_contact(INSTANCE, contact, described);
    }
    stage
}

async fn willing() -> Stage {
    let stage = stage().await;
    stage.answer(202, json!({ "result": "Accepted" })).await;
    stage
}

fn sample(name: &str) -> Value {
    event(&format!("post-call-analysis/{name}.json")).unwrap()
}

/// Puts the file that an event tells of where it says.
fn put(stage: &Stage, event: &Value, file: &Value) {
    let key = event["detail"]["object"]["key"].as_str().unwrap();
    stage.aws.put_object(BUCKET, key, file.to_string());
}

/// An event, with its sample file in its place.
fn with_file(stage: &Stage, name: &str) -> Value {
    let sample = sample(name);
    put(stage, &sample, &event(&format!("analyses/{name}.json")).unwrap());
    sample
}

/// An event about a file with so many turns, each a second after the other.
fn long_call(stage: &Stage, turns: u32) -> Value {
    let sample = sample("original");
    let turn = |second: u32| {
        json!({
            "Id": second.to_string(),
            "ParticipantId": "CUSTOMER",
            "Content": "Hello?",
            "BeginOffsetMillis": second * 1000,
            "EndOffsetMillis": second * 1000 + 900,
            "Sentiment": "NEUTRAL",
        })
    };
    let metadata = json!({ "ContactId": ANSWERED, "InstanceId": INSTANCE });
    let turns: Vec<Value> = (0..turns).map(turn).collect();
    put(stage, &sample, &json!({ "CustomerMetadata": metadata, "Transcript": turns }));
    sample
}

/// The first and the last second of each request's signals.
async fn seconds(stage: &Stage) -> Vec<(i64, i64)> {
    let start = |event: &Value| (event["startTime"].as_i64().unwrap() - 1_772_471_110_250) / 1000;
    let of_request = |sent: &Value| {
        let events = sent["body"]["events"].as_array().unwrap();
        (start(events.first().unwrap()), start(events.last().unwrap()))
    };
    stage.sent().await.iter().map(of_request).collect()
}

fn half_a_second() -> Instant {
    Instant::now() + Duration::from_millis(500)
}

#[tokio::test]
async fn each_sample_sends_this_to_salesforce() {
    let mut story = String::new();
    for name in event_names("post-call-analysis").unwrap() {
        for files in ["original", "redacted"] {
            let stage = willing().await;
            let event = event(&format!("post-call-analysis/{name}")).unwrap();
            if let Ok(file) = stage::event(&format!("analyses/{name}")) {
                put(&stage, &event, &file);
            }
            let app = app_with(&stage, &[("CONNECT_INSTANCE_ID", INSTANCE), ("ANALYSIS_FILES", files)]);
            app.handle(event, soon()).await.unwrap();
            let sent: String = stage.sent().await.iter().map(told).collect();
            let skipped = stage.counted("Skipped", "reason").join(" ");
            let buried: String =
                stage.dead_letters().iter().map(|letter| letter["reason"].to_string()).collect();
            writeln!(story, "{name} ({files}): {sent}{skipped}{buried}").unwrap();
        }
    }
    insta::assert_snapshot!(story);
}

fn told(sent: &Value) -> String {
    let events = sent["body"]["events"].as_array().unwrap();
    let signal = |event: &Value| {
        format!("{} {}", event["participant"].as_str().unwrap(), event["value"].as_str().unwrap())
    };
    let signals: Vec<String> = events.iter().map(signal).collect();
    format!("{} {}", sent["request"].as_str().unwrap(), signals.join(", "))
}

#[tokio::test]
async fn batches_of_25_go_out_in_order_and_are_resumed_at_the_one_that_failed() {
    let stage = stage().await;
    let event = long_call(&stage, 60);
    let first = ResponseTemplate::new(202).set_body_json(json!({ "result": "Accepted" }));
    Mock::given(any_request()).respond_with(first).up_to_n_times(1).mount(&stage.salesforce).await;
    let down = Mock::given(any_request())
        .respond_with(ResponseTemplate::new(503))
        .mount_as_scoped(&stage.salesforce)
        .await;
    let app = app(&stage);
    let error = app.handle(event.clone(), half_a_second()).await.unwrap_err();
    assert!(!error.is_permanent());
    drop(down);
    let failed = seconds(&stage).await;
    assert_eq!((failed[0], failed[1]), ((0, 24), (25, 49)));
    assert!(failed[1..].iter().all(|request| *request == (25, 49)), "nothing overtakes: {failed:?}");

    stage.answer(202, json!({ "result": "Accepted" })).await;
    app.handle(event.clone(), soon()).await.unwrap();
    assert_eq!(seconds(&stage).await[failed.len()..], [(25, 49), (50, 59)]);
    app.handle(event, soon()).await.unwrap();
    assert_eq!(seconds(&stage).await.len(), failed.len() + 2, "nothing is sent again");
    assert_eq!(stage.counted("Skipped", "reason"), ["already_sent"]);
    assert!(stage.dead_letters().is_empty());
}

#[tokio::test]
async fn an_event_that_comes_twice_at_the_same_time_is_left_to_who_is_further() {
    let stage = stage().await;
    let event = long_call(&stage, 60);
    let accepted = ResponseTemplate::new(202).set_body_json(json!({ "result": "Accepted" }));
    Mock::given(any_request())
        .respond_with(accepted.set_delay(Duration::from_millis(300)))
        .mount(&stage.salesforce)
        .await;
    let detail: Detail = connect::from_value(event["detail"].clone()).unwrap();
    let app = app(&stage);
    let other = async {
        while stage.sent().await.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        app.clients.state.note_post_call_progress(&detail.identity(), 2, soon()).await.unwrap();
    };
    let (handled, ()) = tokio::join!(app.handle(event, soon()), other);
    handled.unwrap();
    assert_eq!(seconds(&stage).await, [(0, 24)]);
    assert_eq!(stage.counted("Skipped", "reason"), ["already_sent"]);
}

#[test]
fn only_what_passes_is_waited_for_and_for_as_long_as_salesforce_asks() {
    let pause = |error| HandlerError::from(call_centers::Error::Salesforce(error)).pause();
    let throttled = |retry_after| salesforce::Error::Throttled {
        operation: "sendPostCallEvents",
        status: 429,
        code: None,
        retry_after,
    };
    assert_eq!(pause(throttled(Some(Duration::from_secs(7)))), Some(Duration::from_secs(7)));
    assert_eq!(pause(throttled(None)), Some(Duration::ZERO));
    assert_eq!(pause(salesforce::Error::OutOfTime { operation: "sendPostCallEvents" }), None);
    assert_eq!(HandlerError::NoTime.pause(), None);
}

#[tokio::test]
async fn another_content_under_the_same_key_is_another_file() {
    let stage = willing().await;
    let mut event = long_call(&stage, 3);
    let app = app(&stage);
    app.handle(event.clone(), soon()).await.unwrap();
    event["detail"]["object"]["etag"] = json!("another");
    app.handle(event, soon()).await.unwrap();
    assert_eq!(stage.sent().await.len(), 2);
}

/// Salesforce, as long as the conversation is open.
async fn still_open(stage: &Stage) -> wiremock::MockGuard {
    let refusal =
        json!([{ "errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "The conversation has not ended" }]);
    Mock::given(any_request())
        .respond_with(ResponseTemplate::new(400).set_body_json(refusal))
        .mount_as_scoped(&stage.salesforce)
        .await
}

/// A message of the queue, received this many times.
fn message(id: &str, body: &str, receives: u32) -> Value {
    json!({
        "messageId": id,
        "receiptHandle": "handle",
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": receives.to_string(),
            "SentTimestamp": "1772471500000",
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:Center-AnalysisFilesQueue",
        "awsRegion": "us-east-1",
    })
}

fn from_queue(event: &Value, receives: u32) -> Value {
    json!({ "Records": [message("m-1", &event.to_string(), receives)] })
}

#[tokio::test]
async fn a_conversation_that_is_not_closed_yet_is_waited_for() {
    let stage = stage().await;
    let event = with_file(&stage, "original");
    let open = still_open(&stage).await;
    let app = app(&stage);
    let error = app.handle(event.clone(), soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("SalesforceRefused", false));
    let again = json!({ "batchItemFailures": [{ "itemIdentifier": "m-1" }] });
    for receives in 1..queue::MAX_RECEIVES {
        assert_eq!(app.handle(from_queue(&event, receives), soon()).await.unwrap(), again);
    }
    assert!(stage.dead_letters().is_empty(), "it comes again");
    drop(open);
    stage.answer(202, json!({ "result": "Accepted" })).await;
    let reply = app.handle(from_queue(&event, queue::MAX_RECEIVES), soon()).await.unwrap();
    assert_eq!(reply, json!({ "batchItemFailures": [] }));
    assert_eq!(app.handle(event, soon()).await.unwrap(), Value::Null);
    assert_eq!(stage.counted("Invocations", "outcome").last().unwrap(), "skipped");
    assert!(stage.dead_letters().is_empty());
}

#[tokio::test]
async fn a_conversation_that_never_closes_is_given_up_with_the_reason() {
    let stage = stage().await;
    let event = with_file(&stage, "original");
    let _open = still_open(&stage).await;
    let app = app(&stage);
    let done = json!({ "batchItemFailures": [] });
    // One more time, if the letter itself could not be sent.
    stage.aws.fail_next(
        "SendMessage",
        Failure { status: 400, code: "AccessDeniedException".to_owned(), times: 1 },
    );
    let reply = app.handle(from_queue(&event, queue::MAX_RECEIVES), soon()).await.unwrap();
    assert_ne!(reply, done);
    let reply = app.handle(from_queue(&event, queue::MAX_RECEIVES + 1), soon()).await.unwrap();
    assert_eq!(reply, done);
    let letters = stage.dead_letters();
    assert_eq!((letters.len(), &letters[0]["reason"]["code"]), (1, &json!("SalesforceRefused")));
    // What is sent again is the event, not the message.
    let content: Value = serde_json::from_str(letters[0]["record"]["content"].as_str().unwrap()).unwrap();
    assert_eq!((&content, &letters[0]["source"]["eventId"]), (&event, &event["id"]));
}

#[tokio::test]
async fn of_several_messages_only_those_that_failed_come_again() {
    let stage = willing().await;
    let event = with_file(&stage, "original");
    let mut missing = event.clone();
    missing["detail"]["object"]["key"] =
        json!("Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:04:06Z.json");
    let messages = [
        message("in trouble", &event.to_string(), 1),
        message("permanent", &missing.to_string(), 1),
        message("no JSON", "{", 1),
        message("no event", "[]", 1),
        message("good", &event.to_string(), 1),
    ];
    stage.aws.fail_next(
        "DescribeContact",
        Failure { status: 403, code: "AccessDeniedException".to_owned(), times: 1 },
    );
    let reply = app(&stage).handle(json!({ "Records": messages }), soon()).await.unwrap();
    assert_eq!(reply, json!({ "batchItemFailures": [{ "itemIdentifier": "in trouble" }] }));
    assert_eq!(stage.sent().await.len(), 1);
    assert_eq!(stage.dead_letters().len(), 1);
    assert_eq!(stage.counted("Skipped", "reason"), ["not_object_created"; 2]);
}

#[tokio::test]
async fn messages_that_are_none_are_left_in_the_queue() {
    let stage = willing().await;
    let mut input = from_queue(&sample("original"), 1);
    input["Records"][0].as_object_mut().unwrap().remove("messageId");
    let error = app(&stage).handle(input, soon()).await.unwrap_err();
    assert!(error.to_string().contains("messageId"), "{error}");
}

/// The queue must not give up before the function does, which knows the reason.
#[test]
fn the_queue_in_the_template_is_more_patient_than_the_function() {
    let template = include_str!("../../../template.yaml");
    let number = |key: &str| -> u32 {
        let (_, rest) = template.split_once(key).unwrap();
        rest.lines().next().unwrap().trim().parse().unwrap()
    };
    assert!(number("maxReceiveCount:") > queue::MAX_RECEIVES);
    let seconds = number("VisibilityTimeout:") * (queue::MAX_RECEIVES - 1);
    assert!((4 * 3600..=6 * 3600).contains(&seconds), "{seconds} s");
}

#[tokio::test]
async fn signals_of_a_transferred_leg_go_to_the_conversation_and_are_dated_by_the_leg() {
    let stage = willing().await;
    let event = with_file(&stage, "transferred");
    app(&stage).handle(event, soon()).await.unwrap();
    let sent = stage.sent().await;
    let path = format!("POST /telephony/v1/voiceCalls/{ANSWERED}/postConversationEvents");
    assert_eq!(sent[0]["request"], path);
    let leg_began: chrono::DateTime<chrono::Utc> = "2026-03-02T17:11:52Z".parse().unwrap();
    assert_eq!(sent[0]["body"]["events"][0]["startTime"], leg_began.timestamp_millis());
}

#[tokio::test]
async fn what_is_no_analysis_goes_with_the_reason_to_the_dead_letter_queue() {
    let stage = willing().await;
    let event = sample("original");
    let app = app(&stage);
    for file in ["", "{\"Transcript\": [", "\u{fffd}", "{\"Transcript\":[{\"Content\":\"my secret\"}]}"] {
        let key = event["detail"]["object"]["key"].as_str().unwrap();
        stage.aws.put_object(BUCKET, key, file.to_owned());
        app.handle(event.clone(), soon()).await.unwrap();
    }
    let letters = stage.dead_letters();
    assert_eq!(letters.len(), 4);
    for letter in &letters {
        assert_eq!(letter["reason"]["code"], "MalformedAnalysis");
        assert_eq!(letter["source"]["eventId"], event["id"]);
        let content: Value = serde_json::from_str(letter["record"]["content"].as_str().unwrap()).unwrap();
        assert_eq!(content, event);
        assert!(!letter.to_string().contains("secret"));
    }
    assert!(stage.sent().await.is_empty());
}

#[tokio::test]
async fn describe_contact_is_waited_for_when_too_many_ask() {
    let stage = willing().await;
    let event = with_file(&stage, "original");
    // As often as the SDK asks by itself, and once more.
    let busy = Failure { status: 429, code: "TooManyRequestsException".to_owned(), times: 4 };
    stage.aws.fail_next("DescribeContact", busy);
    app(&stage).handle(event, soon()).await.unwrap();
    assert_eq!(stage.sent().await.len(), 1);
}

#[tokio::test]
async fn a_contact_that_connect_does_not_know_is_a_dead_letter() {
    let stage = willing().await;
    let event = sample("original");
    let metadata = json!({ "ContactId": "c-unknown", "InstanceId": INSTANCE });
    let turn = json!({ "ParticipantId": "AGENT", "BeginOffsetMillis": 0, "EndOffsetMillis": 1, "Sentiment": "MIXED" });
    put(&stage, &event, &json!({ "CustomerMetadata": metadata, "Transcript": [turn] }));
    app(&stage).handle(event, soon()).await.unwrap();
    assert_eq!(stage.dead_letters()[0]["reason"]["code"], "AwsMissing");
}

#[tokio::test]
async fn without_an_instance_the_configuration_is_to_blame() {
    let stage = willing().await;
    let event = with_file(&stage, "awkward");
    let error = app_with(&stage, &[]).handle(event, soon()).await.unwrap_err();
    assert!(error.to_string().contains("CONNECT_INSTANCE_ID"), "{error}");
}

#[tokio::test]
async fn a_batch_that_cannot_be_noted_does_not_stop_the_others() {
    let stage = willing().await;
    let event = long_call(&stage, 60);
    stage
        .aws
        .fail_next("PutItem", Failure { status: 400, code: "AccessDeniedException".to_owned(), times: 2 });
    app(&stage).handle(event.clone(), soon()).await.unwrap();
    assert_eq!(seconds(&stage).await, [(0, 24), (25, 49), (50, 59)]);
    app(&stage).handle(event, soon()).await.unwrap();
    assert_eq!(stage.sent().await.len(), 3, "the last note was taken");
}

#[tokio::test]
async fn the_call_center_of_a_contact_is_that_of_its_leg_or_of_its_conversation() {
    let stage = willing().await;
    stage.add_call_center("Other").unwrap();
    let event = with_file(&stage, "transferred");
    let app = app(&stage);
    app.clients.state.note_call_center(ANSWERED, "Other-salesforce-secret", soon()).await.unwrap();
    app.handle(event, soon()).await.unwrap();
    let requests = stage.salesforce.received_requests().await.unwrap();
    assert_eq!(call_center(&requests[0]), "Other");
}

/// The call center that a request speaks for: the subject of its token.
fn call_center(request: &wiremock::Request) -> String {
    use base64::Engine;
    let token = request.headers["authorization"].to_str().unwrap();
    let claims =
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    claims["sub"].as_str().unwrap().to_owned()
}

#[test]
fn files_are_chosen_by_version_and_prefix() {
    let day = "Analysis/Voice/2026/03/02/c-1_analysis_x.json";
    let redacted = "Analysis/Voice/Redacted/2026/03/02/c-1_analysis_redacted_x.json";
    let declines = |variables: &[(&str, &str)], key: &str| {
        let look_up = |variable: &str| {
            variables.iter().find(|(name, _)| *name == variable).map(|(_, value)| (*value).to_owned())
        };
        Config::from_env(&Env::new(&look_up)).unwrap().declines(&AnalysisKey::parse(key).unwrap())
    };
    assert_eq!(declines(&[], day), None);
    assert_eq!(declines(&[], redacted), Some("redacted"));
    assert_eq!(declines(&[("ANALYSIS_FILES", "redacted")], day), Some("original"));
    assert_eq!(declines(&[("ANALYSIS_FILES", "redacted")], redacted), None);
    let prefixed = format!("connect/support/{day}");
    assert_eq!(declines(&[], &prefixed), None, "any prefix");
    for prefix in ["connect/support", "connect/support/"] {
        assert_eq!(declines(&[("ANALYSIS_PREFIX", prefix)], &prefixed), None);
        assert_eq!(declines(&[("ANALYSIS_PREFIX", prefix)], day), Some("other_prefix"));
    }
}

#[test]
fn a_wrong_setting_names_the_variable() {
    for (variable, value) in [("ANALYSIS_FILES", "both"), ("OVERALL_SCORES", "yes")] {
        let look_up = |asked: &str| (asked == variable).then(|| value.to_owned());
        assert_eq!(Config::from_env(&Env::new(&look_up)).unwrap_err().variable, variable);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_event_makes_the_function_panic_or_is_lost(detail in json(), kind in prop::sample::select(vec![DETAIL_TYPE, "other"])) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stage = willing().await;
            let event = json!({ "detail-type": kind, "id": "e-1", "detail": detail });
            app(&stage).handle(event, soon()).await.unwrap();
            let settled = stage.sent().await.len() + stage.counted("Skipped", "reason").len() + stage.dead_letters().len();
            assert_eq!(settled, 1);
        });
    }
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:05:10Z.json")),
        Just(json!(BUCKET)),
    ];
    let key = prop::sample::select(vec!["bucket", "object", "name", "key", "etag"]).prop_map(str::to_owned);
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop::collection::btree_map(key.clone(), inner, 0..4)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
    })
}
