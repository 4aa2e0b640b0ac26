//! SSM Parameter Store: `GetParameters`.
//! <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html>

use std::collections::BTreeMap;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::{AwsError, read};
use crate::{ACCOUNT_ID, REGION, lock};

/// How many names one request may hold.
const MOST_NAMES: usize = 10;

/// All parameters by name, each a `SecureString`. There is no `Debug` of what is in them.
#[derive(Default)]
pub(crate) struct Parameters(Mutex<BTreeMap<String, Parameter>>);

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(lock(&self.0).keys()).finish()
    }
}

struct Parameter {
    value: String,
    /// What a reader without decryption gets to see. It has nothing to do with the value.
    ciphertext: String,
    version: u64,
    modified: DateTime<Utc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct GetParameters {
    names: Vec<String>,
    #[serde(default)]
    with_decryption: bool,
}

impl Parameters {
    pub(crate) fn put(&self, name: &str, value: &str) {
        let mut parameters = lock(&self.0);
        let version = parameters.get(name).map_or(1, |existing| existing.version + 1);
        let ciphertext = STANDARD.encode(Uuid::new_v4());
        let parameter = Parameter { value: value.to_owned(), ciphertext, version, modified: Utc::now() };
        parameters.insert(name.to_owned(), parameter);
    }

    pub(crate) fn answer(&self, operation: &str, body: &[u8]) -> Result<Value, AwsError> {
        match operation {
            "GetParameters" => self.get(&read(operation, body)?),
            other => Err(AwsError::unknown_operation(other)),
        }
    }

    fn get(&self, request: &GetParameters) -> Result<Value, AwsError> {
        if !(1..=MOST_NAMES).contains(&request.names.len()) {
            let message = format!("1 validation error detected: 'names' must have 1 to {MOST_NAMES} members");
            return Err(AwsError::invalid(message));
        }
        let parameters = lock(&self.0);
        let mut found = Vec::new();
        let mut invalid = Vec::new();
        for name in &request.names {
            match parameters.get(name) {
                Some(parameter) => found.push(describe(name, parameter, request.with_decryption)),
                None => invalid.push(name),
            }
        }
        Ok(json!({ "Parameters": found, "InvalidParameters": invalid }))
    }
}

fn describe(name: &str, parameter: &Parameter, decrypted: bool) -> Value {
    // The slash of a hierarchical name is also the one that separates it from `parameter` in the ARN.
    let path = name.strip_prefix('/').unwrap_or(name);
    json!({
        "ARN": format!("arn:aws:ssm:{REGION}:{ACCOUNT_ID}:parameter/{path}"),
        "DataType": "text",
        "LastModifiedDate": parameter.modified.timestamp(),
        "Name": name,
        "Type": "SecureString",
        "Value": if decrypted { &parameter.value } else { &parameter.ciphertext },
        "Version": parameter.version,
    })
}

#[cfg(test)]
mod tests;
