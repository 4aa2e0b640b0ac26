//! The keys of the call center, and the secret that tells functions of them.

use salesforce_org::{CallCenter, ConnectedApp, KeyPair, Org};
use serde_json::json;

/// The call center's API name: subject of its tokens, prefix of its secret.
pub(crate) const API_NAME: &str = "CallbridgeLocal";
/// The secret's name, as Salesforce's set-up chooses it.
pub(crate) const SECRET_NAME: &str = "CallbridgeLocal-salesforce-secret";

const CONSUMER_KEY: &str = "callbridge-local-consumer-key";
const RUN_AS: &str = "integration@callbridge.example";
const AUDIENCE: &str = "https://login.salesforce.com";

/// The key pairs of one call center. Made at run time: no key is ever in the repository.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Signs the tokens of the Telephony Integration API.
    telephony: KeyPair,
    /// Signs the assertions of the connected app.
    rest: KeyPair,
}

impl Keys {
    /// Makes new ones, without keeping the runtime from its work meanwhile.
    pub(crate) async fn generate() -> anyhow::Result<Self> {
        let telephony = tokio::task::spawn_blocking(KeyPair::generate);
        let rest = tokio::task::spawn_blocking(KeyPair::generate);
        Ok(Self { telephony: telephony.await??, rest: rest.await?? })
    }

    /// Registers the public halves in the org, in place of those that were there.
    pub(crate) fn register(&self, org: &Org) -> anyhow::Result<()> {
        org.add_call_center(CallCenter {
            api_name: API_NAME.to_owned(),
            public_key_pem: self.telephony.public_pem(),
        })?;
        org.add_connected_app(ConnectedApp {
            consumer_key: CONSUMER_KEY.to_owned(),
            public_key_pem: Some(self.rest.public_pem()),
            pre_authorized: vec![RUN_AS.to_owned()],
            ..ConnectedApp::default()
        })
    }

    /// The secret document: keys and key forms as Salesforce's set-up writes them.
    pub(crate) fn secret(&self, org: &Org) -> String {
        let key = |name: &str| format!("{API_NAME}-{name}");
        json!({
            "SALESFORCE_ORG_ID": org.org_id(),
            "CALL_CENTER_API_NAME": API_NAME,
            "SCRT_ENDPOINT_BASE": org.scrt_endpoint(),
            "SALESFORCE_REST_API_ENDPOINT_BASE": org.rest_endpoint(),
            "SALESFORCE_AUTH_ENDPOINT": org.token_endpoint(),
            key("scrt-jwt-auth-private-key"): flat(&self.telephony.private_pem_pkcs1()),
            key("salesforce-rest-api-auth-private-key"): flat(&self.rest.private_pem_pkcs1()),
            key("salesforce-rest-api-auth-consumer-key"): CONSUMER_KEY,
            key("salesforce-rest-api-subject"): RUN_AS,
            key("salesforce-rest-api-audience"): AUDIENCE,
        })
        .to_string()
    }
}

/// The documented recipe for the secret puts the PEM on one line.
fn flat(pem: &str) -> String {
    pem.trim().replace('\n', " ")
}
