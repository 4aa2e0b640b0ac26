//! The process of a function: what every `main` starts with, and the loop that it ends in.

use std::fmt::Debug;
use std::time::Duration;

use aws_config::SdkConfig;
use lambda_runtime::layers::TracingLayer;
use lambda_runtime::{Diagnostic, LambdaEvent, Runtime, service_fn};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::env::Env;
use crate::logs::{self, Payloads};
use crate::metrics::Metrics;
use crate::{aws, invocation};

/// A function that has started, with what its clients are made of.
pub struct Process {
    /// Its environment variables.
    pub env: Env<'static>,
    /// For its AWS clients.
    pub sdk: SdkConfig,
    /// Where it counts.
    pub metrics: Metrics,
}

impl Process {
    /// Starts the logs of `module` (`module_path!()` of `main`), and reads where the function runs. No request.
    pub async fn start(module: &str) -> Self {
        let env = Env::of_process();
        logs::init(&env, module);
        Self { sdk: aws::sdk_config().await, metrics: Metrics::from_env(&env), env }
    }

    /// Answers invocations, one after the other, for as long as Lambda sends them. Each gets its event and the time by
    /// which it must be done: after `budget`, or shortly before Lambda would end it.
    ///
    /// # Errors
    /// When the Runtime API cannot be reached.
    pub async fn serve<Work, Reply, Failure>(
        &self,
        budget: Duration,
        handle: impl Fn(Value, Instant) -> Work,
    ) -> anyhow::Result<()>
    where
        Work: Future<Output = Result<Reply, Failure>>,
        Reply: Serialize,
        Failure: Into<Diagnostic> + Debug,
    {
        let payloads = Payloads::from_env(&self.env);
        let handler = service_fn(|event: LambdaEvent<Value>| {
            payloads.log("event", &event.payload);
            handle(event.payload, invocation::deadline(event.context.deadline, budget))
        });
        Runtime::new(handler).layer(TracingLayer::new()).run().await.map_err(anyhow::Error::from_boxed)
    }
}
