//! Records that an operator sends again.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::dead_letter::Source;

/// The event with which Lambda would deliver these records, as [`KinesisEvent`](super::KinesisEvent) reads it. It says of itself that it
/// is a replay. What only the stream knows, like its ARN, is left out.
pub fn replay_event<'a>(records: impl IntoIterator<Item = (&'a Source, &'a [u8])>) -> Value {
    let record = |(source, data): (&Source, &[u8])| {
        let mut kinesis = json!({
            "kinesisSchemaVersion": "1.0",
            "partitionKey": source.partition_key.as_deref().unwrap_or_default(),
            "sequenceNumber": source.sequence_number.as_deref().unwrap_or_default(),
            "data": STANDARD.encode(data),
        });
        if let Some(arrived) = source.arrived_at {
            kinesis["approximateArrivalTimestamp"] = json!(arrived.timestamp_millis() as f64 / 1000.0);
        }
        json!({
            "kinesis": kinesis,
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventName": "aws:kinesis:record",
            "eventID": source.event_id,
        })
    };
    json!({ "Records": records.into_iter().map(record).collect::<Vec<_>>(), "Replay": true })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinesis::KinesisEvent;

    #[test]
    fn a_record_that_is_sent_again_is_the_record_that_came() {
        let source = Source {
            event_id: "shardId-000000000006:4950".into(),
            sequence_number: Some("4950".into()),
            partition_key: Some("key-1".into()),
            arrived_at: Some("2018-12-17T22:10:50.987Z".parse().unwrap()),
        };
        let alone = Source::alone("4951");
        let event = replay_event([(&source, &b"\xff{}"[..]), (&alone, &b""[..])]);
        let event: KinesisEvent = serde_json::from_value(event).unwrap();
        assert!(event.replay);
        assert_eq!(event.records[0].source(), source);
        assert_eq!(event.records[0].data().unwrap(), b"\xff{}");
        assert_eq!(event.records[1].source().arrived_at, None);
        assert_eq!(event.records[1].data().unwrap(), b"");
    }

    #[test]
    fn what_lambda_delivers_is_no_replay() {
        let event: KinesisEvent = serde_json::from_value(json!({ "Records": [] })).unwrap();
        assert!(!event.replay);
    }
}
