//! The sample events through the function: what is sent to Salesforce, and what the flow gets.

use std::fmt::Write;
use std::time::Duration;

use lambda_kit::env::Env;
use lambda_kit::flow::FlowError;
use proptest::prelude::*;
use serde_json::json;
use stage::{Stage, event, event_names, soon};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use super::*;

fn app(stage: &Stage) -> App {
    let look_up = |variable: &str| stage.look_up(variable);
    let state = StateTable::from_env(&Env::new(&look_up), stage.sdk()).unwrap();
    App::new(stage.call_centers().unwrap(), Some(state), stage.metrics())
}

/// A Salesforce that does what it is asked.
async fn willing() -> Stage {
    let stage = Stage::new().await.unwrap();
    let create = Mock::given(method("POST")).and(path("/telephony/v1/voiceCalls"));
    create
        .respond_with(ok(json!({ "voiceCallId": "0LQ5e0000000001GAA", "errors": [] })))
        .mount(&stage.salesforce)
        .await;
    for (end, reply) in [
        (
            "omniFlow",
            json!({ "agent": null, "queue": "arn:aws:connect:us-west-2:123456789012:instance/i/queue/q" }),
        ),
        ("requestCallback", json!({ "recordId": "0k55e0000000001AAA" })),
        ("clearRouting", json!(null)),
        ("messages", json!({ "result": "Accepted" })),
    ] {
        let path = wiremock::matchers::path_regex(format!("/{end}$"));
        Mock::given(path).respond_with(ok(reply)).mount(&stage.salesforce).await;
    }
    stage.answer(200, json!({ "status": "Success" })).await;
    stage
}

fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// What the flow gets, in a line.
fn outcome(result: Result<Value, HandlerError>) -> String {
    result.map_or_else(|e| format!("{}: {e}", e.kind()), |reply| reply.to_string())
}

#[tokio::test]
async fn each_sample_sends_this_to_salesforce_and_replies_that_to_the_flow() {
    let mut story = String::new();
    for name in event_names("voice-call").unwrap() {
        let stage = willing().await;
        stage.add_call_center("Center_Two").unwrap();
        let result = app(&stage).handle(event(&format!("voice-call/{name}")).unwrap(), soon()).await;
        writeln!(story, "# {name}").unwrap();
        for sent in stage.sent().await {
            writeln!(story, "{} {}", sent["request"].as_str().unwrap(), sent["body"]).unwrap();
        }
        writeln!(story, "-> {}\n", outcome(result)).unwrap();
    }
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn every_reply_to_a_flow_is_a_flat_map_of_strings() {
    for name in event_names("voice-call").unwrap().into_iter().filter(|name| name != "warm-up.json") {
        let stage = willing().await;
        let reply = app(&stage).handle(event(&format!("voice-call/{name}")).unwrap(), soon()).await;
        if let Ok(Value::Object(reply)) = reply {
            assert!(
                reply.values().all(|value| value.as_str().is_some_and(|text| !text.is_empty())),
                "{name}: {reply:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_second_identical_create_answers_with_the_same_voice_call() {
    let stage = Stage::new().await.unwrap();
    for number in 1..=2 {
        let created = ok(json!({ "voiceCallId": format!("0LQ5e000000000{number}GAA"), "errors": [] }));
        Mock::given(method("POST")).respond_with(created).up_to_n_times(1).mount(&stage.salesforce).await;
    }
    let app = app(&stage);
    let create = event("voice-call/create-voice-call.json").unwrap();
    let first = app.handle(create.clone(), soon()).await.unwrap();
    let second = app.handle(create, soon()).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(stage.sent().await.len(), 1);
}

#[tokio::test]
async fn a_warm_invocation_is_one_request_to_salesforce_and_none_to_aws() {
    let stage = willing().await;
    let app = app(&stage);
    app.handle(event("voice-call/create-voice-call.json").unwrap(), soon()).await.unwrap();
    let aws_requests = stage.aws.requests().len();
    app.handle(event("voice-call/execute-omni-flow.json").unwrap(), soon()).await.unwrap();
    assert_eq!(stage.sent().await.len(), 2);
    assert_eq!(stage.aws.requests().len(), aws_requests);
}

#[tokio::test]
async fn a_full_org_is_told_to_the_flow_with_its_status() {
    let stage = Stage::new().await.unwrap();
    stage
        .answer(
            429,
            json!([{ "errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "+12065550100 is too much" }]),
        )
        .await;
    let deadline = Instant::now() + Duration::from_millis(700);
    let error =
        app(&stage).handle(event("voice-call/create-voice-call.json").unwrap(), deadline).await.unwrap_err();
    assert_eq!(error.kind(), "SalesforceThrottled");
    let text = error.to_string();
    assert!(text.starts_with("SCV_LIMITS_ERROR"), "{text}");
    assert!(text.contains("429 REQUEST_LIMIT_EXCEEDED") && !text.contains("5550100"), "{text}");
}

#[tokio::test]
async fn on_error_reply_lets_the_flow_branch() {
    let stage = Stage::new().await.unwrap();
    stage.answer(400, json!([{ "errorCode": "INVALID_INPUT", "message": "no" }])).await;
    let reply = app(&stage).handle(event("voice-call/on-error-reply.json").unwrap(), soon()).await.unwrap();
    assert_eq!(reply["success"], "false");
    assert_eq!(reply["errorCode"], "INVALID_INPUT");
    assert_eq!(reply["statusCode"], "400");
    assert!(reply["errorMessage"].as_str().unwrap().starts_with("createVoiceCall"), "{reply}");
}

#[tokio::test]
async fn a_message_that_could_not_be_delivered_is_a_reply() {
    let stage = Stage::new().await.unwrap();
    stage.answer(400, json!([])).await;
    let reply = app(&stage).handle(event("voice-call/send-message.json").unwrap(), soon()).await.unwrap();
    assert_eq!((&reply["result"], &reply["success"]), (&json!("Error"), &json!("false")));
}

#[tokio::test]
async fn a_message_of_a_transferred_contact_goes_to_the_conversations_first_contact() {
    let stage = willing().await;
    let mut event = event("voice-call/create-transfer-vc.json").unwrap();
    let message = stage::event("voice-call/send-message.json").unwrap();
    event["Details"]["Parameters"] = message["Details"]["Parameters"].clone();
    event["Details"]["Parameters"].as_object_mut().unwrap().remove("contactId");
    app(&stage).handle(event.clone(), soon()).await.unwrap();
    let first = event["Details"]["ContactData"]["InitialContactId"].as_str().unwrap();
    assert_ne!(first, event["Details"]["ContactData"]["ContactId"]);
    assert_eq!(stage.sent().await[0]["request"], format!("POST /telephony/v1/voiceCalls/{first}/messages"));
}

#[tokio::test]
async fn a_contact_of_another_call_center_goes_to_its_own_org_and_is_noted() {
    let stage = willing().await;
    stage.add_call_center("Center_Two").unwrap();
    let event = event("voice-call/create-voice-call-other-center.json").unwrap();
    app(&stage).handle(event, soon()).await.unwrap();
    assert_eq!(stage.sent().await[0]["body"]["callCenterApiName"], "Center_Two");
    let noted = stage.aws.items(stage::TABLE);
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0]["secret"], "Center_Two-salesforce-secret");
}

#[tokio::test]
async fn a_secret_that_is_not_allowed_is_refused_before_aws_is_asked() {
    let stage = willing().await;
    let mut event = event("voice-call/create-voice-call.json").unwrap();
    event["Details"]["ContactData"]["Attributes"]["secretName"] = json!("production/database");
    let error = app(&stage).handle(event, soon()).await.unwrap_err();
    assert!(error.to_string().contains("ALLOWED_SECRETS"), "{error}");
    assert!(stage.sent().await.is_empty());
}

#[tokio::test]
async fn a_megabyte_of_text_is_sent_or_refused_like_any_other() {
    let stage = willing().await;
    let app = app(&stage);
    let mut event = event("voice-call/create-voice-call.json").unwrap();
    event["Details"]["ContactData"]["Attributes"]["sfdc-Note__c"] = json!("x".repeat(1 << 20));
    app.handle(event.clone(), soon()).await.unwrap();
    event["Details"]["Parameters"]["methodName"] = json!("m".repeat(1 << 20));
    let error = app.handle(event, soon()).await.unwrap_err();
    assert!(error.to_string().len() < 500, "the name is cut");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_event_makes_the_function_panic_or_sends_its_text_into_an_error(
        event in events(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stage = willing().await;
            if let Err(e) = app(&stage).handle(event, soon()).await {
                assert!(!e.to_string().contains("+1206555"), "{e}");
            }
        });
    }
}

/// Arbitrary JSON, and invocations with arbitrary JSON in their places.
fn events() -> impl Strategy<Value = Value> {
    let text = prop_oneof!["[a-z+0-9]{0,12}", Just("+12065550123".to_owned()), any::<String>()];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let json = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[A-Za-z]{0,10}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    let method = prop::sample::select(Method::ALL.to_vec()).prop_map(Method::name);
    prop_oneof![
        json.clone(),
        (method, json.clone(), json.clone(), json.clone()).prop_map(|(method, contact, fields, id)| json!({
            "Details": {
                "ContactData": contact,
                "Parameters": { "methodName": method, "fieldValues": fields, "contactId": id },
            }
        })),
    ]
}
