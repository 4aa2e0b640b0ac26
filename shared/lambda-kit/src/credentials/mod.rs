//! The credentials of a call center, from AWS Secrets Manager or (the older set-up) SSM Parameter Store.

mod allowed;
mod cache;
mod document;
mod error;
mod parameter_store;
mod secrets_manager;
mod types;

use std::sync::{Arc, Once};
use std::time::Duration;

use aws_config::SdkConfig;
use tokio::time::Instant;
use tracing::warn;

use self::cache::Cache;
use self::parameter_store::ParameterStore;
use self::secrets_manager::SecretsManager;
use crate::env::{ConfigError, Env};

pub use error::CredentialError;
pub use types::{Grant, RestCredentials, TelephonyCredentials};

const DEFAULT_TTL_SECONDS: u64 = 300;

/// The name under which the one set of credentials in Parameter Store goes.
const PARAMETER_STORE: &str = "parameter store";

/// Where a function gets the credentials of its call centers.
///
/// Each set is kept for `SECRET_TTL_SECONDS` (300). Callers that ask at the same time share one read. When a
/// later read fails for a reason that passes by itself (throttled, unreachable), what is known keeps serving, with
/// a warning; when the secret is deleted, forbidden or broken, that is meant, and an error.
pub struct CredentialStore {
    source: Source,
    telephony: Cache<TelephonyCredentials>,
    rest: Cache<RestCredentials>,
}

enum Source {
    SecretsManager(Box<SecretsManager>),
    ParameterStore(Box<ParameterStore>),
}

/// How fresh the answer must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// What is known will do, within its time to live.
    Cached,
    /// Salesforce has just refused what is known: read it again.
    Reread,
}

impl CredentialStore {
    /// The store that `CREDENTIAL_SOURCE` (`secretsmanager`, the default, or `ssm`) names. No I/O.
    pub fn from_env(env: &Env<'_>, sdk: &SdkConfig) -> Result<Self, ConfigError> {
        let ttl = env.parsed(
            "SECRET_TTL_SECONDS",
            "for how many seconds credentials are kept before they are read again",
            DEFAULT_TTL_SECONDS,
        )?;
        let ttl = Duration::from_secs(ttl);
        let source = match env.optional("CREDENTIAL_SOURCE").as_deref() {
            None | Some("secretsmanager") => {
                Source::SecretsManager(Box::new(SecretsManager::from_env(env, sdk)?))
            }
            Some("ssm") => Source::ParameterStore(Box::new(ParameterStore::from_env(env, sdk))),
            Some(_) => {
                return Err(ConfigError::invalid(
                    "CREDENTIAL_SOURCE",
                    "the service that holds the credentials",
                    "neither secretsmanager nor ssm",
                ));
            }
        };
        Ok(Self { source, telephony: Cache::new(ttl), rest: Cache::new(ttl) })
    }

    /// The name of the credentials that serve a contact which asks for the secret `requested` (its attribute or
    /// parameter `secretName`; an empty one asks for nothing). Different names, different call centers.
    pub fn name<'a>(&'a self, requested: Option<&'a str>) -> Result<&'a str, CredentialError> {
        match &self.source {
            Source::SecretsManager(secrets) => secrets.allowed.choose(requested),
            Source::ParameterStore(_) => {
                if requested.is_some_and(|name| !name.trim().is_empty()) {
                    warn_once_that_names_are_ignored();
                }
                Ok(PARAMETER_STORE)
            }
        }
    }

    /// What the Telephony Integration API of the call center needs.
    pub async fn telephony(
        &self,
        requested: Option<&str>,
        freshness: Freshness,
        deadline: Instant,
    ) -> Result<Arc<TelephonyCredentials>, CredentialError> {
        let name = self.name(requested)?;
        let load = async |deadline| match &self.source {
            Source::SecretsManager(secrets) => secrets.read(name, deadline).await?.telephony(),
            Source::ParameterStore(parameters) => parameters.telephony(deadline).await,
        };
        self.telephony.get(name, freshness, deadline, load).await
    }

    /// What the REST API of the call center's org needs.
    pub async fn rest(
        &self,
        requested: Option<&str>,
        freshness: Freshness,
        deadline: Instant,
    ) -> Result<Arc<RestCredentials>, CredentialError> {
        let name = self.name(requested)?;
        let load = async |deadline| match &self.source {
            Source::SecretsManager(secrets) => secrets.read(name, deadline).await?.rest(),
            Source::ParameterStore(parameters) => parameters.rest(deadline).await,
        };
        self.rest.get(name, freshness, deadline, load).await
    }
}

fn warn_once_that_names_are_ignored() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        warn!(
            "a contact names a secret, but CREDENTIAL_SOURCE=ssm knows one call center only: the name is ignored. \
             Several call centers need CREDENTIAL_SOURCE=secretsmanager"
        );
    });
}

#[cfg(test)]
mod tests;
