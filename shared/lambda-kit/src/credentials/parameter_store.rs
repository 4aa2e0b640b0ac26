use std::collections::HashMap;
use std::sync::OnceLock;

use aws_config::SdkConfig;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::Parameter;
use tokio::time::Instant;

use super::{CredentialError, Grant, RestCredentials, TelephonyCredentials};
use crate::aws::{AwsError, call};
use crate::env::{ConfigError, Env};

const ACTION: &str = "ssm:GetParameters";

/// The variables that the predecessors of the functions read, with what they hold there.
const SALESFORCE_ORG_ID: Variable = ("SALESFORCE_ORG_ID", "the id of the Salesforce org");
const CALL_CENTER_API_NAME: Variable = ("CALL_CENTER_API_NAME", "the API name of the call center");
const SCRT_ENDPOINT_BASE: Variable = ("SCRT_ENDPOINT_BASE", "the base URL of the Telephony Integration API");
const AUTH_ENDPOINT: Variable = ("SALESFORCE_AUTH_ENDPOINT", "the URL of the OAuth token endpoint");
const REST_ENDPOINT_BASE: Variable = ("SALESFORCE_REST_API_ENDPOINT_BASE", "the base URL of the REST API");
/// In a telephony function the key of the Telephony Integration API, in a REST function that of the connected app.
const PRIVATE_KEY: Variable =
    ("PRIVATE_KEY_PARAM_NAME", "the name of the SSM parameter with the private key");
const CONSUMER_KEY: Variable =
    ("CONSUMER_KEY_PARAM_NAME", "the name of the SSM parameter with the consumer key");
const SUBJECT: Variable = ("SUBJECT", "the name of the SSM parameter with the run-as user's name");
const AUDIENCE: Variable = ("AUDIENCE", "the name of the SSM parameter with the audience");

/// Name and purpose.
type Variable = (&'static str, &'static str);

/// The older set-up: one call center per deployment, settings in the environment, secrets in Parameter Store.
pub(super) struct ParameterStore {
    settings: HashMap<&'static str, String>,
    sdk: SdkConfig,
    client: OnceLock<Client>,
}

impl ParameterStore {
    /// Which variables a function needs shows when it asks for credentials, so nothing is required here.
    pub(super) fn from_env(env: &Env<'_>, sdk: &SdkConfig) -> Self {
        let settings = [
            SALESFORCE_ORG_ID,
            CALL_CENTER_API_NAME,
            SCRT_ENDPOINT_BASE,
            AUTH_ENDPOINT,
            REST_ENDPOINT_BASE,
            PRIVATE_KEY,
            CONSUMER_KEY,
            SUBJECT,
            AUDIENCE,
        ]
        .into_iter()
        .filter_map(|(variable, _)| Some((variable, env.optional(variable)?)))
        .collect();
        Self { settings, sdk: sdk.clone(), client: OnceLock::new() }
    }

    pub(super) async fn telephony(&self, deadline: Instant) -> Result<TelephonyCredentials, CredentialError> {
        let (org_id, call_center_api_name) =
            (self.setting(SALESFORCE_ORG_ID)?, self.setting(CALL_CENTER_API_NAME)?);
        let scrt_endpoint_base = self.setting(SCRT_ENDPOINT_BASE)?;
        let [private_key] = self.parameters([PRIVATE_KEY], deadline).await?;
        Ok(TelephonyCredentials {
            org_id,
            call_center_api_name,
            scrt_endpoint_base,
            private_key: private_key.into(),
        })
    }

    pub(super) async fn rest(&self, deadline: Instant) -> Result<RestCredentials, CredentialError> {
        let (auth_endpoint, rest_endpoint_base) =
            (self.setting(AUTH_ENDPOINT)?, self.setting(REST_ENDPOINT_BASE)?);
        let call_center_api_name = self.setting(CALL_CENTER_API_NAME)?;
        let [consumer_key, subject, audience, private_key] =
            self.parameters([CONSUMER_KEY, SUBJECT, AUDIENCE, PRIVATE_KEY], deadline).await?;
        let grant = Grant::JwtBearer { consumer_key, subject, audience, private_key: private_key.into() };
        Ok(RestCredentials { call_center_api_name, auth_endpoint, rest_endpoint_base, grant })
    }

    fn setting(&self, (variable, purpose): Variable) -> Result<String, ConfigError> {
        let look_up = |variable: &str| self.settings.get(variable).cloned();
        Env::new(&look_up).required(variable, purpose)
    }

    /// The values of the parameters that these variables name, in one call.
    async fn parameters<const N: usize>(
        &self,
        variables: [Variable; N],
        deadline: Instant,
    ) -> Result<[String; N], CredentialError> {
        let mut names: [String; N] = std::array::from_fn(|_| String::new());
        for (name, variable) in names.iter_mut().zip(variables) {
            *name = self.setting(variable)?;
        }
        let client = self.client.get_or_init(|| Client::new(&self.sdk));
        let request = client.get_parameters().set_names(Some(names.to_vec())).with_decryption(true);
        let resource = format!("parameters {}", names.join(", "));
        let reply = call(ACTION, &resource, deadline, request.send()).await?;
        let mut values = std::array::from_fn(|_| String::new());
        for (value, name) in values.iter_mut().zip(&names) {
            *value = value_of(name, reply.parameters())?;
        }
        Ok(values)
    }
}

fn value_of(name: &str, parameters: &[Parameter]) -> Result<String, CredentialError> {
    let parameter = parameters.iter().find(|parameter| answers_to(name, parameter)).ok_or_else(|| {
        AwsError::missing(ACTION, format!("parameter {name}"), "Parameter Store does not know it")
    })?;
    match parameter.value().map(str::trim) {
        Some(value) if !value.is_empty() => Ok(value.to_owned()),
        _ => Err(CredentialError::EmptyParameter { parameter: name.to_owned() }),
    }
}

/// A parameter may also be asked for by its ARN, and with a version or label behind a colon.
fn answers_to(asked: &str, parameter: &Parameter) -> bool {
    let selector = parameter.selector().unwrap_or_default();
    [parameter.name(), parameter.arn()]
        .into_iter()
        .flatten()
        .any(|known| asked == known || asked.strip_prefix(known).is_some_and(|rest| rest == selector))
}
