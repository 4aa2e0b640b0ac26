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

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Utc;
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
    /// How many records the stream has taken; held while they are queued, so that every lane has them in order.
    taken: Mutex<u64>,
    /// How many records are neither applied nor given up.
    unsettled: watch::Sender<usize>,
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
        let unsettled = watch::Sender::new(0);
        let per_shard = mapping.parallelization.max(1);
        let lane = |number: usize| {
            let shard = number / per_shard;
            Lane::new(host.clone(), function, stream, shard, Arc::clone(&mapping), unsettled.clone())
                .map(Arc::new)
        };
        let lanes = (0..mapping.shards.max(1) * per_shard).map(lane).collect::<Result<Vec<_>, _>>()?;
        let tasks = lanes.iter().map(|lane| tokio::spawn(Arc::clone(lane).run())).collect();
        Ok(Self { host, lanes, tasks, taken: Mutex::new(0), unsettled })
    }

    /// Puts one record and returns its sequence number.
    pub fn put(&self, partition_key: &str, data: impl Into<Vec<u8>>) -> String {
        let numbers = self.put_all([(partition_key.to_owned(), data.into())]);
        numbers.into_iter().next().unwrap_or_default()
    }

    /// Puts records that arrive together: batches are cut from all of them. Each is a partition key and its data.
    pub fn put_all(&self, records: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<String> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let mut queued: Vec<Vec<Record>> = self.lanes.iter().map(|_| Vec::new()).collect();
        let mut numbers = Vec::new();
        for (partition_key, data) in records {
            let sequence_number = sequence_number(*taken);
            *taken += 1;
            numbers.push(sequence_number.clone());
            let lane = self.lane_of(&partition_key);
            queued[lane].push(Record { partition_key, sequence_number, data, arrived: Utc::now() });
        }
        self.unsettled.send_modify(|unsettled| *unsettled += numbers.len());
        for (lane, records) in self.lanes.iter().zip(queued) {
            lane.queue(records);
        }
        numbers
    }

    /// Waits until every record is applied, or was given up and told to the on-failure destination.
    pub async fn drain(&self) {
        let mut unsettled = self.unsettled.subscribe();
        tokio::select! {
            _ = unsettled.wait_for(|unsettled| *unsettled == 0) => {}
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
