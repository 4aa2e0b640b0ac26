use std::time::{Duration, Instant};

use reqwest::{Method, header};
use serde_json::json;

use super::{Harness, inbound};
use crate::{Body, Fault, Operation, Route};

#[tokio::test]
async fn an_ordered_status_comes_with_its_header_and_body_and_does_nothing() {
    let harness = Harness::start().await;
    let create =
        async || harness.request(Method::POST, "/voiceCalls").json(&inbound("c-1")).send().await.unwrap();
    let faults = harness.org.faults();
    faults.add(Fault::status(Operation::CreateVoiceCall, 429).retry_after(7).times(1));
    faults.add(Fault::status(Operation::CreateVoiceCall, 503).body(Body::Html).times(1));
    faults.add(Fault::status(Operation::CreateVoiceCall, 500).body(Body::Empty).times(1));

    let reply = create().await;
    assert_eq!(
        (reply.status().as_u16(), &reply.headers()[header::RETRY_AFTER]),
        (429, &"7".parse().unwrap())
    );
    assert_eq!(super::code(&reply.json().await.unwrap()), "LIMIT_EXCEEDED");
    let reply = create().await;
    assert_eq!((reply.status().as_u16(), reply.headers().contains_key(header::RETRY_AFTER)), (503, false));
    assert!(reply.text().await.unwrap().contains("Service Unavailable"));
    let reply = create().await;
    assert_eq!((reply.status().as_u16(), reply.bytes().await.unwrap().len()), (500, 0));

    assert_eq!(harness.org.voice_calls().unwrap().len(), 0);
    assert_eq!(create().await.status(), 201);
    let seen: Vec<_> =
        harness.org.requests().into_iter().map(|request| (request.status, request.fault)).collect();
    assert_eq!(seen, [(Some(429), true), (Some(503), true), (Some(500), true), (Some(201), false)]);
    assert_eq!(harness.org.connections(), 1, "a status does not cost the connection");
}

#[tokio::test]
async fn the_token_endpoint_fails_in_its_own_shape() {
    let harness = Harness::start().await;
    harness.org.faults().add(Fault::status(Operation::Token, 503));
    let reply = harness.http.post(harness.org.token_endpoint()).send().await.unwrap();
    assert_eq!(reply.status(), 503);
    let body: serde_json::Value = reply.json().await.unwrap();
    assert_eq!(body, json!({"error": "server_error", "error_description": "Service Unavailable"}));
}

#[tokio::test]
async fn a_reset_does_nothing_and_a_lost_reply_is_done() {
    let harness = Harness::start().await;
    let create =
        async |key: &str| harness.request(Method::POST, "/voiceCalls").json(&inbound(key)).send().await;
    harness.org.faults().add(Fault::reset(Operation::CreateVoiceCall).times(1));
    harness.org.faults().add(Fault::lost_reply(Operation::CreateVoiceCall).times(1));
    // A client whose connection is reset before it had any reply on it does not retry by itself.
    assert!(create("c-1").await.unwrap_err().is_request());
    assert_eq!(harness.org.voice_call("c-1").unwrap(), None);
    assert!(create("c-2").await.unwrap_err().is_request());
    assert!(harness.org.voice_call("c-2").unwrap().is_some());
    assert_eq!(create("c-3").await.unwrap().status(), 201);

    let seen: Vec<_> =
        harness.org.requests().into_iter().map(|request| (request.status, request.fault)).collect();
    assert_eq!(seen, [(None, true), (None, true), (Some(201), false)]);
    assert_eq!(harness.org.connections(), 3);
}

#[tokio::test]
async fn latency_delays_what_is_done_all_the_same() {
    let harness = Harness::start().await;
    let delay = Duration::from_millis(60);
    harness.org.faults().add(Fault::latency(Route::Any, delay).times(1));
    let before = Instant::now();
    harness.call("c-1").await;
    assert!(before.elapsed() >= delay);
}

#[tokio::test]
async fn faults_are_lifted() {
    let harness = Harness::start().await;
    harness.org.faults().add(Fault::reset(Route::Any));
    assert!(harness.request(Method::GET, "/").send().await.is_err());
    harness.org.faults().clear();
    harness.call("c-1").await;
}

#[tokio::test]
async fn a_shutdown_resets_a_request_in_progress_and_refuses_the_next() {
    let harness = Harness::start().await;
    harness.org.faults().add(Fault::latency(Route::Any, Duration::from_secs(600)));
    let waiting = harness.request(Method::POST, "/voiceCalls").json(&inbound("c-1"));
    let waiting = tokio::spawn(waiting.send());
    while harness.org.connections() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let before = Instant::now();
    harness.org.shutdown().await;
    assert!(waiting.await.unwrap().is_err());
    assert!(before.elapsed() < Duration::from_secs(5));
    assert!(harness.request(Method::POST, "/voiceCalls").send().await.unwrap_err().is_connect());
    assert_eq!(harness.org.voice_call("c-1").unwrap(), None);
}

#[tokio::test]
async fn requests_share_a_connection_and_are_logged_without_their_token() {
    let harness = Harness::start().await;
    harness.call("c-1").await;
    harness.patch("/voiceCalls/c-1?secret=yes", &json!({"isActiveCall": true})).await;
    assert_eq!(harness.org.connections(), 1);
    let requests = harness.org.requests();
    let seen: Vec<_> = requests
        .iter()
        .map(|request| (request.operation, request.method.as_str(), request.path.as_str()))
        .collect();
    let expected = [
        (Operation::CreateVoiceCall, "POST", "/telephony/v1/voiceCalls"),
        (Operation::UpdateVoiceCall, "PATCH", "/telephony/v1/voiceCalls/c-1"),
    ];
    assert_eq!(seen, expected);
    let text = format!("{requests:?} {:?}", harness.org);
    assert!(!text.contains("eyJ") && !text.contains("secret"), "{text}");
}
