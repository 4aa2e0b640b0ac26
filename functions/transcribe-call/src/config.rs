//! What can be set about the function.

use std::num::NonZeroU32;
use std::time::Duration;

use lambda_kit::env::{ConfigError, Env};

/// What can be set about the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `HANDOVER_MARGIN_SECONDS`, default 60: so long before Lambda's time limit a pause is looked for, at which the next
    /// invocation can take over.
    pub handover_margin: Duration,
    /// `IDLE_SECONDS`, default 120: the call is over when its stream has had nothing new for so long.
    pub idle: Duration,
    /// `LEASE_SECONDS`, default 30: for so long after the death of an invocation nobody else may transcribe its call.
    pub lease: Duration,
    /// `SEND_PARTIALS`, default false: what is being said is sent as well, in messages of its own.
    pub send_partials: bool,
    /// After so long without audio a session of Transcribe, which gives up after 15 s, is kept alive with silence. Not to be
    /// set from outside.
    pub keep_alive: Duration,
    /// `TRANSCRIBE_REGION`, default the function's own.
    pub transcribe_region: Option<String>,
    /// The function itself, by name or ARN (`TRANSCRIBE_FUNCTION`, default `AWS_LAMBDA_FUNCTION_NAME`, which Lambda sets and
    /// which does not tell the alias).
    pub function: String,
}

impl Config {
    /// Reads the variables.
    ///
    /// # Errors
    /// One cannot be used.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let seconds = |variable, purpose, default| {
            let default = NonZeroU32::new(default).unwrap_or(NonZeroU32::MIN);
            let seconds = env.parsed(variable, purpose, default)?;
            Ok(Duration::from_secs(seconds.get().into()))
        };
        Ok(Self {
            handover_margin: seconds(
                "HANDOVER_MARGIN_SECONDS",
                "how many seconds before Lambda's time limit a call is handed over",
                60,
            )?,
            idle: seconds("IDLE_SECONDS", "after how many seconds without anything new a call is over", 120)?,
            lease: seconds(
                "LEASE_SECONDS",
                "for how many seconds an invocation that died keeps others from its call",
                30,
            )?,
            send_partials: env.parsed(
                "SEND_PARTIALS",
                "whether partial results are sent: true or false",
                false,
            )?,
            keep_alive: Duration::from_secs(8),
            transcribe_region: env.optional("TRANSCRIBE_REGION"),
            function: match env.optional("TRANSCRIBE_FUNCTION") {
                Some(function) => function,
                None => {
                    env.required("AWS_LAMBDA_FUNCTION_NAME", "the name of this function, which Lambda sets")?
                }
            },
        })
    }
}
