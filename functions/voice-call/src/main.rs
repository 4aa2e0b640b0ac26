//! Contact flows create, route and update VoiceCalls in Salesforce.

use call_centers::CallCenters;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::process::Process;
use lambda_kit::state::StateTable;
use voice_call::{App, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = Process::start(module_path!()).await;
    let Process { env, sdk, metrics } = &process;
    let config = Config::from_env(env)?;
    let call_centers = CallCenters::new(CredentialStore::from_env(env, sdk)?, metrics.clone());
    let state = env.optional("STATE_TABLE").map(|_| StateTable::from_env(env, sdk)).transpose()?;
    let app = App::new(call_centers, state, metrics.clone());
    process.serve(config.flow_budget, |event, deadline| app.handle(event, deadline)).await
}
