//! Secrets Manager: `GetSecretValue`.
//! <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>

use std::collections::BTreeMap;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::{AwsError, read};
use crate::{ACCOUNT_ID, REGION, lock};

/// All secrets by name. There is no `Debug` of what is in them.
#[derive(Default)]
pub(crate) struct Secrets(Mutex<BTreeMap<String, Secret>>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(lock(&self.0).keys()).finish()
    }
}

struct Secret {
    /// AWS adds six characters to the name, so that a secret made anew under an old name is another one.
    arn: String,
    text: String,
    version: Uuid,
    created: DateTime<Utc>,
    deleted: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetSecretValue {
    secret_id: String,
    version_stage: Option<String>,
}

impl Secrets {
    pub(crate) fn put(&self, name: &str, text: &str) {
        let mut secrets = lock(&self.0);
        let arn = match secrets.get(name) {
            Some(existing) => existing.arn.clone(),
            None => {
                let suffix = &Uuid::new_v4().simple().to_string()[..6];
                format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:{name}-{suffix}")
            }
        };
        let secret = Secret {
            arn,
            text: text.to_owned(),
            version: Uuid::new_v4(),
            created: Utc::now(),
            deleted: false,
        };
        secrets.insert(name.to_owned(), secret);
    }

    pub(crate) fn delete(&self, name: &str) {
        if let Some(secret) = lock(&self.0).get_mut(name) {
            secret.deleted = true;
        }
    }

    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Result<Value, AwsError> {
        match operation {
            "GetSecretValue" => self.get(&read(operation, body)?),
            other => Err(AwsError::unknown_operation(other)),
        }
    }

    fn get(&self, request: &GetSecretValue) -> Result<Value, AwsError> {
        let secrets = lock(&self.0);
        let found = secrets.iter().find(|(name, secret)| is_named(name, secret, &request.secret_id));
        let (name, secret) = found.ok_or_else(|| {
            AwsError::refused("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        })?;
        if secret.deleted {
            let message =
                "You can't perform this operation on the secret because it was marked for deletion.";
            return Err(AwsError::refused("InvalidRequestException", message));
        }
        if let Some(stage) = request.version_stage.as_deref().filter(|stage| *stage != "AWSCURRENT") {
            let message =
                format!("Secrets Manager can't find the specified secret value for staging label: {stage}");
            return Err(AwsError::refused("ResourceNotFoundException", message));
        }
        Ok(json!({
            "ARN": secret.arn,
            "Name": name,
            "VersionId": secret.version.to_string(),
            "SecretString": secret.text,
            "VersionStages": ["AWSCURRENT"],
            "CreatedDate": secret.created.timestamp(),
        }))
    }
}

/// A secret is found by name, by ARN, and by ARN without the six characters at the end.
fn is_named(name: &str, secret: &Secret, id: &str) -> bool {
    let without_suffix = secret.arn.rsplit_once('-').map(|(start, _)| start);
    id == name || id == secret.arn || Some(id) == without_suffix
}

#[cfg(test)]
mod tests;
