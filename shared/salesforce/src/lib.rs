#![doc = include_str!("../README.md")]

mod auth;
mod classify;
mod endpoint;
mod error;
mod http;
mod key;
mod org_id;
mod private;
mod reply;
mod retry;
mod wire_time;

pub mod oauth;
pub mod rest;
pub mod telephony;

pub use endpoint::Endpoint;
pub use error::{Error, Outcome, SettingsError, UnreadableProblem};
pub use http::{Attempt, AttemptOutcome, Http, Observer};
pub use key::RsaKey;
pub use org_id::OrgId;
pub use private::{Fields, Private};

#[cfg(test)]
mod testing;
