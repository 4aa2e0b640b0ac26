//! Against an org that answers as scripted; assertions are on what was sent, and on what the caller gets.

mod collections;
mod composite;
mod describe;
mod long_urls;
mod query;
mod records;
mod refusals;
mod sessions;
mod upload;
mod upsert;
mod usage;

use super::Rest;
use crate::oauth::{Login, Session};
use crate::soql::{self, Soql};
use crate::sosl::{self, Sosl};
use crate::testing::{Attempts, http};
use crate::{Endpoint, FieldName, Fields, ObjectName, RecordId};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use url::Position;
use wiremock::matchers::{any, path};
use wiremock::{Match, Mock, MockServer, Request, Respond, ResponseTemplate};

const TOKEN: &str = "/services/oauth2/token";
const DATA: &str = "/services/data/v66.0";

/// An org, its client, and what the observer was told.
struct Org {
    server: MockServer,
    rest: Rest,
    attempts: Attempts,
}

/// Everything but the login.
struct Data;

impl Match for Data {
    fn matches(&self, request: &Request) -> bool {
        request.url.path().starts_with(DATA)
    }
}

impl Org {
    /// Logs in with `token-1`, then `token-2`, and so on.
    async fn new() -> Self {
        let server = MockServer::start().await;
        let (http, attempts) = http();
        let endpoint = |path| Endpoint::parse(&format!("{}{path}", server.uri())).unwrap();
        let login = Login::ClientCredentials {
            consumer_key: "3MVG9.consumer_key".to_owned(),
            consumer_secret: SecretString::from("secret"),
        };
        let session = Arc::new(Session::new(http.clone(), endpoint(TOKEN), login));
        let rest = Rest::new(http, endpoint(DATA), session);
        let logins = AtomicUsize::new(0);
        let reply = move |_: &Request| {
            let number = logins.fetch_add(1, Ordering::Relaxed) + 1;
            let token = json!({"access_token": format!("token-{number}"), "token_type": "Bearer"});
            ResponseTemplate::new(200).set_body_json(token)
        };
        Mock::given(path(TOKEN)).respond_with(reply).mount(&server).await;
        Self { server, rest, attempts }
    }

    /// To every request.
    async fn answers(&self, reply: impl Respond + 'static) {
        Mock::given(any()).and(Data).respond_with(reply).mount(&self.server).await;
    }

    /// To the next requests, in the order of these calls; what follows is for [`Org::answers`].
    async fn answers_first(&self, replies: impl IntoIterator<Item = ResponseTemplate>) {
        for (number, reply) in (1..).zip(replies) {
            let mock = Mock::given(any()).and(Data).respond_with(reply);
            mock.up_to_n_times(1).with_priority(number).mount(&self.server).await;
        }
    }

    /// What was sent, without logins: request line, what the headers say of session and content, body.
    async fn sent(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        requests.iter().filter(|request| Data.matches(request)).map(sent).collect()
    }

    async fn only_sent(&self) -> String {
        let mut all = self.sent().await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// The story of the attempts, without logins.
    fn story(&self) -> String {
        let story = self.attempts.story();
        story.lines().filter(|line| !line.starts_with("login ")).collect::<Vec<_>>().join("\n")
    }
}

fn sent(request: &Request) -> String {
    let mut text = format!("{} {}", request.method, &request.url[Position::BeforePath..]);
    for name in ["authorization", "content-type"] {
        if let Some(value) = request.headers.get(name) {
            text += &format!("\n{name}: {}", value.to_str().unwrap());
        }
    }
    match std::str::from_utf8(&request.body).unwrap() {
        "" => text,
        body => format!("{text}\n{body}"),
    }
}

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status)
}

fn ok(body: Value) -> ResponseTemplate {
    status(200).set_body_json(body)
}

/// As Salesforce writes it; the sentence must not get anywhere.
fn refusal(http_status: u16, code: &str) -> ResponseTemplate {
    let error = json!([{"message": "the caller +12065550100", "errorCode": code, "fields": ["Phone"]}]);
    status(http_status).set_body_json(error)
}

fn object(name: &str) -> ObjectName {
    ObjectName::parse(name).unwrap()
}

fn field(name: &str) -> FieldName {
    FieldName::parse(name).unwrap()
}

fn id() -> RecordId {
    RecordId::parse("500xx000000bpkTAAQ").unwrap()
}

fn fields(fields: Value) -> Fields {
    serde_json::from_value(fields).unwrap()
}

fn soql(text: &str) -> Soql {
    soql::Template::parse(text).unwrap().bind(|_| None).unwrap()
}

fn sosl(text: &str) -> Sosl {
    sosl::Template::parse(text, false).unwrap().bind(|_| None).unwrap()
}

/// Text and `Debug` of an error, and of all that it came from.
fn whole(error: &crate::Error) -> String {
    let mut text = format!("{error}\n{error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text += &format!("\n{inner}\n{inner:?}");
        source = inner.source();
    }
    text
}
