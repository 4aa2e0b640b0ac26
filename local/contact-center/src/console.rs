//! The console: one page that shows calls as they are played, and starts, disturbs and ends them.
//!
//! ```text
//! Center ─ tells ─► Board: what is known of each call ─► parts of the page ─► the page, and events while it is open
//!    ▲                                                                                │
//!    └──────────── start a script, break something, hang up ◄──── forms ◄─────────────┘
//! ```
//! It listens on this machine only, loads nothing from elsewhere, and takes orders only from its own page.

mod board;
mod call;
mod desk;
mod drawing;
mod entry;
mod guard;
mod html;
mod live;
mod page;
mod parts;
mod path;
mod requests;
mod routes;
#[cfg(test)]
mod samples;
mod shelf;
mod squeeze;
mod whereabouts;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::center::Center;
use desk::Desk;

/// A running console. It ends with this handle; calls that it started are then played to their end.
#[derive(Debug)]
pub struct Console {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Console {
    /// Serves the console of this contact center on a port of 127.0.0.1; 0 takes any free one. The scripts in the folder
    /// can be started from it.
    ///
    /// # Errors
    /// When the port is taken.
    pub async fn start(center: Arc<Center>, scripts: &Path, port: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .with_context(|| format!("the console cannot listen on port {port} of 127.0.0.1"))?;
        let address = listener.local_addr()?;
        let router = routes::routes(Desk::new(center, scripts));
        let server = tokio::spawn(async move {
            // It ends only with its task: accepting is retried inside.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, server })
    }

    /// Where browsers find it.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.server.abort();
    }
}
