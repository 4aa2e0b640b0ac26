use crate::aws::{AwsError, Failure};
use crate::env::ConfigError;

/// Credentials that cannot be had, by the next move. Secrets, parameters and keys are named; values never.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CredentialError {
    /// The contact asks for a secret that this deployment does not offer. Nothing was sent to AWS.
    #[error(
        "the contact asks for the secret {requested}, which ALLOWED_SECRETS does not allow: correct `secretName` in \
         the contact flow, or allow it in ALLOWED_SECRETS and in the policy of the function's role"
    )]
    NotAllowed {
        /// The name asked for, quoted and cut to a length fit for logs.
        requested: String,
    },

    /// The function's configuration is incomplete.
    #[error(transparent)]
    Config(#[from] ConfigError),

    /// The secret is about to be deleted, and AWS no longer gives its value.
    #[error(
        "the {} cannot be read, it is marked for deletion: restore it (aws secretsmanager restore-secret), or point \
         SECRET_NAME or `secretName` to the one that replaces it",
        .0.resource
    )]
    MarkedForDeletion(#[source] AwsError),

    /// The secret is not a JSON object in text form.
    #[error(
        "the secret {secret} is not usable: {problem}; it must be a JSON object as Salesforce's set-up writes it"
    )]
    Malformed {
        /// Its name.
        secret: String,
        /// What is wrong with it.
        problem: &'static str,
    },

    /// The secret lacks a value.
    #[error("the secret {secret} has no text under the key {key}: add it to the secret")]
    MissingKey {
        /// Its name.
        secret: String,
        /// The key in its JSON object.
        key: String,
    },

    /// A parameter in Parameter Store is empty.
    #[error("the SSM parameter {parameter} is empty: write the value into it")]
    EmptyParameter {
        /// Its name.
        parameter: String,
    },

    /// AWS did not give the value.
    #[error(transparent)]
    Aws(#[from] AwsError),
}

impl CredentialError {
    /// Whether the same request may well succeed later with nobody changing anything.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Aws(e) if e.is_transient())
    }

    /// A short stable name, for metrics and `errorType`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "SecretNotAllowed",
            Self::Config(_) => "Configuration",
            Self::MarkedForDeletion(_) => "SecretDeleted",
            Self::Malformed { .. } | Self::MissingKey { .. } | Self::EmptyParameter { .. } => {
                "SecretIncomplete"
            }
            Self::Aws(e) => match e.failure {
                Failure::Denied(_) => "SecretDenied",
                Failure::Missing(_) => "SecretMissing",
                Failure::Refused { .. } => "SecretRefused",
                Failure::Unavailable(_) => "SecretUnavailable",
                Failure::OutOfTime => e.kind(),
            },
        }
    }
}
