//! What becomes of a batch: the rules of an event source mapping, as functions.
//!
//! Sources: <https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html> and
//! <https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html>.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::Mapping;
use super::record::{Names, Record};
use crate::lambda::FunctionError;

/// Records that go to the function together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Batch {
    pub(super) records: Vec<Record>,
    /// How many of its retries are used up.
    pub(super) retries: u32,
    /// The last invocation that it was in.
    pub(super) last: Option<Attempt>,
}

/// An invocation that did not apply the whole batch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Attempt {
    pub(super) request_id: String,
    /// Whether the function failed, rather than reported records.
    pub(super) failed: bool,
}

/// How a batch fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Applied,
    /// Everything before this record is applied.
    FailedFrom(usize),
    Failed,
}

/// What follows: batches to be invoked next, in this order, or the batch given up.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    Invoke(Vec<Batch>),
    GiveUp(Batch),
}

/// Why records are given up; the words are Lambda's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    RetryAttemptsExhausted,
    RecordAgeExceeded,
}

/// Reads a function's reply.
pub(super) fn verdict(
    records: &[Record],
    reply: &Result<Value, FunctionError>,
    mapping: &Mapping,
) -> Verdict {
    let reply = match reply {
        Err(_) => return Verdict::Failed,
        Ok(_) if !mapping.report_batch_item_failures => return Verdict::Applied,
        Ok(Value::Null) => return Verdict::Applied,
        Ok(Value::Object(reply)) => reply,
        Ok(_) => return Verdict::Failed,
    };
    let failures = match reply.get("batchItemFailures") {
        None | Some(Value::Null) => return Verdict::Applied,
        Some(Value::Array(failures)) => failures,
        Some(_) => return Verdict::Failed,
    };
    // An identifier that is missing, empty or of no record here fails the whole batch.
    let position = |failure: &Value| {
        let number = failure.get("itemIdentifier")?.as_str()?;
        records.iter().position(|record| record.sequence_number == number)
    };
    match failures.iter().map(position).collect::<Option<Vec<_>>>() {
        None => Verdict::Failed,
        Some(positions) => positions.into_iter().min().map_or(Verdict::Applied, Verdict::FailedFrom),
    }
}

/// Decides how a batch goes on. Splitting it costs no retry; repeating the same records does.
pub(super) fn next(batch: Batch, verdict: Verdict, mapping: &Mapping) -> Next {
    let Batch { mut records, retries, last } = batch;
    let with = |records, retries| Batch { records, retries, last: last.clone() };
    let split_at = match verdict {
        Verdict::Applied => return Next::Invoke(Vec::new()),
        Verdict::Failed if mapping.bisect && records.len() > 1 => {
            let second = records.split_off(records.len() / 2);
            return Next::Invoke(vec![with(records, retries), with(second, retries)]);
        }
        Verdict::Failed => 0,
        Verdict::FailedFrom(position) => position,
    };
    let rest = records.split_off(split_at);
    if mapping.bisect && split_at > 0 {
        return Next::Invoke(vec![with(rest, retries)]);
    }
    match mapping.retries {
        Some(limit) if retries >= limit => Next::GiveUp(with(rest, retries)),
        _ => Next::Invoke(vec![with(rest, retries + 1)]),
    }
}

/// Takes the records out of a batch that are older than the mapping allows.
pub(super) fn take_expired(batch: &mut Batch, mapping: &Mapping, now: DateTime<Utc>) -> Option<Batch> {
    let max_age = mapping.max_record_age?;
    let is_young = |record: &Record| (now - record.arrived).to_std().unwrap_or_default() <= max_age;
    let expired = batch.records.iter().position(is_young).unwrap_or(batch.records.len());
    let young = batch.records.split_off(expired);
    let old = std::mem::replace(&mut batch.records, young);
    (!old.is_empty()).then(|| Batch { records: old, retries: batch.retries, last: batch.last.clone() })
}

/// The document that the on-failure destination gets: where the records are, not the records themselves.
pub(super) fn failure_record(
    batch: &Batch,
    condition: Condition,
    names: &Names,
    now: DateTime<Utc>,
) -> Value {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Millis, true);
    let (first, last) = (batch.records.first(), batch.records.last());
    let invocations = batch.last.as_ref().map_or(0, |_| batch.retries + 1);
    let new_id = || uuid::Uuid::new_v4().to_string();
    let mut record = json!({
        "version": "1.0",
        "timestamp": time(now),
        "requestContext": {
            "requestId": batch.last.as_ref().map_or_else(new_id, |attempt| attempt.request_id.clone()),
            "functionArn": names.function_arn,
            "condition": format!("{condition:?}"),
            "approximateInvokeCount": invocations,
        },
        "KinesisBatchInfo": {
            "shardId": names.shard,
            "startSequenceNumber": first.map(|record| &record.sequence_number),
            "endSequenceNumber": last.map(|record| &record.sequence_number),
            "approximateArrivalOfFirstRecord": first.map(|record| time(record.arrived)),
            "approximateArrivalOfLastRecord": last.map(|record| time(record.arrived)),
            "batchSize": batch.records.len(),
            "streamArn": names.stream_arn,
        },
    });
    if let Some(attempt) = &batch.last {
        record["responseContext"] = json!({ "statusCode": 200, "executedVersion": "$LATEST" });
        if attempt.failed {
            record["responseContext"]["functionError"] = json!("Unhandled");
        }
    }
    record
}

#[cfg(test)]
mod tests;
