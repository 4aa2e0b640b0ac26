use local_aws::LocalAws;

use super::*;

/// Long enough for everything, short enough to end a test that hangs.
pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

#[test]
fn a_reply_leads_to_the_next_move() {
    for (status, code, expected) in [
        (400, "AccessDeniedException", "AwsDenied"),
        (400, "DecryptionFailure", "AwsDenied"),
        (403, "ExpiredTokenException", "AwsDenied"),
        (400, "ResourceNotFoundException", "AwsMissing"),
        (400, "AWS.SimpleQueueService.NonExistentQueue", "AwsMissing"),
        (400, "QueueDoesNotExist", "AwsMissing"),
        (400, "ThrottlingException", "AwsUnavailable"),
        (400, "RequestThrottled", "AwsUnavailable"),
        (400, "ProvisionedThroughputExceededException", "AwsUnavailable"),
        (500, "InternalServiceError", "AwsUnavailable"),
        (503, "anything", "AwsUnavailable"),
        (429, "anything", "AwsUnavailable"),
        (400, "ConditionalCheckFailedException", "AwsRefused"),
        (400, "InvalidRequestException", "AwsRefused"),
        (400, "ValidationException", "AwsRefused"),
    ] {
        let failure = classify(status, code, "text");
        let error = AwsError { action: "a:B", resource: "r".into(), failure, source: None };
        assert_eq!(error.kind(), expected, "{status} {code}");
        assert_eq!(error.is_transient(), expected == "AwsUnavailable", "{status} {code}");
        assert!(error.to_string().starts_with("a:B on r: "), "{error}");
    }
}

async fn read(endpoint: &str, deadline: Instant) -> AwsError {
    let aws = LocalAws::start().await.unwrap();
    let sdk =
        aws.sdk_config().await.into_builder().endpoint_url(endpoint).retry_config(RetryConfig::disabled());
    let client = aws_sdk_secretsmanager::Client::new(&sdk.build());
    let request = client.get_secret_value().secret_id("s").send();
    call("secretsmanager:GetSecretValue", "secret s", deadline, request).await.unwrap_err()
}

#[tokio::test]
async fn nobody_there_is_transient_and_the_cause_is_kept() {
    // Bound, so that nobody else gets the port, and closed again.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = read(&format!("http://127.0.0.1:{port}"), soon()).await;
    assert!(error.is_transient() && error.source().is_some(), "{error}");
    assert!(error.to_string().contains("Connection refused"), "{error}");
}

#[tokio::test]
async fn the_deadline_ends_a_call_that_hangs() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let began = Instant::now();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let error = read(&endpoint, began + Duration::from_millis(50)).await;
    assert_eq!(error.to_string(), "secretsmanager:GetSecretValue on secret s: no time left");
    assert!(error.is_transient() && began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_reply_that_cannot_be_read_shows_nothing_of_itself() {
    use std::io::{Read, Write};
    let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", server.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut connection, _) = server.accept().unwrap();
        let _ = connection.read(&mut [0; 4096]).unwrap();
        let body = r#"{"SecretString":"hunter2"#;
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        connection.write_all(format!("{head}{body}").as_bytes()).unwrap();
    });
    let error = read(&endpoint, soon()).await;
    assert!(error.is_transient(), "{error}");
    assert!(!format!("{error:?} {error}").contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn the_configuration_is_made_without_a_network() {
    let began = Instant::now();
    let sdk = sdk_config().await;
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    let timeouts = sdk.timeout_config().unwrap();
    assert_eq!(timeouts.connect_timeout(), Some(CONNECT_TIMEOUT));
    assert_eq!(timeouts.operation_attempt_timeout(), Some(ATTEMPT_TIMEOUT));
    assert_eq!(sdk.retry_config().unwrap().max_attempts(), ATTEMPTS);
}

#[test]
fn tls_is_left_out_only_where_every_endpoint_is_plain() {
    let plain = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    let secure = ("AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING", "https://127.0.0.1:2");
    for (variables, expected) in [
        (vec![], false),
        (vec![plain], true),
        (vec![("AWS_ENDPOINT_URL", "https://127.0.0.1:1")], false),
        (vec![plain, ("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:2")], true),
        (vec![plain, secure], false),
        (vec![secure, plain], false),
        (vec![("AWS_ENDPOINT_URL_LAMBDA", "http://127.0.0.1:2")], false),
        (vec![plain, ("AWS_ENDPOINT_URL_LAMBDA", "")], true),
        (vec![plain, ("AWS_ENDPOINT_URLS", "https://127.0.0.1:2")], true),
    ] {
        let given = variables.iter().map(|(name, url)| (OsString::from(name), OsString::from(url)));
        assert_eq!(needs_no_tls(given), expected, "{variables:?}");
    }
}
