//! What is told of the requests, for metrics.

use crate::ApiUsage;
use std::sync::Arc;
use std::time::Duration;

/// One attempt at one request, for metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// What was attempted, e.g. `createVoiceCall`; `login` for a session.
    pub operation: &'static str,
    /// Counts from 1 within one call.
    pub number: u32,
    /// HTTP status; none without an answer.
    pub status: Option<u16>,
    /// From the first byte to the last.
    pub elapsed: Duration,
    /// What Salesforce says of the org's API requests, where it does: the REST API does so in every reply.
    pub api_usage: Option<ApiUsage>,
    /// How it went on.
    pub outcome: AttemptOutcome,
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// Salesforce accepted it.
    Accepted,
    /// It failed, and another follows after this pause.
    WillRetry(Duration),
    /// It failed, and the caller gets the error.
    Failed,
}

/// Is told of every attempt, when it is over.
pub type Observer = Arc<dyn Fn(&Attempt) + Send + Sync>;
