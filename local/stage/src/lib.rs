//! What a function finds around it in a test: AWS stand-ins with its secret, table and queue in them, a Salesforce that
//! answers as the test says and remembers what was sent, and a listener for metrics. Only ever a dev-dependency.

mod process;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::Context;
use aws_config::SdkConfig;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use call_centers::CallCenters;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::metrics::Metrics;
use local_aws::LocalAws;
use serde_json::{Value, json};
use tokio::time::Instant;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

pub use process::Invoked;

/// The name of the call center's secret, and of the table.
pub const SECRET: &str = "Main-salesforce-secret";
/// Where the REST API is, below the Salesforce of the stage.
pub const REST_BASE: &str = "/services/data/v66.0";
/// The name of the state table.
pub const TABLE: &str = "CallState";

/// A function's surroundings.
pub struct Stage {
    /// The AWS stand-ins.
    pub aws: LocalAws,
    /// Salesforce. Mount answers on it.
    pub salesforce: MockServer,
    sdk: SdkConfig,
    queue: String,
    variables: BTreeMap<&'static str, String>,
    metrics: Arc<Mutex<Vec<Value>>>,
}

impl Stage {
    /// A stage with the call center `Main`, the default of the function.
    ///
    /// # Errors
    /// When no port can be bound, or no key generated.
    pub async fn new() -> anyhow::Result<Self> {
        let aws = LocalAws::start().await?;
        let salesforce = MockServer::start().await;
        aws.create_table(TABLE);
        let queue = aws.create_queue("dead-letters");
        let variables = [
            ("SECRET_NAME", SECRET.to_owned()),
            ("ALLOWED_SECRETS", "*-salesforce-secret".to_owned()),
            ("STATE_TABLE", TABLE.to_owned()),
            ("DEAD_LETTER_QUEUE_URL", queue.clone()),
        ];
        let sdk = aws.sdk_config().await;
        let stage =
            Self { aws, salesforce, sdk, queue, variables: variables.into(), metrics: Arc::default() };
        stage.add_call_center("Main")?;
        Ok(stage)
    }

    /// Puts the secret of another call center, `{name}-salesforce-secret`, where the function finds it.
    ///
    /// # Errors
    /// When no key can be generated.
    pub fn add_call_center(&self, name: &str) -> anyhow::Result<()> {
        let secret = json!({
            "SALESFORCE_ORG_ID": "00D5e000000abcD",
            "CALL_CENTER_API_NAME": name,
            "SCRT_ENDPOINT_BASE": format!("{}/telephony/v1", self.salesforce.uri()),
            format!("{name}-scrt-jwt-auth-private-key"): private_key()?,
            "SALESFORCE_AUTH_ENDPOINT": format!("{}/services/oauth2/token", self.salesforce.uri()),
            "SALESFORCE_REST_API_ENDPOINT_BASE": format!("{}{REST_BASE}", self.salesforce.uri()),
            format!("{name}-salesforce-rest-api-auth-consumer-key"): "the-consumer-key",
            format!("{name}-salesforce-rest-api-subject"): "integration@example.com",
            format!("{name}-salesforce-rest-api-audience"): "https://login.salesforce.com",
            format!("{name}-salesforce-rest-api-auth-private-key"): private_key()?,
        });
        self.aws.put_secret(&format!("{name}-salesforce-secret"), &secret.to_string());
        Ok(())
    }

    /// What the function reads as an environment variable.
    pub fn look_up(&self, variable: &str) -> Option<String> {
        self.variables.get(variable).cloned()
    }

    /// The configuration for AWS clients.
    pub fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    /// Metrics that the stage listens to.
    pub fn metrics(&self) -> Metrics {
        let lines = Arc::clone(&self.metrics);
        Metrics::from_env(&lambda_kit::env::Env::new(&|_| None)).with_sink(move |line| {
            let line = serde_json::from_str(line).unwrap_or_else(|_| json!({ "notJson": line }));
            lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        })
    }

    /// The values of this metric that were counted, by the dimension named.
    pub fn counted(&self, metric: &str, dimension: &str) -> Vec<String> {
        let lines = self.metrics.lock().unwrap_or_else(PoisonError::into_inner);
        let lines = lines.iter().filter(|line| line.get(metric).is_some());
        lines.map(|line| line[dimension].as_str().unwrap_or("-").to_owned()).collect()
    }

    /// The call centers of the stage's secrets, counted by its metrics.
    ///
    /// # Errors
    /// Never with the stage's own variables.
    pub fn call_centers(&self) -> anyhow::Result<CallCenters> {
        let look_up = |variable: &str| self.look_up(variable);
        let credentials = CredentialStore::from_env(&lambda_kit::env::Env::new(&look_up), &self.sdk)?;
        Ok(CallCenters::new(credentials, self.metrics()))
    }

    /// Lets Salesforce answer every request that nothing mounted before answers.
    pub async fn answer(&self, status: u16, body: Value) {
        Mock::given(any())
            .respond_with(ResponseTemplate::new(status).set_body_json(body))
            .mount(&self.salesforce)
            .await;
    }

    /// What Salesforce was sent, in order: verb, path, body. The time that is in a body as `startTime` of a creation
    /// is replaced, because it is the time of the test.
    pub async fn sent(&self) -> Vec<Value> {
        let requests = self.salesforce.received_requests().await.unwrap_or_default();
        requests
            .iter()
            .map(|request| {
                let mut body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
                if request.method.as_str() == "POST" && request.url.path().ends_with("/voiceCalls") {
                    body["startTime"] = "[now]".into();
                }
                json!({ "request": format!("{} {}", request.method, request.url.path()), "body": body })
            })
            .collect()
    }

    /// The dead letters, parsed.
    pub fn dead_letters(&self) -> Vec<Value> {
        let messages = self.aws.messages(&self.queue);
        messages.iter().map(|message| serde_json::from_str(message).unwrap_or(Value::Null)).collect()
    }
}

/// More time than any test needs.
pub fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// A file below `events/`.
///
/// # Errors
/// When it is not there, or not JSON.
pub fn event(path: &str) -> anyhow::Result<Value> {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let text = fs::read_to_string(events.join(path)).with_context(|| format!("events/{path}"))?;
    serde_json::from_str(&text).with_context(|| format!("events/{path}"))
}

/// The names of the files in a folder below `events/`, sorted.
///
/// # Errors
/// When there is no such folder.
pub fn event_names(folder: &str) -> anyhow::Result<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(folder);
    let entries = fs::read_dir(&path).with_context(|| format!("events/{folder}"))?;
    let mut names: Vec<String> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

/// One key for all stages of a process: making one takes a while.
fn private_key() -> anyhow::Result<String> {
    static PEM: OnceLock<String> = OnceLock::new();
    if let Some(pem) = PEM.get() {
        return Ok(pem.clone());
    }
    let key = KeyPair::generate(KeySize::Rsa2048).ok().context("no RSA key could be generated")?;
    let der: Pkcs8V1Der<'_> = key.as_der().ok().context("the RSA key could not be encoded")?;
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der.as_ref())
    );
    Ok(PEM.get_or_init(|| pem).clone())
}
