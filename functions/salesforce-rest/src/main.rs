//! Contact flows look up, create, change and delete Salesforce records.

use call_centers::CallCenters;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::process::Process;
use salesforce_rest::{App, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = Process::start(module_path!()).await;
    let Process { env, sdk, metrics } = &process;
    let config = Config::from_env(env)?;
    let call_centers = CallCenters::new(CredentialStore::from_env(env, sdk)?, metrics.clone());
    let call_centers = call_centers.with_api_floor(config.api_floor_percent);
    let app = App::new(call_centers, config.policy, metrics.clone());
    process.serve(config.flow_budget, |event, deadline| app.handle(event, deadline)).await
}
