//! SOSL as Salesforce understands it: a parser, and what runs the search over the org's records.
//!
//! Source: Salesforce's "SOQL and SOSL Reference".

mod ast;
mod find;
mod parse;
mod run;
mod words;

pub use ast::{FieldGroup, Find, Search};

use crate::soql::QueryError;

/// The longest search, in characters.
const LONGEST: usize = 100_000;

const MALFORMED: &str = "MALFORMED_SEARCH";

/// Reads a search.
///
/// # Errors
/// `MALFORMED_SEARCH`, with Salesforce's message, if it is none; `INVALID_SEARCH` if it looks for less than two
/// characters. Whether its objects and fields exist shows only when it is run.
pub fn parse(text: &str) -> Result<Search, QueryError> {
    if text.chars().count() > LONGEST {
        return Err(QueryError::new(MALFORMED, "SOSL statements cannot be longer than 100000 characters."));
    }
    parse::search(text)
}

/// A search without `FIND`: the words as a person typed them, and the objects as behind `RETURNING`, none for all.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parameterized(
    words: &str,
    fields: FieldGroup,
    returning: &str,
    limit: Option<u64>,
) -> Result<Search, QueryError> {
    let (find, end) = find::FindParser::new(words, 0, find::Reserved::Literal).read()?;
    if end < words.len() {
        return Err(QueryError::at(MALFORMED, words, end, "unexpected token: '}'"));
    }
    let returning = if returning.is_empty() { Vec::new() } else { parse::returning(returning)? };
    Ok(Search { find, fields, returning, with: Vec::new(), limit })
}

#[cfg(test)]
mod tests;
