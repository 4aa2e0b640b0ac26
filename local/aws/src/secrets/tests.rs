use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;

use crate::LocalAws;

async fn client(aws: &LocalAws) -> Client {
    Client::new(&aws.sdk_config().await)
}

#[tokio::test]
async fn a_secret_is_found_by_name_and_by_arn() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_secret("center-salesforce-secret", r#"{"SALESFORCE_ORG_ID":"00D000000000001"}"#);
    let client = client(&aws).await;
    let by_name = client.get_secret_value().secret_id("center-salesforce-secret").send().await.unwrap();
    assert_eq!(by_name.secret_string(), Some(r#"{"SALESFORCE_ORG_ID":"00D000000000001"}"#));
    assert_eq!(by_name.name(), Some("center-salesforce-secret"));
    assert_eq!(by_name.version_stages(), ["AWSCURRENT"]);
    assert!(by_name.created_date().is_some());
    let arn = by_name.arn().unwrap();
    for id in [arn, &arn[..arn.len() - 7]] {
        let by_arn = client.get_secret_value().secret_id(id).send().await.unwrap();
        assert_eq!(by_arn.version_id(), by_name.version_id(), "{id}");
    }
}

#[tokio::test]
async fn a_new_text_is_a_new_version_of_the_same_secret() {
    let aws = LocalAws::start().await.unwrap();
    let client = client(&aws).await;
    let read =
        async || client.get_secret_value().secret_id("s").version_stage("AWSCURRENT").send().await.unwrap();
    aws.put_secret("s", "old");
    let old = read().await;
    aws.put_secret("s", "new");
    let new = read().await;
    assert_eq!((old.secret_string(), new.secret_string()), (Some("old"), Some("new")));
    assert_eq!(old.arn(), new.arn());
    assert_ne!(old.version_id(), new.version_id());
}

#[tokio::test]
async fn a_missing_secret_and_a_deleted_one_differ() {
    let aws = LocalAws::start().await.unwrap();
    let client = client(&aws).await;
    let error = async || {
        let reply = client.get_secret_value().secret_id("s").send().await;
        reply.unwrap_err().into_service_error()
    };
    assert!(error().await.is_resource_not_found_exception());
    aws.put_secret("s", "text");
    aws.delete_secret("s");
    let deleted = error().await;
    assert!(deleted.is_invalid_request_exception());
    assert!(deleted.message().unwrap().contains("marked for deletion"));
    aws.put_secret("s", "restored");
    assert!(client.get_secret_value().secret_id("s").send().await.is_ok());
    let reply = client.get_secret_value().secret_id("s").version_stage("AWSPREVIOUS").send().await;
    assert!(reply.unwrap_err().into_service_error().is_resource_not_found_exception());
}
