//! Kinesis, as far as records are read again: `ListShards`, `GetShardIterator`, `GetRecords`. Whoever plays the event source
//! mapping puts the records in.
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html>

mod iterator;
mod shard;

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use self::iterator::{Position, ShardIterator};
use self::shard::Shard;
use crate::error::{AwsError, read};
use crate::{ACCOUNT_ID, REGION, lock};

/// How many records a reply has, also if no limit is given.
const MOST_RECORDS: usize = 10_000;

/// A record of a stream.
#[derive(Clone, PartialEq, Eq)]
pub struct StreamRecord {
    /// What its shard was chosen by.
    pub partition_key: String,
    /// A decimal number, higher than that of every record that its shard has.
    pub sequence_number: String,
    /// What it carries.
    pub data: Vec<u8>,
    /// When the stream took it.
    pub arrived: DateTime<Utc>,
}

impl std::fmt::Debug for StreamRecord {
    /// Data are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StreamRecord({}, {} bytes)", self.sequence_number, self.data.len())
    }
}

/// All streams by name, each with its shards.
#[derive(Default)]
pub(crate) struct Streams(Mutex<BTreeMap<String, Vec<Shard>>>);

impl std::fmt::Debug for Streams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(lock(&self.0).keys()).finish()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ListShards {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetShardIterator {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    shard_id: String,
    shard_iterator_type: IteratorType,
    starting_sequence_number: Option<String>,
    /// Seconds since 1970.
    timestamp: Option<f64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum IteratorType {
    AtSequenceNumber,
    AfterSequenceNumber,
    AtTimestamp,
    TrimHorizon,
    Latest,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetRecords {
    shard_iterator: String,
    limit: Option<usize>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
}

impl Streams {
    /// Creates the stream, or finds it, and gives it at least so many shards. Answers with its ARN.
    pub(crate) fn create(&self, name: &str, shards: usize) -> String {
        let mut streams = lock(&self.0);
        let stream = streams.entry(name.to_owned()).or_default();
        stream.resize_with(stream.len().max(shards), Shard::default);
        arn(name)
    }

    pub(crate) fn put(&self, name: &str, shard: usize, record: StreamRecord) {
        let mut streams = lock(&self.0);
        let stream = streams.entry(name.to_owned()).or_default();
        stream.resize_with(stream.len().max(shard + 1), Shard::default);
        stream[shard].put(record);
    }

    pub(crate) fn expire(&self, name: &str, before: DateTime<Utc>) {
        lock(&self.0).get_mut(name).into_iter().flatten().for_each(|shard| shard.expire(before));
    }

    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Result<Value, AwsError> {
        match operation {
            "ListShards" => self.list_shards(&read(operation, body)?),
            "GetShardIterator" => self.shard_iterator(&read(operation, body)?),
            "GetRecords" => self.records(&read(operation, body)?),
            other => Err(AwsError::unknown_operation(other)),
        }
    }

    fn list_shards(&self, request: &ListShards) -> Result<Value, AwsError> {
        let name = named(request.stream_name.as_deref(), request.stream_arn.as_deref())?;
        let streams = lock(&self.0);
        let shards = streams.get(name).ok_or_else(|| no_stream(name))?;
        let share = u128::MAX / shards.len().max(1) as u128;
        let describe = |(number, shard): (usize, &Shard)| {
            let start = share * number as u128;
            let end = if number + 1 == shards.len() { u128::MAX } else { start + share - 1 };
            json!({
                "ShardId": shard_id(number),
                "HashKeyRange": { "StartingHashKey": start.to_string(), "EndingHashKey": end.to_string() },
                "SequenceNumberRange": { "StartingSequenceNumber": shard.first_sequence_number() },
            })
        };
        Ok(json!({ "Shards": shards.iter().enumerate().map(describe).collect::<Vec<_>>() }))
    }

    fn shard_iterator(&self, request: &GetShardIterator) -> Result<Value, AwsError> {
        let name = named(request.stream_name.as_deref(), request.stream_arn.as_deref())?;
        self.with(name, &request.shard_id, |shard| {
            let position = start(shard, request)?;
            Ok(json!({ "ShardIterator": ShardIterator::new(name, &request.shard_id, position).encode() }))
        })
    }

    fn records(&self, request: &GetRecords) -> Result<Value, AwsError> {
        let limit = request.limit.unwrap_or(MOST_RECORDS);
        if !(1..=MOST_RECORDS).contains(&limit) {
            return Err(invalid(format!("Limit must be between 1 and {MOST_RECORDS}")));
        }
        let mut iterator = ShardIterator::decode(&request.shard_iterator, Utc::now())?;
        if request.stream_arn.as_ref().is_some_and(|given| *given != arn(&iterator.stream)) {
            return Err(invalid("The ShardIterator is not one of the stream that StreamARN names."));
        }
        let (records, behind) = self.with(&iterator.stream, &iterator.shard, |shard| {
            let records = shard.from(&iterator.position, limit);
            if let Some(last) = records.last() {
                iterator.position = Position::after(&last.sequence_number);
            }
            let described = records.iter().map(|record| describe(record)).collect::<Vec<_>>();
            Ok((described, shard.behind(&iterator.position)))
        })?;
        Ok(json!({
            "Records": records,
            "NextShardIterator": ShardIterator::new(&iterator.stream, &iterator.shard, iterator.position).encode(),
            "MillisBehindLatest": behind.num_milliseconds(),
        }))
    }

    /// Runs this on a shard of the stream with the name.
    fn with<T>(
        &self,
        name: &str,
        id: &str,
        run: impl FnOnce(&Shard) -> Result<T, AwsError>,
    ) -> Result<T, AwsError> {
        let streams = lock(&self.0);
        let shards = streams.get(name).ok_or_else(|| no_stream(name))?;
        let found = shards.iter().enumerate().find(|(number, _)| shard_id(*number) == id);
        let (_, shard) = found.ok_or_else(|| {
            not_found(format!("Shard {id} in stream {name} under account {ACCOUNT_ID} does not exist"))
        })?;
        run(shard)
    }
}

/// Where an iterator starts.
fn start(shard: &Shard, request: &GetShardIterator) -> Result<Position, AwsError> {
    let type_and_place =
        (request.shard_iterator_type, request.starting_sequence_number.as_deref(), request.timestamp);
    match type_and_place {
        (IteratorType::AtSequenceNumber, Some(number), None) => shard.known(Position::at(number)?),
        (IteratorType::AfterSequenceNumber, Some(number), None) => {
            shard.known(Position::at(number)?)?;
            Ok(Position::after(number))
        }
        (IteratorType::TrimHorizon, None, None) => Ok(Position::start()),
        (IteratorType::Latest, None, None) => Ok(shard.end()),
        (IteratorType::AtTimestamp, None, Some(seconds)) => {
            let time = DateTime::from_timestamp_millis((seconds * 1000.0) as i64);
            Ok(shard.at_time(time.ok_or_else(|| invalid("The Timestamp is not one."))?))
        }
        _ => Err(invalid("The ShardIteratorType does not go with what else the request says of the start.")),
    }
}

fn describe(record: &StreamRecord) -> Value {
    json!({
        "ApproximateArrivalTimestamp": record.arrived.timestamp_millis() as f64 / 1e3,
        "Data": STANDARD.encode(&record.data),
        "PartitionKey": record.partition_key,
        "SequenceNumber": record.sequence_number,
    })
}

/// The name of the stream that a request names by name or by ARN.
fn named<'a>(name: Option<&'a str>, arn: Option<&'a str>) -> Result<&'a str, AwsError> {
    let by_arn = arn.and_then(|arn| arn.strip_prefix(&self::arn("")));
    match (name, arn, by_arn) {
        (Some(name), None, _) => Ok(name),
        (None, Some(_), Some(name)) => Ok(name),
        (Some(name), Some(_), Some(same)) if name == same => Ok(name),
        (None, None, _) => Err(invalid("Either StreamName or StreamARN must be given.")),
        _ => Err(not_found("The StreamARN is not that of the stream, or of another account or region.")),
    }
}

fn arn(name: &str) -> String {
    format!("arn:aws:kinesis:{REGION}:{ACCOUNT_ID}:stream/{name}")
}

fn shard_id(number: usize) -> String {
    format!("shardId-{number:012}")
}

fn no_stream(name: &str) -> AwsError {
    not_found(format!("Stream {name} under account {ACCOUNT_ID} not found."))
}

fn not_found(message: impl Into<String>) -> AwsError {
    AwsError::refused("ResourceNotFoundException", message)
}

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::refused("InvalidArgumentException", message)
}

#[cfg(test)]
mod tests;
