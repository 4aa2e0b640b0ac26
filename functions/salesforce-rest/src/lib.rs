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
mod reply;
mod values;

use call_centers::CallCenters;
use connect::flow::{Details, FlowEvent};
use lambda_kit::invocation::{is_warm_up, warm_up_reply};
use lambda_kit::metrics::Metrics;
use serde_json::Value;
use tokio::time::Instant;
use tracing::{error, info};

pub use config::Config;
pub use error::{HandlerError, Problem};
pub use method::Method;
pub use policy::{InvalidPolicy, Policy, Verb};

use invocation::Invocation;
use operation::{Operation, OrgFacts};
use reply::Reply;

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
        if is_warm_up(&event) {
            return Ok(warm_up_reply());
        }
        let started = Instant::now();
        let on_error_reply =
            event.pointer("/Details/Parameters/onError").is_some_and(|value| value == "reply");
        let (method, result) = match connect::from_value::<FlowEvent>(event) {
            Ok(event) => self.invoke(&event.details, deadline).await,
            Err(malformed) => (None, Err(malformed.into())),
        };
        let outcome = result.as_ref().map_or_else(HandlerError::kind, |_| "ok");
        self.metrics.invocation(method.map_or("unknown", Method::name), outcome, started.elapsed());
        match result {
            Ok(reply) if on_error_reply => Ok(reply.with("success", Some("true")).into_value()),
            Ok(reply) => Ok(reply.into_value()),
            Err(e) => {
                error!(error_type = e.kind(), status = e.status(), duration_ms = millis(started), "{e}");
                if on_error_reply { Ok(Reply::failure(&e).into_value()) } else { Err(e) }
            }
        }
    }

    /// The method goes with the result, because the metrics count failures by method.
    async fn invoke(
        &self,
        details: &Details,
        deadline: Instant,
    ) -> (Option<Method>, Result<Reply, HandlerError>) {
        let started = Instant::now();
        let invocation = match Invocation::read(details) {
            Ok(invocation) => invocation,
            Err(e) => return (None, Err(e)),
        };
        let method = invocation.method;
        let operation = Operation::new(self, &invocation, deadline);
        // Boxed: all methods' futures within one another are more than the compiler follows.
        let result = Box::pin(operation.run()).await;
        if result.is_ok() {
            let contact_id = invocation.contact_id().unwrap_or_default();
            info!(contact_id, method = method.name(), duration_ms = millis(started), "done");
        }
        (Some(method), result.map_err(|problem| HandlerError::Failed { method, problem }))
    }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
