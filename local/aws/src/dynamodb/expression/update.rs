//! `UpdateExpression`: `SET` with `+`, `-` and `if_not_exists`, and `REMOVE`.

use std::collections::BTreeSet;

use super::parser::{Operand, Parser};
use super::placeholders::Placeholders;
use crate::dynamodb::Item;
use crate::dynamodb::value::Value;

/// What an update does to an item.
#[derive(Debug, Default, PartialEq)]
pub(in crate::dynamodb) struct Update {
    set: Vec<(String, Sum)>,
    remove: Vec<String>,
}

/// What an attribute is set to: a term, or two that are added or subtracted.
#[derive(Debug, PartialEq)]
struct Sum {
    first: Term,
    second: Option<(Sign, Term)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Plus,
    Minus,
}

#[derive(Debug, PartialEq)]
enum Term {
    Operand(Operand),
    /// `if_not_exists(name, otherwise)`: the attribute where there is one.
    IfNotExists(String, Operand),
}

impl Update {
    /// Reads the expression, or says what is wrong with it.
    pub(in crate::dynamodb) fn parse(text: &str, placeholders: &Placeholders) -> Result<Update, String> {
        let parsed = Parser::new(text, placeholders).and_then(|mut parser| clauses(&mut parser));
        parsed.map_err(|error| format!("Invalid UpdateExpression: {error}"))
    }

    /// The attributes that are set or removed.
    pub(in crate::dynamodb) fn touched(&self) -> impl Iterator<Item = &str> {
        self.set.iter().map(|(name, _)| name).chain(&self.remove).map(String::as_str)
    }

    /// The item afterwards. Every right-hand side sees the item as it was before.
    pub(in crate::dynamodb) fn apply(&self, before: &Item) -> Result<Item, String> {
        let mut after = before.clone();
        for (name, sum) in &self.set {
            after.insert(name.clone(), sum.of(before)?);
        }
        for name in &self.remove {
            after.remove(name);
        }
        Ok(after)
    }
}

impl Sum {
    fn of(&self, item: &Item) -> Result<Value, String> {
        let first = self.first.of(item)?;
        let Some((sign, second)) = &self.second else {
            return Ok(first.clone());
        };
        match (first, second.of(item)?) {
            (Value::Number(first), Value::Number(second)) => {
                let second = if *sign == Sign::Minus { second.negated() } else { *second };
                Ok(Value::Number(first.plus(second)?))
            }
            _ => Err("An operand in the update expression has an incorrect data type".to_owned()),
        }
    }
}

impl Term {
    fn of<'a>(&'a self, item: &'a Item) -> Result<&'a Value, String> {
        let value = match self {
            Term::Operand(operand) => operand.of(item),
            Term::IfNotExists(name, otherwise) => item.get(name).or_else(|| otherwise.of(item)),
        };
        let missing = "The provided expression refers to an attribute that does not exist in the item";
        value.ok_or_else(|| missing.to_owned())
    }
}

fn clauses(parser: &mut Parser<'_>) -> Result<Update, String> {
    let mut update = Update::default();
    while !parser.is_at_end() {
        if update.set.is_empty() && parser.keyword("SET") {
            update.set = list(parser, assignment)?;
        } else if update.remove.is_empty() && parser.keyword("REMOVE") {
            update.remove = list(parser, Parser::attribute)?;
        } else if let Some(other) = ["ADD", "DELETE"].into_iter().find(|keyword| parser.keyword(keyword)) {
            return Err(format!("local-aws does not stand in for a clause here; clause: {other}"));
        } else {
            return Err(parser.unexpected());
        }
    }
    let mut seen = BTreeSet::new();
    if let Some(twice) = update.touched().find(|name| !seen.insert(*name)) {
        return Err(format!("Two document paths overlap with each other; path: [{twice}]"));
    }
    Ok(update)
}

/// One or more, separated by commas.
fn list<'a, T>(
    parser: &mut Parser<'a>,
    one: impl Fn(&mut Parser<'a>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let mut all = vec![one(parser)?];
    while parser.symbol(",") {
        all.push(one(parser)?);
    }
    Ok(all)
}

fn assignment(parser: &mut Parser<'_>) -> Result<(String, Sum), String> {
    let name = parser.attribute()?;
    parser.expect("=")?;
    let first = term(parser)?;
    let second = if parser.symbol("+") {
        Some((Sign::Plus, term(parser)?))
    } else if parser.symbol("-") {
        Some((Sign::Minus, term(parser)?))
    } else {
        None
    };
    Ok((name, Sum { first, second }))
}

fn term(parser: &mut Parser<'_>) -> Result<Term, String> {
    if !parser.function("if_not_exists") {
        return Ok(Term::Operand(parser.operand()?));
    }
    let name = parser.attribute()?;
    parser.expect(",")?;
    let otherwise = parser.operand()?;
    parser.expect(")")?;
    Ok(Term::IfNotExists(name, otherwise))
}
