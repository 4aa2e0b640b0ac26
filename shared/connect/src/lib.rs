#![doc = include_str!("../README.md")]

pub mod analysis;
mod attributes;
pub mod contact_event;
pub mod contact_lens;
pub mod contact_record;
mod endpoint;
pub mod flow;
mod ids;
mod lenient;
mod malformed;
mod open_enum;
pub mod routing;
pub mod transcription;
mod vocabulary;

pub use attributes::{Attributes, SegmentAttributes};
pub use endpoint::Endpoint;
pub use ids::{ContactId, InstanceArn, InvalidId, PhoneNumber, StreamArn};
pub use malformed::{Malformed, from_slice, from_value};
pub use vocabulary::{Channel, InitiationMethod};
