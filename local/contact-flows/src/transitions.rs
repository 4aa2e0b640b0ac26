//! Where a flow goes after an action.
//!
//! <https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html>

use std::fmt;

use crate::action::words;
use crate::place::ActionId;
use crate::text::Text;

/// Where a flow goes after an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transitions {
    /// `NextAction`: the way on, if no condition and no error leads elsewhere.
    pub next: Option<ActionId>,
    /// `Conditions`, checked in order against the action's result.
    pub conditions: Vec<Conditional>,
    /// `Errors`.
    pub errors: Vec<OnError>,
}

/// One of `Conditions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditional {
    /// When.
    pub condition: Condition,
    /// Whereto.
    pub next: ActionId,
}

/// What an action's result is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How.
    pub operator: Operator,
    /// With what. Amazon Connect takes exactly one.
    pub operands: Vec<Text>,
}

/// One of `Errors`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnError {
    /// `ErrorType`, such as `NoMatchingError`, which catches what no other catches.
    pub error: String,
    /// Whereto.
    pub next: ActionId,
}

words! {
    /// How a result is compared. `KeyExists` is not on Amazon's page, but its service takes it.
    pub enum Operator {
        /// The same text; case matters.
        Equals = "Equals",
        /// Begins with the operand.
        TextStartsWith = "TextStartsWith",
        /// Ends with the operand.
        TextEndsWith = "TextEndsWith",
        /// Has the operand in it.
        TextContains = "TextContains",
        /// Both are numbers, and the result is more.
        NumberGreaterThan = "NumberGreaterThan",
        /// Both are numbers, and the result is as much or more.
        NumberGreaterOrEqualTo = "NumberGreaterOrEqualTo",
        /// Both are numbers, and the result is less.
        NumberLessThan = "NumberLessThan",
        /// Both are numbers, and the result is as much or less.
        NumberLessOrEqualTo = "NumberLessOrEqualTo",
        /// The result is an object that has this key.
        KeyExists = "KeyExists",
    }
}

/// A way out of an action: an edge of the graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Branch {
    /// `NextAction`.
    Next,
    /// One of `Conditions`, from 0.
    Condition(usize),
    /// The one of `Errors` with this `ErrorType`.
    Error(String),
}

/// `NextAction`, `Conditions[0]` or the error's type.
impl fmt::Display for Branch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Next => f.write_str("NextAction"),
            Self::Condition(number) => write!(f, "Conditions[{number}]"),
            Self::Error(error) => f.write_str(&crate::place::printable(error)),
        }
    }
}

impl Transitions {
    /// Every way out.
    pub fn branches(&self) -> impl Iterator<Item = (Branch, &ActionId)> {
        let next = self.next.iter().map(|next| (Branch::Next, next));
        let conditions = self.conditions.iter().enumerate();
        let conditions = conditions.map(|(number, one)| (Branch::Condition(number), &one.next));
        let errors = self.errors.iter().map(|one| (Branch::Error(one.error.clone()), &one.next));
        next.chain(conditions).chain(errors)
    }

    /// Where the error of this type leads.
    pub fn on(&self, error: &str) -> Option<&ActionId> {
        self.errors.iter().find(|one| one.error == error).map(|one| &one.next)
    }

    /// Whether a condition is `Equals` with this operand.
    pub fn has_result(&self, result: &str) -> bool {
        self.conditions.iter().any(|one| {
            let Condition { operator, operands } = &one.condition;
            *operator == Operator::Equals && operands.iter().any(|operand| operand.literal() == Some(result))
        })
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.operator {
            Operator::Equals => "=",
            Operator::TextStartsWith => "starts with",
            Operator::TextEndsWith => "ends with",
            Operator::TextContains => "contains",
            Operator::NumberGreaterThan => ">",
            Operator::NumberGreaterOrEqualTo => "≥",
            Operator::NumberLessThan => "<",
            Operator::NumberLessOrEqualTo => "≤",
            Operator::KeyExists => "has",
        })?;
        self.operands.iter().try_for_each(|operand| write!(f, " {operand}"))
    }
}
