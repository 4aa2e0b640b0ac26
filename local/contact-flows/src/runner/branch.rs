//! Which branch an outcome takes.
//!
//! <https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html>: an error or a condition that fits leads; otherwise
//! `NextAction` does.

use serde_json::Value;

use super::decision::{ANY, NO_MATCH, Outcome};
use crate::flow::Block;
use crate::place::ActionId;
use crate::state::ContactState;
use crate::state::look_up::as_text;
use crate::transitions::{Branch, Condition, Operator};

/// The branch, where it leads, and because of what; `None` if the block has none for this outcome.
pub(super) fn taken<'b>(
    block: &'b Block,
    outcome: &Outcome,
    state: &ContactState,
) -> Option<(Branch, &'b ActionId, String)> {
    let transitions = &block.transitions;
    let next = || transitions.next.as_ref().map(|next| (Branch::Next, next, String::new()));
    let on = |error: &str, because: String| {
        transitions.on(error).map(|next| (Branch::Error(error.to_owned()), next, because))
    };
    match outcome {
        Outcome::Next => next(),
        Outcome::Result(result) => {
            let holds = |condition: &Condition| holds(condition, result, state);
            let mut conditions = transitions.conditions.iter().enumerate();
            let fitting = conditions.find(|(_, one)| holds(&one.condition)).map(|(number, one)| {
                (Branch::Condition(number), &one.next, format!("the condition \"{}\" holds", one.condition))
            });
            let none = || match transitions.conditions.is_empty() {
                true => String::new(),
                false => "no condition holds".to_owned(),
            };
            fitting.or_else(|| on(NO_MATCH, none())).or_else(next)
        }
        Outcome::Error(error) => {
            let caught = || format!("the error is {error}");
            on(error, String::new()).or_else(|| if *error == NO_MATCH { None } else { on(ANY, caught()) })
        }
    }
}

/// Whether a condition holds for a result.
fn holds(condition: &Condition, result: &Value, state: &ContactState) -> bool {
    condition.operands.iter().any(|operand| {
        let operand = state.fill(operand);
        if condition.operator == Operator::KeyExists {
            return result.get(&operand).is_some();
        }
        let text = match result {
            Value::Null => String::new(),
            other => as_text(other.clone()),
        };
        let numbers = || text.trim().parse::<f64>().ok().zip(operand.trim().parse::<f64>().ok());
        match condition.operator {
            Operator::Equals => text == operand,
            Operator::TextStartsWith => text.starts_with(&operand),
            Operator::TextEndsWith => text.ends_with(&operand),
            Operator::TextContains => text.contains(&operand),
            Operator::NumberGreaterThan => numbers().is_some_and(|(left, right)| left > right),
            Operator::NumberGreaterOrEqualTo => numbers().is_some_and(|(left, right)| left >= right),
            Operator::NumberLessThan => numbers().is_some_and(|(left, right)| left < right),
            Operator::NumberLessOrEqualTo => numbers().is_some_and(|(left, right)| left <= right),
            Operator::KeyExists => false,
        }
    })
}
