//! Cuts a query into tokens.

use super::error::QueryError;

/// A piece of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'q> {
    pub(crate) kind: Kind,
    /// As written; a quoted text with its quotes and escapes.
    pub(crate) text: &'q str,
    /// Its first byte in the query.
    pub(crate) at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier, or several joined by dots.
    Word,
    /// A text in single quotes.
    Text,
    /// A number, date or dateTime.
    Number,
    /// Punctuation or a comparison.
    Symbol,
    /// Behind the last piece.
    End,
}

/// All tokens from a byte of the text on, the last of them [`Kind::End`].
pub(crate) fn tokens<'q>(
    text: &'q str,
    from: usize,
    code: &'static str,
) -> Result<Vec<Token<'q>>, QueryError> {
    let mut tokens = Vec::new();
    let mut at = from;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let space = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        at += space;
        let rest = &rest[space..];
        let Some(first) = rest.chars().next() else {
            tokens.push(Token { kind: Kind::End, text: "<EOF>", at });
            return Ok(tokens);
        };
        let (kind, length) = match first {
            'A'..='Z' | 'a'..='z' | '_' => (Kind::Word, word(rest)),
            '0'..='9' | '+' | '-' => (Kind::Number, number(rest)),
            '\'' => (Kind::Text, quoted(text, at, code)?),
            _ => (Kind::Symbol, symbol(rest)),
        };
        if length == 0 {
            return Err(QueryError::at(code, text, at, format_args!("unexpected token: '{first}'")));
        }
        tokens.push(Token { kind, text: &rest[..length], at });
        at += length;
    }
}

fn word(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let begins = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let mut length = 0;
    loop {
        let part = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
        length += bytes[length..].iter().take_while(part).count();
        // A dot belongs to the word only if another identifier follows it.
        match &bytes[length..] {
            [b'.', next, ..] if begins(next) => length += 1,
            _ => return length,
        }
    }
}

/// Takes in everything that a number, date or dateTime may consist of; what it is shows when it is read.
fn number(rest: &str) -> usize {
    let part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.' | ':');
    rest.find(|char| !part(char)).unwrap_or(rest.len())
}

fn quoted(text: &str, at: usize, code: &'static str) -> Result<usize, QueryError> {
    let mut escaped = false;
    for (index, char) in text[at..].char_indices().skip(1) {
        match char {
            '\n' | '\r' => {
                let problem = "line breaks not allowed in string literals";
                return Err(QueryError::at(code, text, at + index, problem));
            }
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => return Ok(index + 1),
            _ => {}
        }
    }
    Err(QueryError::at(code, text, text.len(), "mismatched character '<EOF>' expecting '''"))
}

fn symbol(rest: &str) -> usize {
    if ["!=", "<>", "<=", ">="].iter().any(|symbol| rest.starts_with(symbol)) {
        2
    } else {
        usize::from(rest.starts_with(['=', '<', '>', '(', ')', ',', ':']))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let tokens = tokens(text, 0, "MALFORMED_QUERY").unwrap();
        tokens.iter().take(tokens.len() - 1).map(|token| token.text).collect()
    }

    #[test]
    fn pieces_are_words_numbers_texts_and_symbols() {
        assert_eq!(cut("a.b__r.c,d>=-1.5e3 "), ["a.b__r.c", ",", "d", ">=", "-1.5e3"]);
        assert_eq!(cut(r"x='it\'s \\'and"), ["x", "=", r"'it\'s \\'", "and"]);
        assert_eq!(cut("2026-03-01T10:00:00+01:00)"), ["2026-03-01T10:00:00+01:00", ")"]);
        assert_eq!(cut("COUNT()LAST_N_DAYS:5"), ["COUNT", "(", ")", "LAST_N_DAYS", ":", "5"]);
    }

    #[test]
    fn what_no_query_has_is_refused_where_it_stands() {
        for (text, column) in [
            ("a /* b */", 3),
            ("a ; b", 3),
            ("a. b", 2),
            ("a.1", 2),
            ("a..b", 2),
            ("é", 1),
            ("{x}", 1),
            ("a\0", 2),
        ] {
            let error = tokens(text, 0, "MALFORMED_QUERY").unwrap_err();
            assert!(error.message.contains(&format!("Column:{column}\nunexpected token")), "{text}: {error}");
        }
        let error = tokens(r"x = 'open\'", 0, "MALFORMED_QUERY").unwrap_err();
        assert!(error.message.ends_with("Column:12\nmismatched character '<EOF>' expecting '''"), "{error}");
        let error = tokens("'two\nlines'", 0, "MALFORMED_QUERY").unwrap_err();
        assert!(error.message.ends_with("line breaks not allowed in string literals"), "{error}");
    }
}
