#![doc = include_str!("../README.md")]

pub mod action;
mod error;
mod flow;
mod function;
mod graph;
mod hidden;
mod library;
mod lint;
mod place;
mod read;
mod reference;
mod runner;
mod shape;
mod state;
mod text;
mod transitions;

pub use action::Action;
pub use error::{Problem, ReadError};
pub use flow::{Block, Flow, Position};
pub use function::Functions;
pub use graph::{Edge, Graph, Node, graph};
pub use hidden::Hidden;
pub use library::{Library, Resolved};
pub use lint::{Finding, Severity, lint};
pub use place::{ActionId, Place};
pub use reference::Reference;
pub use runner::{
    Answer, Callback, Dialled, Ending, Input, Invocation, MOST_ACTIONS, MOST_INVOCATIONS, Outbound, Passage,
    Request, RunError, Runner, Said, Step, refused,
};
pub use shape::Shape;
pub use state::{Agent, Audio, ContactState, Endpoint, Queue};
pub use text::{Piece, Text};
pub use transitions::{Branch, Condition, Conditional, OnError, Operator, Transitions};

#[cfg(test)]
mod tests;
