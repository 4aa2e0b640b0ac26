//! What the function reads from its environment, besides credentials.

use std::time::Duration;

use lambda_kit::env::{ConfigError, Env};

use crate::policy::Policy;

/// Below the 8 s that a flow block waits at most, with room for the way back.
const DEFAULT_FLOW_BUDGET_MS: u64 = 7_000;

/// A tenth of a day's requests is some two hours of them: enough for the calls until somebody has seen the alarm.
const DEFAULT_API_FLOOR_PERCENT: u8 = 10;

/// The function's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How long one invocation may take, retries included, if Lambda leaves that much (`FLOW_BUDGET_MS`).
    pub flow_budget: Duration,
    /// What may be done to which object (`SOBJECT_POLICY`).
    pub policy: Policy,
    /// Percent of the org's daily API requests that are kept for what cannot wait (`API_FLOOR_PERCENT`).
    pub api_floor_percent: u8,
}

impl Config {
    /// Reads the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let budget = "how many milliseconds one invocation may take, retries included";
        let policy = "what contact flows may do to which Salesforce object, such as Case:create,read;*:read";
        let floor =
            "the percentage, 0 to 100, of the org's daily API requests that are kept for what cannot wait";
        let api_floor_percent = env.parsed("API_FLOOR_PERCENT", floor, DEFAULT_API_FLOOR_PERCENT)?;
        if api_floor_percent > 100 {
            return Err(ConfigError::invalid("API_FLOOR_PERCENT", floor, "more than 100"));
        }
        Ok(Self {
            flow_budget: Duration::from_millis(env.parsed(
                "FLOW_BUDGET_MS",
                budget,
                DEFAULT_FLOW_BUDGET_MS,
            )?),
            policy: env.parsed("SOBJECT_POLICY", policy, Policy::standard())?,
            api_floor_percent,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variable: &str, value: &str) -> Result<Config, ConfigError> {
        Config::from_env(&Env::new(&|name| (name == variable).then(|| value.to_owned())))
    }

    #[test]
    fn everything_has_a_default() {
        let config = config("NONE", "").unwrap();
        assert_eq!((config.flow_budget, config.api_floor_percent), (Duration::from_secs(7), 10));
        assert_eq!(config.policy, "*:create,read,update".parse().unwrap());
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (variable, value) in
            [("API_FLOOR_PERCENT", "101"), ("SOBJECT_POLICY", "Case"), ("FLOW_BUDGET_MS", "soon")]
        {
            assert_eq!(config(variable, value).unwrap_err().variable, variable);
        }
        insta::assert_snapshot!(
            config("SOBJECT_POLICY", "Case:read;Contact:see").unwrap_err(),
            @"environment variable SOBJECT_POLICY cannot be used (entry 2: the verbs are create, read, update and delete); it holds what contact flows may do to which Salesforce object, such as Case:create,read;*:read: correct the function's configuration"
        );
    }
}
