use aws_sdk_ssm::Client;
use aws_sdk_ssm::error::ProvideErrorMetadata;
use aws_sdk_ssm::types::ParameterType;

use crate::LocalAws;

#[tokio::test]
async fn parameters_come_decrypted_and_the_others_are_named() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_parameter("/center/private-key", "the key");
    aws.put_parameter("/center/private-key", "the new key");
    aws.put_parameter("consumer-key", "the id");
    let client = Client::new(&aws.sdk_config().await);
    let names = ["/center/private-key", "missing", "consumer-key"].map(str::to_owned).to_vec();
    let reply = client.get_parameters().set_names(Some(names)).with_decryption(true).send().await.unwrap();
    let found: Vec<_> = reply.parameters().iter().map(|p| (p.name().unwrap(), p.value().unwrap())).collect();
    assert_eq!(found, [("/center/private-key", "the new key"), ("consumer-key", "the id")]);
    assert_eq!(reply.invalid_parameters(), ["missing"]);
    let first = &reply.parameters()[0];
    assert_eq!((first.version(), first.r#type()), (2, Some(&ParameterType::SecureString)));
    assert!(first.arn().unwrap().ends_with(":parameter/center/private-key"));
    assert!(first.last_modified_date().is_some());
}

#[tokio::test]
async fn without_decryption_the_value_stays_hidden() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_parameter("private-key", "the key");
    let reply =
        Client::new(&aws.sdk_config().await).get_parameters().names("private-key").send().await.unwrap();
    assert!(!reply.parameters()[0].value().unwrap().contains("the key"));
}

#[tokio::test]
async fn a_request_has_at_most_ten_names() {
    let aws = LocalAws::start().await.unwrap();
    let client = Client::new(&aws.sdk_config().await);
    let names = |count: usize| Some((0..count).map(|n| format!("p-{n}")).collect::<Vec<_>>());
    assert!(client.get_parameters().set_names(names(10)).send().await.is_ok());
    for count in [0, 11] {
        let error = client.get_parameters().set_names(names(count)).send().await.unwrap_err();
        assert_eq!(error.code(), Some("ValidationException"), "{count}");
    }
}
