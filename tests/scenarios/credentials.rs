//! Keys that change, secrets that go away, call centers that share functions.

use std::sync::Arc;
use std::time::Duration;

use contact_center::center::{Center, Options};
use contact_center::script::Fault;
use salesforce::oauth::{Login, Session};
use salesforce::rest::Rest;
use salesforce::{Endpoint, Http, RsaKey};
use salesforce_org::{CallCenter, ConnectedApp, KeyPair, Operation, Org};
use secrecy::SecretString;
use serde_json::json;
use tokio::time::Instant;

use crate::support::{SYNC, VOICE_CALL, center, center_with, contact_record, create, invoke, options, reply};

const SECRET: &str = "CallbridgeLocal-salesforce-secret";

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_key_needs_no_deployment_and_no_call_notices() {
    let center = center().await;
    reply(&center, create("before")).await;
    let reads = center.aws().requests().len();
    center.rotate_keys().await.unwrap();
    reply(&center, create("after")).await;
    assert_eq!(center.org().voice_calls().unwrap().len(), 2);
    assert_eq!(center.aws().requests().len(), reads + 1, "the secret is read again, once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_only_the_org_has_changed_is_an_error_that_says_what_to_check() {
    let center = center().await;
    reply(&center, create("before")).await;
    let another = KeyPair::generate().unwrap();
    center.org().replace_call_center_key("CallbridgeLocal", &another.public_pem()).unwrap();
    let reads = center.aws().requests().len();
    for contact in ["one", "two", "three"] {
        let error = invoke(&center, create(contact)).await.reply.unwrap_err();
        assert_eq!(error.error_type, "SalesforceUnauthorized");
        assert!(error.error_message.contains("private key belongs to"), "{error}");
    }
    assert_eq!(center.aws().requests().len(), reads + 1, "the secret is not read for every call that fails");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_secret_stops_new_environments_and_holds_the_stream_until_it_is_back() {
    let center = center().await;
    reply(&center, create("warm")).await;
    let secret = center.aws().clone();
    center.break_it(&Fault::DeleteSecret).await.unwrap();

    reply(&center, create("still-warm")).await;
    center.host().recycle(VOICE_CALL).unwrap();
    let error = invoke(&center, create("cold")).await.reply.unwrap_err();
    assert!(error.error_message.contains(SECRET) && error.error_message.contains("deletion"), "{error}");

    center.contact_records().put("warm", contact_record("warm", 1, "Service").to_string());
    tokio::time::sleep(std::time::Duration::from_millis(600)).await;
    assert_eq!(center.org().request_count(Operation::UpdateVoiceCall), 0, "the record waits");
    assert!(secret.requests().iter().any(|request| request.operation == "GetSecretValue"));

    center.break_it(&Fault::RestoreSecret).await.unwrap();
    center.settle().await.unwrap();
    assert_eq!(center.org().request_count(Operation::UpdateVoiceCall), 1);
    assert!(center.dead_letters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_the_older_set_up_come_from_parameter_store() {
    let org_id = "00D5e000000abcD";
    let key = KeyPair::generate().unwrap();
    // The org is started by the center, so its address is only known afterwards.
    let center = center().await;
    center
        .org()
        .add_call_center(CallCenter { api_name: "Older".to_owned(), public_key_pem: key.public_pem() })
        .unwrap();
    center.aws().put_parameter("older-private-key", &key.private_pem_pkcs1());
    assert_eq!(center.org().org_id().len(), org_id.len());
    let older = Center::start(Options {
        environment: [
            ("CREDENTIAL_SOURCE", "ssm".to_owned()),
            ("AWS_ENDPOINT_URL", center.aws().url().to_owned()),
            ("SALESFORCE_ORG_ID", center.org().org_id().to_owned()),
            ("CALL_CENTER_API_NAME", "Older".to_owned()),
            ("SCRT_ENDPOINT_BASE", center.org().scrt_endpoint()),
            ("PRIVATE_KEY_PARAM_NAME", "older-private-key".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into(),
        ..options().await
    })
    .await
    .unwrap();
    reply(&older, create("through-parameter-store")).await;
    assert!(center.org().voice_call("through-parameter-store").unwrap().is_some());
    let operations: Vec<_> =
        center.aws().requests().iter().map(|request| request.operation.clone()).collect();
    assert_eq!(operations, ["GetParameters"], "one request, and none to Secrets Manager");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_call_centers_share_the_functions_and_their_contacts_stay_apart() {
    let center =
        center_with(&[("ALLOWED_SECRETS", "*-salesforce-secret"), ("STATE_TABLE", "CallState")]).await;
    let key = KeyPair::generate().unwrap();
    center
        .org()
        .add_call_center(CallCenter { api_name: "Second".to_owned(), public_key_pem: key.public_pem() })
        .unwrap();
    let secret = json!({
        "SALESFORCE_ORG_ID": center.org().org_id(),
        "CALL_CENTER_API_NAME": "Second",
        "SCRT_ENDPOINT_BASE": center.org().scrt_endpoint(),
        "Second-scrt-jwt-auth-private-key": key.private_pem_pkcs8(),
    });
    center.aws().put_secret("Second-salesforce-secret", &secret.to_string());

    let mut call = create("of-second");
    call["Details"]["ContactData"]["Attributes"]["secretName"] = json!("Second-salesforce-secret");
    reply(&center, call).await;
    reply(&center, create("of-first")).await;
    let center_of = |contact| center.org().voice_call(contact).unwrap().unwrap()["CallCenterId"].clone();
    assert_ne!(center_of("of-second"), center_of("of-first"));

    let mut record = contact_record("of-second", 1, "Service");
    record["Attributes"]["secretName"] = json!("Second-salesforce-secret");
    center.contact_records().put("of-second", record.to_string());
    center.settle().await.unwrap();
    assert_eq!(center.org().voice_call("of-second").unwrap().unwrap()["QueueName"], "Service");
    assert!(center.host().functions().any(|function| function == SYNC));
}

/// The client of a connected app that this org knows.
fn connected_app(org: &Org) -> Arc<Rest> {
    let key = KeyPair::generate().unwrap();
    org.add_connected_app(ConnectedApp {
        consumer_key: "app".to_owned(),
        public_key_pem: Some(key.public_pem()),
        pre_authorized: vec!["user@callbridge.example".to_owned()],
        ..ConnectedApp::default()
    })
    .unwrap();
    let login = Login::JwtBearer {
        consumer_key: "app".to_owned(),
        subject: "user@callbridge.example".to_owned(),
        audience: "https://login.salesforce.com".to_owned(),
        private_key: RsaKey::from_pem(&SecretString::from(key.private_pem_pkcs8())).unwrap(),
    };
    let http = Http::new(Arc::new(|_| {}));
    let endpoint = |url: String| Endpoint::parse(&url).unwrap();
    let session = Session::new(http.clone(), endpoint(org.token_endpoint()), login);
    Arc::new(Rest::new(http, endpoint(org.rest_endpoint()), Arc::new(session)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_session_is_replaced_by_one_login_and_no_call_notices() {
    let center = center().await;
    let rest = connected_app(center.org());
    let deadline = Instant::now() + Duration::from_secs(20);
    rest.resources(deadline).await.unwrap();
    reply(&center, create("before")).await;

    center.break_it(&Fault::RevokeSessions).await.unwrap();
    let requests: Vec<_> = (0..20)
        .map(|_| {
            let rest = Arc::clone(&rest);
            tokio::spawn(async move { rest.resources(deadline).await.map(drop) })
        })
        .collect();
    for request in requests {
        request.await.unwrap().unwrap();
    }
    assert_eq!(center.org().request_count(Operation::Token), 2, "one login before, one after");
    reply(&center, create("after")).await;
    assert_eq!(center.org().voice_calls().unwrap().len(), 2, "voice-call signs its own tokens");
}
