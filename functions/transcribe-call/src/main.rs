//! What is said in a call, from Kinesis Video through Amazon Transcribe to Salesforce.

use std::time::Duration;

use call_centers::CallCenters;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::functions::Functions;
use lambda_kit::process::Process;
use lambda_kit::signed::SignedService;
use lambda_kit::state::StateTable;
use transcribe_call::{App, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = Process::start(module_path!()).await;
    let Process { env, sdk, metrics } = &process;
    let app = App {
        config: Config::from_env(env)?,
        sdk: sdk.clone(),
        call_centers: CallCenters::new(CredentialStore::from_env(env, sdk)?, metrics.clone()),
        state: StateTable::from_env(env, sdk)?,
        dead_letters: DeadLetterQueue::from_env(env, sdk, metrics)?,
        functions: Functions::new(env, sdk),
        connect: SignedService::new(env, sdk, "connect"),
        metrics: metrics.clone(),
    };
    process.serve(Duration::MAX, |event, deadline| app.handle(event, deadline)).await
}
