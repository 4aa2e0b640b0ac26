//! Contact events from EventBridge clear the routing of abandoned calls and reroute expired ones.

use std::time::Duration;

use call_centers::CallCenters;
use contact_events::App;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::process::Process;
use lambda_kit::state::StateTable;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = Process::start(module_path!()).await;
    let Process { env, sdk, metrics } = &process;
    let call_centers = CallCenters::new(CredentialStore::from_env(env, sdk)?, metrics.clone());
    let (state, dead_letters) =
        (StateTable::from_env(env, sdk)?, DeadLetterQueue::from_env(env, sdk, metrics)?);
    let app = App::new(call_centers, state, dead_letters, metrics.clone());
    process.serve(Duration::MAX, |event, deadline| app.handle(event, deadline)).await
}
