//! One invocation of a function's binary, for what only a process shows.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::time::{Instant, sleep};
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::Stage;

/// How long an invocation may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came of it.
#[derive(Debug)]
pub struct Invoked {
    /// The reply; the error document if it failed.
    pub reply: Result<Value, Value>,
    /// The most memory that the process ever had, resident, in KiB; `None` where the system does not tell.
    pub peak_kib: Option<u64>,
}

impl Stage {
    /// Starts a binary as Lambda does, with the variables of the stage and these, and has it handle one event.
    ///
    /// # Errors
    /// When it cannot be started, or does not answer.
    pub async fn invoke_binary(
        &self,
        binary: &str,
        event: &Value,
        variables: &[(&str, &str)],
    ) -> anyhow::Result<Invoked> {
        let api = runtime_api(event).await?;
        let mut command = Command::new(binary);
        command.env_clear().stdout(Stdio::null()).stderr(Stdio::inherit());
        command.envs(self.aws.environment()).envs(&self.variables).envs(variables.iter().copied());
        command.env("AWS_LAMBDA_RUNTIME_API", api.address().to_string());
        for (name, value) in [("NAME", "f"), ("VERSION", "1"), ("MEMORY_SIZE", "512")] {
            command.env(format!("AWS_LAMBDA_FUNCTION_{name}"), value);
        }
        let process = Process(command.spawn().with_context(|| format!("cannot start {binary}"))?);
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let requests = api.received_requests().await.unwrap_or_default();
            if let Some(answer) = requests.iter().find(|request| request.method.as_str() == "POST") {
                let body: Value = serde_json::from_slice(&answer.body)?;
                let succeeded = answer.url.path().ends_with("/response");
                let reply = if succeeded { Ok(body) } else { Err(body) };
                return Ok(Invoked { reply, peak_kib: process.peak_kib() });
            }
            sleep(Duration::from_millis(50)).await;
        }
        bail!("{binary} does not answer")
    }
}

/// A process that ends with this.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    fn peak_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        peak.trim().trim_end_matches(" kB").parse().ok()
    }
}

/// A Runtime API with one invocation, and then none for a long time.
/// <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>
async fn runtime_api(event: &Value) -> anyhow::Result<MockServer> {
    let api = MockServer::start().await;
    let deadline = SystemTime::now().duration_since(UNIX_EPOCH)? + PATIENCE;
    let invocation = ResponseTemplate::new(200)
        .insert_header("lambda-runtime-aws-request-id", "r-1")
        .insert_header("lambda-runtime-deadline-ms", deadline.as_millis().to_string())
        .insert_header(
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:us-east-1:123456789012:function:f",
        )
        .set_body_json(event);
    let next = || Mock::given(method("GET")).and(path_regex("/invocation/next$"));
    next().respond_with(invocation).up_to_n_times(1).mount(&api).await;
    let nothing = ResponseTemplate::new(200).set_delay(Duration::from_secs(600));
    next().respond_with(nothing).mount(&api).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(202)).mount(&api).await;
    Ok(api)
}
