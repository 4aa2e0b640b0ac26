//! What the function reads from its environment.

use std::time::Duration;

use lambda_kit::env::{ConfigError, Env};

/// Below the 3 s that the flow block waits in Salesforce's sample flows, with room for the way back.
const DEFAULT_FLOW_BUDGET_MS: u64 = 2_500;

/// The function's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How long one invocation may take, retries included, if Lambda leaves that much (`FLOW_BUDGET_MS`).
    pub flow_budget: Duration,
    /// The name or ARN of transcribe-call (`TRANSCRIBE_FUNCTION`).
    pub transcribe_function: String,
}

impl Config {
    /// Reads the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let purpose = "how many milliseconds one invocation may take, retries included";
        let budget = env.parsed("FLOW_BUDGET_MS", purpose, DEFAULT_FLOW_BUDGET_MS)?;
        let purpose = "the name or ARN of the function transcribe-call";
        let transcribe_function = env.required("TRANSCRIBE_FUNCTION", purpose)?;
        Ok(Self { flow_budget: Duration::from_millis(budget), transcribe_function })
    }
}
