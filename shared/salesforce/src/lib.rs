#![doc = include_str!("../README.md")]

mod api_usage;
mod auth;
mod classify;
mod endpoint;
mod error;
mod http;
mod key;
mod names;
mod org_id;
mod private;
mod record_id;
mod reply;
mod retry;
mod wire_time;

pub mod oauth;
pub mod rest;
pub mod soql;
pub mod sosl;
pub mod telephony;

pub use api_usage::ApiUsage;
pub use endpoint::Endpoint;
pub use error::{Error, Outcome, SettingsError, UnreadableProblem};
pub use http::{Attempt, AttemptOutcome, Http, Observer};
pub use key::RsaKey;
pub use names::{FieldName, InvalidName, ObjectName};
pub use org_id::OrgId;
pub use private::{Fields, Private};
pub use record_id::{InvalidRecordId, RecordId};

#[cfg(test)]
mod testing;
