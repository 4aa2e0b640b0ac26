//! The handle: starts the stand-ins, puts things into them and looks at what arrived.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::environment::Credentials;
use crate::failures::Failure;
use crate::server::{self, Request, Services};

/// A running set of stand-ins. Clones are handles to the same one; it stops when the last of them is dropped.
#[derive(Clone, Debug)]
pub struct LocalAws {
    url: String,
    credentials: Credentials,
    services: Arc<Services>,
    _listening: Arc<Listening>,
}

/// Ends the accept loop with the last handle, so that a test leaves no port behind.
#[derive(Debug)]
struct Listening(JoinHandle<()>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl LocalAws {
    /// Starts the stand-ins on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start() -> anyhow::Result<LocalAws> {
        Self::start_on(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await
    }

    /// Starts the stand-ins on this address. They hold secrets: keep it a loopback one.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn start_on(address: SocketAddr) -> anyhow::Result<LocalAws> {
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("cannot listen on {address} for the AWS stand-ins: is the port taken?")
        })?;
        let url = format!("http://{}", listener.local_addr().context("cannot tell which port was bound")?);
        let services = Arc::new(Services::default());
        let router = server::router(Arc::clone(&services));
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the AWS stand-ins stopped");
            }
        });
        Ok(LocalAws {
            url,
            credentials: Credentials::random(),
            services,
            _listening: Arc::new(Listening(task)),
        })
    }

    /// The endpoint of every service, like `http://127.0.0.1:40123`: the value for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The variables that send a process here: endpoint, region, and credentials made up for this run.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        self.credentials.environment(&self.url)
    }

    /// The same for AWS clients within this process.
    pub async fn sdk_config(&self) -> aws_config::SdkConfig {
        self.credentials.sdk_config(&self.url).await
    }

    /// Every request that arrived so far, also those that were refused, in order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.services.requests()
    }

    /// Makes the next `failure.times` requests for this operation (like `GetSecretValue`) fail.
    /// Failures that are put in twice come one after the other.
    pub fn fail_next(&self, operation: &str, failure: Failure) {
        self.services.failures.add(operation, failure);
    }

    /// Creates a secret, or gives it a new version. A deleted one is back.
    pub fn put_secret(&self, name: &str, text: &str) {
        self.services.secrets.put(name, text);
    }

    /// Marks a secret for deletion, as AWS does at first: from now on reading it is an `InvalidRequestException`.
    /// Does nothing where there is no such secret.
    pub fn delete_secret(&self, name: &str) {
        self.services.secrets.delete(name);
    }

    /// Creates or overwrites a parameter. It is a `SecureString`: readable only `WithDecryption`.
    pub fn put_parameter(&self, name: &str, value: &str) {
        self.services.parameters.put(name, value);
    }

    /// Creates a queue, or finds it, and answers with its URL.
    pub fn create_queue(&self, name: &str) -> String {
        let url = format!("{}/{}/{name}", self.url, crate::ACCOUNT_ID);
        self.services.queues.create(&url);
        url
    }

    /// The bodies of all messages in the queue, oldest first, without receiving them. Empty for an unknown queue.
    pub fn messages(&self, queue_url: &str) -> Vec<String> {
        self.services.queues.bodies(queue_url)
    }

    /// Creates a table whose only key is the string attribute `pk`; one that exists is left as it is.
    pub fn create_table(&self, name: &str) {
        self.services.tables.create(name);
    }

    /// All items of the table in order of their keys, as plain JSON: `{"pk":"c-1","attempts":2}`.
    /// Empty for an unknown table.
    pub fn items(&self, table: &str) -> Vec<serde_json::Value> {
        self.services.tables.items(table)
    }
}
