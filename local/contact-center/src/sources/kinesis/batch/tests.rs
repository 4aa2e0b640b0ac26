use std::time::Duration;

use axum::body::Bytes;

use super::super::record::sequence_number;
use super::*;

fn batch(positions: std::ops::Range<u64>, retries: u32) -> Batch {
    let arrived = DateTime::from_timestamp(1_000, 0).unwrap();
    let record = |position| Record {
        partition_key: "contact".into(),
        sequence_number: sequence_number(position),
        data: Bytes::new(),
        arrived: arrived + Duration::from_secs(position),
    };
    Batch { records: positions.map(record).collect(), retries, last: None }
}

fn reporting() -> Mapping {
    Mapping { report_batch_item_failures: true, retries: Some(1), ..Mapping::default() }
}

#[test]
fn replies_are_read_as_lambda_reads_them() {
    let records = batch(0..3, 0).records;
    let item = |position: u64| json!({ "itemIdentifier": sequence_number(position) });
    let table = [
        (json!(null), Verdict::Applied),
        (json!({}), Verdict::Applied),
        (json!({ "batchItemFailures": null }), Verdict::Applied),
        (json!({ "batchItemFailures": [] }), Verdict::Applied),
        (json!({ "batchItemFailures": [item(2), item(1)] }), Verdict::FailedFrom(1)),
        (json!({ "batchItemFailures": [item(9)] }), Verdict::Failed),
        (json!({ "batchItemFailures": [item(1), { "itemIdentifier": "" }] }), Verdict::Failed),
        (json!({ "batchItemFailures": [{ "itemIdentifier": null }] }), Verdict::Failed),
        (json!({ "batchItemFailures": [{ "wrongKey": "1" }] }), Verdict::Failed),
        (json!({ "batchItemFailures": "all" }), Verdict::Failed),
        (json!("done"), Verdict::Failed),
    ];
    for (reply, expected) in table {
        assert_eq!(verdict(&records, &Ok(reply.clone()), &reporting()), expected, "{reply}");
    }
    let error = Err(FunctionError::new("Refused", "no"));
    assert_eq!(verdict(&records, &error, &reporting()), Verdict::Failed);
    let ignored = json!({ "batchItemFailures": [item(0)] });
    assert_eq!(verdict(&records, &Ok(ignored), &Mapping::default()), Verdict::Applied);
}

#[test]
fn a_failed_batch_is_repeated_and_then_given_up() {
    let mapping = Mapping { retries: Some(1), ..Mapping::default() };
    assert_eq!(next(batch(0..4, 0), Verdict::Failed, &mapping), Next::Invoke(vec![batch(0..4, 1)]));
    assert_eq!(next(batch(0..4, 1), Verdict::Failed, &mapping), Next::GiveUp(batch(0..4, 1)));
    let forever = Mapping::default();
    assert_eq!(next(batch(0..4, 99), Verdict::Failed, &forever), Next::Invoke(vec![batch(0..4, 100)]));
    assert_eq!(next(batch(0..4, 0), Verdict::Applied, &forever), Next::Invoke(vec![]));
}

#[test]
fn splitting_costs_no_retry() {
    let mapping = Mapping { bisect: true, retries: Some(0), ..Mapping::default() };
    let halves = Next::Invoke(vec![batch(0..2, 0), batch(2..5, 0)]);
    assert_eq!(next(batch(0..5, 0), Verdict::Failed, &mapping), halves);
    assert_eq!(next(batch(0..1, 0), Verdict::Failed, &mapping), Next::GiveUp(batch(0..1, 0)));
    let rest = Next::Invoke(vec![batch(3..5, 0)]);
    assert_eq!(next(batch(0..5, 0), Verdict::FailedFrom(3), &mapping), rest);
    assert_eq!(next(batch(0..5, 0), Verdict::FailedFrom(0), &mapping), Next::GiveUp(batch(0..5, 0)));
}

#[test]
fn what_was_applied_is_not_repeated() {
    let rest = Next::Invoke(vec![batch(3..5, 1)]);
    assert_eq!(next(batch(0..5, 0), Verdict::FailedFrom(3), &reporting()), rest);
    assert_eq!(next(batch(3..5, 1), Verdict::FailedFrom(1), &reporting()), Next::GiveUp(batch(4..5, 1)));
}

#[test]
fn only_old_records_expire() {
    let mapping = Mapping { max_record_age: Some(Duration::from_secs(60)), ..Mapping::default() };
    let mut records = batch(0..4, 0);
    let now = DateTime::from_timestamp(1_061, 500_000_000).unwrap();
    assert_eq!(take_expired(&mut records, &mapping, now), Some(batch(0..2, 0)));
    assert_eq!(records, batch(2..4, 0));
    assert_eq!(take_expired(&mut records, &mapping, now), None);
    assert_eq!(take_expired(&mut records, &Mapping::default(), now), None);
}

#[test]
fn a_failure_record_reads_as_lambda_s() {
    let names = Names {
        region: "us-east-1".into(),
        stream_arn: "arn:aws:kinesis:us-east-1:123456789012:stream/contact-records".into(),
        role_arn: "arn:aws:iam::123456789012:role/local".into(),
        function_arn: "arn:aws:lambda:us-east-1:123456789012:function:Sync".into(),
        shard: "shardId-000000000000".into(),
    };
    let now = DateTime::from_timestamp(2_000, 0).unwrap();
    let attempt = |failed| Some(Attempt { request_id: "r-1".into(), failed });
    let given_up = Batch { last: attempt(true), ..batch(0..2, 1) };
    assert_eq!(
        failure_record(&given_up, Condition::RetryAttemptsExhausted, &names, now),
        json!({
            "requestContext": {
                "requestId": "r-1",
                "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:Sync",
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": 2,
            },
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "version": "1.0",
            "timestamp": "1970-01-01T00:33:20.000Z",
            "KinesisBatchInfo": {
                "shardId": "shardId-000000000000",
                "startSequenceNumber": sequence_number(0),
                "endSequenceNumber": sequence_number(1),
                "approximateArrivalOfFirstRecord": "1970-01-01T00:16:40.000Z",
                "approximateArrivalOfLastRecord": "1970-01-01T00:16:41.000Z",
                "batchSize": 2,
                "streamArn": "arn:aws:kinesis:us-east-1:123456789012:stream/contact-records",
            },
        })
    );
    let reported = Batch { last: attempt(false), ..batch(0..1, 0) };
    let record = failure_record(&reported, Condition::RetryAttemptsExhausted, &names, now);
    assert_eq!(record["responseContext"], json!({ "statusCode": 200, "executedVersion": "$LATEST" }));
    let never_sent = failure_record(&batch(0..1, 0), Condition::RecordAgeExceeded, &names, now);
    assert_eq!(never_sent["requestContext"]["condition"], "RecordAgeExceeded");
    assert_eq!(never_sent.get("responseContext"), None);
}
