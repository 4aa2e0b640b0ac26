//! A Kinesis stream and its event source mapping to one function.
//!
//! Records with the same partition key stay in order. A batch that fails is split, repeated, and in the end told to
//! the on-failure destination, so that the stream goes on.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html> and the pages below it.

mod batch;
mod lane;
mod mapping;
mod record;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use local_aws::LocalAws;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use mapping::Mapping;

use crate::lambda::{Host, InvokeError};
use lane::Lane;
use record::{Record, sequence_number};

/// A stream whose records a function gets in batches.
#[derive(Debug)]
pub struct KinesisSource {
    host: Host,
    lanes: Vec<Arc<Lane>>,
    tasks: Vec<JoinHandle<()>>,
    name: String,
    per_shard: usize,
    /// What the stream has taken; held while it is queued, so that every lane has it in order.
    taken: Mutex<Vec<Taken>>,
    /// Where clients can read it again.
    kept_in: Option<LocalAws>,
    /// The records that are neither applied nor given up.
    unsettled: watch::Sender<Unsettled>,
}

/// How many records are neither applied nor given up, by partition key.
#[derive(Debug, Default)]
struct Unsettled(BTreeMap<String, usize>);

impl Unsettled {
    fn add<'a>(&mut self, records: impl IntoIterator<Item = &'a Record>) {
        for record in records {
            *self.0.entry(record.partition_key.clone()).or_default() += 1;
        }
    }

    fn remove(&mut self, partition_keys: impl IntoIterator<Item = String>) {
        for key in partition_keys {
            self.0.entry(key).and_modify(|count| *count -= 1);
        }
        self.0.retain(|_, count| *count > 0);
    }
}

/// A record, and the lane that it goes through.
#[derive(Debug)]
struct Taken {
    lane: usize,
    record: Record,
}

impl Drop for KinesisSource {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl KinesisSource {
    /// An empty stream called `stream` that feeds `function`. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the host has no such function.
    pub fn new(host: Host, function: &str, stream: &str, mapping: Mapping) -> Result<Self, InvokeError> {
        let mapping = Arc::new(mapping);
        let unsettled = watch::Sender::<Unsettled>::default();
        let per_shard = mapping.parallelization.max(1);
        let lane = |number: usize| {
            let shard = number / per_shard;
            Lane::new(host.clone(), function, stream, shard, Arc::clone(&mapping), unsettled.clone())
                .map(Arc::new)
        };
        let lanes = (0..mapping.shards.max(1) * per_shard).map(lane).collect::<Result<Vec<_>, _>>()?;
        let tasks = lanes.iter().map(|lane| tokio::spawn(Arc::clone(lane).run())).collect();
        let taken = Mutex::default();
        let name = stream.to_owned();
        Ok(Self { host, lanes, tasks, name, per_shard, taken, kept_in: None, unsettled })
    }

    /// The same, with its records where clients of Kinesis can read them again.
    pub fn kept_in(mut self, aws: &LocalAws) -> Self {
        aws.create_stream(&self.name, self.lanes.len() / self.per_shard);
        self.kept_in = Some(aws.clone());
        self
    }

    /// Puts one record and returns its sequence number.
    pub fn put(&self, partition_key: &str, data: impl Into<Vec<u8>>) -> String {
        self.put_at(partition_key, data, Utc::now())
    }

    /// Puts one record as if it arrived at that time.
    pub fn put_at(&self, partition_key: &str, data: impl Into<Vec<u8>>, arrived: DateTime<Utc>) -> String {
        let numbers = self.take([(partition_key.to_owned(), data.into(), arrived)]);
        numbers.into_iter().next().unwrap_or_default()
    }

    /// Puts records that arrive together: batches are cut from all of them. Each is a partition key and its data.
    pub fn put_all(&self, records: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<String> {
        self.take(records.into_iter().map(|(partition_key, data)| (partition_key, data, Utc::now())))
    }

    /// Delivers everything again that the stream has taken so far, as a mapping does that is made anew and begins with the
    /// oldest record.
    pub fn deliver_again(&self) {
        self.queue(&self.lock());
    }

    fn take(&self, records: impl IntoIterator<Item = (String, Vec<u8>, DateTime<Utc>)>) -> Vec<String> {
        let mut taken = self.lock();
        let before = taken.len();
        for (partition_key, data, arrived) in records {
            let sequence_number = sequence_number(taken.len() as u64);
            let lane = self.lane_of(&partition_key);
            let record = Record { partition_key, sequence_number, data: data.into(), arrived };
            if let Some(aws) = &self.kept_in {
                aws.put_record(&self.name, lane / self.per_shard, record.to_be_read());
            }
            taken.push(Taken { lane, record });
        }
        self.queue(&taken[before..]);
        taken[before..].iter().map(|taken| taken.record.sequence_number.clone()).collect()
    }

    fn queue(&self, taken: &[Taken]) {
        let mut queued: Vec<Vec<Record>> = self.lanes.iter().map(|_| Vec::new()).collect();
        for Taken { lane, record } in taken {
            queued[*lane].push(record.clone());
        }
        self.unsettled.send_modify(|unsettled| unsettled.add(taken.iter().map(|taken| &taken.record)));
        for (lane, records) in self.lanes.iter().zip(queued) {
            lane.queue(records);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until every record is applied, or was given up and told to the on-failure destination.
    pub async fn drain(&self) {
        self.wait_for(|unsettled| unsettled.0.is_empty()).await;
    }

    /// The same for the records with these partition keys.
    pub async fn drain_of(&self, partition_keys: &[String]) {
        self.wait_for(|unsettled| !partition_keys.iter().any(|key| unsettled.0.contains_key(key))).await;
    }

    async fn wait_for(&self, is_so: impl FnMut(&Unsettled) -> bool) {
        let mut unsettled = self.unsettled.subscribe();
        tokio::select! {
            _ = unsettled.wait_for(is_so) => {}
            () = self.host.stopped() => {}
        }
    }

    /// The same key always goes the same way; which way does not matter.
    fn lane_of(&self, partition_key: &str) -> usize {
        let mut hasher = DefaultHasher::new();
        partition_key.hash(&mut hasher);
        (hasher.finish() % self.lanes.len() as u64) as usize
    }
}
