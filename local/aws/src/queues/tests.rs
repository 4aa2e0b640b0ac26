use std::time::{Duration, Instant};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata;

use crate::LocalAws;

async fn queue() -> (LocalAws, Client, String) {
    let aws = LocalAws::start().await.unwrap();
    let url = aws.create_queue("dead-letters");
    let client = Client::new(&aws.sdk_config().await);
    (aws, client, url)
}

#[tokio::test]
async fn a_message_is_sent_received_and_deleted() {
    let (aws, client, url) = queue().await;
    assert_eq!(aws.create_queue("dead-letters"), url, "creating again finds it");
    let sent = client.send_message().queue_url(&url).message_body("message digest").send().await.unwrap();
    assert_eq!(sent.md5_of_message_body(), Some("f96b697d7cb7938d525a2f31aaf161d0"));
    assert_eq!(aws.messages(&url), ["message digest"]);

    let reply = client.receive_message().queue_url(&url).max_number_of_messages(10).send().await.unwrap();
    let [message] = reply.messages() else { panic!("one message") };
    assert_eq!(message.body(), Some("message digest"));
    assert_eq!(message.message_id(), sent.message_id());
    assert_eq!(message.md5_of_body(), sent.md5_of_message_body());
    assert_eq!(aws.messages(&url), ["message digest"], "received is not deleted");
    let hidden = client.receive_message().queue_url(&url).send().await.unwrap();
    assert!(hidden.messages().is_empty());

    let handle = message.receipt_handle().unwrap();
    client.delete_message().queue_url(&url).receipt_handle(handle).send().await.unwrap();
    assert!(aws.messages(&url).is_empty());
}

#[tokio::test]
async fn a_message_that_nobody_deletes_comes_again() {
    let (_aws, client, url) = queue().await;
    client.send_message().queue_url(&url).message_body("again").send().await.unwrap();
    let receive =
        async || client.receive_message().queue_url(&url).visibility_timeout(0).send().await.unwrap();
    let (first, second) = (receive().await, receive().await);
    assert_eq!(first.messages()[0].message_id(), second.messages()[0].message_id());
    assert_ne!(first.messages()[0].receipt_handle(), second.messages()[0].receipt_handle());
}

#[tokio::test]
async fn waiting_ends_when_a_message_arrives() {
    let (_aws, client, url) = queue().await;
    let start = Instant::now();
    let waiting = client.receive_message().queue_url(&url).wait_time_seconds(20).send();
    let sending = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        client.send_message().queue_url(&url).message_body("at last").send().await.unwrap();
    };
    let (reply, ()) = tokio::join!(waiting, sending);
    assert_eq!(reply.unwrap().messages()[0].body(), Some("at last"));
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn a_body_has_the_size_and_characters_that_sqs_takes() {
    let (aws, client, url) = queue().await;
    let send = async |body: String| client.send_message().queue_url(&url).message_body(body).send().await;
    assert!(send("x".repeat(1_048_576)).await.is_ok());
    assert!(send("tab\t, line\n, é, 日本語, 🎧".to_owned()).await.is_ok());
    assert_eq!(aws.messages(&url).len(), 2);
    for (body, code) in [
        ("é".repeat(524_289), "InvalidParameterValue"),
        (String::new(), "MissingParameter"),
        ("bell\u{7}".to_owned(), "InvalidMessageContents"),
        ("\u{FFFF}".to_owned(), "InvalidMessageContents"),
    ] {
        let error = send(body).await.unwrap_err();
        assert_eq!(error.code(), Some(code));
    }
    assert_eq!(aws.messages(&url).len(), 2);
}

#[tokio::test]
async fn what_sqs_refuses_is_refused() {
    let (aws, client, url) = queue().await;
    let elsewhere = format!("{}/123456789012/elsewhere", aws.url());
    let error = client.send_message().queue_url(elsewhere).message_body("x").send().await.unwrap_err();
    assert_eq!(error.code(), Some("AWS.SimpleQueueService.NonExistentQueue"));
    assert!(error.into_service_error().is_queue_does_not_exist());
    let error = client.delete_message().queue_url(&url).receipt_handle("made up").send().await.unwrap_err();
    assert!(error.into_service_error().is_receipt_handle_is_invalid());
    let error = client.receive_message().queue_url(&url).max_number_of_messages(11).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    let error =
        client.receive_message().queue_url(&url).receive_request_attempt_id("x").send().await.unwrap_err();
    assert_eq!(
        error.code(),
        Some("SerializationException"),
        "an option that the stand-in lacks is not ignored"
    );
}
