//! Batches of a Kinesis stream: reading the records, working on them in order, and the reply to Lambda.
//!
//! What Lambda does with the reply (`ReportBatchItemFailures`): it takes the **lowest** sequence number
//! reported, counts everything before it as done, and delivers everything from there again, including records
//! that were applied. So one number is enough, nothing should be started behind a record that must be retried,
//! and applying a record twice must do no harm.

mod event;
mod lanes;
mod replay;

pub use event::{BatchReply, ItemFailure, KinesisEvent, NotBase64, Record, RecordPayload};
pub use lanes::{Outcome, in_lanes};
pub use replay::replay_event;
