//! transcribe-call, as this function sees it.

use connect::transcription::TranscriptionJob;
use lambda_kit::aws::AwsError;
use lambda_kit::functions::Functions;
use serde_json::json;
use tokio::time::Instant;

/// The function that transcribes.
pub struct Transcriber {
    function: String,
    functions: Functions,
}

impl Transcriber {
    /// The function with this name or ARN.
    pub fn new(function: String, functions: Functions) -> Self {
        Self { function, functions }
    }

    /// Invokes it with this job. Lambda keeps the job and runs it.
    pub(crate) async fn start(&self, job: &TranscriptionJob, deadline: Instant) -> Result<(), AwsError> {
        self.functions.start(&self.function, &json!(job).to_string(), deadline).await
    }
}
