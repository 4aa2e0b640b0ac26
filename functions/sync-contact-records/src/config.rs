//! What the function reads from its environment, besides credentials, table and queue.

use std::num::NonZeroUsize;

use lambda_kit::env::{ConfigError, Env};

/// Enough to keep up with 100 records of a batch, well below Salesforce's limits on one org.
const DEFAULT_CONCURRENCY: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// The function's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How many contacts are updated at once (`SYNC_CONCURRENCY`).
    pub concurrency: NonZeroUsize,
}

impl Config {
    /// Reads the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let purpose = "how many contacts are updated at once";
        Ok(Self { concurrency: env.parsed("SYNC_CONCURRENCY", purpose, DEFAULT_CONCURRENCY)? })
    }
}
