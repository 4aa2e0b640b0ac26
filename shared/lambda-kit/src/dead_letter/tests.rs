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

fn read(messages: &[Value]) -> Vec<Part> {
    messages.iter().map(|message| Part::read(message).unwrap().unwrap()).collect()
}

/// What a replay makes of the messages.
fn joined(messages: &[Value]) -> Vec<u8> {
    ReceivedLetter::join(&read(messages)).unwrap().record
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
fn a_letter_is_read_as_it_was_sent() {
    let sent = sent(b"{}", 1000);
    let read = ReceivedLetter::join(&read(&sent)).unwrap();
    let letter = letter(b"{}");
    assert_eq!(
        (read.id.as_str(), read.function.as_str()),
        ("shardId-000000000006:4950", "sync-contact-records")
    );
    assert_eq!((read.reason.code.as_str(), read.reason.message.as_str()), (letter.code, letter.message));
    assert_eq!(read.source, letter.source);
}

#[test]
fn parts_are_joined_in_any_order_and_may_come_twice() {
    let mut messages = sent(b"a record in several parts", 8);
    let again = messages.clone();
    messages.reverse();
    messages.extend(again);
    assert_eq!(joined(&messages), b"a record in several parts");
}

#[test]
fn what_is_not_one_whole_letter_is_not_joined() {
    let parts = |record: &[u8]| read(&sent(record, 8));
    let mut gap = parts(b"a record in several parts");
    gap.remove(1);
    assert_eq!(ReceivedLetter::join(&gap), Err(Unreadable::PartMissing { part: 2, of: 4 }));
    assert_eq!(ReceivedLetter::join(&[]), Err(Unreadable::PartMissing { part: 1, of: 1 }));
    let two = [parts(b"a record in several parts"), parts(b"A record in several parts")].concat();
    assert!(two[0].belongs_with(&two[4]));
    assert_eq!(ReceivedLetter::join(&two), Err(Unreadable::Mixed));
}

#[test]
fn a_whole_letter_belongs_with_its_repetition_only() {
    let whole = |record: &[u8]| read(&sent(record, 1000)).remove(0);
    assert!(whole(b"a").belongs_with(&whole(b"a")));
    assert!(!whole(b"a").belongs_with(&whole(b"b")), "two records whose source has no id for them");
    assert!(!whole(b"a").belongs_with(&read(&sent(b"a record in several parts", 8))[0]));
}

#[test]
fn what_is_no_dead_letter_is_told_apart_from_a_broken_one() {
    let good = sent(b"{}", 1000).remove(0);
    let with = |key: &str, value: Value| {
        let mut changed = good.clone();
        changed[key] = value;
        Part::read(&changed).map(|read| read.map(|part| part.part))
    };
    assert_eq!(Part::read(&serde_json::json!({ "version": "1.0" })).map(|_| ()), None);
    assert_eq!(with("format", 2.into()), Some(Err(Unreadable::Format)));
    assert_eq!(with("reason", Value::Null), Some(Err(Unreadable::Field)));
    assert_eq!(with("of", 0.into()), Some(Err(Unreadable::Field)));
    assert_eq!(with("part", 2.into()), Some(Err(Unreadable::Field)));
    assert_eq!(with("part", 1.into()), Some(Ok(1)));
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
