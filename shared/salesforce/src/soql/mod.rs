//! What the text of a query means, and how values get into it. Pure: no request is made here.
//!
//! A flow gives a query with placeholders, `WHERE Phone = '{phone}'`, and the values beside it. [`Template::parse`] reads
//! the whole query, so that every placeholder is known to stand where a literal may stand; [`Template::bind`] puts each
//! value there as one literal, or as the literals of one list. A value can therefore never become a part of the query.
//! [`Template::reads`] tells which objects the query reads, for whoever decides whether it may.
//!
//! | placeholder | becomes |
//! |---|---|
//! | `'{name}'`, `'%{name}%'` | text, escaped; after `LIKE` its wildcards too |
//! | `= {name}` | a number, date, dateTime or boolean if the value has exactly that form, otherwise a quoted text |
//! | `LIKE {name}` | a quoted text that matches only itself |
//! | `IN {name}`, `IN ({name})` | a list: a JSON array or values separated by commas; likewise `INCLUDES` and `EXCLUDES` |
//! | `LIMIT {name}`, `LAST_N_DAYS:{name}` | a whole number that is not negative |
//! | `{name:kind}` | what the kind says (`text`, `like`, `number`, `date`, `id`, `list`, `boolean`), or an error |
//!
//! The language is the one of the [SOQL reference](https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm)
//! as far as the REST API takes it. What is not known here is refused.

mod bind;
mod condition;
mod error;
mod lexer;
mod literal;
mod parser;
mod placeholder;
mod query;
mod reads;
mod words;

pub use error::{BindError, QueryError};
pub use reads::{Path, Read, Step};

pub(crate) use bind::{Pieces, Slot};
pub(crate) use error::Unexpected;
pub(crate) use lexer::Token;
pub(crate) use literal::{Fit, Kind};
pub(crate) use parser::{Parser, Place};
pub(crate) use placeholder::{Placeholder, scan};
pub(crate) use reads::{Scope, resolve};

use std::fmt;

/// The longest query that Salesforce takes, in characters, unless the org has another limit. It holds for SOSL too.
/// <https://developer.salesforce.com/docs/atlas.en-us.salesforce_app_limits_cheatsheet.meta/salesforce_app_limits_cheatsheet/salesforce_app_limits_platform_soslsoql.htm>
pub(crate) const LONGEST: usize = 100_000;

/// A query that may be sent: everything in it is from its template, or is a literal.
///
/// Only [`Template::bind`] makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct Soql(String);

impl Soql {
    /// The text of the query, for the request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Soql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[query]")
    }
}

/// A query with placeholders, read and understood.
#[derive(Debug, Clone)]
pub struct Template {
    pieces: Pieces,
    reads: Vec<Read>,
}

impl Template {
    /// Reads the whole text as one query.
    ///
    /// # Errors
    /// [`QueryError`] at the first character that does not fit.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Self::read(text).map_err(|unexpected| unexpected.within(text))
    }

    fn read(text: &str) -> Result<Self, Unexpected> {
        if text.chars().nth(LONGEST).is_some() {
            return Err(Unexpected { at: text.len(), expected: "a query of at most 100,000 characters" });
        }
        let mut parser = Parser::new(text)?;
        parser.query(None)?;
        parser.end()?;
        let (slots, scopes) = parser.finish();
        Ok(Self { reads: resolve(scopes)?, pieces: Pieces::new(text.to_owned(), slots) })
    }

    /// The names of the parameters that the query takes, in the order of the text; a name that is used twice comes twice.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.pieces.names()
    }

    /// Every object that the query reads: one entry for the query itself, one for each semi-join and anti-join in it, and
    /// one for each object that a `TYPEOF` names.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// Puts the values that `look_up` finds into their places.
    ///
    /// An empty text stays a text: Salesforce takes `= ''` for "has no value".
    ///
    /// # Errors
    /// [`BindError`] if a parameter is missing, if its value is not of the kind that its place needs, or if the query has
    /// grown too long.
    pub fn bind(&self, look_up: impl Fn(&str) -> Option<String>) -> Result<Soql, BindError> {
        let bound = self.pieces.bind(&look_up)?;
        if bound.chars().nth(LONGEST).is_some() {
            return Err(BindError::TooLong { what: "query", limit: LONGEST });
        }
        Ok(Soql(bound))
    }
}

#[cfg(test)]
mod tests;
