//! Reading records of a Kinesis stream again, of which Lambda only kept where they are.
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html>

use std::time::Duration;

use aws_config::SdkConfig;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use lambda_kit::aws::{AwsError, Failure};
use lambda_kit::dead_letter::Source;
use lambda_kit::env::Env;
use lambda_kit::signed::{SignedRequest, SignedService};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::letter::{Position, position};
use crate::message::Range;

/// A shard is read five times a second at most, by everybody together; Lambda reads it, too.
const PAUSE: Duration = Duration::from_millis(500);

/// For all records of a batch.
const READING: Duration = Duration::from_secs(120);

const JSON: (&str, &str) = ("content-type", "application/x-amz-json-1.1");

/// The streams of the account.
pub(crate) struct Streams(SignedService);

/// What is left of a range.
pub(crate) struct Found {
    /// In their order.
    pub(crate) records: Vec<(Source, Vec<u8>)>,
    /// Whether the first and the last of the range are among them.
    pub(crate) is_whole: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    records: Vec<Record>,
    /// Absent at the end of a shard that was closed.
    next_shard_iterator: Option<String>,
    #[serde(default)]
    millis_behind_latest: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    sequence_number: String,
    partition_key: String,
    /// Seconds since the epoch, with fraction.
    #[serde(default)]
    approximate_arrival_timestamp: f64,
    data: String,
}

impl Streams {
    pub(crate) fn new(env: &Env<'_>, sdk: &SdkConfig) -> Self {
        Self(SignedService::new(env, sdk, "kinesis"))
    }

    /// The records of a range that the stream still has. Where batches of a shard ran at the same time, those of the others lie between
    /// them, and are read, too.
    pub(crate) async fn read(&self, range: &Range) -> Result<Found, String> {
        let deadline = Instant::now() + READING;
        let (start, end) = (position(&range.start_sequence_number), position(&range.end_sequence_number));
        let mut next = self.iterator(range, deadline).await?;
        let mut found = Vec::new();
        let mut reached = Position::default();
        while let Some(iterator) = next {
            let page: Page = self.get_records(range, &iterator, deadline).await?;
            let at_the_end = page.records.is_empty() && page.millis_behind_latest == 0;
            for record in page.records {
                reached = position(&record.sequence_number);
                if (&start..=&end).contains(&&reached) {
                    found.push(record);
                }
            }
            next = page.next_shard_iterator.filter(|_| !at_the_end && reached < end);
        }
        let is_at = |record: Option<&Record>, place: &Position| {
            record.is_some_and(|record| position(&record.sequence_number) == *place)
        };
        let is_whole = is_at(found.first(), &start) && is_at(found.last(), &end);
        let records = found.into_iter().map(|record| record.decode(&range.shard_id));
        Ok(Found { records: records.collect::<Result<_, _>>()?, is_whole })
    }

    /// Where to start reading; `None` if the shard is gone.
    async fn iterator(&self, range: &Range, deadline: Instant) -> Result<Option<String>, String> {
        let exact = json!({
            "StreamARN": range.stream_arn,
            "ShardId": range.shard_id,
            "ShardIteratorType": "AT_SEQUENCE_NUMBER",
            "StartingSequenceNumber": range.start_sequence_number,
        });
        let oldest = json!({
            "StreamARN": range.stream_arn,
            "ShardId": range.shard_id,
            "ShardIteratorType": "TRIM_HORIZON",
        });
        let ask = async |request: &Value| {
            self.ask(
                "kinesis:GetShardIterator",
                "Kinesis_20131202.GetShardIterator",
                range,
                request,
                deadline,
            )
            .await
        };
        let reply = match ask(&exact).await {
            // A sequence number that has expired is refused: what follows it may still be there.
            Err(error) if matches!(&error.failure, Failure::Refused { code, .. } if code == "InvalidArgumentException") => {
                ask(&oldest).await
            }
            reply => reply,
        };
        let reply = reply.map_err(|error| crate::aws::explain(&error))?;
        let reply: Value = serde_json::from_str(&reply).map_err(|_| unreadable())?;
        Ok(reply["ShardIterator"].as_str().map(str::to_owned))
    }

    async fn get_records(&self, range: &Range, iterator: &str, deadline: Instant) -> Result<Page, String> {
        let request = json!({ "ShardIterator": iterator, "StreamARN": range.stream_arn });
        loop {
            let reply = self
                .ask("kinesis:GetRecords", "Kinesis_20131202.GetRecords", range, &request, deadline)
                .await;
            match reply {
                Ok(reply) => return serde_json::from_str(&reply).map_err(|_| unreadable()),
                Err(error) if error.is_transient() && Instant::now() + PAUSE < deadline => sleep(PAUSE).await,
                Err(error) => return Err(crate::aws::explain(&error)),
            }
        }
    }

    async fn ask(
        &self,
        action: &'static str,
        target: &'static str,
        range: &Range,
        request: &Value,
        deadline: Instant,
    ) -> Result<String, AwsError> {
        let request = SignedRequest {
            action,
            resource: &format!("{} of {}", range.shard_id, range.stream_arn),
            path: "/",
            headers: &[JSON, ("x-amz-target", target)],
            body: &request.to_string(),
        };
        self.0.post(&request, deadline).await
    }
}

impl Record {
    fn decode(self, shard: &str) -> Result<(Source, Vec<u8>), String> {
        let data = STANDARD.decode(&self.data).map_err(|_| unreadable())?;
        let millis = (self.approximate_arrival_timestamp * 1000.0).round() as i64;
        let source = Source {
            event_id: format!("{shard}:{}", self.sequence_number),
            sequence_number: Some(self.sequence_number),
            partition_key: Some(self.partition_key),
            arrived_at: DateTime::from_timestamp_millis(millis).filter(|_| millis > 0),
        };
        Ok((source, data))
    }
}

fn unreadable() -> String {
    "the reply of Kinesis cannot be read".into()
}
