//! One batch after the other: a shard, or the part of it that is worked on at once with the rest.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::Utc;
use tokio::sync::{Notify, watch};

use super::batch::{Attempt, Batch, Condition, Next, Verdict, failure_record, next, take_expired, verdict};
use super::record::{Names, Record, event};
use super::{Mapping, Unsettled};
use crate::lambda::{Host, InvokeError};

/// How much data a batch may hold, in bytes: in base64, and with a frame of up to 1 KB for each record, the event
/// stays below Lambda's 6 MB.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
const FRAME_BYTES: usize = 1024;

#[derive(Debug)]
pub(super) struct Lane {
    host: Host,
    function: String,
    names: Names,
    mapping: Arc<Mapping>,
    waiting: Mutex<VecDeque<Record>>,
    arrived: Notify,
    unsettled: watch::Sender<Unsettled>,
}

impl Lane {
    pub(super) fn new(
        host: Host,
        function: &str,
        stream: &str,
        shard: usize,
        mapping: Arc<Mapping>,
        unsettled: watch::Sender<Unsettled>,
    ) -> Result<Self, InvokeError> {
        let site = host.site();
        let names = Names {
            region: site.region.clone(),
            stream_arn: site.arn("kinesis", &format!("stream/{stream}")),
            role_arn: format!("arn:aws:iam::{}:role/{function}", site.account),
            function_arn: host.function_arn(function)?,
            shard: format!("shardId-{shard:012}"),
        };
        let waiting = Mutex::default();
        let function = function.to_owned();
        Ok(Self { host, function, names, mapping, waiting, arrived: Notify::new(), unsettled })
    }

    pub(super) fn queue(&self, records: Vec<Record>) {
        self.lock().extend(records);
        self.arrived.notify_one();
    }

    /// Works until the host is shut down.
    pub(super) async fn run(self: Arc<Self>) {
        loop {
            let records = self.take_batch();
            if records.is_empty() {
                self.arrived.notified().await;
            } else if self.work_off(Batch { records, retries: 0, last: None }).await.is_err() {
                return;
            }
        }
    }

    fn take_batch(&self) -> Vec<Record> {
        let mut waiting = self.lock();
        let sizes = waiting.iter().map(|record| record.data.len() + FRAME_BYTES);
        let filled = sizes.scan(0, |filled, size| {
            *filled += size;
            Some(*filled)
        });
        let fitting =
            filled.take(self.mapping.batch_size).take_while(|filled| *filled <= BATCH_BYTES).count();
        // A record that is too large by itself still has to go its way.
        let count = fitting.max(1).min(waiting.len());
        waiting.drain(..count).collect()
    }

    /// Invokes until every record of the batch is applied or given up. Nothing behind it moves meanwhile.
    async fn work_off(&self, batch: Batch) -> Result<(), InvokeError> {
        let mut batches = VecDeque::from([batch]);
        while let Some(mut batch) = batches.pop_front() {
            if let Some(expired) = take_expired(&mut batch, &self.mapping, Utc::now()) {
                self.give_up(&expired, Condition::RecordAgeExceeded);
            }
            if batch.records.is_empty() {
                continue;
            }
            let verdict = self.invoke(&mut batch).await?;
            let before = keys_of(&batch);
            match next(batch, verdict, &self.mapping) {
                Next::Invoke(rest) => {
                    self.settle(before, rest.iter().flat_map(|batch| &batch.records));
                    rest.into_iter().rev().for_each(|batch| batches.push_front(batch));
                }
                Next::GiveUp(batch) => {
                    self.settle(before, &batch.records);
                    self.give_up(&batch, Condition::RetryAttemptsExhausted);
                }
            }
            if verdict != Verdict::Applied {
                tokio::time::sleep(self.mapping.retry_delay).await;
            }
        }
        Ok(())
    }

    async fn invoke(&self, batch: &mut Batch) -> Result<Verdict, InvokeError> {
        let event = event(&batch.records, &self.names);
        let invocation = match self.host.invoke_when_free(&self.function, event.into()).await {
            // Only a single record can be that large; the function never sees it.
            Err(InvokeError::TooLarge { .. }) => return Ok(Verdict::Failed),
            invocation => invocation?,
        };
        batch.last = Some(Attempt { request_id: invocation.request_id, failed: invocation.reply.is_err() });
        Ok(verdict(&batch.records, &invocation.reply, &self.mapping))
    }

    fn give_up(&self, batch: &Batch, condition: Condition) {
        if let Some(destination) = &self.mapping.on_failure {
            destination.send(failure_record(batch, condition, &self.names, Utc::now()));
        }
        self.settle(keys_of(batch), []);
    }

    /// Of the records with these partition keys, only those are unsettled now that are left.
    fn settle<'a>(&self, before: Vec<String>, left: impl IntoIterator<Item = &'a Record>) {
        self.unsettled.send_modify(|unsettled| {
            unsettled.add(left);
            unsettled.remove(before);
        });
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Record>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn keys_of(batch: &Batch) -> Vec<String> {
    batch.records.iter().map(|record| record.partition_key.clone()).collect()
}
