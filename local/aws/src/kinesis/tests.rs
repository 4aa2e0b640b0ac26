use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{LocalAws, StreamRecord};

const STREAM: &str = "contact-lens";
const SHARD: &str = "shardId-000000000001";

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_772_359_200_250).unwrap()
}

fn record(number: usize, data: &[u8]) -> StreamRecord {
    StreamRecord {
        partition_key: "c-1".to_owned(),
        sequence_number: sequence(number),
        data: data.to_vec(),
        arrived: start() + TimeDelta::seconds(number as i64),
    }
}

fn sequence(number: usize) -> String {
    format!("49668{number:051}")
}

struct Reader {
    aws: LocalAws,
    http: reqwest::Client,
}

impl Reader {
    /// A stream of two shards, the second one with the records 1 to 9.
    async fn new() -> Self {
        let aws = LocalAws::start().await.unwrap();
        let arn = aws.create_stream(STREAM, 2);
        assert_eq!(arn, "arn:aws:kinesis:us-east-1:123456789012:stream/contact-lens");
        for number in 1..10 {
            aws.put_record(STREAM, 1, record(number, b"{}"));
        }
        Reader { aws, http: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    /// The reply, or the error's code.
    async fn ask(&self, operation: &str, request: &Value) -> Result<Value, String> {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/us-east-1/kinesis/aws4_request, \
             SignedHeaders=host;x-amz-date, Signature={}",
            "0".repeat(64)
        );
        let sent = self
            .http
            .post(self.aws.url())
            .header("x-amz-target", format!("Kinesis_20131202.{operation}"))
            .header("x-amz-date", "20260301T000000Z")
            .header("authorization", authorization)
            .body(request.to_string());
        let reply = sent.send().await.unwrap();
        assert_eq!(reply.headers()["content-type"], "application/x-amz-json-1.1");
        let is_answer = reply.status().is_success();
        let body: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
        if is_answer { Ok(body) } else { Err(body["__type"].as_str().unwrap().to_owned()) }
    }

    async fn iterator(&self, fields: Value) -> Result<String, String> {
        let mut request = json!({ "StreamName": STREAM, "ShardId": SHARD });
        request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let reply = self.ask("GetShardIterator", &request).await?;
        Ok(reply["ShardIterator"].as_str().unwrap().to_owned())
    }

    /// The numbers of the records that one read gives, and the reply.
    async fn read(&self, iterator: &str, limit: usize) -> (Vec<usize>, Value) {
        let request = json!({ "ShardIterator": iterator, "Limit": limit });
        let reply = self.ask("GetRecords", &request).await.unwrap();
        let records = reply["Records"].as_array().unwrap().iter();
        let numbers = records.map(|record| record["SequenceNumber"].as_str().unwrap()[5..].parse().unwrap());
        (numbers.collect(), reply)
    }
}

#[tokio::test]
async fn records_are_read_from_where_the_iterator_says() {
    let reader = Reader::new().await;
    let time = |seconds: i64| (start() + TimeDelta::seconds(seconds)).timestamp_millis() as f64 / 1e3;
    for (start, first) in [
        (json!({ "ShardIteratorType": "TRIM_HORIZON" }), 1),
        (json!({ "ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": sequence(4) }), 4),
        (json!({ "ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": sequence(4) }), 5),
        (json!({ "ShardIteratorType": "AT_TIMESTAMP", "Timestamp": time(3) }), 3),
        (json!({ "ShardIteratorType": "AT_TIMESTAMP", "Timestamp": time(60) }), 10),
        (json!({ "ShardIteratorType": "LATEST" }), 10),
    ] {
        let iterator = reader.iterator(start.clone()).await.unwrap();
        let (numbers, reply) = reader.read(&iterator, 10_000).await;
        assert_eq!(numbers, (first..10).collect::<Vec<_>>(), "{start}");
        assert_eq!(reply["MillisBehindLatest"], 0);
    }
}

#[tokio::test]
async fn a_read_goes_on_where_the_last_one_ended() {
    let reader = Reader::new().await;
    let iterator = reader.iterator(json!({ "ShardIteratorType": "TRIM_HORIZON" })).await.unwrap();
    let (numbers, reply) = reader.read(&iterator, 4).await;
    assert_eq!((numbers, &reply["MillisBehindLatest"]), (vec![1, 2, 3, 4], &json!(4_000)));
    let expected = json!({
        "ApproximateArrivalTimestamp": 1_772_359_201.25,
        "Data": "e30=",
        "PartitionKey": "c-1",
        "SequenceNumber": sequence(1),
    });
    assert_eq!(reply["Records"][0], expected);
    let (numbers, reply) = reader.read(reply["NextShardIterator"].as_str().unwrap(), 10).await;
    assert_eq!(numbers, [5, 6, 7, 8, 9]);
    let next = reply["NextShardIterator"].as_str().unwrap();
    assert_eq!(reader.read(next, 10).await.0, [] as [usize; 0]);
    reader.aws.put_record(STREAM, 1, record(10, b"later"));
    assert_eq!(reader.read(next, 10).await.0, [10]);
}

#[tokio::test]
async fn a_reply_has_at_most_ten_megabytes() {
    let reader = Reader::new().await;
    for number in 10..16 {
        reader.aws.put_record(STREAM, 1, record(number, &vec![0; 4 * 1024 * 1024]));
    }
    let nine = json!({ "ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": sequence(9) });
    let iterator = reader.iterator(nine).await.unwrap();
    assert_eq!(reader.read(&iterator, 10).await.0, [10, 11]);
}

#[tokio::test]
async fn what_has_expired_is_gone() {
    let reader = Reader::new().await;
    reader.aws.expire_records(STREAM, start() + TimeDelta::seconds(5));
    let expired = json!({ "ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": sequence(2) });
    let iterator = reader.iterator(expired).await.unwrap();
    assert_eq!(reader.read(&iterator, 10).await.0, [5, 6, 7, 8, 9]);
    let a_day_later = StreamRecord { arrived: start() + TimeDelta::hours(25), ..record(10, b"") };
    reader.aws.put_record(STREAM, 1, a_day_later);
    assert_eq!(reader.read(&iterator, 10).await.0, [10]);
}

#[tokio::test]
async fn shards_are_listed() {
    let reader = Reader::new().await;
    let reply = reader.ask("ListShards", &json!({ "StreamName": STREAM })).await.unwrap();
    let middle = u128::MAX / 2;
    let shard = |id, start: u128, end: u128, first| {
        json!({
            "ShardId": id,
            "HashKeyRange": { "StartingHashKey": start.to_string(), "EndingHashKey": end.to_string() },
            "SequenceNumberRange": { "StartingSequenceNumber": first },
        })
    };
    let expected = json!([
        shard("shardId-000000000000", 0, middle - 1, "0"),
        shard(SHARD, middle, u128::MAX, &sequence(1)),
    ]);
    assert_eq!(reply["Shards"], expected);
}

#[tokio::test]
async fn what_kinesis_refuses_is_refused() {
    let reader = Reader::new().await;
    let not_found = Err("ResourceNotFoundException".to_owned());
    let invalid = Err("InvalidArgumentException".to_owned());
    let oldest = json!({ "ShardIteratorType": "TRIM_HORIZON" });
    let with = |fields: Value| {
        let mut request = oldest.clone();
        request.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        request
    };
    let arn = |account| format!("arn:aws:kinesis:us-east-1:{account}:stream/{STREAM}");
    assert!(reader.iterator(with(json!({ "StreamARN": arn("123456789012") }))).await.is_ok());
    for (fields, expected) in [
        (json!({ "StreamName": "elsewhere" }), &not_found),
        (json!({ "StreamARN": arn("210987654321") }), &not_found),
        (json!({ "ShardId": "shardId-000000000002" }), &not_found),
        (json!({ "StreamName": null }), &invalid),
        (json!({ "ShardIteratorType": "AT_SEQUENCE_NUMBER" }), &invalid),
        (json!({ "StartingSequenceNumber": sequence(1) }), &invalid),
        (
            json!({ "ShardIteratorType": "AT_SEQUENCE_NUMBER", "StartingSequenceNumber": sequence(10) }),
            &invalid,
        ),
        (json!({ "ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "StartingSequenceNumber": "x" }), &invalid),
    ] {
        assert_eq!(reader.iterator(with(fields.clone())).await, *expected, "{fields}");
    }
    for request in [
        json!({ "ShardIterator": "x" }),
        json!({ "ShardIterator": reader.iterator(oldest.clone()).await.unwrap(), "Limit": 0 }),
        json!({ "ShardIterator": reader.iterator(oldest.clone()).await.unwrap(), "StreamARN": arn("1") }),
    ] {
        assert_eq!(
            reader.ask("GetRecords", &request).await,
            invalid.clone().map(|_: String| Value::Null),
            "{request}"
        );
    }
    let error = reader.ask("PutRecord", &json!({})).await;
    assert_eq!(error, Err("UnknownOperationException".to_owned()));
}
