#![doc = include_str!("../README.md")]

mod aws;
pub mod cli;
mod function;
mod letter;
mod mend;
mod message;
mod queue;
mod replay;
mod report;
mod selection;
mod send;
mod stop;
mod stream;

pub use replay::{Action, Order, Outcome, replay};
pub use selection::Selection;
pub use stop::Stop;

#[cfg(test)]
mod tests;
