//! The day's allowance of requests, and how long a request may be.

use reqwest::{Method, header};
use serde_json::json;

use super::{Session, read};
use crate::tests::code;
use crate::{Fault, Operation, Settings};

#[tokio::test]
async fn the_days_requests_are_counted_and_run_out() {
    let session = Session::start_with(Settings { api_requests_per_day: 3, ..Settings::default() }).await;
    session.harness.call("c-1").await;
    for (used, status) in [(1, 404), (2, 404), (3, 404), (3, 403), (3, 403)] {
        let reply = session.request(Method::GET, "/nothing").send().await.unwrap();
        assert_eq!(reply.headers()["sforce-limit-info"], format!("api-usage={used}/3"));
        let (answered, body) = read(reply).await;
        assert_eq!(answered, status);
        if status == 403 {
            let expected =
                json!([{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]);
            assert_eq!(body, expected);
        }
    }
    session.harness.org.set_api_allowance(99, 100);
    assert_eq!(session.get("/limits").await.0, 200);
    assert_eq!(session.get("/limits").await.0, 403);
    session.harness.org.revoke_sessions().unwrap();
    let (status, reply) = session.get("/limits").await;
    assert_eq!((status.as_u16(), code(&reply)), (401, "INVALID_SESSION_ID"));
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused_by_the_edge() {
    let session = Session::start().await;
    let get = async |path: usize, header: usize| {
        let request = session.request(Method::GET, &format!("/limits?x={}", "x".repeat(path)));
        request.header(header::USER_AGENT, "x".repeat(header)).send().await.unwrap().status().as_u16()
    };
    assert_eq!(get(10_000, 1).await, 200);
    assert_eq!(get(16_400, 1).await, 414);
    assert_eq!(get(10_000, 6_400).await, 431);
    assert_eq!(session.harness.org.request_count(Operation::Limits), 3);
}

#[tokio::test]
async fn faults_strike_one_operation_with_the_code_asked_for() {
    let session = Session::start().await;
    let faults = session.harness.org.faults();
    faults.add(Fault::status(Operation::UpdateRecord, 400).error_code("UNABLE_TO_LOCK_ROW").times(1));
    faults.add(Fault::lost_reply(Operation::CreateRecord).times(1));
    let request = session.request(Method::POST, "/sobjects/Account").json(&json!({"Name": "Acme"}));
    assert!(request.send().await.is_err());
    let account = session.harness.org.records("Account").unwrap().pop().unwrap();
    let path = format!("/sobjects/Account/{}", account.id());
    assert_eq!(code(&session.patch(&path, json!({})).await.1), "UNABLE_TO_LOCK_ROW");
    assert_eq!(session.patch(&path, json!({})).await.0, 204);
}
