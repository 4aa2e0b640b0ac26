use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::Utc;
use jsonwebtoken::{EncodingKey, Header};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Harness, KEYS, read, sign, with};
use crate::{ConnectedApp, KeyPair, Operation};

const USER: &str = "integration@example.com";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

fn app() -> ConnectedApp {
    ConnectedApp {
        consumer_key: "the-consumer-key".to_owned(),
        consumer_secret: Some("s3cret+/=".into()),
        public_key_pem: Some(KEYS[0].public_pem()),
        pre_authorized: vec![USER.to_owned()],
        run_as: Some("runas@example.com".to_owned()),
        ..ConnectedApp::default()
    }
}

async fn start(app: ConnectedApp) -> Harness {
    let harness = Harness::start().await;
    harness.org.add_connected_app(app).unwrap();
    harness
}

fn claims() -> Value {
    json!({
        "iss": "the-consumer-key",
        "sub": USER,
        "aud": "https://login.salesforce.com",
        "exp": Utc::now().timestamp() + 180,
    })
}

async fn post_form(harness: &Harness, form: &[(&str, &str)]) -> (StatusCode, Value) {
    read(harness.http.post(harness.org.token_endpoint()).form(form).send().await.unwrap()).await
}

async fn log_in(harness: &Harness, assertion: &str) -> (StatusCode, Value) {
    post_form(harness, &[("grant_type", JWT_BEARER), ("assertion", assertion)]).await
}

/// Logs in and returns the access token.
async fn token(harness: &Harness) -> String {
    let (status, reply) = log_in(harness, &sign(&claims(), &KEYS[0])).await;
    assert_eq!(status, 200, "{reply}");
    reply["access_token"].as_str().unwrap().to_owned()
}

async fn use_session(harness: &Harness, token: &str) -> (StatusCode, Value) {
    read(harness.http.get(harness.org.rest_endpoint()).bearer_auth(token).send().await.unwrap()).await
}

#[tokio::test]
async fn an_assertion_logs_its_user_in() {
    let harness = start(app()).await;
    let (status, reply) = log_in(&harness, &sign(&claims(), &KEYS[0])).await;
    assert_eq!(status, 200, "{reply}");
    assert_eq!(reply["instance_url"], harness.org.url());
    assert_eq!(reply["token_type"], "Bearer");
    assert_eq!(reply["scope"], "api");
    assert_eq!(reply["expires_in"], Value::Null);
    let identity = format!("{}/id/{}/005", harness.org.url(), harness.org.org_id());
    assert!(reply["id"].as_str().unwrap().starts_with(&identity), "{reply}");

    let token = reply["access_token"].as_str().unwrap();
    let (status, resources) = use_session(&harness, token).await;
    assert_eq!((status, &resources["identity"]), (StatusCode::OK, &reply["id"]));
    assert_eq!(harness.org.request_count(Operation::Token), 1);
    assert_eq!(harness.org.request_count(Operation::RestResources), 1);
}

#[tokio::test]
async fn an_assertion_that_is_not_right_is_refused_with_its_cause() {
    let harness = start(app()).await;
    let signed = |fields: Value| sign(&with(claims(), fields), &KEYS[0]);
    let secret = EncodingKey::from_secret(b"secret");
    let by_secret = jsonwebtoken::encode(&Header::default(), &claims(), &secret).unwrap();
    let ago = Utc::now().timestamp() - 1;
    for (assertion, error, description) in [
        (sign(&claims(), &KEYS[1]), "invalid_grant", "invalid assertion"),
        (by_secret, "invalid_grant", "invalid assertion"),
        ("not.a.jwt".to_owned(), "invalid_grant", "invalid assertion"),
        (signed(json!({"iss": "another"})), "invalid_client_id", "client identifier invalid"),
        (
            signed(json!({"aud": "https://test.salesforce.com"})),
            "invalid_grant",
            "Audience validation failed",
        ),
        (signed(json!({"exp": ago})), "invalid_grant", "expired authorization code"),
        (signed(json!({"sub": "x@example.com"})), "invalid_grant", "user hasn't approved this consumer"),
    ] {
        let (status, reply) = log_in(&harness, &assertion).await;
        assert_eq!(status, 400);
        assert_eq!(reply, json!({"error": error, "error_description": description}));
    }
    let (status, reply) = post_form(&harness, &[("grant_type", "password")]).await;
    assert_eq!((status.as_u16(), reply["error"].as_str()), (400, Some("unsupported_grant_type")));
    let (_, reply) = post_form(&harness, &[("grant_type", JWT_BEARER)]).await;
    assert_eq!(reply["error_description"], "invalid assertion");
}

#[tokio::test]
async fn the_orgs_own_url_is_an_audience_unless_others_are_named() {
    let harness = start(app()).await;
    let own = sign(&with(claims(), json!({"aud": [harness.org.url()]})), &KEYS[0]);
    assert_eq!(log_in(&harness, &own).await.0, 200);

    let audiences = vec!["https://test.salesforce.com".to_owned()];
    harness.org.add_connected_app(ConnectedApp { audiences, ..app() }).unwrap();
    assert_eq!(log_in(&harness, &own).await.1["error_description"], "Audience validation failed");
    let sandbox = sign(&with(claims(), json!({"aud": "https://test.salesforce.com"})), &KEYS[0]);
    assert_eq!(log_in(&harness, &sandbox).await.0, 200);
}

#[tokio::test]
async fn a_certificate_verifies_assertions_too() {
    let harness = start(ConnectedApp { public_key_pem: Some(certificate(&KEYS[1])), ..app() }).await;
    assert_eq!(log_in(&harness, &sign(&claims(), &KEYS[1])).await.0, 200);
    assert_eq!(log_in(&harness, &sign(&claims(), &KEYS[0])).await.0, 400);
}

#[tokio::test]
async fn keys_that_cannot_verify_are_refused_when_they_are_added() {
    let harness = Harness::start().await;
    for (pem, why) in [
        (KEYS[0].private_pem_pkcs8(), "register its public half"),
        ("no key".to_owned(), "reading an RSA public key or certificate in PEM"),
    ] {
        let error =
            harness.org.add_connected_app(ConnectedApp { public_key_pem: Some(pem), ..app() }).unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
}

#[tokio::test]
async fn client_credentials_log_the_run_as_user_in() {
    let harness = start(app()).await;
    let grant = ("grant_type", "client_credentials");
    let id = ("client_id", "the-consumer-key");
    let (status, reply) = post_form(&harness, &[grant, id, ("client_secret", "s3cret+/=")]).await;
    assert_eq!(status, 200, "{reply}");
    assert_eq!(use_session(&harness, reply["access_token"].as_str().unwrap()).await.0, 200);

    // RFC 6749 has both halves form-encoded inside the header.
    let request = harness.http.post(harness.org.token_endpoint()).form(&[grant]);
    let reply = request.basic_auth("the-consumer-key", Some("s3cret%2B%2F%3D")).send().await.unwrap();
    assert_eq!(reply.status(), 200);

    let (status, reply) = post_form(&harness, &[grant, id, ("client_secret", "guess")]).await;
    assert_eq!((status.as_u16(), reply["error"].as_str()), (400, Some("invalid_client")));
    let (_, reply) = post_form(&harness, &[grant]).await;
    assert_eq!(reply["error"], "invalid_client");

    harness.org.add_connected_app(ConnectedApp { run_as: None, ..app() }).unwrap();
    let (status, reply) = post_form(&harness, &[grant, id, ("client_secret", "s3cret+/=")]).await;
    assert_eq!(status, 400);
    assert_eq!(reply["error_description"], "no client credentials user enabled");
}

#[tokio::test]
async fn a_session_ends_by_revocation_or_for_lack_of_use() {
    let harness = start(app()).await;
    let expired = json!([{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]);
    assert_eq!(use_session(&harness, "made-up").await, (StatusCode::UNAUTHORIZED, expired.clone()));

    let first = token(&harness).await;
    assert_eq!(use_session(&harness, &first).await.0, 200);
    harness.org.revoke_sessions().unwrap();
    assert_eq!(use_session(&harness, &first).await, (StatusCode::UNAUTHORIZED, expired.clone()));

    let second = token(&harness).await;
    harness.org.set_session_lifetime(Duration::ZERO);
    assert_eq!(use_session(&harness, &second).await, (StatusCode::UNAUTHORIZED, expired));
    harness.org.set_session_lifetime(Duration::from_secs(60));
    assert_eq!(use_session(&harness, &second).await.0, 200);
}

#[tokio::test]
async fn an_expiry_may_be_written_as_text() {
    let harness = start(app()).await;
    let exp = (Utc::now().timestamp() + 180).to_string();
    let assertion = sign(&with(claims(), json!({"exp": exp})), &KEYS[0]);
    assert_eq!(log_in(&harness, &assertion).await.0, 200);
    for exp in [json!("soon"), json!(null), json!("1")] {
        let assertion = sign(&with(claims(), json!({"exp": exp})), &KEYS[0]);
        assert_eq!(log_in(&harness, &assertion).await.0, 400, "{exp}");
    }
}

#[tokio::test]
async fn a_session_tells_whose_it_is_until_it_is_revoked() {
    let harness = start(app()).await;
    let (_, login) = log_in(&harness, &sign(&claims(), &KEYS[0])).await;
    let (token, identity) = (login["access_token"].as_str().unwrap(), login["id"].as_str().unwrap());
    let get = async |url: &str| read(harness.http.get(url).bearer_auth(token).send().await.unwrap()).await;
    let (status, user) = get(identity).await;
    assert_eq!((status.as_u16(), user["username"].as_str()), (200, Some(USER)));
    assert_eq!(user["organization_id"].as_str().and_then(|id| id.get(..15)), Some(harness.org.org_id()));
    let user_info = format!("{}/services/oauth2/userinfo", harness.org.url());
    assert_eq!(get(&user_info).await, (status, user));
    let another = format!("{}/id/{}/005000000000000", harness.org.url(), harness.org.org_id());
    assert_eq!(get(&another).await.0, 404);

    let revoke = async |form: &[(&str, &str)]| {
        let url = format!("{}/services/oauth2/revoke", harness.org.url());
        read(harness.http.post(url).form(form).send().await.unwrap()).await
    };
    assert_eq!(revoke(&[("token", token)]).await, (StatusCode::OK, Value::Null));
    assert_eq!(get(&user_info).await.0, 401);
    let (status, reply) = revoke(&[("token", token)]).await;
    assert_eq!((status.as_u16(), reply["error"].as_str()), (400, Some("invalid_token")));
}

#[tokio::test]
async fn a_path_the_org_does_not_have_is_not_found() {
    let harness = start(app()).await;
    let token = token(&harness).await;
    for path in ["/services/data/latest", "/services/data/v66.0/sobjects/Nothing", "/"] {
        let url = format!("{}{path}", harness.org.url());
        let (status, reply) = read(harness.http.get(url).bearer_auth(&token).send().await.unwrap()).await;
        assert_eq!((status.as_u16(), super::code(&reply)), (404, "NOT_FOUND"), "{path}");
    }
    assert_eq!(harness.org.request_count(Operation::Unknown), 2);
}

/// A self-signed certificate as far as reading its key goes; its signature is blank.
fn certificate(keys: &KeyPair) -> String {
    let public = keys.public_pem();
    let base64: String = public.lines().filter(|line| !line.starts_with('-')).collect();
    let public = BASE64_STANDARD.decode(base64).unwrap();
    let sha256_with_rsa = sequence(&[b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", b"\x05\x00"]);
    let name = sequence(&[&der(0x31, &sequence(&[b"\x06\x03\x55\x04\x03", b"\x0c\x05local"]))]);
    let validity = sequence(&[&der(0x17, b"260101000000Z"), &der(0x17, b"360101000000Z")]);
    let to_be_signed = sequence(&[
        b"\xa0\x03\x02\x01\x02",
        b"\x02\x01\x01",
        &sha256_with_rsa,
        &name,
        &validity,
        &name,
        &public,
    ]);
    let certificate = sequence(&[&to_be_signed, &sha256_with_rsa, &der(0x03, &[0; 257])]);
    let base64 = BASE64_STANDARD.encode(certificate);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    der(0x30, &parts.concat())
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let header = match length {
        0..0x80 => vec![tag, length as u8],
        _ => vec![tag, 0x82, (length >> 8) as u8, length as u8],
    };
    [&header, content].concat()
}
