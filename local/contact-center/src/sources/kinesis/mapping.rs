//! The settings of an event source mapping.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html>.

use std::time::Duration;

use crate::lambda::Destination;

/// How a function gets the records of a stream. The default is Lambda's, with a short pause between repetitions.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// How many shards the stream has.
    pub shards: usize,
    /// The most records in one event.
    pub batch_size: usize,
    /// `ParallelizationFactor`: how many batches of one shard are under way at once.
    pub parallelization: usize,
    /// `MaximumRetryAttempts`; `None` repeats until the records are too old.
    pub retries: Option<u32>,
    /// The pause before a repetition.
    pub retry_delay: Duration,
    /// `BisectBatchOnFunctionError`: a failed batch is split before it is repeated.
    pub bisect: bool,
    /// `ReportBatchItemFailures`: the function says from which record on the batch failed.
    pub report_batch_item_failures: bool,
    /// `MaximumRecordAgeInSeconds`; `None` keeps records for ever.
    pub max_record_age: Option<Duration>,
    /// Where the record of a batch goes that was given up.
    pub on_failure: Option<Destination>,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            shards: 1,
            batch_size: 100,
            parallelization: 1,
            retries: None,
            retry_delay: Duration::from_millis(100),
            bisect: false,
            report_batch_item_failures: false,
            max_record_age: None,
            on_failure: None,
        }
    }
}
