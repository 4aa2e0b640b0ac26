//! The org from outside: over HTTP, and through the handle.

use std::sync::LazyLock;

use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{CallCenter, KeyPair, Org, Settings};

mod calls;
mod client;
mod faults;
mod messages;
mod oauth;
mod rest;
mod routing;
mod telephony_auth;
mod updates;

const CENTER: &str = "ACLocal";
const START: &str = "2026-03-01T10:00:00.250Z";

/// Making keys takes time; all tests share these two.
static KEYS: LazyLock<[KeyPair; 2]> = LazyLock::new(|| [(); 2].map(|()| KeyPair::generate().unwrap()));

/// An org with one call center, and a client that speaks for it.
struct Harness {
    org: Org,
    http: reqwest::Client,
}

impl Harness {
    async fn start() -> Self {
        Self::start_with(Settings::default()).await
    }

    async fn start_with(settings: Settings) -> Self {
        let org = Org::start(settings).await.unwrap();
        let public_key_pem = KEYS[0].public_pem();
        org.add_call_center(CallCenter { api_name: CENTER.to_owned(), public_key_pem }).unwrap();
        Self { org, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    fn claims(&self) -> Value {
        json!({"iss": self.org.org_id(), "sub": CENTER, "exp": Utc::now().timestamp() + 300})
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, self.org.scrt_endpoint() + path);
        request.bearer_auth(sign(&self.claims(), &KEYS[0]))
    }

    /// Sends a body and reads the reply; a reply without JSON reads as null.
    async fn send(&self, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
        read(self.request(method, path).json(body).send().await.unwrap()).await
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send(Method::POST, path, body).await
    }

    async fn patch(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        self.send(Method::PATCH, path, body).await
    }

    /// Creates an inbound call and returns its record id.
    async fn call(&self, key: &str) -> String {
        let (status, reply) = self.post("/voiceCalls", &inbound(key)).await;
        assert_eq!(status, 201, "{reply}");
        reply["voiceCallId"].as_str().unwrap().to_owned()
    }

    /// Transfers a call and returns the new call's record id.
    async fn transfer(&self, parent: &str, key: &str) -> String {
        let (status, reply) = self.post("/voiceCalls", &transfer(parent, key)).await;
        assert_eq!(status, 201, "{reply}");
        reply["voiceCallId"].as_str().unwrap().to_owned()
    }
}

async fn read(reply: reqwest::Response) -> (StatusCode, Value) {
    let status = reply.status();
    let body = reply.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

fn sign(claims: &Value, keys: &KeyPair) -> String {
    let key = EncodingKey::from_rsa_pem(keys.private_pem_pkcs8().as_bytes()).unwrap();
    jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, &key).unwrap()
}

fn inbound(key: &str) -> Value {
    json!({
        "callCenterApiName": CENTER,
        "vendorCallKey": key,
        "to": "+12065550100",
        "from": "+12065550101",
        "initiationMethod": "Inbound",
        "startTime": START,
        "participants": [{"participantKey": "+12065550101", "type": "END_USER"}],
    })
}

fn transfer(parent: &str, key: &str) -> Value {
    with(inbound(key), json!({"initiationMethod": "Transfer", "parentVoiceCallId": parent}))
}

/// The first object with the fields of the second.
fn with(mut object: Value, fields: Value) -> Value {
    object.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    object
}

fn code(reply: &Value) -> &str {
    reply[0]["errorCode"].as_str().unwrap_or_default()
}
