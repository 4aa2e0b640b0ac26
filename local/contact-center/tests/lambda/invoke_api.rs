//! The public Invoke API, as curl and the SDKs call it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use contact_center::lambda::{Function, Host};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::{host_of, misbehaving};

fn post(host: &Host, function: &str, event: &Value) -> RequestBuilder {
    let url = format!("{}/2015-03-31/functions/{function}/invocations", host.url());
    reqwest::Client::new().post(url).body(event.to_string())
}

#[tokio::test]
async fn a_reply_comes_as_it_is() {
    let host = host_of(misbehaving()).await;
    let arn = "arn:aws:lambda:us-east-1:123456789012:function:Misbehaving:live";
    for name in ["Misbehaving", "misbehaving", arn] {
        let response = post(&host, name, &json!({"echo": {"voiceCallId": "x"}})).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["x-amz-executed-version"], "$LATEST");
        assert!(!response.headers().contains_key("x-amz-function-error"));
        assert_eq!(response.json::<Value>().await.unwrap(), json!({"voiceCallId": "x"}));
    }
}

#[tokio::test]
async fn an_error_of_the_function_is_a_200_with_a_header_and_the_log_on_request() {
    let host = host_of(misbehaving()).await;
    let request = post(&host, "Misbehaving", &json!({"fail": "not today"}));
    let response = request.header("X-Amz-Log-Type", "Tail").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["x-amz-function-error"], "Unhandled");
    let log = STANDARD.decode(&response.headers()["x-amz-log-result"]).unwrap();
    assert!(String::from_utf8(log).unwrap().contains("START RequestId: "));
    let body: Value = response.json().await.unwrap();
    assert_eq!(body, json!({"errorType": "Refused", "errorMessage": "not today"}));
}

#[tokio::test]
async fn refusals_are_lambda_s() {
    let host = host_of(Function { max_environments: 0, ..misbehaving() }).await;
    let cases = [
        (post(&host, "Missing", &json!({})), 404, "ResourceNotFoundException"),
        (post(&host, "Misbehaving", &json!({})), 429, "TooManyRequestsException"),
        (post(&host, "Misbehaving", &json!({})).body("{"), 400, "InvalidRequestContentException"),
        (
            post(&host, "Misbehaving", &json!({})).header("X-Amz-Invocation-Type", "Later"),
            400,
            "InvalidParameterValueException",
        ),
        (post(&host, "Misbehaving", &json!("x".repeat(7_000_000))), 413, "RequestTooLargeException"),
    ];
    for (request, status, error_type) in cases {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{error_type}");
        assert_eq!(response.headers()["x-amzn-errortype"], error_type);
    }
}

#[tokio::test]
async fn dry_runs_and_events_answer_without_a_body() {
    let host = host_of(misbehaving()).await;
    let request = post(&host, "Misbehaving", &json!({"print": "was here"}));
    let dry = request.header("X-Amz-Invocation-Type", "DryRun").send().await.unwrap();
    assert_eq!(dry.status(), StatusCode::NO_CONTENT);
    assert!(host.logs().is_empty());
    let request = post(&host, "Misbehaving", &json!({"print": "was here"}));
    let event = request.header("X-Amz-Invocation-Type", "Event").send().await.unwrap();
    assert_eq!(event.status(), StatusCode::ACCEPTED);
    assert_eq!(event.bytes().await.unwrap(), "");
    host.settle().await;
    assert!(host.logs().iter().any(|line| line.text == "was here"));
}

#[tokio::test]
async fn the_client_context_reaches_the_function() {
    let host = host_of(misbehaving()).await;
    let context = STANDARD.encode(json!({"custom": {"who": "the agent"}}).to_string());
    let request = post(&host, "Misbehaving", &json!({"context": {}})).header("X-Amz-Client-Context", context);
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body["client"], json!({"who": "the agent"}));
}
