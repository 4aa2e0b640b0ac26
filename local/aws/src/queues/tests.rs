use std::time::{Duration, Instant};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata;
use aws_sdk_sqs::types::{MessageAttributeValue, MessageSystemAttributeName, QueueAttributeName};

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
async fn a_message_that_another_queue_gave_up_says_which() {
    let (aws, client, url) = queue().await;
    let arn = "arn:aws:sqs:us-east-1:123456789012:files";
    aws.redrive(&url, "given up", arn);
    let request = client.receive_message().queue_url(&url);
    let request = request.message_system_attribute_names(MessageSystemAttributeName::All);
    let reply = request.send().await.unwrap();
    let [message] = reply.messages() else { panic!("one message") };
    let attributes = message.attributes().unwrap();
    assert_eq!(attributes[&MessageSystemAttributeName::DeadLetterQueueSourceArn], arn);
    assert_eq!(attributes[&MessageSystemAttributeName::ApproximateReceiveCount], "1");
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

#[tokio::test]
async fn attributes_come_along_with_a_message_where_they_are_asked_for() {
    let (aws, client, url) = queue().await;
    let attribute = |kind: &str, text: &str| {
        MessageAttributeValue::builder().data_type(kind).string_value(text).build().unwrap()
    };
    let before = chrono::Utc::now().timestamp_millis();
    let sent = client
        .send_message()
        .queue_url(&url)
        .message_body("{}")
        .message_attributes("ERROR_CODE", attribute("String", "NO_PERMISSIONS"))
        .message_attributes("ERROR_COUNT", attribute("Number", "3"))
        .send()
        .await
        .unwrap();
    aws.send_message(&url, "other", &[("RULE_ARN", "arn:aws:events:us-east-1:123456789012:rule/r")]);

    let receive = client.receive_message().queue_url(&url).max_number_of_messages(10).visibility_timeout(0);
    let plain = receive.clone().send().await.unwrap();
    assert!(plain.messages().iter().all(|m| m.attributes().is_none() && m.message_attributes().is_none()));

    let known = receive.message_system_attribute_names(MessageSystemAttributeName::All);
    let reply = known.message_attribute_names("ERROR_C.*").send().await.unwrap();
    let [first, second] = reply.messages() else { panic!("two messages") };
    let own = first.message_attributes().unwrap();
    assert_eq!(
        (own["ERROR_CODE"].string_value(), own["ERROR_CODE"].data_type()),
        (Some("NO_PERMISSIONS"), "String")
    );
    assert_eq!((own["ERROR_COUNT"].string_value(), own.len()), (Some("3"), 2));
    assert_eq!(first.md5_of_message_attributes(), sent.md5_of_message_attributes());
    assert_eq!(second.message_attributes(), None);
    let system = first.attributes().unwrap();
    assert_eq!(system[&MessageSystemAttributeName::ApproximateReceiveCount], "2");
    let at: i64 = system[&MessageSystemAttributeName::SentTimestamp].parse().unwrap();
    assert!((before..=chrono::Utc::now().timestamp_millis()).contains(&at));
}

#[tokio::test]
async fn attributes_that_sqs_does_not_take_are_refused() {
    let (aws, client, url) = queue().await;
    for (name, kind, text) in [("a b", "String", "x"), ("a", "Text", "x"), ("a", "String", "")] {
        let value = MessageAttributeValue::builder().data_type(kind).string_value(text).build().unwrap();
        let sent = client.send_message().queue_url(&url).message_body("x").message_attributes(name, value);
        assert_eq!(sent.send().await.unwrap_err().code(), Some("InvalidParameterValue"), "{name} {kind}");
    }
    assert!(aws.messages(&url).is_empty());
}

#[tokio::test]
async fn a_message_is_given_back() {
    let (_aws, client, url) = queue().await;
    client.send_message().queue_url(&url).message_body("held").send().await.unwrap();
    let receive = || client.receive_message().queue_url(&url);
    let first = receive().send().await.unwrap();
    let hide = |seconds| {
        let handle = first.messages()[0].receipt_handle().unwrap();
        client.change_message_visibility().queue_url(&url).receipt_handle(handle).visibility_timeout(seconds)
    };
    hide(43_200).send().await.unwrap();
    let waiting = receive().wait_time_seconds(20).send();
    let giving_back = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        hide(0).send().await.unwrap();
    };
    let (second, ()) = tokio::join!(waiting, giving_back);
    assert_eq!(second.unwrap().messages()[0].body(), Some("held"), "whoever waits gets it at once");
    for (wrong, code) in [
        (hide(0), "InvalidParameterValue"),
        (hide(43_201), "InvalidParameterValue"),
        (hide(0).receipt_handle("made up"), "ReceiptHandleIsInvalid"),
    ] {
        assert_eq!(wrong.send().await.unwrap_err().code(), Some(code));
    }
}

#[tokio::test]
async fn a_queue_is_found_by_name_and_tells_its_depth() {
    let (_aws, client, url) = queue().await;
    let found = client.get_queue_url().queue_name("dead-letters").send().await.unwrap();
    assert_eq!(found.queue_url(), Some(&*url));
    let error = client.get_queue_url().queue_name("letters").send().await.unwrap_err();
    assert!(error.into_service_error().is_queue_does_not_exist());

    for _ in 0..3 {
        client.send_message().queue_url(&url).message_body("x").send().await.unwrap();
    }
    client.send_message().queue_url(&url).message_body("x").delay_seconds(900).send().await.unwrap();
    client.receive_message().queue_url(&url).send().await.unwrap();
    let asked = client.get_queue_attributes().queue_url(&url).attribute_names(QueueAttributeName::All);
    let told = asked.send().await.unwrap().attributes.unwrap();
    let text = |name: QueueAttributeName| told[&name].as_str();
    assert_eq!(text(QueueAttributeName::ApproximateNumberOfMessages), "2");
    assert_eq!(text(QueueAttributeName::ApproximateNumberOfMessagesNotVisible), "1");
    assert_eq!(text(QueueAttributeName::ApproximateNumberOfMessagesDelayed), "1");
    assert_eq!(text(QueueAttributeName::QueueArn), "arn:aws:sqs:us-east-1:123456789012:dead-letters");
    let none = client.get_queue_attributes().queue_url(&url).send().await.unwrap();
    assert!(none.attributes().is_none_or(|attributes| attributes.is_empty()));
}
