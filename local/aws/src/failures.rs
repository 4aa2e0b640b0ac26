//! Failures on demand.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;

use crate::error::AwsError;
use crate::lock;

/// How an operation is to fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status: 400 for what AWS blames on the caller (throttling among it), 500 and up for itself.
    pub status: u16,
    /// The error code, like `ThrottlingException`.
    pub code: String,
    /// For how many requests. AWS clients try three times on their own.
    pub times: u32,
}

/// The failures that are still to come, by operation.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<HashMap<String, VecDeque<Failure>>>);

impl Failures {
    pub(crate) fn add(&self, operation: &str, failure: Failure) {
        if failure.times > 0 {
            lock(&self.0).entry(operation.to_owned()).or_default().push_back(failure);
        }
    }

    /// The failure that the next request for this operation is to meet, if any. Uses it up.
    pub(crate) fn next(&self, operation: &str) -> Option<AwsError> {
        let mut all = lock(&self.0);
        let waiting = all.get_mut(operation)?;
        let failure = waiting.front_mut()?;
        let error = AwsError::new(failure.status, failure.code.clone(), "this failure was asked for");
        failure.times -= 1;
        if failure.times == 0 {
            waiting.pop_front();
        }
        Some(error)
    }
}
