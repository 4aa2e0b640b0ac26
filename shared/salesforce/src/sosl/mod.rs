//! What the text of a search means, and how values get into it. Pure: no request is made here.
//!
//! The counterpart of [`soql`](crate::soql) for `FIND {…} IN … FIELDS RETURNING …`. A placeholder stands between the braces
//! of `FIND`, `FIND {{name}}`, or where a literal of SOQL may stand behind `RETURNING` and `WITH`.
//!
//! What a parameter brings is searched for as a phrase: `FIND {{name} OR {company}*}` becomes
//! `FIND {"…" OR "…*"}`. The operators and wildcards of the template keep their meaning (Salesforce takes wildcards between
//! double quotes too); those of a value have none.
//!
//! The language is the one of the [SOSL reference](https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_syntax.htm)
//! as far as the REST API takes it. What is not known here is refused.

mod find;
mod rest;

use crate::soql::{BindError, LONGEST, Parser, Pieces, QueryError, Read, Unexpected, resolve};
use std::fmt;

/// From more characters on, Salesforce drops the operators of a search text: what was `AND` finds like `OR`.
/// <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_syntax.htm>
const LONGEST_SEARCH_TEXT: usize = 4_000;

/// A search that may be sent: everything in it is from its template, or is a literal or a phrase.
///
/// Only [`Template::bind`] makes one.
#[derive(Clone, PartialEq, Eq)]
pub struct Sosl(String);

impl Sosl {
    /// The text of the search, for the request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sosl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[search]")
    }
}

/// A search with placeholders, read and understood.
#[derive(Debug, Clone)]
pub struct Template {
    /// `FIND {…}`
    find: Pieces,
    /// What follows.
    rest: Pieces,
    reads: Vec<Read>,
}

impl Template {
    /// Reads the whole text as one search.
    ///
    /// `FIND {name}` searches for the word "name", unless the invocation `has_parameters` of its own: then it is a
    /// placeholder.
    ///
    /// # Errors
    /// [`QueryError`] at the first character that does not fit.
    pub fn parse(text: &str, has_parameters: bool) -> Result<Self, QueryError> {
        Self::read(text, has_parameters).map_err(|unexpected| unexpected.within(text))
    }

    fn read(text: &str, has_parameters: bool) -> Result<Self, Unexpected> {
        if text.chars().nth(LONGEST).is_some() {
            return Err(Unexpected { at: text.len(), expected: "a search of at most 100,000 characters" });
        }
        let (find, end) = find::read(text, has_parameters)?;
        let rest = &text[end..];
        let read_rest = || {
            let mut parser = Parser::new(rest)?;
            parser.rest_of_search()?;
            parser.end()?;
            let (slots, scopes) = parser.finish();
            Ok((Pieces::new(rest.to_owned(), slots), resolve(scopes)?))
        };
        let (rest, reads) =
            read_rest().map_err(|Unexpected { at, expected }| Unexpected { at: end + at, expected })?;
        Ok(Self { find, rest, reads })
    }

    /// The names of the parameters that the search takes, in the order of the text; a name that is used twice comes twice.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.find.names().chain(self.rest.names())
    }

    /// Every object that the search reads: one entry for each object behind `RETURNING` and for each semi-join there.
    pub fn reads(&self) -> &[Read] {
        &self.reads
    }

    /// Whether the search has no `RETURNING`: then it answers with records of any object.
    pub fn reads_everything(&self) -> bool {
        self.reads.is_empty()
    }

    /// Puts the values that `look_up` finds into their places.
    ///
    /// # Errors
    /// [`BindError`] if a parameter is missing, if its value is not of the kind that its place needs, or if the search has
    /// grown too long.
    pub fn bind(&self, look_up: impl Fn(&str) -> Option<String>) -> Result<Sosl, BindError> {
        let mut bound = self.find.bind(&look_up)?;
        if bound.chars().nth(LONGEST_SEARCH_TEXT).is_some() {
            return Err(BindError::TooLong { what: "search text", limit: LONGEST_SEARCH_TEXT });
        }
        bound.push_str(&self.rest.bind(&look_up)?);
        if bound.chars().nth(LONGEST).is_some() {
            return Err(BindError::TooLong { what: "search", limit: LONGEST });
        }
        Ok(Sosl(bound))
    }
}

#[cfg(test)]
mod tests;
