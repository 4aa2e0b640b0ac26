//! What a block has decided.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::passage::{Ending, Said};
use super::request::Request;
use crate::flow::Flow;
use crate::hidden::Hidden;

/// The error type that catches what no other catches.
pub(super) const ANY: &str = "NoMatchingError";
/// The error type of a result that no condition is for.
pub(super) const NO_MATCH: &str = "NoMatchingCondition";

/// What a block does.
pub(super) enum Decision {
    /// It needs to know something first.
    Asks(Request),
    /// It has an outcome, which its transitions are for.
    Goes { outcome: Outcome, why: Why },
    /// The flow is over.
    Ends { ending: Ending, why: Why },
    /// Another flow goes on.
    Transfers { to: Arc<Flow>, why: Why },
    /// A module runs, and comes back.
    Calls { module: Arc<Flow>, input: Map<String, Value>, why: Why },
    /// The module comes back.
    Returns { result: Option<String>, data: Map<String, Value>, why: Why },
}

impl Decision {
    pub(super) fn next(said: impl Into<String>) -> Self {
        Self::Goes { outcome: Outcome::Next, why: Why::new(said) }
    }

    pub(super) fn result(result: impl Into<Value>, said: impl Into<String>) -> Self {
        Self::Goes { outcome: Outcome::result(result), why: Why::new(said) }
    }

    /// The general error.
    pub(super) fn fails(said: impl Into<String>) -> Self {
        Self::error(ANY, said)
    }

    pub(super) fn error(error: &'static str, said: impl Into<String>) -> Self {
        Self::Goes { outcome: Outcome::Error(error), why: Why::new(said) }
    }

    pub(super) fn ends(ending: Ending, said: impl Into<String>) -> Self {
        Self::Ends { ending, why: Why::new(said) }
    }
}

/// The outcome of a block.
pub(super) enum Outcome {
    /// It is done.
    Next,
    /// It has a result, which the conditions are compared with.
    Result(Value),
    /// It failed.
    Error(&'static str),
}

impl Outcome {
    pub(super) fn result(result: impl Into<Value>) -> Self {
        Self::Result(result.into())
    }

    /// For an error text: no value.
    pub(super) fn described(&self) -> &'static str {
        match self {
            Self::Next => "NextAction",
            Self::Result(_) => NO_MATCH,
            Self::Error(error) => error,
        }
    }
}

/// Why a block did what it did.
#[derive(Default)]
pub(super) struct Why {
    /// In a sentence, without values of the contact.
    pub(super) said: String,
    /// The dynamic values that it looked at.
    pub(super) saw: Vec<(String, Hidden<Option<String>>)>,
    /// What the caller hears.
    pub(super) shown: Vec<Said>,
}

impl Why {
    pub(super) fn new(said: impl Into<String>) -> Self {
        Self { said: said.into(), ..Self::default() }
    }
}
