//! Contact records from Kinesis become VoiceCall updates.

use std::time::Duration;

use call_centers::CallCenters;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::env::Env;
use lambda_kit::kinesis::BatchReply;
use lambda_kit::logs::{self, Payloads};
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use lambda_kit::{aws, invocation};
use lambda_runtime::layers::TracingLayer;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;
use sync_contact_records::{App, Config, NotABatch};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let env = Env::of_process();
    logs::init(&env, module_path!());
    let sdk = aws::sdk_config().await;
    let metrics = Metrics::from_env(&env);
    let call_centers = CallCenters::new(CredentialStore::from_env(&env, &sdk)?, metrics.clone());
    let (state, dead_letters) = (StateTable::from_env(&env, &sdk)?, DeadLetterQueue::from_env(&env, &sdk)?);
    let app = &App::new(Config::from_env(&env)?, call_centers, state, dead_letters, metrics);
    let payloads = Payloads::from_env(&env);
    let handler = service_fn(|event: LambdaEvent<Value>| async move {
        payloads.log("event", &event.payload);
        let deadline = invocation::deadline(event.context.deadline, Duration::MAX);
        app.handle(event.payload, deadline).await as Result<BatchReply, NotABatch>
    });
    Runtime::new(handler).layer(TracingLayer::new()).run().await.map_err(anyhow::Error::from_boxed)
}
