use lambda_kit::aws::Failure;
use lambda_kit::credentials::CredentialError;
use salesforce::SettingsError;

/// An operation for a call center that failed, by the next move.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The contact itself names credentials that are not offered or do not exist: correct the contact flow.
    #[error("{0}")]
    UnknownCallCenter(#[source] CredentialError),

    /// The credentials cannot be had.
    #[error(transparent)]
    Credentials(CredentialError),

    /// The credentials can be had but not used: correct the secret.
    #[error("the credentials in `{secret}` cannot be used: {source}")]
    Settings {
        /// The name of the secret.
        secret: String,
        /// What is wrong in it.
        source: SettingsError,
    },

    /// Salesforce was asked.
    #[error(transparent)]
    Salesforce(salesforce::Error),
}

impl Error {
    pub(crate) fn credentials(requested: Option<&str>, error: CredentialError) -> Self {
        let named_by_contact = requested.is_some_and(|name| !name.trim().is_empty());
        match &error {
            CredentialError::NotAllowed { .. } => Self::UnknownCallCenter(error),
            CredentialError::Aws(e) if named_by_contact && matches!(e.failure, Failure::Missing(_)) => {
                Self::UnknownCallCenter(error)
            }
            _ => Self::Credentials(error),
        }
    }

    /// Whether other credentials could help.
    pub(crate) fn blames_the_credentials(&self) -> bool {
        match self {
            Self::Settings { .. } => true,
            Self::Salesforce(e) => match e {
                salesforce::Error::Unauthorized { .. } | salesforce::Error::Login(_) => true,
                salesforce::Error::Settings(e) => matches!(e, SettingsError::Signing),
                _ => false,
            },
            Self::UnknownCallCenter(_) | Self::Credentials(_) => false,
        }
    }

    /// Whether no repetition of the same request can cure it: the event itself is at fault. Wrong credentials and
    /// outages are cured from outside, and then the same request goes through.
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::UnknownCallCenter(_) => true,
            Self::Salesforce(e) => e.is_permanent(),
            Self::Credentials(_) | Self::Settings { .. } => false,
        }
    }

    /// One word for metrics and for the `errorType` of a Lambda error.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::UnknownCallCenter(e) | Self::Credentials(e) => e.kind(),
            Self::Settings { .. } => "CredentialsUnusable",
            Self::Salesforce(e) => e.kind(),
        }
    }

    /// The HTTP status, if Salesforce answered.
    pub fn status(&self) -> Option<u16> {
        self.salesforce().and_then(salesforce::Error::status)
    }

    /// Salesforce's error code, if it gave one.
    pub fn code(&self) -> Option<&str> {
        self.salesforce().and_then(salesforce::Error::code)
    }

    fn salesforce(&self) -> Option<&salesforce::Error> {
        match self {
            Self::Salesforce(e) => Some(e),
            _ => None,
        }
    }
}
