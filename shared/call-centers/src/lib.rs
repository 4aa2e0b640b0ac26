#![doc = include_str!("../README.md")]

mod center;
mod error;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lambda_kit::credentials::{CredentialStore, Freshness, TelephonyCredentials};
use lambda_kit::metrics::Metrics;
use salesforce::telephony::Telephony;
use salesforce::{Attempt, Http};
use tokio::time::{Instant, timeout_at};
use tracing::{info, warn};

use self::center::Center;

pub use error::Error;

/// The call centers of a deployment. One for the process: it keeps the clients, and they their connections.
pub struct CallCenters {
    credentials: CredentialStore,
    http: Http,
    /// By the name of the credentials.
    centers: Mutex<HashMap<String, Arc<Center>>>,
}

impl CallCenters {
    /// Call centers with credentials from this store; every request to Salesforce is counted in `metrics`. No I/O.
    pub fn new(credentials: CredentialStore, metrics: Metrics) -> Self {
        let observer = move |attempt: &Attempt| {
            metrics.salesforce(attempt.operation, attempt.status, attempt.elapsed, attempt.number);
        };
        Self { credentials, http: Http::new(Arc::new(observer)), centers: Mutex::default() }
    }

    /// Runs `operation` with the client of the call center that a contact belongs to. `requested` is the secret that the
    /// contact names (attribute or parameter `secretName`), if it names one.
    ///
    /// When Salesforce refuses the credentials, they are read again, and if they have changed, the operation runs once
    /// more. That is safe for every operation, because what Salesforce refuses this way it has not executed.
    pub async fn call<T>(
        &self,
        requested: Option<&str>,
        deadline: Instant,
        operation: impl AsyncFn(&Telephony) -> Result<T, salesforce::Error>,
    ) -> Result<T, Error> {
        let used = self.read(requested, Freshness::Cached, deadline).await?;
        let name = self.credentials.name(requested).map_err(|e| Error::credentials(requested, e))?;
        let center = self.center(name);
        let error = match self.attempt(name, &center, &used, &operation).await {
            Err(e) if e.blames_the_credentials() => e,
            other => return other,
        };
        match self.changed(requested, name, &center, &used, deadline).await? {
            Some(new) => self.attempt(name, &center, &new, &operation).await,
            None => Err(error),
        }
    }

    async fn attempt<T>(
        &self,
        name: &str,
        center: &Center,
        credentials: &Arc<TelephonyCredentials>,
        operation: impl AsyncFn(&Telephony) -> Result<T, salesforce::Error>,
    ) -> Result<T, Error> {
        let client = center
            .client(&self.http, credentials)
            .map_err(|source| Error::Settings { secret: name.to_owned(), source })?;
        operation(&client).await.map_err(Error::Salesforce)
    }

    /// The credentials as they are now, if they are not those that were refused.
    async fn changed(
        &self,
        requested: Option<&str>,
        name: &str,
        center: &Center,
        refused: &Arc<TelephonyCredentials>,
        deadline: Instant,
    ) -> Result<Option<Arc<TelephonyCredentials>>, Error> {
        // Calls that are refused at the same time come here one by one, and the first does the work for all.
        let Ok(mut last_reread) = timeout_at(deadline, center.last_reread.lock()).await else {
            return Ok(None);
        };
        let known = self.read(requested, Freshness::Cached, deadline).await?;
        if !Arc::ptr_eq(&known, refused) {
            return Ok(Some(known));
        }
        let now = Instant::now();
        if last_reread.is_some_and(|at| now < at + center::REREAD_PAUSE) {
            return Ok(None);
        }
        *last_reread = Some(now);
        let read = self.read(requested, Freshness::Reread, deadline).await?;
        if Arc::ptr_eq(&read, refused) {
            warn!(secret = name, "Salesforce refuses these credentials, and the secret still holds the same");
            return Ok(None);
        }
        info!(
            secret = name,
            "Salesforce refused the credentials, and the secret holds new ones: they are used now"
        );
        Ok(Some(read))
    }

    async fn read(
        &self,
        requested: Option<&str>,
        freshness: Freshness,
        deadline: Instant,
    ) -> Result<Arc<TelephonyCredentials>, Error> {
        let read = self.credentials.telephony(requested, freshness, deadline).await;
        read.map_err(|e| Error::credentials(requested, e))
    }

    /// Only called for names that lead to credentials, so the map stays as small as the deployment.
    fn center(&self, name: &str) -> Arc<Center> {
        let mut centers = self.centers.lock().unwrap_or_else(PoisonError::into_inner);
        match centers.get(name) {
            Some(center) => Arc::clone(center),
            None => Arc::clone(centers.entry(name.to_owned()).or_default()),
        }
    }
}

#[cfg(test)]
mod tests;
