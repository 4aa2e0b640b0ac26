//! What several tests need: keys made at run time, an observed client, servers that misbehave.

use crate::telephony::{CallKey, Settings, Telephony};
use crate::{Attempt, AttemptOutcome, Endpoint, Http, OrgId, RsaKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use serde_json::Value;
use std::fmt::Write;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use wiremock::{MockServer, Request};

pub(crate) const CENTER: &str = "AcmeConnect";
pub(crate) const ORG: &str = "00D5e000000abcDEA2";

/// A 2048-bit key pair, made once per test run.
pub(crate) struct TestKey {
    pub(crate) pkcs1: Vec<u8>,
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) public: Vec<u8>,
}

pub(crate) fn test_key() -> &'static TestKey {
    static KEY: OnceLock<TestKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        let pkcs8 = pkcs8.as_ref().to_vec();
        // Version, algorithm and the head of the octet string; the rest is PKCS#1.
        let pkcs1 = pkcs8[26..].to_vec();
        TestKey { pkcs1, pkcs8, public: pair.public_key().as_ref().to_vec() }
    })
}

/// A PEM as `openssl` writes it.
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let lines: Vec<_> = base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

pub(crate) fn rsa_key() -> RsaKey {
    RsaKey::from_pem(&SecretString::from(pem("PRIVATE KEY", &test_key().pkcs8))).unwrap()
}

/// Header and claims of a JWT whose signature is right. Expiry is for the test to judge.
pub(crate) fn verified(jwt: &str) -> (Value, Value) {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let token =
        jsonwebtoken::decode::<Value>(jwt, &DecodingKey::from_rsa_der(&test_key().public), &validation)
            .unwrap();
    (serde_json::to_value(token.header).unwrap(), token.claims)
}

pub(crate) fn token_of(bearer: &HeaderValue) -> String {
    bearer.to_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}

/// What the observer was told.
#[derive(Clone, Default)]
pub(crate) struct Attempts(Arc<Mutex<Vec<Attempt>>>);

impl Attempts {
    pub(crate) fn list(&self) -> Vec<Attempt> {
        self.0.lock().unwrap().clone()
    }

    /// `login 1: 200 accepted`, one line each.
    pub(crate) fn story(&self) -> String {
        self.list()
            .iter()
            .map(|attempt| {
                let status = attempt.status.map_or("no answer".to_owned(), |status| status.to_string());
                let outcome = match attempt.outcome {
                    AttemptOutcome::Accepted => "accepted",
                    AttemptOutcome::WillRetry(_) => "again",
                    AttemptOutcome::Failed => "failed",
                };
                format!("{} {}: {status} {outcome}", attempt.operation, attempt.number)
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

pub(crate) fn http() -> (Http, Attempts) {
    let attempts = Attempts::default();
    let told = attempts.clone();
    (Http::new(Arc::new(move |attempt: &Attempt| told.0.lock().unwrap().push(attempt.clone()))), attempts)
}

pub(crate) fn telephony_at(base: &str) -> (Telephony, Attempts) {
    let (http, attempts) = http();
    let settings = Settings {
        endpoint: Endpoint::parse(&format!("{base}/telephony/v1")).unwrap(),
        org_id: OrgId::parse(ORG).unwrap(),
        call_center_api_name: CENTER.to_owned(),
        private_key: rsa_key(),
    };
    (Telephony::new(http, settings), attempts)
}

pub(crate) async fn telephony() -> (MockServer, Telephony, Attempts) {
    let server = MockServer::start().await;
    let (telephony, attempts) = telephony_at(&server.uri());
    (server, telephony, attempts)
}

pub(crate) fn call() -> CallKey {
    CallKey::parse("1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b").unwrap()
}

/// As long as a contact flow gives.
pub(crate) fn soon() -> Instant {
    within(7_000)
}

pub(crate) fn within(milliseconds: u64) -> Instant {
    Instant::now() + Duration::from_millis(milliseconds)
}

/// What was sent, for a snapshot: request line, headers that matter, body. Tokens are checked and left out.
pub(crate) fn sent(request: &Request) -> String {
    let mut text = format!("{} {}\n", request.method, request.url.path());
    let mut headers: Vec<_> = request.headers.iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        match name.as_str() {
            "host" | "content-length" | "user-agent" => {}
            "authorization" => {
                verified(&token_of(value));
                text.push_str("authorization: Bearer (valid)\n");
            }
            name => writeln!(text, "{name}: {}", value.to_str().unwrap()).unwrap(),
        }
    }
    text + std::str::from_utf8(&request.body).unwrap()
}

pub(crate) async fn all_sent(server: &MockServer) -> Vec<String> {
    server.received_requests().await.unwrap().iter().map(sent).collect()
}

pub(crate) async fn only_sent(server: &MockServer) -> String {
    let mut all = all_sent(server).await;
    assert_eq!(all.len(), 1, "{all:#?}");
    all.remove(0)
}

/// A server of connections: `serve` gets each with its number (from 0). For what wiremock cannot do: reset, count.
pub(crate) async fn raw_server<F, Fut>(serve: F) -> String
where
    F: Fn(usize, TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for number in 0.. {
            let Ok((stream, _)) = listener.accept().await else { return };
            tokio::spawn(serve(number, stream));
        }
    });
    format!("http://{address}")
}

/// Reads one request, headers and body. None when the other side has closed.
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.ok()?;
        if read == 0 {
            return None;
        }
        text.extend_from_slice(&buffer[..read]);
        let request = String::from_utf8_lossy(&text).into_owned();
        if let Some((head, body)) = request.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, length)| length.parse::<usize>().unwrap());
            if body.len() >= length {
                return Some(request);
            }
        }
    }
}

pub(crate) async fn answer(stream: &mut TcpStream, status: &str, body: &str) {
    let reply = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let _ = stream.write_all(reply.as_bytes()).await;
}

/// Closes so that the other side gets a reset instead of an end.
pub(crate) fn reset(stream: TcpStream) {
    stream.set_zero_linger().unwrap();
    drop(stream);
}
