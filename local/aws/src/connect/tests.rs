use reqwest::{Client, Method, Response};
use serde_json::json;

use super::*;
use crate::LocalAws;

const INSTANCE: &str = "11111111-2222-3333-4444-555555555555";
const ARN: &str = "arn:aws:connect:us-east-1:123456789012:instance/11111111-2222-3333-4444-555555555555";
const CONTACT: &str = "b0c6ef7a-3c3c-4f3d-8f6a-3f2f5f0f6a11";

/// A request as the SDK would make it; the SDK itself takes minutes to compile.
async fn call(aws: &LocalAws, method: Method, path: &str, body: Value) -> Response {
    let scope = "ASIAEXAMPLE/20260102/us-east-1/connect/aws4_request";
    let signature = "0".repeat(64);
    let signed =
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={signature}");
    let request = Client::new().request(method, format!("{}{path}", aws.url()));
    let request = request.header("authorization", signed).header("x-amz-date", "20260102T030405Z");
    request.body(body.to_string()).send().await.unwrap()
}

async fn update(aws: &LocalAws, instance: &str, contact: &str, attributes: Value) -> Response {
    let body = json!({ "InitialContactId": contact, "InstanceId": instance, "Attributes": attributes });
    call(aws, Method::POST, "/contact/attributes", body).await
}

async fn contact() -> LocalAws {
    let aws = LocalAws::start().await.unwrap();
    aws.put_contact(ARN, CONTACT, json!({ "Channel": "VOICE", "InitiationTimestamp": 1_772_470_000.5 }));
    aws
}

#[tokio::test]
async fn a_contact_is_described() {
    let aws = contact().await;
    let reply = call(&aws, Method::GET, &format!("/contacts/{INSTANCE}/{CONTACT}"), json!({})).await;
    assert_eq!(reply.status(), 200);
    let expected = json!({ "Id": CONTACT, "Channel": "VOICE", "InitiationTimestamp": 1_772_470_000.5 });
    assert_eq!(reply.json::<Value>().await.unwrap(), json!({ "Contact": expected }));
    let escaped = ARN.replace(':', "%3A").replace('/', "%2F");
    let by_arn = call(&aws, Method::GET, &format!("/contacts/{escaped}/{CONTACT}"), json!({})).await;
    assert_eq!(by_arn.status(), 200);
    let unknown = call(&aws, Method::GET, &format!("/contacts/{INSTANCE}/elsewhere"), json!({})).await;
    assert_eq!(unknown.status(), 404);
    assert_eq!(unknown.headers()["x-amzn-errortype"], "ResourceNotFoundException");
}

#[tokio::test]
async fn attributes_are_added_and_replaced() {
    let aws = contact().await;
    assert_eq!(
        update(&aws, INSTANCE, CONTACT, json!({ "limit": "transcript", "vip": "no" })).await.status(),
        200
    );
    assert_eq!(update(&aws, ARN, CONTACT, json!({ "vip": "yes" })).await.status(), 200);
    let attributes = aws.contact_attributes(CONTACT);
    assert_eq!(
        attributes.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>(),
        [("limit", "transcript"), ("vip", "yes")]
    );
}

#[tokio::test]
async fn attributes_that_connect_refuses_are_refused() {
    let aws = contact().await;
    for (instance, contact, attributes, code) in [
        ("another", CONTACT, json!({ "a": "b" }), "ResourceNotFoundException"),
        (INSTANCE, "elsewhere", json!({ "a": "b" }), "ResourceNotFoundException"),
        (INSTANCE, CONTACT, json!({ "two words": "b" }), "InvalidParameterException"),
        (INSTANCE, CONTACT, json!({ "a": "b".repeat(32_768) }), "InvalidParameterException"),
        (INSTANCE, CONTACT, json!({ "a": 1 }), "SerializationException"),
    ] {
        let reply = update(&aws, instance, contact, attributes).await;
        assert_eq!(reply.headers()["x-amzn-errortype"], code);
    }
    assert!(aws.contact_attributes(CONTACT).is_empty());
}
