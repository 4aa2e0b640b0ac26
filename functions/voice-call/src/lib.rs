#![doc = include_str!("../README.md")]

mod config;
mod created;
mod error;
mod invocation;
mod mapping;
mod method;
mod operation;
mod reply;

use call_centers::CallCenters;
use connect::flow::{Details, FlowEvent};
use lambda_kit::flow::{self, Reply, millis};
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use serde_json::Value;
use tokio::time::Instant;
use tracing::info;

pub use config::Config;
pub use error::HandlerError;
pub use method::Method;

use created::CreatedCalls;
use invocation::Invocation;
use operation::Operation;

/// The function, with its clients.
pub struct App {
    call_centers: CallCenters,
    /// Only deployments that serve several call centers have one here.
    state: Option<StateTable>,
    metrics: Metrics,
    created: CreatedCalls,
}

impl App {
    /// An app that has created nothing yet. No I/O.
    pub fn new(call_centers: CallCenters, state: Option<StateTable>, metrics: Metrics) -> Self {
        Self { call_centers, state, metrics, created: CreatedCalls::default() }
    }

    /// Answers one invocation before `deadline`.
    ///
    /// # Errors
    /// With `onError=reply` among the parameters, none: the error is in the reply.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<Value, HandlerError> {
        flow::answer(event, &self.metrics, async |event| {
            let (method, result) = match connect::from_value::<FlowEvent>(event) {
                Ok(event) => self.invoke(&event.details, deadline).await,
                Err(malformed) => (None, Err(malformed.into())),
            };
            (method.map(Method::name), result)
        })
        .await
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
            Err(e) => return (e.method(), Err(e)),
        };
        let method = invocation.method;
        let result = Operation { app: self, invocation: &invocation, deadline }.run().await;
        if result.is_ok() {
            info!(contact_id = %invocation.call, method = method.name(), duration_ms = millis(started.elapsed()), "done");
        }
        (Some(method), result)
    }
}

#[cfg(test)]
mod tests;
