//! What a contact flow says of a callback.

use std::time::Duration;

use crate::script::target::Target;

/// A callback that a contact flow has queued.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// The number that is called.
    pub number: Option<String>,
    /// The number that the customer sees; none if it is that of the queue.
    pub caller_id: Option<String>,
    /// The flow that the callback runs first, by id or ARN.
    pub flow: Option<String>,
    /// Where it waits, and since when; nowhere until its own flow, if it has one, puts it into a queue.
    pub queued: Option<(Target, Duration)>,
    /// How long after an attempt that the customer did not answer it waits in the queue again.
    pub retry_delay: Duration,
    /// How many attempts there are at most.
    pub attempts: u64,
}
