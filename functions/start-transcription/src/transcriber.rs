//! transcribe-call, as this function sees it.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_lambda::Client;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use connect::transcription::TranscriptionJob;
use lambda_kit::aws::{AwsError, call};
use serde_json::json;
use tokio::time::Instant;

/// The function that transcribes.
pub struct Transcriber {
    function: String,
    sdk: SdkConfig,
    client: OnceLock<Client>,
}

impl Transcriber {
    /// The function with this name or ARN. No I/O.
    pub fn new(function: String, sdk: &SdkConfig) -> Self {
        Self { function, sdk: sdk.clone(), client: OnceLock::new() }
    }

    /// Invokes it with this job. Lambda keeps the job and runs it.
    /// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
    pub(crate) async fn start(&self, job: &TranscriptionJob, deadline: Instant) -> Result<(), AwsError> {
        let request = self
            .client
            .get_or_init(|| Client::new(&self.sdk))
            .invoke()
            .function_name(&self.function)
            .invocation_type(InvocationType::Event)
            .payload(Blob::new(json!(job).to_string()));
        let resource = format!("function {}", self.function);
        call("lambda:InvokeFunction", &resource, deadline, request.send()).await.map(drop)
    }
}
