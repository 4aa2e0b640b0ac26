use chrono::Utc;
use reqwest::Method;
use serde_json::{Value, json};

use super::{CENTER, Harness, KEYS, code, inbound, read, sign, with};
use crate::CallCenter;

async fn create_with(harness: &Harness, token: &str, key: &str) -> (u16, Value) {
    let url = harness.org.scrt_endpoint() + "/voiceCalls";
    let request = harness.http.post(url).bearer_auth(token).json(&inbound(key));
    let (status, reply) = read(request.send().await.unwrap()).await;
    (status.as_u16(), reply)
}

#[tokio::test]
async fn a_token_must_be_signed_by_its_call_center_and_in_force() {
    let harness = Harness::start().await;
    let now = Utc::now().timestamp();
    let signed = |fields: Value| sign(&with(harness.claims(), fields), &KEYS[0]);
    for (token, why) in [
        ("nonsense".to_owned(), "malformed"),
        (sign(&harness.claims(), &KEYS[1]), "signature"),
        (signed(json!({"sub": "Other"})), "no call center"),
        (signed(json!({"iss": "00D000000000000"})), "issuer"),
        (signed(json!({"exp": now - 31})), "expired"),
        (signed(json!({"exp": now + 24 * 3600 + 60})), "24 hours"),
    ] {
        let (status, reply) = create_with(&harness, &token, "c-1").await;
        assert_eq!((status, code(&reply)), (401, "INVALID_JWT"), "{why}");
        assert!(reply[0]["message"].as_str().unwrap().contains(why), "{reply}");
    }
    let without = harness.http.post(harness.org.scrt_endpoint() + "/voiceCalls").json(&inbound("c-1"));
    let (status, reply) = read(without.send().await.unwrap()).await;
    assert_eq!((status.as_u16(), code(&reply)), (401, "INVALID_AUTH_HEADER"));
    assert_eq!(harness.org.voice_calls().unwrap().len(), 0);
}

#[tokio::test]
async fn a_token_may_be_used_again_unless_it_has_an_id() {
    let harness = Harness::start().await;
    let plain = sign(&harness.claims(), &KEYS[0]);
    for key in ["c-1", "c-2"] {
        assert_eq!(create_with(&harness, &plain, key).await.0, 201);
    }
    let numbered = sign(&with(harness.claims(), json!({"jti": "1"})), &KEYS[0]);
    assert_eq!(create_with(&harness, &numbered, "c-3").await.0, 201);
    let (status, reply) = create_with(&harness, &numbered, "c-4").await;
    assert_eq!((status, &reply[0]["message"]), (401, &json!("The token's jti was used before")));
    assert_eq!(harness.org.voice_call("c-4").unwrap(), None);
}

#[tokio::test]
async fn the_issuer_may_be_the_long_form_of_the_org_id() {
    let harness = Harness::start().await;
    let long = crate::ids::to_18(harness.org.org_id()).unwrap();
    let token = sign(&with(harness.claims(), json!({"iss": long})), &KEYS[0]);
    assert_eq!(create_with(&harness, &token, "c-1").await.0, 201);
}

#[tokio::test]
async fn a_replaced_key_stops_the_old_one_at_once() {
    let harness = Harness::start().await;
    let old = sign(&harness.claims(), &KEYS[0]);
    assert_eq!(create_with(&harness, &old, "c-1").await.0, 201);
    harness.org.replace_call_center_key(CENTER, &KEYS[1].public_pem()).unwrap();
    assert_eq!(create_with(&harness, &old, "c-2").await.0, 401);
    let new = sign(&harness.claims(), &KEYS[1]);
    assert_eq!(create_with(&harness, &new, "c-2").await.0, 201);
    let error = harness.org.replace_call_center_key("Other", &KEYS[1].public_pem()).unwrap_err();
    assert!(error.to_string().contains("no call center Other"), "{error}");
}

#[tokio::test]
async fn a_call_center_sees_only_its_own_calls() {
    let harness = Harness::start().await;
    let id = harness.call("c-1").await;
    let other = CallCenter { api_name: "Other".to_owned(), public_key_pem: KEYS[1].public_pem() };
    harness.org.add_call_center(other).unwrap();
    let token = sign(&with(harness.claims(), json!({"sub": "Other"})), &KEYS[1]);

    let (status, reply) = create_with(&harness, &token, "c-2").await;
    assert_eq!((status, code(&reply)), (403, "INSUFFICIENT_ACCESS_OR_READONLY"));
    for call in ["c-1", &id] {
        let url = format!("{}/voiceCalls/{call}/clearRouting", harness.org.scrt_endpoint());
        let reply = harness.http.request(Method::PATCH, url).bearer_auth(&token).send().await.unwrap();
        assert_eq!(reply.status(), 404);
    }
}
