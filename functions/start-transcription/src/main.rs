//! Contact flows start the live transcription of a call.

use lambda_kit::functions::Functions;
use lambda_kit::process::Process;
use lambda_kit::state::StateTable;
use start_transcription::{App, Config, Transcriber};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let process = Process::start(module_path!()).await;
    let Process { env, sdk, metrics } = &process;
    let config = Config::from_env(env)?;
    let transcriber = Transcriber::new(config.transcribe_function, Functions::new(env, sdk));
    let app = App::new(StateTable::from_env(env, sdk)?, transcriber, metrics.clone());
    process.serve(config.flow_budget, |event, deadline| app.handle(event, deadline)).await
}
