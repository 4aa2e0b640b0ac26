//! Transcripts of past calls, from the files of Contact Lens to Salesforce.

use std::time::Duration;

use analysis_files::AnalysisFiles;
use backfill_transcripts::{App, Config};
use call_centers::CallCenters;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::process::Process;
use lambda_kit::state::StateTable;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = Process::start(module_path!()).await;
    let Process { env, sdk, metrics } = &process;
    let config = Config::from_env(env)?;
    let call_centers = CallCenters::new(CredentialStore::from_env(env, sdk)?, metrics.clone());
    let call_centers = call_centers.with_api_floor(config.api_floor_percent);
    let (state, files) = (StateTable::from_env(env, sdk)?, AnalysisFiles::new(env, sdk));
    let app = App::new(config, call_centers, state, files, metrics.clone());
    process.serve(Duration::MAX, |event, deadline| app.handle(event, deadline)).await
}
