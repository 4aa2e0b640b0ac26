use std::time::Duration;

use local_aws::LocalAws;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::aws::Failure;
use crate::aws::tests::soon;
use crate::functions::Functions;

/// Answers each connection with the next of these replies, and tells what was asked.
async fn service(replies: &'static [&'static str]) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let mut asked = Vec::new();
        for reply in replies {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16 * 1024];
            let length = connection.read(&mut request).await.unwrap();
            asked.push(String::from_utf8_lossy(&request[..length]).into_owned());
            connection.write_all(reply.as_bytes()).await.unwrap();
        }
        asked
    });
    (url, asked)
}

async fn functions(url: &str) -> Functions {
    let aws = LocalAws::start().await.unwrap();
    Functions::new(
        &Env::new(&|variable| (variable == "AWS_ENDPOINT_URL_LAMBDA").then(|| url.to_owned())),
        &aws.sdk_config().await,
    )
}

#[tokio::test]
async fn an_invocation_is_a_signed_event() {
    let (url, asked) =
        service(&["HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"]).await;
    functions(&url).await.start("arn:aws:lambda:a:b:function:c", "{\"a\":1}", soon()).await.unwrap();
    let asked = asked.await.unwrap().remove(0).to_ascii_lowercase();
    assert!(
        asked
            .starts_with("post /2015-03-31/functions/arn%3aaws%3alambda%3aa%3ab%3afunction%3ac/invocations ")
    );
    for header in [
        "x-amz-invocation-type: event",
        "authorization: aws4-hmac-sha256 credential=",
        "/us-east-1/lambda/aws4_request",
        "signedheaders=content-type;host;x-amz-date;x-amz-invocation-type;x-amz-security-token",
    ] {
        assert!(asked.contains(header), "{asked}");
    }
    assert!(asked.ends_with("{\"a\":1}"), "{asked}");
}

#[tokio::test]
async fn throttling_is_repeated_and_refusals_say_why() {
    let (url, asked) = service(&[
        "HTTP/1.1 429 Too Many\r\nx-amzn-errortype: TooManyRequestsException:x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\ncontent-length: 55\r\nconnection: close\r\n\r\n{\"__type\":\"a#ResourceNotFoundException\",\"Message\":\"no\"}",
    ])
    .await;
    let error = functions(&url).await.start("gone", "{}", soon()).await.unwrap_err();
    assert_eq!(error.failure, Failure::Missing("ResourceNotFoundException: no".into()));
    assert_eq!(asked.await.unwrap().len(), 2);
}

#[tokio::test]
async fn attributes_of_a_contact_are_accepted_by_the_stand_in() {
    let aws = LocalAws::start().await.unwrap();
    aws.put_contact("i-1", "c-1", json!({}));
    let connect = SignedService::new(&Env::new(&|_| None), &aws.sdk_config().await, "connect");
    let body =
        json!({ "InitialContactId": "c-1", "InstanceId": "i-1", "Attributes": { "a": "b" } }).to_string();
    let request = |body| SignedRequest {
        action: "connect:UpdateContactAttributes",
        resource: "contact c-1",
        path: "/contact/attributes",
        headers: &[],
        body,
    };
    connect.post(&request(&body), soon()).await.unwrap();
    assert_eq!(aws.contact_attributes("c-1")["a"], "b");
    let unknown = body.replace("c-1", "c-2");
    let error = connect.post(&request(&unknown), soon()).await.unwrap_err();
    assert_eq!(error.kind(), "AwsMissing", "{error}");
    let past = Instant::now() - Duration::from_secs(1);
    assert_eq!(connect.post(&request(&body), past).await.unwrap_err().kind(), "OutOfTime");
}

#[test]
fn the_endpoint_is_that_of_the_region_unless_one_is_named() {
    let in_region = |region: &'static str| {
        let sdk = SdkConfig::builder().region(aws_config::Region::from_static(region)).build();
        SignedService::new(&Env::new(&|_| None), &sdk, "connect").endpoint
    };
    assert_eq!(in_region("eu-central-1"), "https://connect.eu-central-1.amazonaws.com");
    assert_eq!(in_region("cn-north-1"), "https://connect.cn-north-1.amazonaws.com.cn");
}

#[test]
fn a_segment_of_a_path_stays_one() {
    assert_eq!(segment("transcribe-call"), "transcribe-call");
    assert_eq!(segment("a:b/../ü"), "a%3Ab%2F..%2F%C3%BC");
}
