//! The sample events through the function.

use std::fmt::Write;
use std::time::Duration;

use lambda_kit::env::Env;
use proptest::prelude::*;
use serde_json::json;
use stage::{Stage, event, event_names, soon};

use super::*;

fn app(stage: &Stage) -> App {
    let look_up = |variable: &str| stage.look_up(variable);
    let env = Env::new(&look_up);
    let state = StateTable::from_env(&env, stage.sdk()).unwrap();
    let dead_letters = DeadLetterQueue::from_env(&env, stage.sdk(), &stage.metrics()).unwrap();
    App::new(stage.call_centers().unwrap(), state, dead_letters, stage.metrics())
}

async fn willing() -> Stage {
    let stage = Stage::new().await.unwrap();
    stage.answer(200, json!({ "status": "Success" })).await;
    stage
}

fn sample(name: &str) -> Value {
    event(&format!("contact-events/{name}.json")).unwrap()
}

#[tokio::test]
async fn each_sample_sends_this_to_salesforce() {
    let mut story = String::new();
    for name in event_names("contact-events").unwrap() {
        let stage = willing().await;
        app(&stage).handle(event(&format!("contact-events/{name}")).unwrap(), soon()).await.unwrap();
        let sent = stage
            .sent()
            .await
            .iter()
            .map(|sent| sent["request"].as_str().unwrap().to_owned())
            .collect::<String>();
        let skipped = stage.counted("Skipped", "reason").join(" ");
        let noted: String = stage
            .aws
            .items(stage::TABLE)
            .iter()
            .map(|item| format!("{} -> {}", item["pk"], item["firstContact"]))
            .collect();
        let buried: String = stage.dead_letters().iter().map(|letter| letter["reason"].to_string()).collect();
        writeln!(story, "{name}: {sent}{noted}{skipped}{buried}").unwrap();
    }
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn a_contact_without_a_voice_call_needs_nothing() {
    let stage = Stage::new().await.unwrap();
    stage.answer(404, json!([])).await;
    app(&stage).handle(sample("disconnected-abandoned"), soon()).await.unwrap();
    assert_eq!(stage.counted("Invocations", "outcome"), ["no_voice_call"]);
    assert!(stage.dead_letters().is_empty());
}

#[tokio::test]
async fn what_may_succeed_later_is_an_error_so_that_lambda_invokes_again() {
    let stage = Stage::new().await.unwrap();
    stage.answer(503, json!([])).await;
    let deadline = Instant::now() + Duration::from_millis(700);
    let error = app(&stage).handle(sample("disconnected-abandoned"), deadline).await.unwrap_err();
    assert!(!error.is_permanent());
    assert!(stage.dead_letters().is_empty());
}

#[tokio::test]
async fn what_salesforce_refuses_goes_whole_to_the_dead_letter_queue() {
    let stage = Stage::new().await.unwrap();
    stage.answer(400, json!([{ "errorCode": "INVALID_INPUT", "message": "no" }])).await;
    let event = sample("disconnected-abandoned");
    app(&stage).handle(event.clone(), soon()).await.unwrap();
    let letters = stage.dead_letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0]["source"]["eventId"], event["id"]);
    let content: Value = serde_json::from_str(letters[0]["record"]["content"].as_str().unwrap()).unwrap();
    assert_eq!(content, event);
}

#[tokio::test]
async fn a_contact_of_another_call_center_is_looked_up() {
    let stage = willing().await;
    stage.add_call_center("Other").unwrap();
    let event = sample("disconnected-abandoned");
    let contact_id = event["detail"]["contactId"].as_str().unwrap();
    let app = app(&stage);
    app.state.note_call_center(contact_id, "Other-salesforce-secret", soon()).await.unwrap();
    app.handle(event.clone(), soon()).await.unwrap();
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

#[tokio::test]
async fn the_first_contact_of_a_transferred_leg_is_noted() {
    let stage = willing().await;
    let app = app(&stage);
    let event = sample("initiated-transfer");
    for _ in 0..2 {
        app.handle(event.clone(), soon()).await.unwrap();
    }
    let (leg, first) = (&event["detail"]["contactId"], &event["detail"]["initialContactId"]);
    let noted = app.state.first_contact_of(leg.as_str().unwrap(), soon()).await.unwrap();
    assert_eq!(noted.as_deref(), first.as_str());
    assert!(stage.sent().await.is_empty());
    let failure = local_aws::Failure { status: 500, code: "InternalServerError".to_owned(), times: 10 };
    stage.aws.fail_next("UpdateItem", failure);
    let error = app.handle(event, soon()).await.unwrap_err();
    assert!(!error.is_permanent(), "Lambda invokes again");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

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
        any::<String>().prop_map(Value::from)
    ];
    let key = prop_oneof![Just("eventType".to_owned()), Just("contactId".to_owned()), "[a-z]{0,8}"];
    leaf.prop_recursive(3, 16, 4, move |inner| {
        prop::collection::btree_map(key.clone(), inner, 0..4)
            .prop_map(|map| Value::Object(map.into_iter().collect()))
    })
}
