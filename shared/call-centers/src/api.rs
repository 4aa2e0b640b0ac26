//! Salesforce's two APIs, each as the client that its credentials make.

use std::sync::Arc;

use lambda_kit::credentials::{
    CredentialError, CredentialStore, Freshness, Grant, RestCredentials, TelephonyCredentials,
};
use salesforce::oauth::{Login, Session};
use salesforce::rest::Rest;
use salesforce::telephony::{Settings, Telephony};
use salesforce::{Endpoint, Http, OrgId, RsaKey, SettingsError};
use tokio::time::Instant;

/// What all clients of a deployment have in common.
pub(crate) struct Common {
    pub(crate) http: Http,
    /// Percent of the org's daily API requests below which requests that can wait are not made.
    pub(crate) api_floor: u8,
}

/// One of the two APIs of a call center.
pub(crate) trait Api: Sized {
    /// What it takes to use it.
    type Credentials;

    async fn credentials(
        store: &CredentialStore,
        requested: Option<&str>,
        freshness: Freshness,
        deadline: Instant,
    ) -> Result<Arc<Self::Credentials>, CredentialError>;

    /// The client. No I/O.
    fn client(common: &Common, credentials: &Self::Credentials) -> Result<Self, SettingsError>;
}

impl Api for Telephony {
    type Credentials = TelephonyCredentials;

    async fn credentials(
        store: &CredentialStore,
        requested: Option<&str>,
        freshness: Freshness,
        deadline: Instant,
    ) -> Result<Arc<Self::Credentials>, CredentialError> {
        store.telephony(requested, freshness, deadline).await
    }

    fn client(common: &Common, credentials: &Self::Credentials) -> Result<Self, SettingsError> {
        let settings = Settings {
            endpoint: Endpoint::parse(&credentials.scrt_endpoint_base)?,
            org_id: OrgId::parse(&credentials.org_id)?,
            call_center_api_name: credentials.call_center_api_name.clone(),
            private_key: RsaKey::from_pem(&credentials.private_key)?,
        };
        Ok(Telephony::new(common.http.clone(), settings))
    }
}

impl Api for Rest {
    type Credentials = RestCredentials;

    async fn credentials(
        store: &CredentialStore,
        requested: Option<&str>,
        freshness: Freshness,
        deadline: Instant,
    ) -> Result<Arc<Self::Credentials>, CredentialError> {
        store.rest(requested, freshness, deadline).await
    }

    fn client(common: &Common, credentials: &Self::Credentials) -> Result<Self, SettingsError> {
        let endpoint = Endpoint::parse(&credentials.rest_endpoint_base)?;
        let login_endpoint = Endpoint::parse(&credentials.auth_endpoint)?;
        let session = Session::new(common.http.clone(), login_endpoint, login(&credentials.grant)?);
        Ok(Rest::new(common.http.clone(), endpoint, Arc::new(session)).with_api_floor(common.api_floor))
    }
}

fn login(grant: &Grant) -> Result<Login, SettingsError> {
    Ok(match grant {
        Grant::JwtBearer { consumer_key, subject, audience, private_key } => Login::JwtBearer {
            consumer_key: consumer_key.clone(),
            subject: subject.clone(),
            audience: audience.clone(),
            private_key: RsaKey::from_pem(private_key)?,
        },
        Grant::ClientCredentials { consumer_key, consumer_secret } => Login::ClientCredentials {
            consumer_key: consumer_key.clone(),
            consumer_secret: consumer_secret.clone(),
        },
    })
}
