//! Contact flows create, route and update VoiceCalls in Salesforce.

use call_centers::CallCenters;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::env::Env;
use lambda_kit::logs::{self, Payloads};
use lambda_kit::metrics::Metrics;
use lambda_kit::state::StateTable;
use lambda_kit::{aws, invocation};
use lambda_runtime::layers::TracingLayer;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;
use voice_call::{App, Config, HandlerError};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let env = Env::of_process();
    logs::init(&env, module_path!());
    let sdk = aws::sdk_config().await;
    let config = Config::from_env(&env)?;
    let metrics = Metrics::from_env(&env);
    let credentials = CredentialStore::from_env(&env, &sdk)?;
    let state = env.optional("STATE_TABLE").map(|_| StateTable::from_env(&env, &sdk)).transpose()?;
    let app = &App::new(CallCenters::new(credentials, metrics.clone()), state, metrics);
    let payloads = Payloads::from_env(&env);
    let handler = service_fn(|event: LambdaEvent<Value>| async move {
        payloads.log("event", &event.payload);
        let deadline = invocation::deadline(event.context.deadline, config.flow_budget);
        app.handle(event.payload, deadline).await as Result<Value, HandlerError>
    });
    Runtime::new(handler).layer(TracingLayer::new()).run().await.map_err(anyhow::Error::from_boxed)
}
