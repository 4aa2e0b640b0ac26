use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lambda_kit::credentials::TelephonyCredentials;
use salesforce::telephony::{Settings, Telephony};
use salesforce::{Endpoint, Http, OrgId, RsaKey, SettingsError};
use tokio::time::Instant;

/// While Salesforce refuses credentials that have not changed, every call would read the secret again. Once in this
/// time is soon enough for a new key, and far below what Secrets Manager bills or throttles.
pub(crate) const REREAD_PAUSE: Duration = Duration::from_secs(10);

/// One call center.
#[derive(Default)]
pub(crate) struct Center {
    client: Mutex<Option<Client>>,
    /// When the credentials were last read again because Salesforce refused them.
    pub(crate) last_reread: tokio::sync::Mutex<Option<Instant>>,
}

struct Client {
    credentials: Arc<TelephonyCredentials>,
    telephony: Arc<Telephony>,
}

impl Center {
    /// The client for these credentials, built once.
    pub(crate) fn client(
        &self,
        http: &Http,
        credentials: &Arc<TelephonyCredentials>,
    ) -> Result<Arc<Telephony>, SettingsError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        match &*client {
            Some(client) if Arc::ptr_eq(&client.credentials, credentials) => {
                Ok(Arc::clone(&client.telephony))
            }
            _ => {
                let telephony = Arc::new(Telephony::new(http.clone(), settings(credentials)?));
                let credentials = Arc::clone(credentials);
                *client = Some(Client { credentials, telephony: Arc::clone(&telephony) });
                Ok(telephony)
            }
        }
    }
}

fn settings(credentials: &TelephonyCredentials) -> Result<Settings, SettingsError> {
    Ok(Settings {
        endpoint: Endpoint::parse(&credentials.scrt_endpoint_base)?,
        org_id: OrgId::parse(&credentials.org_id)?,
        call_center_api_name: credentials.call_center_api_name.clone(),
        private_key: RsaKey::from_pem(&credentials.private_key)?,
    })
}
