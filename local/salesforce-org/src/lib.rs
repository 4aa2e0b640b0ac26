#![doc = include_str!("../README.md")]

mod faults;
mod gate;
mod ids;
mod jwt;
mod keys;
mod oauth;
mod operation;
mod org;
mod readback;
mod reply;
mod requests;
mod rest;
mod save;
mod schema;
mod settings;
mod setup;
pub mod soql;
pub mod sosl;
mod state;
mod store;
mod telephony;
mod wire;

pub use faults::{Body, Fault, Faults, Route};
pub use keys::KeyPair;
pub use operation::{Operation, UnknownOperation};
pub use org::Org;
pub use requests::LoggedRequest;
pub use schema::{
    Access, ChildRelationship, Condition, DuplicateRule, FieldKind, FieldSchema, Formula, NumberFormat,
    ObjectKind, ObjectSchema, Operator, Schema, ValidationRule,
};
pub use settings::{Dialect, Settings, Storage};
pub use setup::{CallCenter, ConnectedApp, FlowTarget, PhoneChannel};
pub use store::events::{ConversationEvent, EventSource};
pub use store::messages::Message;
pub use store::records::Record;
pub use store::routing::{Instructions, Routing, RoutingState};

#[cfg(test)]
mod tests;
