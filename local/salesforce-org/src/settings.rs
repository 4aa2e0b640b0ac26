//! How an org is set up when it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::schema::ObjectSchema;

/// What an org is started with. `Settings::default()` suits most tests.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen; port 0 (the default) takes a free one.
    pub listen: SocketAddr,
    /// Where records are kept.
    pub storage: Storage,
    /// Which spelling of `reroute` and `route` the Telephony Integration API understands.
    pub dialect: Dialect,
    /// Whether creating a VoiceCall again with the same vendor call key and initiation method answers with the call
    /// that exists. Salesforce promised this up to edition 246 and no longer does.
    pub idempotent_create: bool,
    /// How many VoiceCalls may be created per second before the org answers 429; no limit if absent.
    pub calls_per_second: Option<u32>,
    /// Custom objects, and custom fields and rules of standard ones.
    pub objects: Vec<ObjectSchema>,
    /// How many REST requests may be made per day. [`Org::set_api_allowance`](crate::Org::set_api_allowance) changes
    /// it later.
    pub api_requests_per_day: u32,
    /// How long a session lives after its last use.
    pub session_lifetime: Duration,
    /// Seeds the random numbers behind [`Fault::rate`](crate::Fault::rate): the same seed fails the same requests.
    pub fault_seed: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            storage: Storage::Memory,
            dialect: Dialect::Both,
            idempotent_create: true,
            calls_per_second: None,
            objects: Vec::new(),
            api_requests_per_day: 15_000,
            // Salesforce's own default session time-out.
            session_lifetime: Duration::from_secs(2 * 60 * 60),
            fault_seed: 0,
        }
    }
}

/// Where an org keeps its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Storage {
    /// In memory, gone with the org.
    Memory,
    /// In this SQLite file: an org started on it again has the same id, records and sessions. Keys, apps and flows are
    /// not kept and must be added again.
    File(PathBuf),
}

/// Salesforce's documentation and its own reference functions disagree on two requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `PATCH /voiceCalls/{id}/reroute` and `PATCH /voiceCalls/route/{id}`, as the reference functions send.
    Reference,
    /// `POST /voiceCalls/{id}/reroute` and `POST /voiceCalls/{id}/routeVoiceCall`, as the guide says.
    Documented,
    /// All four.
    Both,
}
