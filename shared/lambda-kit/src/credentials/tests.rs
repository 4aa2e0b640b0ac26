use std::collections::HashMap;

use aws_config::retry::RetryConfig;
use local_aws::{Failure, LocalAws};
use secrecy::ExposeSecret;
use serde_json::json;

use super::*;
use crate::aws::tests::soon;

async fn store(aws: &LocalAws, variables: &[(&str, &str)]) -> CredentialStore {
    let sdk = aws.sdk_config().await.into_builder().retry_config(RetryConfig::disabled()).build();
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    CredentialStore::from_env(&Env::new(&|variable| variables.get(variable).map(|v| (*v).to_owned())), &sdk)
        .unwrap()
}

fn secret(call_center: &str) -> String {
    json!({
        "SALESFORCE_ORG_ID": "00D000000000001",
        "CALL_CENTER_API_NAME": call_center,
        "SCRT_ENDPOINT_BASE": "https://org.my.salesforce-scrt.com/telephony/v1",
        format!("{call_center}-scrt-jwt-auth-private-key"): "pem",
    })
    .to_string()
}

async fn telephony(store: &CredentialStore, requested: Option<&str>) -> Result<String, CredentialError> {
    let credentials = store.telephony(requested, Freshness::Cached, soon()).await?;
    Ok(credentials.call_center_api_name.clone())
}

#[tokio::test]
async fn each_contact_gets_the_call_center_that_it_asks_for() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_secret("main", &secret("Main"));
    aws.put_secret("emea-sales", &secret("Sales"));
    let store = store(&aws, &[("SECRET_NAME", "main"), ("ALLOWED_SECRETS", "emea-*")]).await;
    for _ in 0..3 {
        assert_eq!(telephony(&store, None).await.unwrap(), "Main");
        assert_eq!(telephony(&store, Some("emea-sales")).await.unwrap(), "Sales");
    }
    assert_eq!(aws.requests().len(), 2, "one read per secret");
    let error = telephony(&store, Some("apac-sales")).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), ("SecretNotAllowed", false));
    assert_eq!(aws.requests().len(), 2, "refused without asking AWS");
}

#[tokio::test]
async fn an_outage_of_secrets_manager_goes_unnoticed_a_deleted_secret_does_not() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_secret("main", &secret("Main"));
    let store = store(&aws, &[("SECRET_NAME", "main"), ("SECRET_TTL_SECONDS", "0")]).await;
    telephony(&store, None).await.unwrap();
    for (status, code) in [(500, "InternalServiceError"), (400, "ThrottlingException")] {
        aws.fail_next("GetSecretValue", Failure { status, code: code.into(), times: 1 });
        let again = store.telephony(None, Freshness::Reread, soon()).await.unwrap();
        assert_eq!(again.call_center_api_name, "Main", "{code}");
    }
    aws.delete_secret("main");
    let error = store.telephony(None, Freshness::Reread, soon()).await.unwrap_err();
    assert_eq!(error.kind(), "SecretDeleted");
    insta::assert_snapshot!(error, @"the secret main cannot be read, it is marked for deletion: restore it (aws secretsmanager restore-secret), or point SECRET_NAME or `secretName` to the one that replaces it");
    aws.put_secret("main", &secret("Main"));
    assert_eq!(telephony(&store, None).await.unwrap(), "Main");
}

#[tokio::test]
async fn what_is_wrong_with_a_secret_is_named() {
    let aws = LocalAws::start().await.unwrap();
    let store = store(&aws, &[("SECRET_NAME", "main")]).await;
    assert_eq!(telephony(&store, None).await.unwrap_err().kind(), "SecretMissing");
    aws.put_secret("main", "not json");
    assert_eq!(telephony(&store, None).await.unwrap_err().kind(), "SecretIncomplete");
    aws.put_secret("main", &secret("Main"));
    assert_eq!(telephony(&store, None).await.unwrap(), "Main", "a failure is not remembered");
    let error = store.rest(None, Freshness::Cached, soon()).await.unwrap_err();
    insta::assert_snapshot!(error, @"the secret main has no text under the key Main-salesforce-rest-api-auth-consumer-key: add it to the secret");
    aws.fail_next("GetSecretValue", Failure { status: 400, code: "AccessDeniedException".into(), times: 1 });
    let error = store.telephony(None, Freshness::Reread, soon()).await.unwrap_err();
    assert_eq!(error.kind(), "SecretDenied");
    insta::assert_snapshot!(error, @"secretsmanager:GetSecretValue on secret main: access denied; the function's role must allow this action on this resource, and kms:Decrypt if it is encrypted with a key of your own (AccessDeniedException: this failure was asked for)");
}

const TELEPHONY: [(&str, &str); 5] = [
    ("CREDENTIAL_SOURCE", "ssm"),
    ("SALESFORCE_ORG_ID", "00D000000000001"),
    ("CALL_CENTER_API_NAME", "Main"),
    ("SCRT_ENDPOINT_BASE", "https://org.my.salesforce-scrt.com/telephony/v1"),
    ("PRIVATE_KEY_PARAM_NAME", "Main-scrt-jwt-auth-private-key"),
];

#[tokio::test]
async fn a_telephony_function_reads_the_variables_of_its_predecessor() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_parameter("Main-scrt-jwt-auth-private-key", "pem");
    let store = store(&aws, &TELEPHONY).await;
    let credentials = store.telephony(Some("ignored"), Freshness::Cached, soon()).await.unwrap();
    let expected = TelephonyCredentials {
        org_id: "00D000000000001".into(),
        call_center_api_name: "Main".into(),
        scrt_endpoint_base: "https://org.my.salesforce-scrt.com/telephony/v1".into(),
        private_key: "pem".into(),
    };
    assert_eq!(*credentials, expected);
    assert_eq!(aws.requests().len(), 1);
    aws.put_parameter("Main-scrt-jwt-auth-private-key", "rotated");
    let rotated = store.telephony(None, Freshness::Reread, soon()).await.unwrap();
    assert_eq!(rotated.private_key.expose_secret(), "rotated");
}

#[tokio::test]
async fn a_rest_function_reads_the_variables_of_its_predecessor() {
    let aws = LocalAws::start().await.unwrap();
    let variables = [
        ("CREDENTIAL_SOURCE", "ssm"),
        ("CALL_CENTER_API_NAME", "Main"),
        ("PRIVATE_KEY_PARAM_NAME", "rest-key"),
        ("CONSUMER_KEY_PARAM_NAME", "consumer-key"),
        ("SUBJECT", "subject"),
        ("AUDIENCE", "audience"),
        ("SALESFORCE_AUTH_ENDPOINT", "https://login.salesforce.com/services/oauth2/token"),
        ("SALESFORCE_REST_API_ENDPOINT_BASE", "https://org.my.salesforce.com/services/data/v66.0"),
    ];
    for (name, value) in
        [("rest-key", "pem"), ("consumer-key", "key"), ("subject", "user"), ("audience", "aud")]
    {
        aws.put_parameter(name, value);
    }
    let credentials = store(&aws, &variables).await.rest(None, Freshness::Cached, soon()).await.unwrap();
    let expected = RestCredentials {
        call_center_api_name: "Main".into(),
        auth_endpoint: "https://login.salesforce.com/services/oauth2/token".into(),
        rest_endpoint_base: "https://org.my.salesforce.com/services/data/v66.0".into(),
        grant: Grant::JwtBearer {
            consumer_key: "key".into(),
            subject: "user".into(),
            audience: "aud".into(),
            private_key: "pem".into(),
        },
    };
    assert_eq!(*credentials, expected);
    assert_eq!(aws.requests().len(), 1, "all in one call");
}

#[tokio::test]
async fn what_is_missing_for_parameter_store_is_named() {
    let aws = LocalAws::start().await.unwrap();
    let store = store(&aws, &TELEPHONY).await;
    let error = telephony(&store, None).await.unwrap_err();
    insta::assert_snapshot!(error, @"ssm:GetParameters on parameter Main-scrt-jwt-auth-private-key: does not exist in the account and region of this function; check its name (Parameter Store does not know it)");
    aws.put_parameter("Main-scrt-jwt-auth-private-key", " ");
    let error = telephony(&store, None).await.unwrap_err();
    insta::assert_snapshot!(error, @"the SSM parameter Main-scrt-jwt-auth-private-key is empty: write the value into it");
    let error = store.rest(None, Freshness::Cached, soon()).await.unwrap_err();
    insta::assert_snapshot!(error, @"environment variable SALESFORCE_AUTH_ENDPOINT is not set; it holds the URL of the OAuth token endpoint: correct the function's configuration");
}

#[tokio::test]
async fn an_unknown_source_stops_the_start() {
    let aws = LocalAws::start().await.unwrap();
    let look_up = |variable: &str| (variable == "CREDENTIAL_SOURCE").then(|| "vault".to_owned());
    let error = CredentialStore::from_env(&Env::new(&look_up), &aws.sdk_config().await).err().unwrap();
    assert_eq!(error.variable, "CREDENTIAL_SOURCE");
    let error = CredentialStore::from_env(&Env::new(&|_| None), &aws.sdk_config().await).err().unwrap();
    assert_eq!(error.variable, "SECRET_NAME");
}
