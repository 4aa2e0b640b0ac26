//! Where the record of a failed invocation goes.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

/// An on-failure destination: a queue, or whatever else takes the invocation record.
///
/// The record is the JSON document that Lambda sends to SQS:
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>.
#[derive(Clone)]
pub struct Destination(Arc<dyn Fn(Value) + Send + Sync>);

impl Destination {
    /// A destination that hands each invocation record to `receive`, which must not block.
    pub fn new(receive: impl Fn(Value) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    pub(crate) fn send(&self, record: Value) {
        (self.0)(record);
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Destination")
    }
}
