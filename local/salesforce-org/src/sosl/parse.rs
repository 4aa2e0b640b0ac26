//! Reads a search: Salesforce's "SOSL Syntax".

use super::MALFORMED;
use super::ast::{FieldGroup, Search};
use super::find::{FindParser, Reserved};
use crate::soql::{At, Expression, Parser, Path, Query, QueryError, Selected};

/// The names of `WITH` clauses. What they say is not read further.
const WITH: [&str; 8] = [
    "DATA CATEGORY",
    "DIVISION",
    "HIGHLIGHT",
    "METADATA",
    "NETWORK",
    "PRICEBOOKID",
    "SNIPPET",
    "SPELL_CORRECTION",
];

pub(super) fn search(text: &str) -> Result<Search, QueryError> {
    let brace = opening_brace(text)?;
    let (find, closing) = FindParser::new(text, brace + 1, Reserved::Refused).read()?;
    if !text[closing..].starts_with('}') {
        let problem = "mismatched character '<EOF>' expecting '}'";
        return Err(QueryError::at(MALFORMED, text, closing, problem));
    }
    let mut parser = Parser::new(text, closing + 1, MALFORMED)?;
    let fields = if parser.eat("IN") {
        let word = parser.peek();
        let group = FieldGroup::parse(word.text).ok_or_else(|| unexpected(&parser))?;
        parser.take();
        if !parser.eat("FIELDS") {
            return Err(unexpected(&parser));
        }
        group
    } else {
        FieldGroup::All
    };
    let returning = if parser.eat("RETURNING") { parser.list(object)? } else { Vec::new() };
    let mut with = Vec::new();
    while parser.eat("WITH") {
        with.push(with_clause(&mut parser)?);
    }
    let limit = if parser.eat("LIMIT") { Some(parser.count()?) } else { None };
    // Salesforce marks records as viewed or referenced; the org notes nothing.
    let _ = parser.eat("FOR VIEW") || parser.eat("FOR REFERENCE");
    let _ = parser.eat("UPDATE TRACKING") || parser.eat("UPDATE VIEWSTAT");
    parser.end()?;
    Ok(Search { find, fields, returning, with, limit })
}

/// The place of the brace behind `FIND`.
fn opening_brace(text: &str) -> Result<usize, QueryError> {
    let start = text.len() - text.trim_start().len();
    let keyword = text[start..].get(..4).filter(|word| word.eq_ignore_ascii_case("FIND"));
    let rest = keyword.map(|_| &text[start + 4..]);
    let brace = rest
        .filter(|rest| rest.trim_start().starts_with('{'))
        .map(|rest| text.len() - rest.trim_start().len());
    brace.ok_or_else(|| {
        let word = text[start..].split(char::is_whitespace).next().unwrap_or_default();
        QueryError::at(MALFORMED, text, start, format_args!("unexpected token: '{word}'"))
    })
}

/// Reads what stands behind `RETURNING`.
pub(super) fn returning(text: &str) -> Result<Vec<Query>, QueryError> {
    let mut parser = Parser::new(text, 0, MALFORMED)?;
    let objects = parser.list(object)?;
    parser.end()?;
    Ok(objects)
}

/// `Account(Name, Phone WHERE … ORDER BY … LIMIT 5)`; without fields only ids are returned.
fn object(parser: &mut Parser<'_>) -> Result<Query, QueryError> {
    let from = parser.object()?;
    let id = Path { names: vec!["Id".to_owned()], at: At(from.at.0) };
    let mut query = Query::of(from, vec![Selected::Expression(Expression::Field(id), None)]);
    if parser.eat_symbol("(") {
        query.select = parser.list(|parser| match parser.expression()? {
            // A record has its own values only.
            Expression::Call(function, ..) if function.aggregates() => Err(unexpected(parser)),
            expression => Ok(Selected::Expression(expression, parser.alias())),
        })?;
        parser.conditions_and_order(&mut query)?;
        if !query.group_by.is_empty() || query.having.is_some() {
            return Err(unexpected(parser));
        }
        parser.expect_symbol(")")?;
    }
    Ok(query)
}

fn with_clause(parser: &mut Parser<'_>) -> Result<(String, String), QueryError> {
    let name = WITH.into_iter().find(|name| parser.eat(name)).ok_or_else(|| unexpected(parser))?;
    let mut rest = Vec::new();
    while parser.peek().kind != crate::soql::Kind::End
        && !["WITH", "LIMIT", "FOR", "UPDATE"].iter().any(|word| parser.at_word(word))
    {
        rest.push(parser.take().text);
    }
    Ok((name.to_owned(), rest.join(" ")))
}

fn unexpected(parser: &Parser<'_>) -> QueryError {
    let token = parser.peek();
    parser.error(token.at, format_args!("Malformed search token: {}", token.text))
}
