#![doc = include_str!("../README.md")]

mod config;
mod error;
mod lease;
mod mapping;
mod transcriber;

use connect::flow::FlowEvent;
use lambda_kit::flow::{self, Reply, millis};
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use serde_json::Value;
use tokio::time::Instant;
use tracing::info;

pub use config::Config;
pub use error::HandlerError;
pub use transcriber::Transcriber;

use lease::{Claim, RELEASE_TIME, Starting};

/// The only thing that the function does, as the metrics call it.
const METHOD: &str = "startTranscription";

/// The function, with its clients.
pub struct App {
    state: StateTable,
    transcriber: Transcriber,
    metrics: Metrics,
}

impl App {
    /// An app. No I/O.
    pub fn new(state: StateTable, transcriber: Transcriber, metrics: Metrics) -> Self {
        Self { state, transcriber, metrics }
    }

    /// Answers one invocation before `deadline`.
    ///
    /// # Errors
    /// With `onError=reply` among the parameters, none: the error is in the reply.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<Value, HandlerError> {
        flow::answer(event, &self.metrics, async |event| (Some(METHOD), self.start(event, deadline).await))
            .await
    }

    async fn start(&self, event: Value, deadline: Instant) -> Result<Reply, HandlerError> {
        let started = Instant::now();
        let mut job = mapping::job(&connect::from_value::<FlowEvent>(event)?.details)?;
        let contact_id = job.contact_id.clone();
        match Starting::claim(&self.state, contact_id.as_str(), deadline).await? {
            Claim::Running => info!(%contact_id, "is being transcribed already: nothing started"),
            Claim::Ours(lease) => {
                job.lease_id = Some(lease.token().to_owned());
                let in_time = deadline.checked_sub(RELEASE_TIME).unwrap_or(deadline);
                if let Err(source) = self.transcriber.start(&job, in_time).await {
                    lease.release().await;
                    return Err(HandlerError::Invoke(source));
                }
                lease.confirm().await;
                info!(%contact_id, duration_ms = millis(started.elapsed()), "transcription started");
            }
        }
        // Salesforce's own words, which flows may check.
        Ok(Reply::default().with("lambdaResult", Some("Success")))
    }
}

#[cfg(test)]
mod tests;
