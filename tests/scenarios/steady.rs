//! What an invocation costs once the function is warm.

use std::collections::HashMap;

use crate::support::{center, create, reply};

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_invocation_is_one_request_to_salesforce_none_to_aws_and_no_new_connection() {
    let center = center().await;
    reply(&center, create("cold")).await;
    let (requests, connections) = (center.org().requests().len(), center.org().connections());
    let aws = center.aws().requests().len();
    for number in 0..20 {
        reply(&center, create(&format!("warm-{number}"))).await;
    }
    assert_eq!(center.org().requests().len(), requests + 20);
    assert_eq!(center.org().connections(), connections, "no new connection");
    assert_eq!(center.aws().requests().len(), aws, "no request to AWS");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_at_once_are_as_many_voice_calls() {
    let center = center().await;
    let calls = (0..8).map(|number| {
        let center = std::sync::Arc::clone(&center);
        tokio::spawn(async move { reply(&center, create(&format!("at-once-{number}"))).await })
    });
    let mut ids = HashMap::new();
    for call in calls.collect::<Vec<_>>() {
        *ids.entry(call.await.unwrap()["voiceCallId"].to_string()).or_insert(0) += 1;
    }
    assert_eq!(ids.len(), 8);
}
