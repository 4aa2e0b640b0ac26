use local_aws::LocalAws;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn letter(record: &[u8]) -> DeadLetter<'_> {
    DeadLetter {
        code: "MissingContactId",
        message: "the contact record has no ContactId",
        source: Source {
            event_id: "shardId-000000000006:4950".into(),
            sequence_number: Some("4950".into()),
            partition_key: Some("key-1".into()),
            arrived_at: Some("2026-11-22T10:00:00.987Z".parse().unwrap()),
        },
        record,
    }
}

async fn queue(
    aws: &LocalAws,
    look_up: &(dyn Fn(&str) -> Option<String> + Sync),
) -> Result<DeadLetterQueue, ConfigError> {
    let env = Env::new(look_up);
    DeadLetterQueue::from_env(&env, &aws.sdk_config().await, &Metrics::from_env(&env))
}

fn sent(record: &[u8], limit: usize) -> Vec<Value> {
    let messages = messages("sync-contact-records", &letter(record), limit);
    messages.iter().map(|message| serde_json::from_str(message).unwrap()).collect()
}

/// What a replay does with the messages.
fn joined(messages: &[Value]) -> Vec<u8> {
    let content: String =
        messages.iter().map(|message| message["record"]["content"].as_str().unwrap()).collect();
    match messages[0]["record"]["encoding"].as_str().unwrap() {
        "base64" => STANDARD.decode(content).unwrap(),
        _ => content.into_bytes(),
    }
}

#[test]
fn a_dead_letter_says_what_where_and_why() {
    insta::assert_json_snapshot!(sent(br#"{"Channel":"VOICE"}"#, 1000), @r#"
    [
      {
        "format": 1,
        "function": "sync-contact-records",
        "id": "shardId-000000000006:4950",
        "of": 1,
        "part": 1,
        "reason": {
          "code": "MissingContactId",
          "message": "the contact record has no ContactId"
        },
        "record": {
          "content": "{\"Channel\":\"VOICE\"}",
          "encoding": "text"
        },
        "source": {
          "arrivedAt": "2026-11-22T10:00:00.987Z",
          "eventId": "shardId-000000000006:4950",
          "partitionKey": "key-1",
          "sequenceNumber": "4950"
        }
      }
    ]
    "#);
}

#[test]
fn what_sqs_would_refuse_as_text_goes_as_base64() {
    for record in [&b"\xff\xfe"[..], "a\u{ffff}b".as_bytes()] {
        let messages = sent(record, 1000);
        assert_eq!(messages[0]["record"]["encoding"], "base64");
        assert_eq!(joined(&messages), record);
    }
    assert_eq!(sent(b"", 1000).len(), 1, "an empty record is a record too");
}

#[test]
fn a_long_reason_does_not_make_the_message_too_large() {
    let reason = "é".repeat(100_000);
    let letter = DeadLetter { message: &reason, ..letter(b"{}") };
    let messages = messages("f", &letter, CONTENT_BYTES);
    assert!(messages[0].len() < 10_000);
}

proptest! {
    #[test]
    fn a_record_in_parts_is_whole_again_and_no_part_is_too_large(
        record in prop_oneof![any::<String>().prop_map(String::into_bytes), any::<Vec<u8>>()],
        limit in 8..200_usize,
    ) {
        let messages = sent(&record, limit);
        prop_assert_eq!(joined(&messages), record);
        for (index, message) in messages.iter().enumerate() {
            prop_assert_eq!(&message["part"], index + 1);
            prop_assert_eq!(&message["of"], messages.len());
            prop_assert_eq!(&message["id"], "shardId-000000000006:4950");
            let escaped = message["record"]["content"].to_string();
            prop_assert!(escaped.len() - 2 <= limit, "{escaped}");
        }
    }
}

#[tokio::test]
async fn a_large_record_arrives_in_messages_that_sqs_takes() {
    let aws = LocalAws::start().await.unwrap();
    let url = aws.create_queue("dead-letters");
    let look_up = |variable: &str| (variable == QUEUE_URL).then(|| url.clone());
    let queue = queue(&aws, &look_up).await.unwrap();
    let record = "\"é\n".repeat(100_000);
    queue.send(&letter(record.as_bytes()), crate::aws::tests::soon()).await.unwrap();

    let bodies = aws.messages(&url);
    assert!(bodies.iter().all(|body| body.len() <= 240 * 1024), "too large");
    let messages: Vec<Value> = bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect();
    assert_eq!(messages.len(), 3);
    assert_eq!(joined(&messages), record.as_bytes());
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_an_error() {
    let aws = LocalAws::start().await.unwrap();
    let url = format!("{}/123456789012/no-such-queue", aws.url());
    let look_up = |variable: &str| (variable == QUEUE_URL).then(|| url.clone());
    let queue = queue(&aws, &look_up).await.unwrap();
    let error = queue.send(&letter(b"{}"), crate::aws::tests::soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.is_transient()), ("AwsMissing", false), "{error}");
}

#[tokio::test]
async fn a_function_without_a_queue_does_not_start() {
    let aws = LocalAws::start().await.unwrap();
    assert!(queue(&aws, &|_| None).await.is_err());
}
