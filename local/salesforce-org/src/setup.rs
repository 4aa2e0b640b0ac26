//! What an administrator sets up in an org: call centers, connected apps, queues, agents, flows, phone channels.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLockReadGuard, RwLockWriteGuard};

use anyhow::{Context, anyhow, ensure};
use jsonwebtoken::DecodingKey;
use secrecy::SecretString;
use serde_json::Value;

use crate::org::Org;
use crate::reply::Refusal;
use crate::save::{self, Duplicates};
use crate::state::OrgState;
use crate::store::Db;
use crate::store::records::{self, CALL_CENTER, GROUP, ROUTING_MAP, Record, USER, by_field, fields};

/// A call center, i.e. one contact-center instance that may use the Telephony Integration API.
#[derive(Debug, Clone)]
pub struct CallCenter {
    /// `CallCenter.InternalName`: the subject of its JWTs.
    pub api_name: String,
    /// The public key that verifies its JWTs: a public key or a certificate, PEM.
    pub public_key_pem: String,
}

/// A connected app (or external client app) that may log in.
#[derive(Debug, Clone, Default)]
pub struct ConnectedApp {
    /// The consumer key: the issuer of its assertions.
    pub consumer_key: String,
    /// The consumer secret, for the client-credentials flow.
    pub consumer_secret: Option<SecretString>,
    /// What verifies its assertions: a public key or a certificate, PEM. Without it there is no JWT bearer flow.
    pub public_key_pem: Option<String>,
    /// The audiences it may name. Empty: `https://login.salesforce.com` and the org's own URL.
    pub audiences: Vec<String>,
    /// The usernames that an administrator pre-authorized for it.
    pub pre_authorized: Vec<String>,
    /// The user of the client-credentials flow. Without one that flow is off.
    pub run_as: Option<String>,
}

/// Where an Omni flow sends every call that it is run for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowTarget {
    /// The queue with this developer name.
    Queue(String),
    /// The agent with this username.
    Agent(String),
}

/// A phone channel: what the org does for a dialed number, whatever the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneChannel {
    /// The dialed number, as requests spell it.
    pub number: String,
    /// The developer name of the Omni flow to run.
    pub flow: Option<String>,
    /// The developer name of the queue to fall back to.
    pub fallback_queue: Option<String>,
}

/// What is set up and not a record.
#[derive(Default)]
pub(crate) struct Directory {
    /// By API name.
    pub(crate) call_center_keys: HashMap<String, Arc<DecodingKey>>,
    /// By consumer key.
    pub(crate) apps: HashMap<String, Arc<App>>,
    /// By developer name.
    pub(crate) flows: HashMap<String, FlowTarget>,
    /// By dialed number.
    pub(crate) phone_channels: HashMap<String, PhoneChannel>,
}

/// A connected app with its key read.
pub(crate) struct App {
    pub(crate) settings: ConnectedApp,
    pub(crate) key: Option<DecodingKey>,
}

impl OrgState {
    pub(crate) fn directory(&self) -> RwLockReadGuard<'_, Directory> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn directory_mut(&self) -> RwLockWriteGuard<'_, Directory> {
        self.directory.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Set-up. All of it takes effect at once, for the next request.
impl Org {
    /// Adds a call center.
    ///
    /// # Errors
    /// If its key is not an RSA public key or certificate in PEM.
    pub fn add_call_center(&self, call_center: CallCenter) -> anyhow::Result<()> {
        let CallCenter { api_name, public_key_pem } = call_center;
        let key = public_key(&public_key_pem).with_context(|| format!("adding call center {api_name}"))?;
        self.state().store.transact(|db| ensure(db, CALL_CENTER, "InternalName", &api_name))?;
        self.state().directory_mut().call_center_keys.insert(api_name, Arc::new(key));
        Ok(())
    }

    /// Replaces the key of a call center: JWTs signed with the old one are refused from now on.
    ///
    /// # Errors
    /// If there is no such call center or the key is not an RSA public key or certificate in PEM.
    pub fn replace_call_center_key(&self, api_name: &str, public_key_pem: &str) -> anyhow::Result<()> {
        let key = public_key(public_key_pem)
            .with_context(|| format!("replacing the key of call center {api_name}"))?;
        let mut directory = self.state().directory_mut();
        let known = directory.call_center_keys.get_mut(api_name);
        *known.with_context(|| format!("there is no call center {api_name}: add it first"))? = Arc::new(key);
        Ok(())
    }

    /// Adds a connected app, or replaces the one with its consumer key. Its users are created if they are new.
    ///
    /// # Errors
    /// If its key is not an RSA public key or certificate in PEM.
    pub fn add_connected_app(&self, app: ConnectedApp) -> anyhow::Result<()> {
        let key =
            app.public_key_pem.as_deref().map(public_key).transpose().context("adding a connected app")?;
        self.state().store.transact(|db| {
            app.pre_authorized
                .iter()
                .chain(&app.run_as)
                .try_for_each(|user| ensure(db, USER, "Username", user).map(drop))
        })?;
        let consumer_key = app.consumer_key.clone();
        self.state().directory_mut().apps.insert(consumer_key, Arc::new(App { settings: app, key }));
        Ok(())
    }

    /// Adds a queue, which the contact center knows by `external_id` (the queue's ARN). Returns its record id.
    ///
    /// # Errors
    /// If the database fails.
    pub fn add_queue(&self, developer_name: &str, external_id: &str) -> anyhow::Result<String> {
        self.add_routable(GROUP, "DeveloperName", developer_name, external_id)
    }

    /// Adds an agent, whom the contact center knows by `external_id` (the agent's ARN). Returns the user's record id.
    ///
    /// # Errors
    /// If the database fails.
    pub fn add_agent(&self, username: &str, external_id: &str) -> anyhow::Result<String> {
        self.add_routable(USER, "Username", username, external_id)
    }

    /// Creates a record as `POST /sobjects/{object}` would: checked, with an id, owned by the org's own user. Returns its
    /// id, 18 characters.
    ///
    /// # Errors
    /// If there is no such object, or the org refuses the record; the text has Salesforce's error code.
    pub fn insert(&self, object: &str, record: Value) -> anyhow::Result<String> {
        let store = &self.state().store;
        let schema = store.schema().expect_object(object)?;
        let fields = record.as_object().context("a record is a JSON object")?;
        let created = store.transact(|db| save::create(db, schema, fields, Duplicates::default()));
        let refused = |refusal: Refusal| anyhow!("{object}: {}: {}", refusal.code, refusal.message);
        Ok(created.map_err(refused)?.id().to_owned())
    }

    /// Deletes a record as `DELETE /sobjects/{object}/{id}` would; one that is gone stays so.
    ///
    /// # Errors
    /// If there is no such object, or the database fails.
    pub fn remove(&self, object: &str, id: &str) -> anyhow::Result<()> {
        let Some(record) = self.record(object, id)? else { return Ok(()) };
        let deleted = self.state().store.transact(|db| save::delete(db, record));
        deleted.map_err(|refusal| anyhow!("{object}: {}: {}", refusal.code, refusal.message))
    }

    /// Adds an Omni flow by its developer name, or changes where it sends calls.
    pub fn add_flow(&self, developer_name: &str, target: FlowTarget) {
        self.state().directory_mut().flows.insert(developer_name.to_owned(), target);
    }

    /// Adds a phone channel, or replaces the one of its number.
    pub fn add_phone_channel(&self, channel: PhoneChannel) {
        self.state().directory_mut().phone_channels.insert(channel.number.clone(), channel);
    }

    fn add_routable(
        &self,
        object: &str,
        field: &'static str,
        name: &str,
        external_id: &str,
    ) -> anyhow::Result<String> {
        self.state().store.transact(|db| {
            let record = ensure(db, object, field, name)?;
            let map = fields([("ExternalId", external_id.into()), ("ReferenceRecordId", record.id().into())]);
            records::insert(db, ROUTING_MAP, map)?;
            Ok(record.id().to_owned())
        })
    }
}

/// The record of this name, created if there is none.
fn ensure(db: &Db<'_>, object: &str, field: &'static str, name: &str) -> rusqlite::Result<Record> {
    if let Some(record) = by_field(db, object, field, name)?.pop() {
        return Ok(record);
    }
    let second = match object {
        USER => ("LastName", name.into()),
        _ => ("Name", name.into()),
    };
    let mut record = fields([(field, name.into()), second]);
    if object == GROUP {
        record.insert("Type".to_owned(), "Queue".into());
    }
    records::insert(db, object, record)
}

fn public_key(pem: &str) -> anyhow::Result<DecodingKey> {
    ensure!(!pem.contains("PRIVATE KEY"), "this is a private key: register its public half");
    DecodingKey::from_rsa_pem(pem.as_bytes()).context("reading an RSA public key or certificate in PEM")
}
