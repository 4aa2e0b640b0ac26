//! Why a template cannot be read, and why a value cannot be put into it. Neither tells what the text or the value is.

use thiserror::Error;

/// The template is not a query (or a search) as far as this crate knows the language.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the query cannot be read at character {character}: expected {expected}")]
pub struct QueryError {
    /// Where it stops making sense; the first character is 1.
    pub character: usize,
    /// What could stand there instead.
    pub expected: &'static str,
}

/// A value cannot be put into its place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BindError {
    /// There is no value for this name. A query is never sent with a placeholder left in it.
    #[error(
        "the query has the placeholder {{{placeholder}}}, but the parameter {placeholder} is missing or empty"
    )]
    Missing {
        /// The name in the braces.
        placeholder: String,
    },
    /// The value is not what the place, or the kind behind the name, asks for.
    #[error("the parameter {placeholder} does not fit its place in the query: expected {expected}")]
    Unfit {
        /// The name in the braces.
        placeholder: String,
        /// What fits there.
        expected: &'static str,
    },
    /// With its values the text exceeds what Salesforce takes.
    #[error(
        "with its values the {what} is longer than the {limit} characters that Salesforce takes; pass fewer or shorter ones"
    )]
    TooLong {
        /// `query` or `search text`.
        what: &'static str,
        /// In characters.
        limit: usize,
    },
}

/// A [`QueryError`] that does not know yet which text it is about.
#[derive(Debug, PartialEq)]
pub(crate) struct Unexpected {
    /// In bytes from the start of the text.
    pub(crate) at: usize,
    pub(crate) expected: &'static str,
}

impl Unexpected {
    pub(crate) fn within(self, text: &str) -> QueryError {
        let before = text.char_indices().take_while(|(at, _)| *at < self.at).count();
        QueryError { character: before + 1, expected: self.expected }
    }
}
