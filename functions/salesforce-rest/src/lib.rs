#![doc = include_str!("../README.md")]

mod batch;
mod config;
mod error;
mod flatten;
mod invocation;
mod key_prefix;
mod method;
mod operation;
mod phone;
mod policy;
mod remembered;
mod values;

use call_centers::CallCenters;
use connect::flow::{Details, FlowEvent};
use lambda_kit::flow::{self, Reply, millis};
use lambda_kit::metrics::Metrics;
use serde_json::Value;
use tokio::time::Instant;
use tracing::info;

pub use config::Config;
pub use error::{HandlerError, Problem};
pub use method::Method;
pub use policy::{InvalidPolicy, Policy, Verb};

use invocation::Invocation;
use operation::{Operation, OrgFacts};

/// The function, with its clients.
pub struct App {
    call_centers: CallCenters,
    policy: Policy,
    metrics: Metrics,
    facts: OrgFacts,
}

impl App {
    /// An app that knows nothing of any org yet. No I/O.
    pub fn new(call_centers: CallCenters, policy: Policy, metrics: Metrics) -> Self {
        Self { call_centers, policy, metrics, facts: OrgFacts::default() }
    }

    /// Answers one invocation before `deadline`.
    ///
    /// # Errors
    /// With `onError=reply` among the parameters, none: the error is in the reply.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<Value, HandlerError> {
        flow::answer(event, &self.metrics, async |event| match connect::from_value::<FlowEvent>(event) {
            Ok(event) => self.invoke(&event.details, deadline).await,
            Err(malformed) => (None, Err(malformed.into())),
        })
        .await
    }

    /// The method goes with the result, because the metrics count failures by method.
    async fn invoke(
        &self,
        details: &Details,
        deadline: Instant,
    ) -> (Option<&'static str>, Result<Reply, HandlerError>) {
        let started = Instant::now();
        let invocation = match Invocation::read(details) {
            Ok(invocation) => invocation,
            Err(e) => return (None, Err(e)),
        };
        let method = invocation.method;
        let result = Operation::new(self, &invocation, deadline).run().await;
        if result.is_ok() {
            let contact_id = invocation.contact_id().unwrap_or_default();
            info!(contact_id, method = method.name(), duration_ms = millis(started.elapsed()), "done");
        }
        (Some(method.name()), result.map_err(|problem| HandlerError::Failed { method, problem }))
    }
}

#[cfg(test)]
mod tests;
