use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use tokio::time::Instant;

use super::CredentialError;
use super::allowed::AllowedSecrets;
use super::document::Document;
use crate::aws::call;
use crate::env::{ConfigError, Env};

/// One secret per call center.
pub(super) struct SecretsManager {
    pub(super) allowed: AllowedSecrets,
    sdk: SdkConfig,
    client: OnceLock<Client>,
}

impl SecretsManager {
    pub(super) fn from_env(env: &Env<'_>, sdk: &SdkConfig) -> Result<Self, ConfigError> {
        Ok(Self { allowed: AllowedSecrets::from_env(env)?, sdk: sdk.clone(), client: OnceLock::new() })
    }

    /// Reads a secret whose name is allowed.
    pub(super) async fn read(&self, name: &str, deadline: Instant) -> Result<Document, CredentialError> {
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        let request = client.get_secret_value().secret_id(name);
        let resource = format!("secret {name}");
        let secret = match call("secretsmanager:GetSecretValue", &resource, deadline, request.send()).await {
            Ok(secret) => secret,
            // For this operation it has no other meaning.
            Err(e) if e.is_refusal("InvalidRequestException") => {
                return Err(CredentialError::MarkedForDeletion(e));
            }
            Err(e) => return Err(e.into()),
        };
        let text = secret.secret_string().ok_or_else(|| CredentialError::Malformed {
            secret: name.to_owned(),
            problem: "it holds bytes instead of text",
        })?;
        Document::parse(name, text)
    }
}
