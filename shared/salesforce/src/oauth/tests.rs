use super::*;
use crate::rest::Rest;
use crate::testing::{Attempts, all_sent, http, rsa_key, soon, verified, within};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const TOKEN: &str = "/services/oauth2/token";
const DATA: &str = "/services/data/v66.0";

/// An org with a token endpoint and the root of the REST API, and a client for both.
struct Org {
    server: MockServer,
    session: Arc<Session>,
    rest: Arc<Rest>,
    attempts: Attempts,
}

impl Org {
    async fn new(login: Login) -> Self {
        let server = MockServer::start().await;
        let (http, attempts) = http();
        let endpoint = |path| Endpoint::parse(&format!("{}{path}", server.uri())).unwrap();
        let session = Arc::new(Session::new(http.clone(), endpoint(TOKEN), login));
        let rest = Arc::new(Rest::new(http, endpoint(DATA), session.clone()));
        Self { server, session, rest, attempts }
    }

    /// The token endpoint answers with `token-1`, `token-2`, … after a moment.
    async fn logs_in(&self) {
        let logins = AtomicUsize::new(0);
        let reply = move |_: &Request| {
            let number = logins.fetch_add(1, Ordering::Relaxed) + 1;
            ResponseTemplate::new(200).set_delay(Duration::from_millis(30)).set_body_json(json!({
                "access_token": format!("token-{number}"), "scope": "api web", "token_type": "Bearer",
                "instance_url": "https://example.my.salesforce.com", "id": "https://login.salesforce.com/id/00D/005",
                "issued_at": "1800000000000", "signature": "c2ln",
            }))
        };
        Mock::given(method("POST")).and(path(TOKEN)).respond_with(reply).mount(&self.server).await;
    }

    async fn refuses_login(&self, status: u16, error: &str, description: &str) {
        let body = json!({"error": error, "error_description": description});
        let reply = ResponseTemplate::new(status).set_body_json(body);
        Mock::given(method("POST")).and(path(TOKEN)).respond_with(reply).mount(&self.server).await;
    }

    /// The REST API takes these tokens and refuses all others with this body.
    async fn takes(&self, good: &'static [&str], refusal: Value) {
        let reply = move |request: &Request| {
            let bearer =
                request.headers["authorization"].to_str().unwrap().trim_start_matches("Bearer ").to_owned();
            if good.contains(&bearer.as_str()) {
                ResponseTemplate::new(200)
                    .set_body_json(json!({"sobjects": "/services/data/v66.0/sobjects", "query": ""}))
            } else {
                ResponseTemplate::new(401).set_body_json(&refusal)
            }
        };
        Mock::given(method("GET")).and(path(DATA)).respond_with(reply).mount(&self.server).await;
    }

    async fn requests_to(&self, wanted: &str) -> usize {
        self.server
            .received_requests()
            .await
            .unwrap()
            .iter()
            .filter(|request| request.url.path() == wanted)
            .count()
    }
}

fn expired() -> Value {
    json!([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}])
}

fn jwt_bearer() -> Login {
    Login::JwtBearer {
        consumer_key: "3MVG9.consumer_key".to_owned(),
        subject: "integration@example.com".to_owned(),
        audience: "https://login.salesforce.com".to_owned(),
        private_key: rsa_key(),
    }
}

fn client_credentials() -> Login {
    Login::ClientCredentials {
        consumer_key: "3MVG9.consumer_key".to_owned(),
        consumer_secret: SecretString::from("s&cret=1"),
    }
}

#[tokio::test]
async fn jwt_bearer_sends_a_signed_assertion() {
    let org = Org::new(jwt_bearer()).await;
    org.logs_in().await;
    let before = chrono::Utc::now().timestamp();
    let signed_in = org.session.sign_in(soon()).await.unwrap();
    let after = chrono::Utc::now().timestamp();
    assert_eq!(signed_in.instance_url.as_deref(), Some("https://example.my.salesforce.com"));
    assert_eq!(signed_in.scopes, ["api", "web"]);

    let sent = all_sent(&org.server).await.remove(0);
    let (head, assertion) = sent.split_once("&assertion=").unwrap();
    insta::assert_snapshot!(head, @"
    POST /services/oauth2/token
    accept: application/json
    content-type: application/x-www-form-urlencoded
    grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer
    ");
    let (header, claims) = verified(assertion);
    assert_eq!(header, json!({"typ": "JWT", "alg": "RS256"}));
    let exp = claims["exp"].as_i64().unwrap();
    assert!((before + 180..=after + 180).contains(&exp));
    let expected = json!({
        "iss": "3MVG9.consumer_key", "sub": "integration@example.com", "aud": "https://login.salesforce.com", "exp": exp,
    });
    assert_eq!(claims, expected);
    assert_eq!(org.attempts.story(), "login 1: 200 accepted");
}

#[tokio::test]
async fn client_credentials_go_into_the_form() {
    let org = Org::new(client_credentials()).await;
    org.logs_in().await;
    org.session.sign_in(soon()).await.unwrap();
    insta::assert_snapshot!(all_sent(&org.server).await.remove(0), @"
    POST /services/oauth2/token
    accept: application/json
    content-type: application/x-www-form-urlencoded
    grant_type=client_credentials&client_id=3MVG9.consumer_key&client_secret=s%26cret%3D1
    ");
}

#[tokio::test]
async fn a_session_serves_many_requests() {
    for login in [jwt_bearer(), client_credentials()] {
        let org = Org::new(login).await;
        org.logs_in().await;
        org.takes(&["token-1"], expired()).await;
        for _ in 0..3 {
            assert_eq!(org.rest.resources(soon()).await.unwrap(), ["query", "sobjects"]);
        }
        assert_eq!((org.requests_to(TOKEN).await, org.requests_to(DATA).await), (1, 3));
    }
}

#[tokio::test]
async fn an_expired_session_is_replaced_and_the_request_repeated() {
    let org = Org::new(jwt_bearer()).await;
    org.logs_in().await;
    org.takes(&["token-2"], expired()).await;
    org.rest.resources(soon()).await.unwrap();
    assert_eq!(
        org.attempts.story(),
        "login 1: 200 accepted\nlistResources 1: 401 again\nlogin 1: 200 accepted\nlistResources 2: 200 accepted"
    );
}

#[tokio::test]
async fn a_session_is_replaced_only_once() {
    let org = Org::new(jwt_bearer()).await;
    org.logs_in().await;
    org.takes(&[], expired()).await;
    let error = org.rest.resources(soon()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Unauthorized { status: 401, code: Some(code), .. } if code == "INVALID_SESSION_ID")
    );
    assert_eq!((org.requests_to(TOKEN).await, org.requests_to(DATA).await), (2, 2));
}

#[tokio::test]
async fn two_refusals_do_not_replace_the_session() {
    for message in
        ["Connected app is not attached to Agent", "This session is not valid for use with the REST API"]
    {
        let org = Org::new(jwt_bearer()).await;
        org.logs_in().await;
        org.takes(&[], json!([{"message": message, "errorCode": "INVALID_SESSION_ID"}])).await;
        let error = org.rest.resources(soon()).await.unwrap_err();
        assert!(matches!(error, Error::Unauthorized { .. }), "{error}");
        assert_eq!((org.requests_to(TOKEN).await, org.requests_to(DATA).await), (1, 1));
    }
}

#[tokio::test]
async fn fifty_requests_with_an_expired_session_log_in_once() {
    let org = Org::new(jwt_bearer()).await;
    org.logs_in().await;
    org.session.sign_in(soon()).await.unwrap();
    org.takes(&["token-2"], expired()).await;
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let rest = org.rest.clone();
        crowd.spawn(async move { rest.resources(soon()).await.map(|_| ()) });
    }
    for result in crowd.join_all().await {
        result.unwrap();
    }
    assert_eq!(org.requests_to(TOKEN).await, 2);
}

#[tokio::test]
async fn fifty_first_requests_log_in_once() {
    let org = Org::new(client_credentials()).await;
    org.logs_in().await;
    org.takes(&["token-1"], expired()).await;
    let mut crowd = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let rest = org.rest.clone();
        crowd.spawn(async move { rest.resources(soon()).await.map(|_| ()) });
    }
    for result in crowd.join_all().await {
        result.unwrap();
    }
    assert_eq!(org.requests_to(TOKEN).await, 1);
}

#[tokio::test]
async fn a_refused_login_names_the_cause_and_stands_for_a_crowd() {
    for login in [jwt_bearer(), client_credentials()] {
        let org = Org::new(login).await;
        org.refuses_login(400, "invalid_grant", "user hasn't approved this consumer").await;
        let mut crowd = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let rest = org.rest.clone();
            crowd.spawn(async move { rest.resources(soon()).await.unwrap_err() });
        }
        for error in crowd.join_all().await {
            match &error {
                Error::Login(login) => assert_eq!(login.cause, LoginRefusal::UserNotPreAuthorized),
                other => panic!("{other}"),
            }
            assert_eq!((error.status(), error.code()), (Some(400), Some("invalid_grant")));
        }
        assert_eq!((org.requests_to(TOKEN).await, org.requests_to(DATA).await), (1, 0));
    }
}

#[tokio::test]
async fn after_a_moment_a_refused_login_is_tried_again() {
    let org = Org::new(jwt_bearer()).await;
    org.refuses_login(400, "invalid_client_id", "client identifier invalid").await;
    org.session.sign_in(soon()).await.unwrap_err();
    org.server.reset().await;
    org.logs_in().await;
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    org.session.sign_in(soon()).await.unwrap();
}

#[tokio::test]
async fn a_login_in_trouble_is_repeated() {
    let org = Org::new(client_credentials()).await;
    let reply = ResponseTemplate::new(503).set_body_string("<html>");
    Mock::given(method("POST"))
        .respond_with(reply)
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&org.server)
        .await;
    org.logs_in().await;
    org.session.sign_in(soon()).await.unwrap();
    assert_eq!(org.attempts.story(), "login 1: 503 again\nlogin 2: 200 accepted");
}

#[tokio::test]
async fn a_slow_login_ends_at_the_deadline_of_each_who_waits() {
    let org = Org::new(jwt_bearer()).await;
    let reply = ResponseTemplate::new(200).set_delay(Duration::from_secs(20));
    Mock::given(method("POST")).respond_with(reply).mount(&org.server).await;
    let started = tokio::time::Instant::now();
    let (one, two) = tokio::join!(org.rest.resources(within(400)), org.rest.resources(within(200)));
    assert!(matches!((one, two), (Err(Error::OutOfTime { .. }), Err(Error::OutOfTime { .. }))));
    assert!(started.elapsed() < Duration::from_millis(1_500));
}

#[tokio::test]
async fn a_login_reply_that_makes_no_sense_is_named_and_not_quoted() {
    let table = [
        ("", "it is empty"),
        ("<html>secret</html>", "it is a web page"),
        (r#"{"access_token": 7, "token_type": "Bearer"}"#, "the field access_token"),
        (r#"{"token_type": "Bearer"}"#, "the field access_token"),
        (r#"{"access_token": "secret\n", "token_type": "Bearer"}"#, "the field access_token"),
    ];
    for login in [jwt_bearer(), client_credentials()] {
        for (body, problem) in table {
            let org = Org::new(login.clone()).await;
            let reply = ResponseTemplate::new(200).set_body_string(body);
            Mock::given(method("POST")).respond_with(reply).mount(&org.server).await;
            let error = org.session.sign_in(soon()).await.unwrap_err();
            assert!(error.to_string().contains(problem), "{login:?} {body}: {error}");
            assert!(!format!("{error:?} {error}").contains("secret"), "{error:?}");
        }
    }
}

#[test]
fn debug_hides_secrets() {
    let all = format!("{:?} {:?}", jwt_bearer(), client_credentials());
    assert!(!all.contains("s&cret"), "{all}");
    assert!(all.contains("RsaKey([secret])"), "{all}");
}
