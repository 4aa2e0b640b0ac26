//! Contact events from EventBridge clear the routing of abandoned calls and reroute expired ones.

use std::time::Duration;

use call_centers::CallCenters;
use contact_events::{App, HandlerError};
use lambda_kit::credentials::CredentialStore;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::env::Env;
use lambda_kit::logs::{self, Payloads};
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use lambda_kit::{aws, invocation};
use lambda_runtime::layers::TracingLayer;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let env = Env::of_process();
    logs::init(&env, module_path!());
    let sdk = aws::sdk_config().await;
    let metrics = Metrics::from_env(&env);
    let call_centers = CallCenters::new(CredentialStore::from_env(&env, &sdk)?, metrics.clone());
    let state = env.optional("STATE_TABLE").map(|_| StateTable::from_env(&env, &sdk)).transpose()?;
    let app = &App::new(call_centers, state, DeadLetterQueue::from_env(&env, &sdk)?, metrics);
    let payloads = Payloads::from_env(&env);
    let handler = service_fn(|event: LambdaEvent<Value>| async move {
        payloads.log("event", &event.payload);
        let deadline = invocation::deadline(event.context.deadline, Duration::MAX);
        app.handle(event.payload, deadline).await as Result<(), HandlerError>
    });
    Runtime::new(handler).layer(TracingLayer::new()).run().await.map_err(anyhow::Error::from_boxed)
}
