#![doc = include_str!("../README.md")]

mod backfill;
mod calls;
mod config;
mod error;
mod files;
mod mapping;
mod named;
mod report;
mod request;
mod run;
mod uploads;

use analysis_files::AnalysisFiles;
use call_centers::CallCenters;
use lambda_kit::flow::millis;
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use serde_json::{Value, json};
use tokio::time::Instant;
use tracing::{error, info, warn};

pub use config::{Bucket, Config};
pub use error::HandlerError;

use request::{Backfill, BadRequest, Operation};
use run::Mode;

/// The function, with its clients.
pub struct App {
    config: Config,
    call_centers: CallCenters,
    state: StateTable,
    files: AnalysisFiles,
    metrics: Metrics,
}

impl App {
    /// An app over these clients. No I/O.
    pub fn new(
        config: Config,
        call_centers: CallCenters,
        state: StateTable,
        files: AnalysisFiles,
        metrics: Metrics,
    ) -> Self {
        Self { config, call_centers, state, files, metrics }
    }

    /// Answers one invocation before `deadline`: with a report, or with `statusCode` 400 and what is wrong with the request.
    ///
    /// # Errors
    /// Nothing was done, for a reason that can be cured. When something was done before, the reason is in the report.
    pub async fn handle(&self, event: Value, deadline: Instant) -> Result<Value, HandlerError> {
        let started = Instant::now();
        let operation = match Operation::read(&event, self.config.most_contacts) {
            Ok(operation) => operation,
            Err(BadRequest(problem)) => {
                warn!("bad request: {problem}");
                self.metrics.invocation("unknown", "BadRequest", started.elapsed());
                let body = json!({ "error": problem }).to_string();
                return Ok(json!({ "statusCode": 400, "body": body }));
            }
        };
        let method = operation.name();
        // Boxed: the futures of all operations within one another are more than the compiler follows.
        let result = Box::pin(self.perform(operation, event["secretName"].as_str(), deadline)).await;
        let outcome = match &result {
            Ok(report) if report.get("stopped").is_some() => "stopped",
            Ok(_) => "ok",
            Err(e) => e.kind(),
        };
        self.metrics.invocation(method, outcome, started.elapsed());
        let duration_ms = millis(started.elapsed());
        match &result {
            Ok(report) => {
                let (counts, stopped) = (report.get("counts"), report.pointer("/stopped/errorMessage"));
                info!(method, outcome, duration_ms, ?counts, ?stopped, cursor = ?report.get("cursor"), "done");
            }
            Err(e) => error!(method, error_type = e.kind(), duration_ms, "{e}"),
        }
        result
    }

    async fn perform(
        &self,
        operation: Operation,
        secret_name: Option<&str>,
        deadline: Instant,
    ) -> Result<Value, HandlerError> {
        let mode = |dry_run, again| Mode { secret_name, dry_run, again, deadline };
        match operation {
            Operation::Upload { contacts, again } => self.upload(contacts, mode(false, again)).await,
            Operation::Status(ids) => self.status(&ids, mode(false, false)).await,
            Operation::Backfill(asked) => {
                let Backfill { dry_run, again, .. } = asked;
                self.backfill(&asked, mode(dry_run, again)).await
            }
        }
    }
}

#[cfg(test)]
mod tests;
