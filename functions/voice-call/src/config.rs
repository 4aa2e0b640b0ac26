//! What the function reads from its environment, besides credentials.

use std::time::Duration;

use lambda_kit::env::{ConfigError, Env};

/// Below the 8 s that a flow block waits at most, with room for the way back.
const DEFAULT_FLOW_BUDGET_MS: u64 = 7_000;

/// The function's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How long one invocation may take, retries included, if Lambda leaves that much (`FLOW_BUDGET_MS`).
    pub flow_budget: Duration,
}

impl Config {
    /// Reads the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let purpose = "how many milliseconds one invocation may take, retries included";
        let budget = env.parsed("FLOW_BUDGET_MS", purpose, DEFAULT_FLOW_BUDGET_MS)?;
        Ok(Self { flow_budget: Duration::from_millis(budget) })
    }
}
