//! The ways out of a module: a list of `{condition, conditionType?, conditionValue?, transition}`.

use serde_json::{Value, json};

use super::module::Module;
use crate::place::printable;
use crate::read::fields::scalar;

/// What the conditions of a module's branches mean.
#[derive(Default)]
pub(super) struct Ways {
    errors: Vec<(&'static str, &'static str)>,
    results: Vec<(&'static str, &'static str)>,
    /// The condition that compares with `conditionType` and `conditionValue`.
    compared: Option<&'static str>,
    more_than_none: Option<&'static str>,
    percentages: bool,
    fails_alike: bool,
}

impl Ways {
    /// The condition is an error of this type.
    pub(super) fn error(mut self, condition: &'static str, error: &'static str) -> Self {
        self.errors.push((condition, error));
        self
    }

    /// The condition is this result.
    pub(super) fn result(mut self, condition: &'static str, result: &'static str) -> Self {
        self.results.push((condition, result));
        self
    }

    /// `Evaluate` compares.
    pub(super) fn compared(self) -> Self {
        self.comparing("Evaluate")
    }

    /// This condition compares.
    pub(super) fn comparing(mut self, condition: &'static str) -> Self {
        self.compared = Some(condition);
        self
    }

    /// The condition means that a figure is more than 0.
    pub(super) fn more_than_none(mut self, condition: &'static str) -> Self {
        self.more_than_none = Some(condition);
        self
    }

    /// The module has no branch for failure, as its action must have: it goes on all the same.
    pub(super) fn failing_alike(mut self) -> Self {
        self.fails_alike = true;
        self
    }

    /// `Evaluate` has a percentage; the flow language adds them up.
    pub(super) fn percentages(mut self) -> Self {
        self.percentages = true;
        self
    }
}

/// The transitions of the flow language for a module's branches.
pub(super) fn transitions(module: &Module<'_>, ways: &Ways) -> Result<Value, String> {
    let (mut next, mut conditions, mut errors) = (None, Vec::new(), Vec::new());
    // A number below the threshold is within the percentages so far: the first of them is 1.
    let mut threshold = 1;
    for branch in module.branches() {
        let own = |name: &str| branch.get(name).and_then(Value::as_str).unwrap_or_default();
        let (condition, target) = (own("condition"), own("transition"));
        let equals = |operator: &str, operand: Value| json!({"NextAction": target, "Condition": {"Operator": operator, "Operands": [operand]}});
        let known = |list: &[(&'static str, &'static str)]| {
            list.iter().find(|(known, _)| *known == condition).map(|(_, meaning)| *meaning)
        };
        let value = || scalar(branch.get("conditionValue").unwrap_or(&Value::Null)).unwrap_or_default();
        if let Some(error) = known(&ways.errors) {
            errors.push(json!({"NextAction": target, "ErrorType": error}));
        } else if let Some(result) = known(&ways.results) {
            conditions.push(equals("Equals", result.into()));
        } else if ways.more_than_none == Some(condition) {
            conditions.push(equals("NumberGreaterThan", "0".into()));
        } else if ways.percentages && condition == "Evaluate" {
            threshold += value().parse::<u32>().unwrap_or_default().min(100);
            conditions.push(equals("NumberLessThan", threshold.to_string().into()));
        } else if ways.compared == Some(condition) {
            conditions.push(equals(operator(own("conditionType"))?, value().into()));
        } else {
            match condition {
                "Success" => next = Some(target),
                "Error" => errors.push(json!({"NextAction": target, "ErrorType": "NoMatchingError"})),
                "NoMatch" => errors.push(json!({"NextAction": target, "ErrorType": "NoMatchingCondition"})),
                other => return Err(format!("its branch {} is not understood here", printable(other))),
            }
        }
    }
    if let (true, Some(next), true) = (ways.fails_alike, next, errors.is_empty()) {
        errors.push(json!({"NextAction": next, "ErrorType": "NoMatchingError"}));
    }
    // The designer repeats another way out as the next action where there is no success.
    let repeated = errors.iter().rev().chain(conditions.iter().rev()).next();
    let repeated = || repeated.and_then(|way| way["NextAction"].as_str());
    let next = next.or_else(repeated);
    Ok(match next {
        None => json!({}),
        Some(next) => json!({"NextAction": next, "Conditions": conditions, "Errors": errors}),
    })
}

fn operator(old: &str) -> Result<&'static str, String> {
    Ok(match old {
        "Equals" => "Equals",
        "Contains" => "TextContains",
        "StartsWith" => "TextStartsWith",
        "EndsWith" => "TextEndsWith",
        "GreaterThan" => "NumberGreaterThan",
        "GreaterThanOrEqualTo" => "NumberGreaterOrEqualTo",
        "LessThan" => "NumberLessThan",
        "LessThanOrEqualTo" => "NumberLessOrEqualTo",
        other => return Err(format!("its comparison {} is not understood here", printable(other))),
    })
}
