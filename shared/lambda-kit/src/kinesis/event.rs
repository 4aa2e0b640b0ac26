use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::dead_letter;

/// What Lambda delivers from a stream.
///
/// Not the type of `aws_lambda_events`: that one decodes the data of all records at once, so one record that is
/// not base64 fails the whole batch.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KinesisEvent {
    /// In the order of the stream; all of one shard.
    pub records: Vec<Record>,
    /// Whether they are sent again by an operator ([`replay_event`](super::replay_event)), long after those behind them in the
    /// stream were applied: a position in the stream says nothing about them.
    #[serde(default)]
    pub replay: bool,
}

/// One record of a stream.
#[derive(Debug, Clone, Deserialize)]
pub struct Record {
    /// Shard id and sequence number: unique within the stream.
    #[serde(rename = "eventID", default)]
    pub event_id: String,
    /// The record itself.
    pub kinesis: RecordPayload,
}

/// The part of a record that the stream holds.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordPayload {
    /// The position in the shard; what [`BatchReply`] names.
    pub sequence_number: String,
    /// Chosen by whoever put the record into the stream.
    #[serde(default)]
    pub partition_key: String,
    /// When the stream took the record: seconds since the epoch, with fraction.
    #[serde(default)]
    pub approximate_arrival_timestamp: f64,
    /// Base64.
    #[serde(default)]
    pub data: String,
}

impl std::fmt::Debug for RecordPayload {
    /// Without the data: it is about people.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordPayload")
            .field("sequence_number", &self.sequence_number)
            .finish_non_exhaustive()
    }
}

/// The data of a record is not base64.
#[derive(Debug, thiserror::Error)]
#[error("the data of the record is not base64")]
pub struct NotBase64(#[from] base64::DecodeError);

impl Record {
    /// The position of the record in its shard.
    pub fn sequence_number(&self) -> &str {
        &self.kinesis.sequence_number
    }

    /// What was put into the stream.
    pub fn data(&self) -> Result<Vec<u8>, NotBase64> {
        Ok(STANDARD.decode(&self.kinesis.data)?)
    }

    /// The whole record for a dead letter: its data, or the text as it came if that is not base64.
    pub fn content(&self) -> Vec<u8> {
        self.data().unwrap_or_else(|_| self.kinesis.data.clone().into_bytes())
    }

    /// Where the record came from, for a dead letter.
    pub fn source(&self) -> dead_letter::Source {
        let Self { event_id, kinesis } = self;
        let millis = (kinesis.approximate_arrival_timestamp * 1000.0).round() as i64;
        dead_letter::Source {
            event_id: if event_id.is_empty() { &kinesis.sequence_number } else { event_id }.clone(),
            sequence_number: Some(kinesis.sequence_number.clone()),
            partition_key: Some(kinesis.partition_key.clone()),
            arrived_at: DateTime::<Utc>::from_timestamp_millis(millis).filter(|_| millis > 0),
        }
    }
}

/// The reply to a batch (`ReportBatchItemFailures`).
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchReply {
    /// Empty: the whole batch is done.
    pub batch_item_failures: Vec<ItemFailure>,
}

/// A record to be delivered again, with all that follow it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemFailure {
    /// Its sequence number.
    pub item_identifier: String,
}

impl BatchReply {
    /// The reply for a batch of which everything before `first` (an index, as [`in_lanes`](super::in_lanes)
    /// returns it) is done; `None`: all of it.
    pub fn redeliver_from(records: &[Record], first: Option<usize>) -> Self {
        let failure = first.and_then(|index| records.get(index));
        Self {
            batch_item_failures: failure
                .map(|record| ItemFailure { item_identifier: record.sequence_number().to_owned() })
                .into_iter()
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn batch() -> KinesisEvent {
        serde_json::from_value(json!({ "Records": [
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0", "partitionKey": "key-1", "sequenceNumber": "4950",
                    "data": "eyJhIjoxfQ==", "approximateArrivalTimestamp": 1545084650.987
                },
                "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventID": "shardId-000000000006:4950",
                "eventName": "aws:kinesis:record", "invokeIdentityArn": "arn:aws:iam::123456789012:role/lambda-role",
                "awsRegion": "us-east-2", "eventSourceARN": "arn:aws:kinesis:us-east-2:123456789012:stream/s"
            },
            { "kinesis": { "sequenceNumber": "4951", "data": "not base64!" } }
        ] }))
        .unwrap()
    }

    #[test]
    fn one_record_that_is_not_base64_leaves_the_others_readable() {
        let batch = batch();
        assert_eq!(batch.records[0].data().unwrap(), br#"{"a":1}"#);
        assert!(batch.records[1].data().is_err());
        assert_eq!(batch.records[1].content(), b"not base64!");
    }

    #[test]
    fn a_record_knows_where_it_came_from() {
        let batch = batch();
        assert_eq!(
            batch.records[0].source(),
            dead_letter::Source {
                event_id: "shardId-000000000006:4950".into(),
                sequence_number: Some("4950".into()),
                partition_key: Some("key-1".into()),
                arrived_at: Some("2018-12-17T22:10:50.987Z".parse().unwrap()),
            }
        );
        let bare = batch.records[1].source();
        assert_eq!((bare.event_id.as_str(), bare.arrived_at), ("4951", None));
    }

    #[test]
    fn the_reply_names_the_first_record_to_deliver_again() {
        let records = batch().records;
        let reply = |first| serde_json::to_value(BatchReply::redeliver_from(&records, first)).unwrap();
        assert_eq!(reply(None), json!({ "batchItemFailures": [] }));
        assert_eq!(reply(Some(1)), json!({ "batchItemFailures": [{ "itemIdentifier": "4951" }] }));
    }

    #[test]
    fn debug_output_is_without_the_data() {
        assert!(!format!("{:?}", batch()).contains("eyJh"));
    }
}
