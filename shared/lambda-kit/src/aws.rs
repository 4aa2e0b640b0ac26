//! What every AWS call of a function shares: the SDK's configuration, a deadline, and one error type.

use std::error::Error;
use std::ffi::OsString;
use std::sync::Arc;
use std::time::Duration;

use aws_config::environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider};
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use tokio::time::{Instant, timeout_at};

/// A connection within a region takes single milliseconds; what takes longer is better tried again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
const ATTEMPTS: u32 = 3;
const FIRST_BACKOFF: Duration = Duration::from_millis(100);
const LONGEST_BACKOFF: Duration = Duration::from_secs(1);

/// The configuration for all AWS clients of a function. No network I/O: region and credentials are where Lambda
/// puts them, in the environment, and the instance metadata service is never asked for a region.
pub async fn sdk_config() -> SdkConfig {
    let mut config = aws_config::defaults(BehaviorVersion::latest());
    // The SDK's own client reads all certificate authorities when it is built, also where no request will use TLS.
    if needs_no_tls(std::env::vars_os()) {
        config = config.http_client(aws_smithy_http_client::Builder::new().build_http());
    }
    config
        .region(EnvironmentVariableRegionProvider::new())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .operation_attempt_timeout(ATTEMPT_TIMEOUT)
                .build(),
        )
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                .with_initial_backoff(FIRST_BACKOFF)
                .with_max_backoff(LONGEST_BACKOFF),
        )
        .load()
        .await
}

/// Whether all endpoints are plain ones: `AWS_ENDPOINT_URL` is, and no `AWS_ENDPOINT_URL_<SERVICE>` sends one service
/// elsewhere. Only TLS agrees on HTTP/2, so a service that needs that has an endpoint of its own.
fn needs_no_tls(variables: impl IntoIterator<Item = (OsString, OsString)>) -> bool {
    let endpoints = variables.into_iter().filter_map(|(name, url)| {
        let service = name.to_str()?.strip_prefix("AWS_ENDPOINT_URL")?.to_owned();
        (service.is_empty() || service.starts_with('_'))
            .then(|| (service, url.to_str().unwrap_or("").to_owned()))
    });
    let mut general = false;
    for (service, url) in endpoints {
        match url.starts_with("http://") {
            true => general |= service.is_empty(),
            false if url.is_empty() => {}
            false => return false,
        }
    }
    general
}

/// An AWS call that failed. The SDK has already repeated what is worth repeating.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{action} on {resource}: {failure}")]
pub struct AwsError {
    /// The action as IAM policies name it, for example `secretsmanager:GetSecretValue`.
    pub action: &'static str,
    /// What it was for, for example ``secret `x` ``.
    pub resource: String,
    /// What went wrong, by the next move.
    pub failure: Failure,
    /// Shared, because calls that waited for the same answer share its failure too.
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// Why an AWS call failed, by the next move. The text in each is AWS's own; it holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Somebody has to change a policy.
    #[error(
        "access denied; the function's role must allow this action on this resource, and kms:Decrypt if it is \
         encrypted with a key of your own ({0})"
    )]
    Denied(String),

    /// Somebody has to create the resource or correct its name.
    #[error("does not exist in the account and region of this function; check its name ({0})")]
    Missing(String),

    /// AWS understood and refused; the same request would be refused again.
    #[error("refused with {code} ({text})")]
    Refused {
        /// AWS's error code.
        code: String,
        /// AWS's explanation.
        text: String,
    },

    /// Throttled, failing or unreachable: the same call may succeed later.
    #[error("no usable answer; if this lasts, check the function's network (VPC endpoint, DNS) ({0})")]
    Unavailable(String),

    /// The time that the caller had is over.
    #[error("no time left")]
    OutOfTime,
}

impl AwsError {
    /// Whether the same call may well succeed later with nobody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self.failure, Failure::Unavailable(_) | Failure::OutOfTime)
    }

    /// A short stable name, for metrics and `errorType`.
    pub fn kind(&self) -> &'static str {
        match self.failure {
            Failure::Denied(_) => "AwsDenied",
            Failure::Missing(_) => "AwsMissing",
            Failure::Refused { .. } => "AwsRefused",
            Failure::Unavailable(_) => "AwsUnavailable",
            Failure::OutOfTime => "OutOfTime",
        }
    }

    /// Whether AWS refused with this error code.
    pub(crate) fn is_refusal(&self, with: &str) -> bool {
        matches!(&self.failure, Failure::Refused { code, .. } if code == with)
    }

    /// The error of a call that there was no time for.
    pub(crate) fn out_of_time(action: &'static str, resource: &str) -> Self {
        Self { action, resource: resource.to_owned(), failure: Failure::OutOfTime, source: None }
    }

    /// The request could not even be made.
    pub(crate) fn unsent(action: &'static str, resource: &str, problem: &str) -> Self {
        let failure = Failure::Unavailable(format!("the request was not sent: {problem}"));
        Self { action, resource: resource.to_owned(), failure, source: None }
    }

    /// The resource is not there, as a reply (not an error) of AWS said.
    pub(crate) fn missing(action: &'static str, resource: String, text: &str) -> Self {
        Self { action, resource, failure: Failure::Missing(text.to_owned()), source: None }
    }
}

/// Makes one call: `request` is the future of an SDK operation. `action` and `resource` are for the error, as
/// [`AwsError`] has them.
///
/// # Errors
/// As the operation says; or there was no reply by the deadline.
pub async fn call<T, E>(
    action: &'static str,
    resource: &str,
    deadline: Instant,
    request: impl Future<Output = Result<T, SdkError<E>>>,
) -> Result<T, AwsError>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    // An operation's future is several kilobytes: boxed, it does not grow the futures of all its callers.
    match timeout_at(deadline, Box::pin(request)).await {
        Ok(Ok(reply)) => Ok(reply),
        Ok(Err(e)) => Err(failed(action, resource, e)),
        Err(_) => Err(AwsError::out_of_time(action, resource)),
    }
}

fn failed<E>(action: &'static str, resource: &str, error: SdkError<E>) -> AwsError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let failure = match &error {
        SdkError::ServiceError(refusal) => {
            let status = refusal.raw().status().as_u16();
            match refusal.err().code() {
                Some(code) => classify(status, code, refusal.err().message().unwrap_or("no explanation")),
                None if (400..500).contains(&status) => {
                    classify(status, &format!("HTTP {status}"), "no code")
                }
                None => Failure::Unavailable(format!("the reply, HTTP {status}, could not be read")),
            }
        }
        SdkError::TimeoutError(_) => Failure::Unavailable("timed out".into()),
        SdkError::ResponseError(_) => Failure::Unavailable("the reply could not be read".into()),
        error => Failure::Unavailable(format!("the request could not be sent: {}", root_cause(error))),
    };
    let source: Option<Arc<dyn Error + Send + Sync>> = match error {
        // The error about a reply that cannot be read may hold the reply: for a secret, the secret.
        SdkError::ResponseError(_) => None,
        SdkError::ServiceError(refusal) if refusal.err().code().is_none() => None,
        error => error.into_source().ok().map(Arc::from),
    };
    AwsError { action, resource: resource.to_owned(), failure, source }
}

/// The innermost error: the others only say that something inside them failed.
fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

/// The next move for a reply with this status, error code and text.
fn classify(status: u16, code: &str, text: &str) -> Failure {
    const DENIED: [&str; 8] = [
        "AccessDenied",
        "AccessDeniedException",
        "DecryptionFailure",
        "ExpiredTokenException",
        "InvalidSignatureException",
        "KmsAccessDenied",
        "KMSAccessDeniedException",
        "UnrecognizedClientException",
    ];
    const MISSING: [&str; 3] =
        ["AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "ResourceNotFoundException"];
    const TRANSIENT: [&str; 5] = [
        "InternalServiceError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
    ];
    if status >= 500 || status == 429 || TRANSIENT.contains(&code) || code.contains("Throttl") {
        Failure::Unavailable(format!("{code}: {text}"))
    } else if DENIED.contains(&code) {
        Failure::Denied(format!("{code}: {text}"))
    } else if MISSING.contains(&code) {
        Failure::Missing(format!("{code}: {text}"))
    } else {
        Failure::Refused { code: code.to_owned(), text: text.to_owned() }
    }
}

#[cfg(test)]
pub(crate) mod tests;
