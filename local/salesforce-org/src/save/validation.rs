//! Validation rules.

use serde_json::Value;

use crate::reply::Refusal;
use crate::schema::{Condition, ObjectSchema, Operator};
use crate::store::records::Record;

/// Refuses a record that meets the condition of a validation rule.
pub(super) fn check(object: &ObjectSchema, record: &Record) -> Result<(), Refusal> {
    match object.validation_rules.iter().find(|rule| meets(record, &rule.condition)) {
        Some(rule) => Err(Refusal::record("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.message.as_str(), &[])),
        None => Ok(()),
    }
}

fn meets(record: &Record, condition: &Condition) -> bool {
    let value = &record[&condition.field];
    let numbers = value.as_f64().zip(condition.value.as_f64());
    match condition.is {
        Operator::Empty => value.is_null(),
        Operator::EqualTo => equal(value, &condition.value),
        Operator::NotEqualTo => !equal(value, &condition.value),
        Operator::LessThan => numbers.is_some_and(|(value, limit)| value < limit),
        Operator::GreaterThan => numbers.is_some_and(|(value, limit)| value > limit),
    }
}

/// 5 and 5.0 are the same number.
fn equal(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}
