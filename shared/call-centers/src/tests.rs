use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use lambda_kit::env::Env;
use local_aws::LocalAws;
use salesforce::telephony::CallKey;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::*;

/// Two key pairs, made once per test run: the one in use and the one that replaces it.
fn keys() -> &'static [KeyPair; 2] {
    static KEYS: OnceLock<[KeyPair; 2]> = OnceLock::new();
    KEYS.get_or_init(|| [(); 2].map(|()| KeyPair::generate(KeySize::Rsa2048).unwrap()))
}

fn pem(key: &KeyPair) -> String {
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()))
}

/// A Salesforce org that takes JWTs signed with the key registered there, and a deployment that calls it.
struct World {
    aws: LocalAws,
    org: MockServer,
    /// Which of the keys the org knows.
    registered: Arc<Mutex<usize>>,
    call_centers: CallCenters,
    metrics: Arc<Mutex<Vec<Value>>>,
}

impl World {
    async fn new(variables: &'static [(&str, &str)]) -> Self {
        let (aws, org) = (LocalAws::start().await.unwrap(), MockServer::start().await);
        let registered = Arc::new(Mutex::new(0));
        let known = Arc::clone(&registered);
        let answer = move |request: &Request| {
            let known = *known.lock().unwrap();
            match request.url.path() {
                "/token" => log_in(request, &keys()[known]),
                path if path.starts_with("/services/data") => resources(request, known),
                path if path.contains("unknown-call") => ResponseTemplate::new(404),
                _ if signed_with(&bearer(request), &keys()[known]) => {
                    ResponseTemplate::new(200).set_body_json(json!({ "status": "Success" }))
                }
                _ => ResponseTemplate::new(401),
            }
        };
        Mock::given(any()).respond_with(answer).mount(&org).await;
        let look_up = |variable: &str| {
            variables.iter().find(|(name, _)| *name == variable).map(|(_, value)| (*value).to_owned())
        };
        let env = Env::new(&look_up);
        let metrics = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&metrics);
        let call_centers = CallCenters::new(
            CredentialStore::from_env(&env, &aws.sdk_config().await).unwrap(),
            Metrics::from_env(&env)
                .with_sink(move |line| lines.lock().unwrap().push(serde_json::from_str(line).unwrap())),
        );
        let world = Self { aws, org, registered, call_centers, metrics };
        world.put_secret("main", "Main", &pem(&keys()[0]));
        world
    }

    fn put_secret(&self, name: &str, call_center: &str, private_key: &str) {
        let secret = json!({
            "SALESFORCE_ORG_ID": "00D5e000000abcD",
            "CALL_CENTER_API_NAME": call_center,
            "SCRT_ENDPOINT_BASE": format!("{}/telephony/v1", self.org.uri()),
            format!("{call_center}-scrt-jwt-auth-private-key"): private_key,
            "SALESFORCE_AUTH_ENDPOINT": format!("{}/token", self.org.uri()),
            "SALESFORCE_REST_API_ENDPOINT_BASE": format!("{}/services/data/v66.0", self.org.uri()),
            format!("{call_center}-salesforce-rest-api-auth-consumer-key"): "consumer",
            format!("{call_center}-salesforce-rest-api-subject"): "integration@example.com",
            format!("{call_center}-salesforce-rest-api-audience"): "https://login.salesforce.com",
            format!("{call_center}-salesforce-rest-api-auth-private-key"): private_key,
        });
        self.aws.put_secret(name, &secret.to_string());
    }

    /// The name of the call center that was called.
    async fn call(&self, requested: Option<&str>) -> Result<String, Error> {
        self.call_about(requested, "call-1").await
    }

    async fn call_about(&self, requested: Option<&str>, call: &str) -> Result<String, Error> {
        let deadline = Instant::now() + Duration::from_secs(20);
        let call = &CallKey::parse(call).unwrap();
        self.call_centers
            .telephony(requested, deadline, async |client| {
                client.clear_routing(call, deadline).await?;
                Ok(client.call_center_api_name().to_owned())
            })
            .await
    }

    /// What the org's REST API offers.
    async fn resources(&self, requested: Option<&str>) -> Result<Vec<String>, Error> {
        let deadline = Instant::now() + Duration::from_secs(20);
        self.call_centers.rest(requested, deadline, async |rest| rest.resources(deadline).await).await
    }

    fn secret_reads(&self) -> usize {
        self.aws.requests().len()
    }

    async fn salesforce_requests(&self) -> usize {
        self.org.received_requests().await.unwrap().len()
    }
}

fn bearer(request: &Request) -> String {
    request.headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap().to_owned()
}

/// A session, if the assertion is signed with the registered key. Its token names the key.
fn log_in(request: &Request, registered: &KeyPair) -> ResponseTemplate {
    let form = String::from_utf8(request.body.clone()).unwrap();
    let assertion = form.split("assertion=").nth(1).unwrap().split('&').next().unwrap();
    match keys().iter().position(|key| std::ptr::eq(key, registered)) {
        Some(number) if signed_with(assertion, registered) => ResponseTemplate::new(200)
            .set_body_json(json!({ "access_token": format!("session-{number}"), "token_type": "Bearer" })),
        _ => ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_grant" })),
    }
}

/// The resources, for a session that was opened with the registered key.
fn resources(request: &Request, registered: usize) -> ResponseTemplate {
    if bearer(request) != format!("session-{registered}") {
        return ResponseTemplate::new(401).set_body_json(json!([{ "errorCode": "INVALID_SESSION_ID" }]));
    }
    ResponseTemplate::new(200)
        .insert_header("Sforce-Limit-Info", "api-usage=125/1000")
        .set_body_json(json!({ "sobjects": "/services/data/v66.0/sobjects" }))
}

fn signed_with(jwt: &str, key: &KeyPair) -> bool {
    let (signed, signature) = jwt.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref())
        .verify(signed.as_bytes(), &signature)
        .is_ok()
}

const ONE: &[(&str, &str)] = &[("SECRET_NAME", "main")];

#[tokio::test]
async fn one_secret_read_serves_all_calls() {
    let world = World::new(ONE).await;
    let first = join_all((0..50).map(|_| world.call(None))).await;
    assert!(first.iter().all(|name| name.as_deref().unwrap() == "Main"));
    assert_eq!(world.secret_reads(), 1);
    for _ in 0..20 {
        world.call(None).await.unwrap();
    }
    assert_eq!(
        (world.secret_reads(), world.salesforce_requests().await),
        (1, 70),
        "one request per call, no more"
    );
}

#[tokio::test]
async fn every_request_is_counted() {
    let world = World::new(ONE).await;
    world.call(None).await.unwrap();
    let metrics = world.metrics.lock().unwrap();
    assert_eq!(metrics.len(), 1);
    assert_eq!((&metrics[0]["operation"], &metrics[0]["status"]), (&json!("clearRouting"), &json!("200")));
}

#[tokio::test]
async fn a_rotated_key_goes_unnoticed() {
    let world = World::new(ONE).await;
    world.call(None).await.unwrap();
    *world.registered.lock().unwrap() = 1;
    world.put_secret("main", "Main", &pem(&keys()[1]));
    let during = join_all((0..16).map(|_| world.call(None))).await;
    assert!(during.iter().all(Result::is_ok), "{during:?}");
    assert_eq!(world.secret_reads(), 2, "the first refusal makes it be read again, for all");
    let so_far = world.salesforce_requests().await;
    world.call(None).await.unwrap();
    assert_eq!(
        (world.secret_reads(), world.salesforce_requests().await),
        (2, so_far + 1),
        "and then it is quiet"
    );
}

#[tokio::test]
async fn refused_credentials_that_have_not_changed_are_an_error_at_once() {
    let world = World::new(ONE).await;
    *world.registered.lock().unwrap() = 1;
    for _ in 0..5 {
        let error = world.call(None).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.is_permanent()),
            ("SalesforceUnauthorized", Some(401), false)
        );
        assert!(error.to_string().contains("Check that the private key"), "{error}");
    }
    assert_eq!(world.secret_reads(), 2, "read again once, not five times");
    assert_eq!(world.salesforce_requests().await, 5);
}

#[tokio::test]
async fn credentials_withdrawn_in_aws_are_an_error_that_says_so() {
    let world = World::new(ONE).await;
    world.call(None).await.unwrap();
    *world.registered.lock().unwrap() = 1;
    world.aws.delete_secret("main");
    let error = world.call(None).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("SecretDeleted", false), "{error}");
    assert!(matches!(error, Error::Credentials(_)));
}

#[tokio::test]
async fn what_salesforce_refuses_for_another_reason_is_not_a_matter_of_credentials() {
    let world = World::new(ONE).await;
    let error = world.call_about(None, "unknown-call").await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.is_permanent()), ("SalesforceRefused", Some(404), true));
    assert_eq!((world.secret_reads(), world.salesforce_requests().await), (1, 1));
}

#[tokio::test]
async fn a_contact_is_served_by_the_call_center_that_it_names() {
    let world = World::new(&[("SECRET_NAME", "main"), ("ALLOWED_SECRETS", "emea-*")]).await;
    world.put_secret("emea-sales", "Sales", &pem(&keys()[0]));
    for _ in 0..3 {
        assert_eq!(world.call(Some("emea-sales")).await.unwrap(), "Sales");
        assert_eq!(world.call(None).await.unwrap(), "Main");
        assert_eq!(world.call(Some("")).await.unwrap(), "Main");
    }
    assert_eq!(world.secret_reads(), 2);
}

#[tokio::test]
async fn a_contact_that_names_an_impossible_call_center_is_at_fault_itself() {
    let world = World::new(&[("SECRET_NAME", "main"), ("ALLOWED_SECRETS", "emea-*")]).await;
    let error = world.call(Some("production-database")).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("SecretNotAllowed", true), "{error}");
    assert_eq!(world.secret_reads(), 0, "AWS is not even asked");
    let error = world.call(Some("emea-typo")).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("SecretMissing", true), "{error}");
    assert_eq!(world.salesforce_requests().await, 0);
}

#[tokio::test]
async fn the_default_secret_missing_is_an_outage_and_not_the_contacts_fault() {
    let world = World::new(&[("SECRET_NAME", "elsewhere")]).await;
    let error = world.call(None).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("SecretMissing", false), "{error}");
}

#[tokio::test]
async fn a_secret_that_cannot_be_used_is_named_and_works_once_it_is_mended() {
    let world = World::new(&[("SECRET_NAME", "main"), ("SECRET_TTL_SECONDS", "0")]).await;
    world.put_secret("main", "Main", "-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----");
    let error = world.call(None).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("CredentialsUnusable", false));
    insta::assert_snapshot!(error, @"the credentials in `main` cannot be used: the private key is damaged or not RSA: expected the PEM of an RSA key of 2048 or 4096 bits, whole");
    world.put_secret("main", "Main", &pem(&keys()[0]));
    assert_eq!(world.call(None).await.unwrap(), "Main");
}

#[tokio::test]
async fn one_login_serves_all_rest_calls() {
    let world = World::new(ONE).await;
    let first = join_all((0..20).map(|_| world.resources(None))).await;
    assert!(first.iter().all(|names| *names.as_ref().unwrap() == ["sobjects"]));
    world.resources(None).await.unwrap();
    assert_eq!((world.secret_reads(), world.salesforce_requests().await), (1, 1 + 21));
}

#[tokio::test]
async fn a_rotated_key_of_the_connected_app_goes_unnoticed() {
    let world = World::new(ONE).await;
    world.resources(None).await.unwrap();
    *world.registered.lock().unwrap() = 1;
    world.put_secret("main", "Main", &pem(&keys()[1]));
    let during = join_all((0..16).map(|_| world.resources(None))).await;
    assert!(during.iter().all(Result::is_ok), "{during:?}");
    assert_eq!(world.secret_reads(), 2);
}

#[tokio::test]
async fn a_refused_login_names_what_to_check() {
    let world = World::new(ONE).await;
    *world.registered.lock().unwrap() = 1;
    let error = world.resources(None).await.unwrap_err();
    assert_eq!((error.kind(), error.is_permanent()), ("SalesforceLogin", false), "{error}");
}

#[tokio::test]
async fn the_api_allowance_is_counted() {
    let world = World::new(ONE).await;
    world.resources(None).await.unwrap();
    let metrics = world.metrics.lock().unwrap();
    let used: Vec<_> = metrics.iter().filter_map(|line| line.get("ApiAllowanceUsed")).collect();
    assert_eq!(used, [&json!(12.5)]);
}

#[tokio::test]
async fn the_rest_api_knows_its_call_center() {
    let world = World::new(&[("SECRET_NAME", "main"), ("ALLOWED_SECRETS", "emea-*")]).await;
    world.put_secret("emea-sales", "Sales", &pem(&keys()[0]));
    let name = async |requested| {
        let deadline = Instant::now() + Duration::from_secs(20);
        world.call_centers.call_center_api_name(requested, deadline).await.unwrap()
    };
    assert_eq!((name(None).await.as_str(), name(Some("emea-sales")).await.as_str()), ("Main", "Sales"));
}
