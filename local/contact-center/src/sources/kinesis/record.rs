//! Records, and the event that a function gets them in.

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use local_aws::StreamRecord;
use serde_json::{Value, json};

/// A record of the stream.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    pub(super) partition_key: String,
    pub(super) sequence_number: String,
    /// Cheap to clone: records are kept, and delivered again.
    pub(super) data: Bytes,
    pub(super) arrived: DateTime<Utc>,
}

impl Record {
    /// The record as clients of Kinesis read it.
    pub(super) fn to_be_read(&self) -> StreamRecord {
        StreamRecord {
            partition_key: self.partition_key.clone(),
            sequence_number: self.sequence_number.clone(),
            data: self.data.to_vec(),
            arrived: self.arrived,
        }
    }
}

/// The names that an event carries.
#[derive(Debug, Clone)]
pub(super) struct Names {
    pub(super) region: String,
    pub(super) stream_arn: String,
    pub(super) role_arn: String,
    pub(super) function_arn: String,
    pub(super) shard: String,
}

/// A sequence number as Kinesis makes them: 56 decimal digits, growing.
pub(super) fn sequence_number(position: u64) -> String {
    format!("49668{position:051}")
}

pub(super) fn event(records: &[Record], names: &Names) -> Value {
    let record = |record: &Record| {
        json!({
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": record.partition_key,
                "sequenceNumber": record.sequence_number,
                "data": STANDARD.encode(&record.data),
                "approximateArrivalTimestamp": record.arrived.timestamp_millis() as f64 / 1e3,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": format!("{}:{}", names.shard, record.sequence_number),
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": names.role_arn,
            "awsRegion": names.region,
            "eventSourceARN": names.stream_arn,
        })
    };
    json!({ "Records": records.iter().map(record).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_reads_as_lambda_s() {
        let record = Record {
            partition_key: "contact-1".into(),
            sequence_number: sequence_number(7),
            data: Bytes::from_static(b"{}"),
            arrived: DateTime::from_timestamp_millis(1_545_084_650_987).unwrap(),
        };
        let names = Names {
            region: "us-east-1".into(),
            stream_arn: "arn:aws:kinesis:us-east-1:123456789012:stream/contact-records".into(),
            role_arn: "arn:aws:iam::123456789012:role/local".into(),
            function_arn: "arn:aws:lambda:us-east-1:123456789012:function:Sync".into(),
            shard: "shardId-000000000000".into(),
        };
        let number = "49668000000000000000000000000000000000000000000000000007";
        assert_eq!(
            event(&[record], &names),
            json!({ "Records": [{
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": "contact-1",
                    "sequenceNumber": number,
                    "data": "e30=",
                    "approximateArrivalTimestamp": 1545084650.987,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": format!("shardId-000000000000:{number}"),
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": "arn:aws:iam::123456789012:role/local",
                "awsRegion": "us-east-1",
                "eventSourceARN": "arn:aws:kinesis:us-east-1:123456789012:stream/contact-records",
            }]})
        );
    }
}
