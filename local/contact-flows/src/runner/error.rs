//! Why a run cannot go on.

use thiserror::Error;

use super::MOST_ACTIONS;
use crate::place::{ActionId, Place};

/// A run that cannot go on.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RunError {
    /// The flow to run, or to go on in, is not there.
    #[error("{}there is no flow {flow} here; put its export beside the others, or say which flow is meant by an alias", at(.place))]
    UnknownFlow {
        /// Where it is asked for; nowhere, if it is the first one.
        place: Box<Place>,
        /// What it is called there.
        flow: String,
    },
    /// The action has no way out for its outcome. Amazon Connect would end the flow here.
    #[error("{place}: the action has no branch for {outcome}, and the flow cannot go on; connect it")]
    NoBranch {
        /// Where.
        place: Box<Place>,
        /// `NextAction`, or the type of an error.
        outcome: &'static str,
    },
    /// A way out leads to an action that is not there.
    #[error("{place}: a branch leads to {action}, which the flow does not have; connect it anew")]
    NoSuchAction {
        /// Where.
        place: Box<Place>,
        /// The action that is not there.
        action: ActionId,
    },
    /// The flow runs in circles.
    #[error(
        "{place}: {MOST_ACTIONS} actions have run, so the flow goes in circles; find the way out in its trace"
    )]
    TooManyActions {
        /// Where it was cut.
        place: Box<Place>,
    },
    /// Modules invoke modules too deeply.
    #[error("{place}: modules invoke modules more than five deep, which Amazon Connect does not allow")]
    TooDeep {
        /// Where.
        place: Box<Place>,
    },
    /// The action does something that cannot be done here.
    #[error("{place}: {what}")]
    Unsupported {
        /// Where.
        place: Box<Place>,
        /// What, and what to do.
        what: &'static str,
    },
    /// The answer is to another question.
    #[error("{place}: asked for {asked}, answered with {answered}")]
    WrongAnswer {
        /// Where.
        place: Box<Place>,
        /// What was asked.
        asked: &'static str,
        /// What was answered.
        answered: &'static str,
    },
    /// Nothing was asked.
    #[error("answered with {answered}, but no block has asked for anything; take a step first")]
    NotAsked {
        /// What was answered.
        answered: &'static str,
    },
}

fn at(place: &Place) -> String {
    if place == &Place::default() { String::new() } else { format!("{place}: ") }
}
