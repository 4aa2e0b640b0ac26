//! SOQL as Salesforce understands it: a parser, and what runs the query over the org's records.
//!
//! Nothing here is shared with the client's own reading of queries: the two check each other.
//!
//! Source: Salesforce's "SOQL and SOSL Reference".

mod ast;
mod cursors;
mod dates;
mod error;
mod lexer;
mod literals;
mod ordered;
mod parse;
mod print;
mod run;
mod words;

pub use ast::{
    Argument, At, Condition, Expression, List, Literal, Order, Part, Path, Pattern, Query, Selected, TypeOf,
};
pub(crate) use cursors::Cursors;
pub use dates::{Period, Unit};
pub use error::QueryError;
pub(crate) use lexer::Kind;
pub(crate) use ordered::Ordered;
pub(crate) use parse::Parser;
pub(crate) use run::{Data, Failure, Glob, Ordering, Origin, Piece, Place, Setting};
pub use words::{Comparison, FieldSet, Function, Mark, Scope, With};

/// The longest query, in characters.
const LONGEST: usize = 100_000;

const MALFORMED: &str = "MALFORMED_QUERY";

/// Reads a query.
///
/// # Errors
/// `MALFORMED_QUERY`, with Salesforce's message, if it is none. Whether its objects and fields exist shows only when it
/// is run.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    if text.chars().count() > LONGEST {
        return Err(QueryError::new(MALFORMED, "SOQL statements cannot be longer than 100000 characters."));
    }
    if text.trim().is_empty() {
        return Err(QueryError::new(MALFORMED, "SOQL statements cannot be empty or null"));
    }
    let mut parser = Parser::new(text, 0, MALFORMED)?;
    let query = parser.query()?;
    parser.end()?;
    Ok(query)
}

#[cfg(test)]
mod tests;
