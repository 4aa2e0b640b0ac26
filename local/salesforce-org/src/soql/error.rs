//! What a query is refused with, in Salesforce's words.

use std::fmt;

/// Characters of the query shown before and after the place of an error.
const BEFORE: usize = 32;
const AFTER: usize = 40;

/// A query or a search that the org does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryError {
    /// Salesforce's error code, e.g. `MALFORMED_QUERY`.
    pub code: &'static str,
    /// Salesforce's message: where there is one, with the place in the query.
    pub message: String,
}

impl QueryError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// An error at a byte of the query: an excerpt, a caret below it, row and column, and then what is wrong.
    pub(crate) fn at(code: &'static str, query: &str, byte: usize, problem: impl fmt::Display) -> Self {
        let place = Place::find(query, byte);
        let Place { excerpt, indent, row, column } = place;
        Self::new(
            code,
            format!("\n{excerpt}\n{:indent$}^\nERROR at Row:{row}:Column:{column}\n{problem}", ""),
        )
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for QueryError {}

/// A place as Salesforce shows it: rows, columns and the indent count characters, rows and columns from one.
struct Place {
    excerpt: String,
    indent: usize,
    row: usize,
    column: usize,
}

impl Place {
    fn find(query: &str, byte: usize) -> Self {
        let before = query.get(..byte).unwrap_or(query);
        let row_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line: Vec<char> = query[row_start..].chars().take_while(|char| *char != '\n').collect();
        let place = before[row_start..].chars().count();
        // The excerpt begins and ends between words.
        let start = match place.checked_sub(BEFORE) {
            None | Some(0) => 0,
            Some(least) => (least..place).find(|at| line[at - 1] == ' ').unwrap_or(least),
        };
        let end = (place + AFTER..line.len()).find(|at| line[*at] == ' ').unwrap_or(line.len());
        Self {
            excerpt: line[start..end].iter().collect(),
            indent: place - start,
            row: before.matches('\n').count() + 1,
            column: place + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_shown_as_salesforce_shows_it() {
        let query = "select Id, ProductCode from Product2 where ProductCode = 3999";
        let error = QueryError::at("INVALID_FIELD", query, 43, "wrong");
        assert_eq!(
            error.message,
            "\nProductCode from Product2 where ProductCode = 3999\n                                ^\n\
             ERROR at Row:1:Column:44\nwrong"
        );
    }

    #[test]
    fn rows_and_columns_count_characters() {
        let error = QueryError::at("X", "SELECT Id\nFROM Ö!", 17, "wrong");
        assert_eq!(error.message, "\nFROM Ö!\n      ^\nERROR at Row:2:Column:7\nwrong");
        let beyond = QueryError::at("X", "", 9, "wrong");
        assert_eq!(beyond.message, "\n\n^\nERROR at Row:1:Column:1\nwrong");
    }
}
