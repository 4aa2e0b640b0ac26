//! One call center's client of one API, and all of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use salesforce::SettingsError;
use tokio::time::Instant;

use crate::api::{Api, Common};

/// While Salesforce refuses credentials that have not changed, every call would read the secret again. Once in this
/// time is soon enough for a new key, and far below what Secrets Manager bills or throttles.
pub(crate) const REREAD_PAUSE: Duration = Duration::from_secs(10);

/// One call center.
pub(crate) struct Center<A: Api> {
    client: Mutex<Option<Client<A>>>,
    /// When the credentials were last read again because Salesforce refused them.
    pub(crate) last_reread: tokio::sync::Mutex<Option<Instant>>,
}

struct Client<A: Api> {
    credentials: Arc<A::Credentials>,
    api: Arc<A>,
}

impl<A: Api> Center<A> {
    /// The client for these credentials, built once.
    pub(crate) fn client(
        &self,
        common: &Common,
        credentials: &Arc<A::Credentials>,
    ) -> Result<Arc<A>, SettingsError> {
        let mut client = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        match &*client {
            Some(client) if Arc::ptr_eq(&client.credentials, credentials) => Ok(Arc::clone(&client.api)),
            _ => {
                let api = Arc::new(A::client(common, credentials)?);
                *client = Some(Client { credentials: Arc::clone(credentials), api: Arc::clone(&api) });
                Ok(api)
            }
        }
    }
}

/// The call centers of one API, by the name of their credentials.
pub(crate) struct Centers<A: Api>(Mutex<HashMap<String, Arc<Center<A>>>>);

impl<A: Api> Centers<A> {
    /// Only called for names that lead to credentials, so the map stays as small as the deployment.
    pub(crate) fn get(&self, name: &str) -> Arc<Center<A>> {
        let mut centers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match centers.get(name) {
            Some(center) => Arc::clone(center),
            None => {
                let center = Center { client: Mutex::default(), last_reread: tokio::sync::Mutex::default() };
                Arc::clone(centers.entry(name.to_owned()).or_insert(Arc::new(center)))
            }
        }
    }
}

impl<A: Api> Default for Centers<A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}
