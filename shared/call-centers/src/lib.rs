#![doc = include_str!("../README.md")]

mod api;
mod center;
mod error;

use std::sync::Arc;

use lambda_kit::credentials::{CredentialStore, Freshness};
use lambda_kit::metrics::Metrics;
use salesforce::rest::Rest;
use salesforce::telephony::Telephony;
use salesforce::{Attempt, Http};
use tokio::time::{Instant, timeout_at};
use tracing::{info, warn};

use self::api::{Api, Common};
use self::center::{Center, Centers, REREAD_PAUSE};

pub use error::Error;

/// The call centers of a deployment. One for the process: it keeps the clients, and they their connections.
pub struct CallCenters {
    credentials: CredentialStore,
    common: Common,
    telephony: Centers<Telephony>,
    rest: Centers<Rest>,
}

impl CallCenters {
    /// Call centers with credentials from this store; every request to Salesforce is counted in `metrics`. No I/O.
    pub fn new(credentials: CredentialStore, metrics: Metrics) -> Self {
        let observer = move |attempt: &Attempt| {
            metrics.salesforce(attempt.operation, attempt.status, attempt.elapsed, attempt.number);
            if let Some(usage) = attempt.api_usage {
                metrics.api_allowance_used(usage.used_percent());
            }
        };
        let common = Common { http: Http::new(Arc::new(observer)), api_floor: 0 };
        Self { credentials, common, telephony: Centers::default(), rest: Centers::default() }
    }

    /// The same, keeping the last `percent` of the org's daily API requests for those that cannot wait.
    pub fn with_api_floor(mut self, percent: u8) -> Self {
        self.common.api_floor = percent;
        self
    }

    /// Runs `operation` with the Telephony Integration API of the call center that a contact belongs to. `requested` is
    /// the secret that the contact names (attribute or parameter `secretName`), if it names one.
    ///
    /// When Salesforce refuses the credentials, they are read again, and if they have changed, the operation runs once
    /// more. That is safe for every operation, because what Salesforce refuses this way it has not executed.
    pub async fn telephony<T>(
        &self,
        requested: Option<&str>,
        deadline: Instant,
        operation: impl AsyncFn(&Telephony) -> Result<T, salesforce::Error>,
    ) -> Result<T, Error> {
        self.run(&self.telephony, requested, deadline, operation).await
    }

    /// The same with the REST API of the call center's org. An operation of several requests may have executed some
    /// of them when the credentials are refused: each must be safe to repeat, or be the only one.
    pub async fn rest<T>(
        &self,
        requested: Option<&str>,
        deadline: Instant,
        operation: impl AsyncFn(&Rest) -> Result<T, salesforce::Error>,
    ) -> Result<T, Error> {
        self.run(&self.rest, requested, deadline, operation).await
    }

    /// The API name of the call center whose org [`CallCenters::rest`] asks.
    pub async fn call_center_api_name(
        &self,
        requested: Option<&str>,
        deadline: Instant,
    ) -> Result<String, Error> {
        let credentials = self.read::<Rest>(requested, Freshness::Cached, deadline).await?;
        Ok(credentials.call_center_api_name.clone())
    }

    async fn run<A: Api, T>(
        &self,
        centers: &Centers<A>,
        requested: Option<&str>,
        deadline: Instant,
        operation: impl AsyncFn(&A) -> Result<T, salesforce::Error>,
    ) -> Result<T, Error> {
        let used = self.read::<A>(requested, Freshness::Cached, deadline).await?;
        let name = self.credentials.name(requested).map_err(|e| Error::credentials(requested, e))?;
        let center = centers.get(name);
        let error = match self.attempt(name, &center, &used, &operation).await {
            Err(e) if e.blames_the_credentials() => e,
            other => return other,
        };
        match self.changed(requested, name, &center, &used, deadline).await? {
            Some(new) => self.attempt(name, &center, &new, &operation).await,
            None => Err(error),
        }
    }

    async fn attempt<A: Api, T>(
        &self,
        name: &str,
        center: &Center<A>,
        credentials: &Arc<A::Credentials>,
        operation: impl AsyncFn(&A) -> Result<T, salesforce::Error>,
    ) -> Result<T, Error> {
        let client = center
            .client(&self.common, credentials)
            .map_err(|source| Error::Settings { secret: name.to_owned(), source })?;
        operation(&client).await.map_err(Error::Salesforce)
    }

    /// The credentials as they are now, if they are not those that were refused.
    async fn changed<A: Api>(
        &self,
        requested: Option<&str>,
        name: &str,
        center: &Center<A>,
        refused: &Arc<A::Credentials>,
        deadline: Instant,
    ) -> Result<Option<Arc<A::Credentials>>, Error> {
        // Calls that are refused at the same time come here one by one, and the first does the work for all.
        let Ok(mut last_reread) = timeout_at(deadline, center.last_reread.lock()).await else {
            return Ok(None);
        };
        let known = self.read::<A>(requested, Freshness::Cached, deadline).await?;
        if !Arc::ptr_eq(&known, refused) {
            return Ok(Some(known));
        }
        let now = Instant::now();
        if last_reread.is_some_and(|at| now < at + REREAD_PAUSE) {
            return Ok(None);
        }
        *last_reread = Some(now);
        let read = self.read::<A>(requested, Freshness::Reread, deadline).await?;
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

    async fn read<A: Api>(
        &self,
        requested: Option<&str>,
        freshness: Freshness,
        deadline: Instant,
    ) -> Result<Arc<A::Credentials>, Error> {
        let read = A::credentials(&self.credentials, requested, freshness, deadline).await;
        read.map_err(|e| Error::credentials(requested, e))
    }
}

#[cfg(test)]
mod tests;
