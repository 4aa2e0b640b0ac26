//! What was asked of the org, for tests and the console. Headers and bodies are never kept.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::operation::Operation;

/// How many requests are kept; `Org::request_count` counts all.
const KEPT: usize = 10_000;

/// One request as the org saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRequest {
    /// When it arrived, by this machine's clock.
    pub at: DateTime<Utc>,
    /// What it asked for.
    pub operation: Operation,
    /// The HTTP method, e.g. `PATCH`.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The status that was answered; nothing if the connection was reset instead.
    pub status: Option<u16>,
    /// Whether a fault took the place of the org's own answer.
    pub fault: bool,
}

#[derive(Default)]
pub(crate) struct RequestLog(Mutex<Log>);

#[derive(Default)]
struct Log {
    latest: VecDeque<LoggedRequest>,
    counts: HashMap<Operation, usize>,
}

impl RequestLog {
    pub(crate) fn push(&self, request: LoggedRequest) {
        let mut log = self.lock();
        *log.counts.entry(request.operation).or_default() += 1;
        if log.latest.len() == KEPT {
            log.latest.pop_front();
        }
        log.latest.push_back(request);
    }

    pub(crate) fn latest(&self) -> Vec<LoggedRequest> {
        self.lock().latest.iter().cloned().collect()
    }

    pub(crate) fn count(&self, operation: Operation) -> usize {
        self.lock().counts.get(&operation).copied().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
