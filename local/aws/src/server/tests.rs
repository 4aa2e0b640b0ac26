use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::retry::RetryConfig;
use aws_sdk_secretsmanager::error::ProvideErrorMetadata;

use crate::{Failure, LocalAws};

fn throttling(times: u32) -> Failure {
    Failure { status: 400, code: "ThrottlingException".to_owned(), times }
}

#[tokio::test]
async fn every_request_is_noted() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_secret("s", "text");
    assert!(aws.requests().is_empty());
    let client = Client::new(&aws.sdk_config().await);
    client.get_secret_value().secret_id("s").send().await.unwrap();
    client.list_secrets().send().await.unwrap_err();
    let seen: Vec<_> =
        aws.requests().into_iter().map(|request| (request.service, request.operation)).collect();
    let expected =
        ["GetSecretValue", "ListSecrets"].map(|operation| ("secretsmanager", operation.to_owned()));
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_client_that_tries_again_gets_over_a_failure() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_secret("s", "text");
    aws.fail_next("GetSecretValue", throttling(1));
    let retry = RetryConfig::standard().with_initial_backoff(std::time::Duration::from_millis(1));
    let config = aws_sdk_secretsmanager::config::Builder::from(&aws.sdk_config().await).retry_config(retry);
    let reply = Client::from_conf(config.build()).get_secret_value().secret_id("s").send().await.unwrap();
    assert_eq!(reply.secret_string(), Some("text"));
    assert_eq!(aws.requests().len(), 2);
}

#[tokio::test]
async fn failures_come_in_turn_and_end() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_secret("s", "text");
    aws.fail_next("GetSecretValue", throttling(0));
    aws.fail_next("GetSecretValue", throttling(2));
    aws.fail_next(
        "GetSecretValue",
        Failure { status: 500, code: "InternalServiceError".to_owned(), times: 1 },
    );
    let config = aws_sdk_secretsmanager::config::Builder::from(&aws.sdk_config().await);
    let client = Client::from_conf(config.retry_config(RetryConfig::disabled()).build());
    let mut outcomes = Vec::new();
    for _ in 0..4 {
        let reply = client.get_secret_value().secret_id("s").send().await;
        outcomes.push(reply.map_err(|error| error.code().unwrap_or_default().to_owned()).map(|_| ()));
    }
    let failed = |code: &str| Err(code.to_owned());
    let throttled = || failed("ThrottlingException");
    assert_eq!(outcomes, [throttled(), throttled(), failed("InternalServiceError"), Ok(())]);
}

#[tokio::test]
async fn an_unsigned_request_is_refused_as_aws_does() {
    let aws = LocalAws::start().await.unwrap();
    let request =
        reqwest::Client::new().post(aws.url()).header("x-amz-target", "AmazonSQS.SendMessage").body("{}");
    let reply = request.send().await.unwrap();
    assert_eq!(reply.status(), 400);
    assert_eq!(reply.headers()["x-amzn-errortype"], "MissingAuthenticationTokenException");
    assert_eq!(reply.headers()["content-type"], "application/x-amz-json-1.0");
    let body: serde_json::Value = reply.json().await.unwrap();
    assert_eq!(body["__type"], "com.amazonaws.sqs#MissingAuthenticationTokenException");
}

#[tokio::test]
async fn an_unknown_target_is_refused() {
    let aws = LocalAws::start().await.unwrap();
    for target in ["", "AmazonSQS", "Logs_20140328.PutLogEvents"] {
        let request = reqwest::Client::new().post(aws.url()).header("x-amz-target", target);
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), 400);
        assert_eq!(reply.headers()["x-amzn-errortype"], "UnknownOperationException", "{target}");
    }
}

#[tokio::test]
async fn the_environment_holds_what_a_client_looks_for() {
    let aws = LocalAws::start().await.unwrap();
    let environment: std::collections::HashMap<_, _> = aws.environment().into_iter().collect();
    assert_eq!(environment["AWS_ENDPOINT_URL"], aws.url());
    assert_eq!(environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"]);
    assert_eq!(environment["AWS_EC2_METADATA_DISABLED"], "true");
    for secret in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        assert!(environment[secret].len() >= 16);
        assert!(
            !LocalAws::start().await.unwrap().environment().contains(&(secret, environment[secret].clone()))
        );
    }
}

#[tokio::test]
async fn it_stops_with_the_last_handle() {
    let aws = LocalAws::start().await.unwrap();
    let address: std::net::SocketAddr = aws.url().trim_start_matches("http://").parse().unwrap();
    drop(aws.clone());
    assert!(tokio::net::TcpStream::connect(address).await.is_ok());
    drop(aws);
    for _ in 0..100 {
        if LocalAws::start_on(address).await.is_ok() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{address} is still taken");
}
