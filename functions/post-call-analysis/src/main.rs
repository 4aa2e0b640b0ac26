//! What Contact Lens finds after a call becomes signals of its VoiceCall.

use std::time::Duration;

use analysis_files::AnalysisFiles;
use call_centers::CallCenters;
use lambda_kit::contacts::Contacts;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::dead_letter::DeadLetterQueue;
use lambda_kit::process::Process;
use lambda_kit::state::StateTable;
use post_call_analysis::{App, Clients, Config};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = Process::start(module_path!()).await;
    let Process { env, sdk, metrics } = &process;
    let clients = Clients {
        call_centers: CallCenters::new(CredentialStore::from_env(env, sdk)?, metrics.clone()),
        contacts: Contacts::new(env, sdk),
        files: AnalysisFiles::new(env, sdk),
        state: StateTable::from_env(env, sdk)?,
        dead_letters: DeadLetterQueue::from_env(env, sdk, metrics)?,
    };
    let app = App::new(Config::from_env(env)?, clients, metrics.clone());
    process.serve(Duration::MAX, |event, deadline| app.handle(event, deadline)).await
}
