//! The Kinesis event source: order, repetitions, splitting, and what is given up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use contact_center::lambda::{Destination, Function, Host, InvokeError};
use contact_center::sources::{KinesisSource, Mapping};
use local_aws::LocalAws;
use serde_json::{Value, json};

use crate::{host_of, misbehaving};

/// What the function got: one list of data per invocation.
type Batches = Arc<Mutex<Vec<Vec<String>>>>;
type Records = Arc<Mutex<Vec<Value>>>;

/// One environment, so that the function remembers which records it has met.
async fn observed_host() -> (Host, Batches) {
    let host = host_of(Function { max_environments: 1, ..misbehaving() }).await;
    let batches = Batches::default();
    let sink = Arc::clone(&batches);
    host.observe(move |invocation| {
        let event = invocation.payload.to_json();
        let records = event["Records"].as_array().unwrap().iter();
        sink.lock().unwrap().push(records.map(data_of).collect());
    });
    (host, batches)
}

fn data_of(record: &Value) -> String {
    use base64::Engine;
    let data = record["kinesis"]["data"].as_str().unwrap();
    String::from_utf8(base64::engine::general_purpose::STANDARD.decode(data).unwrap()).unwrap()
}

fn quick() -> (Mapping, Records) {
    let records = Records::default();
    let sink = Arc::clone(&records);
    let mapping = Mapping {
        retries: Some(1),
        retry_delay: Duration::from_millis(1),
        report_batch_item_failures: true,
        on_failure: Some(Destination::new(move |record| sink.lock().unwrap().push(record))),
        ..Mapping::default()
    };
    (mapping, records)
}

fn put(source: &KinesisSource, data: &[&str]) -> Vec<String> {
    source.put_all(data.iter().map(|data| ("contact".to_owned(), data.as_bytes().to_vec())))
}

/// What Kinesis answers. The stand-in does not look at what is in a signature that an SDK would make.
async fn ask(aws: &LocalAws, operation: &str, request: Value) -> Value {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/us-east-1/kinesis/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature={}",
        "0".repeat(64)
    );
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http
        .post(aws.url())
        .header("x-amz-target", format!("Kinesis_20131202.{operation}"))
        .header("x-amz-date", "20260301T000000Z")
        .header("authorization", authorization)
        .body(request.to_string());
    let reply = request.send().await.unwrap();
    assert!(reply.status().is_success(), "{}", reply.status());
    serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn records_come_in_order_and_in_batches() {
    let (host, batches) = observed_host().await;
    let (mapping, given_up) = quick();
    let mapping = Mapping { batch_size: 2, ..mapping };
    let source = KinesisSource::new(host, "Misbehaving", "contact-records", mapping).unwrap();
    let numbers = put(&source, &["1", "2", "3", "4", "5"]);
    source.drain().await;
    assert_eq!(*batches.lock().unwrap(), [vec!["1", "2"], vec!["3", "4"], vec!["5"]]);
    assert!(given_up.lock().unwrap().is_empty());
    assert!(numbers.is_sorted() && numbers[0] < source.put("contact", "6"));
}

#[tokio::test]
async fn a_reported_record_is_repeated_with_what_follows() {
    let (host, batches) = observed_host().await;
    let (mapping, given_up) = quick();
    let source = KinesisSource::new(host, "Misbehaving", "contact-records", mapping).unwrap();
    put(&source, &["a", "flaky", "b"]);
    source.drain().await;
    assert_eq!(*batches.lock().unwrap(), [vec!["a", "flaky", "b"], vec!["flaky", "b"]]);
    assert!(given_up.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_record_that_never_succeeds_is_given_up_with_what_follows() {
    let (host, batches) = observed_host().await;
    let (mapping, given_up) = quick();
    let source = KinesisSource::new(host, "Misbehaving", "contact-records", mapping).unwrap();
    let numbers = put(&source, &["a", "bad", "b"]);
    source.drain().await;
    source.put("contact", "c");
    source.drain().await;
    assert_eq!(*batches.lock().unwrap(), [vec!["a", "bad", "b"], vec!["bad", "b"], vec!["c"]]);
    let given_up = given_up.lock().unwrap();
    let info = &given_up[0]["KinesisBatchInfo"];
    assert_eq!((&info["startSequenceNumber"], &info["batchSize"]), (&numbers[1].clone().into(), &2.into()));
    assert_eq!(given_up[0]["requestContext"]["approximateInvokeCount"], 2);
    assert_eq!(given_up.len(), 1);
}

#[tokio::test]
async fn bisecting_isolates_the_record_that_fails_its_batch() {
    let (host, batches) = observed_host().await;
    let (mapping, given_up) = quick();
    let mapping = Mapping { bisect: true, retries: Some(0), ..mapping };
    let source = KinesisSource::new(host, "Misbehaving", "contact-records", mapping).unwrap();
    let numbers = put(&source, &["a", "b", "poison", "c"]);
    source.drain().await;
    let expected =
        [vec!["a", "b", "poison", "c"], vec!["a", "b"], vec!["poison", "c"], vec!["poison"], vec!["c"]];
    assert_eq!(*batches.lock().unwrap(), expected);
    let given_up = given_up.lock().unwrap();
    assert_eq!(given_up.len(), 1);
    assert_eq!(given_up[0]["KinesisBatchInfo"]["startSequenceNumber"], *numbers[2]);
    assert_eq!(given_up[0]["KinesisBatchInfo"]["endSequenceNumber"], *numbers[2]);
    assert_eq!(given_up[0]["responseContext"]["functionError"], "Unhandled");
}

#[tokio::test]
async fn old_records_are_given_up() {
    let (host, batches) = observed_host().await;
    let (mapping, given_up) = quick();
    let max_record_age = Some(Duration::from_millis(150));
    let mapping = Mapping { retries: None, max_record_age, ..mapping };
    let source = KinesisSource::new(host, "Misbehaving", "contact-records", mapping).unwrap();
    source.put("contact", "bad");
    source.drain().await;
    assert!(batches.lock().unwrap().len() > 1, "repeated until then");
    assert_eq!(given_up.lock().unwrap()[0]["requestContext"]["condition"], "RecordAgeExceeded");
}

#[tokio::test]
async fn a_key_that_is_stuck_does_not_hold_up_another() {
    let (host, batches) = observed_host().await;
    let (mapping, _) = quick();
    let mapping = Mapping { shards: 2, parallelization: 8, retries: None, ..mapping };
    let source = KinesisSource::new(host.clone(), "Misbehaving", "contact-records", mapping).unwrap();
    source.put("stuck", "bad");
    // One of several other keys is bound to go another way.
    source.put_all((0..16).map(|key| (format!("other-{key}"), b"good".to_vec())));
    tokio::time::timeout(Duration::from_secs(10), async {
        while !batches.lock().unwrap().iter().any(|batch| batch.contains(&"good".to_owned())) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .unwrap();
    host.shutdown().await;
    source.drain().await;
}

#[tokio::test]
async fn everything_can_be_delivered_again() {
    let (host, batches) = observed_host().await;
    let (mapping, _) = quick();
    let source = KinesisSource::new(host, "Misbehaving", "contact-records", mapping).unwrap();
    put(&source, &["a", "b"]);
    source.drain().await;
    source.deliver_again();
    put(&source, &["c"]);
    source.drain().await;
    assert_eq!(batches.lock().unwrap().concat(), ["a", "b", "a", "b", "c"]);
}

#[tokio::test]
async fn what_was_put_can_be_read_again_by_clients() {
    let (host, _) = observed_host().await;
    let (mapping, _) = quick();
    let mapping = Mapping { shards: 2, parallelization: 3, ..mapping };
    let aws = LocalAws::start().await.unwrap();
    let source = KinesisSource::new(host, "Misbehaving", "contact-records", mapping).unwrap().kept_in(&aws);
    let arrived: DateTime<Utc> = "2026-01-31T09:30:00Z".parse().unwrap();
    let number = source.put_at("contact", "a", arrived);
    source.drain().await;
    let mut found = Vec::new();
    for shard in ["shardId-000000000000", "shardId-000000000001"] {
        let shard =
            json!({"StreamName": "contact-records", "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
        let iterator = ask(&aws, "GetShardIterator", shard).await;
        let records = ask(&aws, "GetRecords", iterator).await;
        found.extend(records["Records"].as_array().unwrap().clone());
    }
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["SequenceNumber"], &found[0]["PartitionKey"]), (&json!(number), &json!("contact")));
    assert_eq!(found[0]["ApproximateArrivalTimestamp"].as_f64(), Some(arrived.timestamp() as f64));
}

#[tokio::test]
async fn a_source_needs_a_function() {
    let host = host_of(misbehaving()).await;
    let error = KinesisSource::new(host, "Missing", "contact-records", Mapping::default()).unwrap_err();
    assert!(matches!(error, InvokeError::NotFound { .. }));
}
