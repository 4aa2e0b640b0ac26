//! `ConditionExpression`: comparisons, `attribute_exists`, `attribute_not_exists`, `begins_with`, joined by
//! `NOT`, `AND`, `OR` (in that order of binding) and parentheses.

use std::cmp::Ordering;

use super::parser::{Operand, Parser};
use super::placeholders::Placeholders;
use crate::dynamodb::Item;
use crate::dynamodb::value::Value;

/// What an item must be like for a write to happen.
#[derive(Debug, PartialEq)]
pub(in crate::dynamodb) enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Exists(String),
    BeginsWith(Operand, Operand),
    Compare(Operand, Comparison, Operand),
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::dynamodb) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The operators as they are written.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Equal),
    ("<>", Comparison::NotEqual),
    ("<", Comparison::Less),
    ("<=", Comparison::LessOrEqual),
    (">", Comparison::Greater),
    (">=", Comparison::GreaterOrEqual),
];

impl Condition {
    /// Reads the expression, or says what is wrong with it.
    pub(in crate::dynamodb) fn parse(text: &str, placeholders: &Placeholders) -> Result<Condition, String> {
        let parsed = Parser::new(text, placeholders).and_then(|mut parser| {
            let condition = any_of(&mut parser)?;
            if parser.is_at_end() { Ok(condition) } else { Err(parser.unexpected()) }
        });
        parsed.map_err(|error| format!("Invalid ConditionExpression: {error}"))
    }

    /// Whether the item is like that. An item that does not exist has no attributes.
    pub(in crate::dynamodb) fn holds(&self, item: &Item) -> bool {
        match self {
            Condition::And(a, b) => a.holds(item) && b.holds(item),
            Condition::Or(a, b) => a.holds(item) || b.holds(item),
            Condition::Not(condition) => !condition.holds(item),
            Condition::Exists(name) => item.contains_key(name),
            Condition::BeginsWith(text, prefix) => match (text.of(item), prefix.of(item)) {
                (Some(Value::String(text)), Some(Value::String(prefix))) => text.starts_with(prefix.as_str()),
                (Some(Value::Binary(bytes)), Some(Value::Binary(prefix))) => bytes.0.starts_with(&prefix.0),
                _ => false,
            },
            Condition::Compare(a, comparison, b) => comparison.holds(a.of(item), b.of(item)),
        }
    }
}

impl Comparison {
    /// A missing attribute differs from everything and is neither above nor below anything.
    fn holds(self, a: Option<&Value>, b: Option<&Value>) -> bool {
        let order = a.zip(b).and_then(|(a, b)| a.order(b));
        match self {
            Comparison::Equal => a.is_some() && a == b,
            Comparison::NotEqual => a.is_none() || a != b,
            Comparison::Less => order == Some(Ordering::Less),
            Comparison::LessOrEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
            Comparison::Greater => order == Some(Ordering::Greater),
            Comparison::GreaterOrEqual => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

fn any_of(parser: &mut Parser<'_>) -> Result<Condition, String> {
    let mut condition = all_of(parser)?;
    while parser.keyword("OR") {
        condition = Condition::Or(Box::new(condition), Box::new(all_of(parser)?));
    }
    Ok(condition)
}

fn all_of(parser: &mut Parser<'_>) -> Result<Condition, String> {
    let mut condition = single(parser)?;
    while parser.keyword("AND") {
        condition = Condition::And(Box::new(condition), Box::new(single(parser)?));
    }
    Ok(condition)
}

fn single(parser: &mut Parser<'_>) -> Result<Condition, String> {
    if parser.keyword("NOT") {
        return Ok(Condition::Not(Box::new(single(parser)?)));
    }
    if parser.symbol("(") {
        let condition = any_of(parser)?;
        parser.expect(")")?;
        return Ok(condition);
    }
    if parser.function("attribute_exists") {
        return existence(parser);
    }
    if parser.function("attribute_not_exists") {
        return Ok(Condition::Not(Box::new(existence(parser)?)));
    }
    if parser.function("begins_with") {
        let text = parser.operand()?;
        parser.expect(",")?;
        let prefix = parser.operand()?;
        parser.expect(")")?;
        check_type("begins_with", &prefix, |value| matches!(value, Value::String(_) | Value::Binary(_)))?;
        return Ok(Condition::BeginsWith(text, prefix));
    }
    comparison(parser)
}

fn existence(parser: &mut Parser<'_>) -> Result<Condition, String> {
    let name = parser.attribute()?;
    parser.expect(")")?;
    Ok(Condition::Exists(name))
}

fn comparison(parser: &mut Parser<'_>) -> Result<Condition, String> {
    let left = parser.operand()?;
    if let Some(other) = ["BETWEEN", "IN"].into_iter().find(|keyword| parser.keyword(keyword)) {
        return Err(format!("local-aws does not stand in for an operator here; operator: {other}"));
    }
    let found = COMPARISONS.into_iter().find(|(symbol, _)| parser.symbol(symbol));
    let (symbol, comparison) = found.ok_or_else(|| parser.unexpected())?;
    let right = parser.operand()?;
    if !matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
        check_type(symbol, &left, Value::is_ordered)?;
        check_type(symbol, &right, Value::is_ordered)?;
    }
    Ok(Condition::Compare(left, comparison, right))
}

/// A value that came with the request must be of a type that the operator takes; an attribute may be of any.
fn check_type(operator: &str, operand: &Operand, accepted: fn(&Value) -> bool) -> Result<(), String> {
    match operand {
        Operand::Value(value) if !accepted(value) => Err(format!(
            "Incorrect operand type for operator or function; operator or function: {operator}, operand type: {}",
            value.type_name()
        )),
        _ => Ok(()),
    }
}
