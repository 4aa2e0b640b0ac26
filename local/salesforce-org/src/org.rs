//! The handle on a running org.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::faults::Faults;
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::schema::Schema;
use crate::settings::Settings;
use crate::state::{ApiUsage, OrgState};
use crate::store::{Store, sessions};
use crate::wire::{Accepting, Connection};
use crate::{gate, oauth, rest, telephony};

/// The REST API version that [`Org::rest_endpoint`] names; the org answers to any.
const API_VERSION: &str = "v66.0";

/// How long a shutdown waits for requests in progress to notice that their connections are gone.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(1);

/// A running org. Clones are handles on the same org, which stops when the last of them is dropped.
#[derive(Clone)]
pub struct Org {
    state: Arc<OrgState>,
    server: Arc<Server>,
}

struct Server {
    state: Arc<OrgState>,
    stop: watch::Sender<bool>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Org {
    /// Starts an org on the current Tokio runtime. It is ready when this returns.
    ///
    /// # Errors
    /// If the address is taken or the database cannot be opened.
    pub async fn start(settings: Settings) -> anyhow::Result<Self> {
        let socket = TcpListener::bind(settings.listen)
            .await
            .with_context(|| format!("the local Salesforce org cannot listen on {}", settings.listen))?;
        let url = format!("http://{}", socket.local_addr()?);
        let schema = Schema::new(&settings.objects).context("putting the org's schema together")?;
        let store = Store::open(&settings.storage, schema).with_context(|| {
            format!("opening the local Salesforce org's database ({:?})", settings.storage)
        })?;
        let state = Arc::new(OrgState::new(settings, url, store));

        let (stop, mut stopped) = watch::channel(false);
        let accepting = Accepting { socket, wires: Arc::clone(&state.wires) };
        let service = router(&state).into_make_service_with_connect_info::<Connection>();
        let task = tokio::spawn(async move {
            let until = async move {
                // An error means that the sender is gone, and with it every handle: stop as well.
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            let served = axum::serve(accepting, service).with_graceful_shutdown(until).await;
            if let Err(error) = served {
                tracing::error!(%error, "the local Salesforce org stopped serving");
            }
        });
        let server = Server { state: Arc::clone(&state), stop, task: Mutex::new(Some(task)) };
        Ok(Self { state, server: Arc::new(server) })
    }

    /// Where it listens, e.g. `http://127.0.0.1:41234`: its My Domain.
    pub fn url(&self) -> &str {
        &self.state.url
    }

    /// The base of the Telephony Integration API (`SCRT_ENDPOINT_BASE`).
    pub fn scrt_endpoint(&self) -> String {
        format!("{}/telephony/v1", self.url())
    }

    /// The OAuth token endpoint (`SALESFORCE_AUTH_ENDPOINT`).
    pub fn token_endpoint(&self) -> String {
        format!("{}/services/oauth2/token", self.url())
    }

    /// The base of the REST API (`SALESFORCE_REST_API_ENDPOINT_BASE`).
    pub fn rest_endpoint(&self) -> String {
        format!("{}/services/data/{API_VERSION}", self.url())
    }

    /// The org's id, 15 characters (`SALESFORCE_ORG_ID`).
    pub fn org_id(&self) -> &str {
        &self.state.org_id
    }

    /// The faults in force.
    pub fn faults(&self) -> &Faults {
        &self.state.faults
    }

    /// Ends all sessions: their tokens are refused from now on.
    ///
    /// # Errors
    /// If the database fails.
    pub fn revoke_sessions(&self) -> anyhow::Result<()> {
        Ok(self.state.store.transact(sessions::revoke_all)?)
    }

    /// Changes how long sessions live after their last use, those in progress included.
    pub fn set_session_lifetime(&self, lifetime: Duration) {
        *self.state.session_lifetime() = lifetime;
    }

    /// Stops the org as a crash would: open connections are reset, new ones refused. The port is free when this
    /// returns, so that an org can be started on it again.
    pub async fn shutdown(&self) {
        self.server.stop();
        let task = self.server.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut task) = task
            && tokio::time::timeout(SHUTDOWN_PATIENCE, &mut task).await.is_err()
        {
            task.abort();
            let _ = task.await;
        }
    }

    /// Says how many REST requests were made today and how many may be. Logins and the Telephony Integration API do
    /// not count.
    pub fn set_api_allowance(&self, used: u32, allowed: u32) {
        *self.state.api_usage() = ApiUsage { used, allowed };
    }

    pub(crate) fn state(&self) -> &OrgState {
        &self.state
    }
}

impl fmt::Debug for Org {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Org")
            .field("url", &self.url())
            .field("org_id", &self.org_id())
            .finish_non_exhaustive()
    }
}

impl Server {
    fn stop(&self) {
        let _ = self.stop.send(true);
        self.state.wires.cut_all();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn router(org: &Arc<OrgState>) -> Router {
    let unknown = gate::guard(org, Operation::Unknown, any(async || Refusal::not_found()));
    Router::new()
        .merge(oauth::routes(org))
        .merge(rest::routes(org))
        .merge(telephony::routes(org))
        .fallback_service(unknown.with_state(Arc::clone(org)))
        .with_state(Arc::clone(org))
}
