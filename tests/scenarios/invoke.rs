//! Invocations that are not as they should be, through Lambda's public Invoke API.

use reqwest::Client;
use serde_json::{Value, json};

use crate::support::{VOICE_CALL, center, event};

async fn post(url: &str, body: impl Into<reqwest::Body>) -> (Option<String>, Value) {
    let url = format!("{url}/2015-03-31/functions/{VOICE_CALL}/invocations");
    let reply = Client::new().post(url).body(body).send().await.unwrap();
    let error = reply.headers().get("x-amz-function-error").map(|value| value.to_str().unwrap().to_owned());
    (error, reply.json().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_event_is_a_typed_error_and_the_function_lives_on() {
    let center = center().await;
    let url = center.host().url();
    let hostile = json!({ "Details": { "Parameters": {
        "methodName": "cancelOmniFlowExecution", "contactId": "c-1/../../x?y=1",
    } } });
    let long = json!({ "Details": { "Parameters": { "methodName": "x".repeat(1 << 20) } } });
    for (body, error_type, says) in [
        (json!({}), "InvalidEvent", "Details"),
        (json!([1, 2]), "InvalidEvent", ""),
        (json!({ "Details": { "Parameters": {} } }), "UnsupportedMethod", "methodName"),
        (event("voice-call/unknown-method.json"), "UnsupportedMethod", "createVoiceCall"),
        (event("voice-call/no-contact-id.json"), "MissingParameter", "contactId"),
        (hostile, "InvalidParameter", "contactId"),
        (long, "UnsupportedMethod", "methods are"),
    ] {
        let (failed, error) = post(&url, body.to_string()).await;
        assert_eq!(failed.as_deref(), Some("Unhandled"), "{error}");
        assert_eq!(error["errorType"], error_type, "{error}");
        assert!(error["errorMessage"].as_str().unwrap().contains(says), "{error}");
    }
    let (_, error) = post(&url, "not JSON").await;
    assert!(error["message"].as_str().unwrap().contains("json"), "Lambda itself refuses it: {error}");
    let (failed, error) = post(&url, b"\"\xff\xfe\"".to_vec()).await;
    assert!(failed.is_some(), "text that is not UTF-8: {error}");
    assert!(center.org().requests().is_empty(), "none of it reached Salesforce");

    let (failed, reply) = post(&url, event("voice-call/create-voice-call.json").to_string()).await;
    assert_eq!(failed, None, "{reply}");
    assert!(reply["voiceCallId"].as_str().unwrap().starts_with("0LQ"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_warm_up_event_is_answered_without_a_request_to_anyone() {
    let center = center().await;
    let reply = crate::support::reply(&center, event("voice-call/warm-up.json")).await;
    assert_eq!(reply, json!({ "statusCode": 200, "message": "Keep Lambda Warm" }));
    assert!(center.org().requests().is_empty() && center.aws().requests().is_empty());
}
