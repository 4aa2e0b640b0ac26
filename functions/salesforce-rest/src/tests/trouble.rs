//! What the flow sees when Salesforce cannot or will not.

use lambda_kit::flow::FlowError;
use std::time::Duration;

use serde_json::{Value, json};
use stage::{REST_BASE, Stage, soon};
use tokio::time::Instant;
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, ResponseTemplate};

use super::org::{self, GENEROUS, app, be_willing, refusal, sent};
use super::{outcome, with_parameters};

fn query() -> Value {
    json!({ "methodName": "queryRecord", "soql": "SELECT Id FROM Case WHERE ContactPhone = {phone}", "phone": "+12065550100" })
}

/// What a query ends with when Salesforce answers every request like this, as an error and as a reply.
async fn outcomes(answer: ResponseTemplate) -> (String, Value) {
    let stage = Stage::new().await.unwrap();
    let requests = Mock::given(path_regex(format!("^{REST_BASE}")));
    requests.respond_with(answer).mount(&stage.salesforce).await;
    be_willing(&stage).await;
    let app = app(&stage, GENEROUS);
    let deadline = || Instant::now() + Duration::from_millis(700);
    let error = outcome(app.handle(with_parameters(query()), deadline()).await);
    let mut parameters = query();
    parameters["onError"] = json!("reply");
    let reply = app.handle(with_parameters(parameters), deadline()).await.unwrap();
    assert_eq!(reply["success"], "false");
    (error, reply)
}

#[tokio::test]
async fn every_refusal_has_a_telling_type_and_a_reply_to_branch_on() {
    for (answer, kind, code, status) in [
        (refusal(400, "MALFORMED_QUERY", &[]), "SalesforceRefused", "MALFORMED_QUERY", "400"),
        (refusal(400, "DUPLICATES_DETECTED", &[]), "SalesforceRefused", "DUPLICATES_DETECTED", "400"),
        (refusal(404, "NOT_FOUND", &[]), "SalesforceRefused", "NOT_FOUND", "404"),
        (refusal(401, "INVALID_SESSION_ID", &[]), "SalesforceUnauthorized", "INVALID_SESSION_ID", "401"),
        (refusal(403, "REQUEST_LIMIT_EXCEEDED", &[]), "SalesforceThrottled", "REQUEST_LIMIT_EXCEEDED", "403"),
        (refusal(400, "UNABLE_TO_LOCK_ROW", &[]), "SalesforceUnavailable", "UNABLE_TO_LOCK_ROW", "400"),
        (
            ResponseTemplate::new(503).set_body_string("<html>down</html>"),
            "SalesforceUnavailable",
            "SalesforceUnavailable",
            "503",
        ),
        (
            ResponseTemplate::new(200).set_body_string("<html>hello</html>"),
            "SalesforceUnreadableReply",
            "SalesforceUnreadableReply",
            "200",
        ),
    ] {
        let (error, reply) = outcomes(answer).await;
        assert!(error.starts_with(&format!("{kind}: ")), "{error}");
        assert_eq!((&reply["errorCode"], &reply["statusCode"]), (&json!(code), &json!(status)), "{error}");
        for secret in ["5550100", "Ship", "html>"] {
            assert!(!error.contains(secret) && !reply.to_string().contains(secret), "{error}");
        }
        assert_eq!(error.contains("SCV_LIMITS_ERROR"), kind == "SalesforceThrottled", "{error}");
    }
}

#[tokio::test]
async fn a_session_that_ended_goes_unnoticed() {
    let stage = Stage::new().await.unwrap();
    let requests = Mock::given(path_regex(format!("^{REST_BASE}")));
    requests
        .respond_with(refusal(401, "INVALID_SESSION_ID", &[]))
        .up_to_n_times(1)
        .mount(&stage.salesforce)
        .await;
    be_willing(&stage).await;
    app(&stage, GENEROUS).handle(with_parameters(query()), soon()).await.unwrap();
    assert_eq!(sent(&stage).await.len(), 2);
}

#[tokio::test]
async fn a_described_object_that_cannot_be_had_lets_values_go_as_text() {
    let stage = Stage::new().await.unwrap();
    let describe = Mock::given(path(format!("{REST_BASE}/sobjects/Case/describe")));
    describe.respond_with(ResponseTemplate::new(503)).mount(&stage.salesforce).await;
    be_willing(&stage).await;
    let parameters = json!({ "methodName": "createRecord", "objectApiName": "Case", "IsEscalated": "true" });
    let deadline = Instant::now() + Duration::from_secs(4);
    app(&stage, GENEROUS).handle(with_parameters(parameters), deadline).await.unwrap();
    assert_eq!(sent(&stage).await.pop().unwrap(), r#"POST /sobjects/Case {"IsEscalated":"true"}"#);
}

#[tokio::test]
async fn an_object_that_salesforce_does_not_know_is_an_error_at_once() {
    let stage = org::willing().await;
    let parameters = json!({ "methodName": "createRecord", "objectApiName": "Nothing__c", "Size__c": "5" });
    let error = app(&stage, GENEROUS).handle(with_parameters(parameters), soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), ("SalesforceRefused", Some(404)));
    assert_eq!(sent(&stage).await, ["GET /sobjects/Nothing__c/describe"]);
}

/// A reply whose header says that the org has one percent of its requests left.
fn nearly_used_up(body: Value) -> ResponseTemplate {
    org::ok(body).insert_header("Sforce-Limit-Info", "api-usage=99/100")
}

#[tokio::test]
async fn what_can_wait_does_when_the_orgs_requests_run_out() {
    let stage = Stage::new().await.unwrap();
    let first = json!({
        "totalSize": 3, "done": false, "nextRecordsUrl": format!("{REST_BASE}/query/01g-1"),
        "records": [org::record("Case", json!({ "Id": "1" }))],
    });
    let query = Mock::given(method("GET")).and(path(format!("{REST_BASE}/query")));
    query.respond_with(nearly_used_up(first)).mount(&stage.salesforce).await;
    be_willing(&stage).await;
    let app = app(&stage, GENEROUS);
    let mut parameters = json!({ "methodName": "queryRecords", "soql": "SELECT Id FROM Case" });
    let reply = app.handle(with_parameters(parameters.clone()), soon()).await.unwrap();
    assert_eq!(
        reply,
        json!({ "records.0.Id": "1", "count": "1", "totalSize": "3", "truncated": "true" }),
        "what is there is the answer"
    );
    parameters["canWait"] = json!("true");
    let error = app.handle(with_parameters(parameters), soon()).await.unwrap_err();
    assert_eq!(error.kind(), "ApiAllowanceLow", "{error}");
    let upload = json!({ "methodName": "uploadTranscript", "contactIdsPayloadMap": [["call-1", "{}"]] });
    let error = app.handle(with_parameters(upload), soon()).await.unwrap_err();
    assert_eq!(error.kind(), "ApiAllowanceLow", "{error}");
    assert_eq!(sent(&stage).await.len(), 1);
}

#[tokio::test]
async fn a_page_that_comes_too_late_cuts_the_result_short() {
    let stage = Stage::new().await.unwrap();
    let late = Mock::given(path_regex(format!("^{REST_BASE}/query/")));
    let page = org::ok(json!({ "totalSize": 4, "done": true, "records": [] }));
    late.respond_with(page.set_delay(Duration::from_secs(5))).mount(&stage.salesforce).await;
    be_willing(&stage).await;
    let parameters = json!({ "methodName": "queryRecords", "soql": "SELECT Id, Owner.Name FROM Case" });
    let deadline = Instant::now() + Duration::from_millis(500);
    let reply = app(&stage, GENEROUS).handle(with_parameters(parameters), deadline).await.unwrap();
    assert_eq!((&reply["count"], &reply["truncated"]), (&json!("2"), &json!("true")));
}

#[tokio::test]
async fn a_named_look_up_that_finds_nothing_is_a_reply_and_one_that_fails_is_an_error() {
    for (rows, expected) in [
        (org::ok(json!({ "totalSize": 0, "done": true, "records": [] })), Ok(())),
        (refusal(400, "INVALID_TYPE", &[]), Err("SalesforceRefused")),
    ] {
        for (method, nothing) in [
            ("fetchOutboundPhoneNumber", json!({ "success": "true" })),
            ("fetchAgentPhoneNumber", json!({ "success": "true" })),
            ("fetchDefaultVoicemailGreetingUrl", json!({ "success": "true" })),
            (
                "SFSPhoneCallFlowQuery",
                json!({ "success": "true", "statusCode": "200", "status": "PHONE_NOT_FOUND",
                    "msg": "no engineer with a phone number is on the way to the caller" }),
            ),
        ] {
            let stage = Stage::new().await.unwrap();
            let query = Mock::given(path(format!("{REST_BASE}/query")));
            query.respond_with(rows.clone()).mount(&stage.salesforce).await;
            be_willing(&stage).await;
            let parameters = json!({ "methodName": method, "agentARN": "arn" });
            let result = app(&stage, GENEROUS).handle(with_parameters(parameters), soon()).await;
            match expected {
                Ok(()) => assert_eq!(result.unwrap(), nothing, "{method}"),
                Err(kind) => assert_eq!(result.unwrap_err().kind(), kind, "{method}"),
            }
        }
    }
}
