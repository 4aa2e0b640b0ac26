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
mod settings;
mod setup;
mod state;
mod store;
mod telephony;
mod wire;

pub use faults::{Body, Fault, Faults, Route};
pub use keys::KeyPair;
pub use operation::{Operation, UnknownOperation};
pub use org::Org;
pub use requests::LoggedRequest;
pub use settings::{Dialect, Settings, Storage};
pub use setup::{CallCenter, ConnectedApp, FlowTarget, PhoneChannel};
pub use store::events::{ConversationEvent, EventSource};
pub use store::messages::Message;
pub use store::records::Record;
pub use store::routing::{Instructions, Routing, RoutingState};

#[cfg(test)]
mod tests;
