//! What can go wrong, by what the caller does next.

mod advice;

pub(crate) use advice::{advice, by_code};

use crate::oauth::LoginError;
use std::fmt;
use std::time::Duration;

/// Why an operation on Salesforce did not succeed: one variant per next move.
///
/// `operation` is the name of the operation, `status` the HTTP status, `code` Salesforce's error code where the reply
/// had one. The text holds these and what to check, never anything else of a request or a reply.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request itself is wrong: mend it. Sending it again cannot help.
    #[error(
        "{operation}: Salesforce refused the request ({}{}). {}",
        answer(*.status, .code), about(.fields), advice(*.status, .code.as_deref())
    )]
    Refused {
        /// What was attempted.
        operation: &'static str,
        /// HTTP status.
        status: u16,
        /// Salesforce's error code.
        code: Option<String>,
        /// The fields that it is about, where Salesforce names them.
        fields: Vec<String>,
    },

    /// The request cannot be put as it is: mend it. It was not sent.
    #[error("{operation}: the request was not sent: {problem}")]
    Unsendable {
        /// What was attempted.
        operation: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },

    /// The org has few API requests left today, and this one can wait. It was not sent.
    #[error(
        "{operation}: not sent, because {remaining_percent} % of the org's daily API requests are left, and requests \
         that can wait are kept back below {floor_percent} % (API_FLOOR_PERCENT). Try again later, or look for what \
         uses them up (Salesforce Setup, System Overview)."
    )]
    ApiAllowanceLow {
        /// What was attempted.
        operation: &'static str,
        /// What is left of the day's requests.
        remaining_percent: u8,
        /// Below this, requests that can wait are not sent.
        floor_percent: u8,
    },

    /// The credentials are refused: read them again, then mend the set-up.
    #[error(
        "{operation}: Salesforce refused the credentials ({}). Check that the private key belongs to the certificate \
         or public key registered in Salesforce, that org id and call center API name (or the connected app and its \
         user) are the right ones and may use this API, and that this machine's clock is right.",
        answer(*.status, .code)
    )]
    Unauthorized {
        /// What was attempted.
        operation: &'static str,
        /// HTTP status: 401, or 403 from the Telephony Integration API.
        status: u16,
        /// Salesforce's error code.
        code: Option<String>,
    },

    /// A limit of the org is reached: slow down. Nothing was executed.
    #[error(
        "{operation}: a limit of the Salesforce org is reached ({}){}. Check the org's voice and API limits.",
        answer(*.status, .code), wait(*.retry_after)
    )]
    Throttled {
        /// What was attempted.
        operation: &'static str,
        /// HTTP status: 429, or 403 when the org's API requests of the day are used up.
        status: u16,
        /// Salesforce's error code.
        code: Option<String>,
        /// How long Salesforce asked to wait.
        retry_after: Option<Duration>,
    },

    /// Salesforce cannot be reached or is in trouble: try later.
    #[error(
        "{operation}: Salesforce is not available ({}){}. {}",
        status.map_or_else(|| "no answer".to_owned(), |status| answer(status, .code)),
        wait(*.retry_after), unavailable(*.status, *.outcome)
    )]
    Unavailable {
        /// What was attempted.
        operation: &'static str,
        /// HTTP status; none when there was no answer.
        status: Option<u16>,
        /// Salesforce's error code.
        code: Option<String>,
        /// Whether the request may have been executed all the same.
        outcome: Outcome,
        /// How long Salesforce asked to wait.
        retry_after: Option<Duration>,
        /// What the connection broke on. Never holds the address of the request.
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },

    /// The time allowed for the operation is over. It may have been executed all the same.
    #[error(
        "{operation}: Salesforce did not answer within the time allowed. If this keeps happening, compare Salesforce's \
         latency with the time budget of the function."
    )]
    OutOfTime {
        /// What was attempted.
        operation: &'static str,
    },

    /// Salesforce said yes, with a reply that makes no sense. It was probably executed.
    #[error(
        "{operation}: the reply to an accepted request ({status}) is not understood: {problem}. Check that the \
         endpoint is Salesforce's API, and not a proxy or a maintenance page."
    )]
    UnreadableReply {
        /// What was attempted.
        operation: &'static str,
        /// HTTP status.
        status: u16,
        /// What is wrong with it.
        problem: UnreadableProblem,
    },

    /// No session, because Salesforce refuses the login: mend the set-up.
    #[error(transparent)]
    Login(#[from] LoginError),

    /// The client cannot work with what it was configured with.
    #[error(transparent)]
    Settings(#[from] SettingsError),
}

/// What is known about a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Salesforce certainly did not execute it.
    NotExecuted,
    /// Nobody knows.
    Unknown,
}

/// Why a reply is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnreadableProblem {
    /// Longer than the client reads, in bytes.
    TooLong(usize),
    /// There is none, where one is due.
    Empty,
    /// A web page.
    Html,
    /// Not JSON.
    NotJson,
    /// JSON, but this field is missing or of another type.
    Field(String),
}

/// A setting that the client cannot use.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The base URL.
    #[error("the Salesforce endpoint {0}")]
    Endpoint(&'static str),
    /// The org id.
    #[error("the Salesforce org id is not 15 or 18 letters and digits that begin with 00D")]
    OrgId,
    /// The private key.
    #[error("the private key {0}")]
    PrivateKey(&'static str),
    /// A part of a request path that would change the path.
    #[error("nothing, '.', '..' and control characters cannot be part of a request path")]
    PathSegment,
    /// The private key was read but does not sign.
    #[error("the private key does not sign: check that it is an RSA key of 2048 or 4096 bits")]
    Signing,
    /// No HTTP client can be built.
    #[error(
        "no HTTPS client could be set up: check the certificate authorities of this machine (SSL_CERT_FILE)"
    )]
    HttpClient(#[source] reqwest::Error),
}

impl Error {
    /// HTTP status, if Salesforce answered.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. }
            | Self::Unauthorized { status, .. }
            | Self::Throttled { status, .. }
            | Self::UnreadableReply { status, .. } => Some(*status),
            Self::Unavailable { status, .. } => *status,
            Self::Login(login) => Some(login.status),
            Self::Unsendable { .. }
            | Self::ApiAllowanceLow { .. }
            | Self::OutOfTime { .. }
            | Self::Settings(_) => None,
        }
    }

    /// Salesforce's error code, if the reply had one.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. }
            | Self::Unauthorized { code, .. }
            | Self::Throttled { code, .. }
            | Self::Unavailable { code, .. } => code.as_deref(),
            Self::Login(login) => login.code.as_deref(),
            Self::Unsendable { .. }
            | Self::ApiAllowanceLow { .. }
            | Self::OutOfTime { .. }
            | Self::UnreadableReply { .. }
            | Self::Settings(_) => None,
        }
    }

    /// Whether no repetition of the same request can cure it. Wrong credentials and settings can be cured: from
    /// outside, and then the same request goes through.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused { .. } | Self::Unsendable { .. })
    }

    /// One word for metrics and for the `errorType` of a Lambda error.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Refused { .. } => "SalesforceRefused",
            Self::Unsendable { .. } => "SalesforceUnsendable",
            Self::ApiAllowanceLow { .. } => "ApiAllowanceLow",
            Self::Unauthorized { .. } => "SalesforceUnauthorized",
            Self::Throttled { .. } => "SalesforceThrottled",
            Self::Unavailable { .. } => "SalesforceUnavailable",
            Self::OutOfTime { .. } => "SalesforceOutOfTime",
            Self::UnreadableReply { .. } => "SalesforceUnreadableReply",
            Self::Login(_) => "SalesforceLogin",
            Self::Settings(_) => "SalesforceSettings",
        }
    }
}

fn answer(status: u16, code: &Option<String>) -> String {
    match code {
        Some(code) => format!("{status} {code}"),
        None => status.to_string(),
    }
}

fn wait(retry_after: Option<Duration>) -> String {
    retry_after.map(|wait| format!("; it asks to wait {} s", wait.as_secs())).unwrap_or_default()
}

/// `: Subject, Origin`.
fn about(fields: &[String]) -> String {
    if fields.is_empty() { String::new() } else { format!(": {}", fields.join(", ")) }
}

fn unavailable(status: Option<u16>, outcome: Outcome) -> &'static str {
    match (status, outcome) {
        (Some(300..=399), _) => {
            "It redirects, which is not followed: check that the endpoint names the org's own host."
        }
        (_, Outcome::NotExecuted) => "The request was not executed; try again later.",
        (_, Outcome::Unknown) => "The request may have been executed all the same; try again later.",
    }
}

impl fmt::Display for UnreadableProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(limit) => write!(f, "it is longer than {limit} bytes"),
            Self::Empty => f.write_str("it is empty"),
            Self::Html => f.write_str("it is a web page"),
            Self::NotJson => f.write_str("it is not JSON"),
            Self::Field(path) => write!(f, "the field {path} is missing or not as expected"),
        }
    }
}
