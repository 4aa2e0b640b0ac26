//! The words of a query.

use super::Unexpected;
use super::placeholder::{self, Placeholder};

/// What the next few characters are.
#[derive(Debug, PartialEq)]
pub(crate) enum Token<'a> {
    /// A name or a keyword: nothing in SOQL tells them apart but their place.
    Word(&'a str),
    /// What begins like a number: digits, signs, dots, colons and letters, as far as they go. May be a date.
    Number(&'a str),
    /// A text in single quotes, with the placeholders in it.
    Text(Vec<Placeholder<'a>>),
    /// A placeholder outside of quotes.
    Placeholder(Placeholder<'a>),
    /// Punctuation and operators.
    Symbol(&'a str),
    /// Nothing is left.
    End,
    /// A character that SOQL has no use for here.
    Strange,
}

/// Takes a query apart from its start to its end.
pub(crate) struct Lexer<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token and the byte where it begins.
    pub(crate) fn token(&mut self) -> Result<(Token<'a>, usize), Unexpected> {
        self.take_while(|c| matches!(c, ' ' | '\t' | '\r' | '\n'));
        let start = self.at;
        let rest = &self.text[start..];
        let mut characters = rest.chars();
        let token = match (characters.next(), characters.next()) {
            (None, _) => Token::End,
            (Some('\''), _) => self.quoted(start)?,
            (Some('{'), _) => self.placeholder(start)?,
            (Some('a'..='z' | 'A'..='Z' | '_'), _) => {
                Token::Word(self.take_while(|c| c.is_ascii_alphanumeric() || c == '_'))
            }
            (Some('-'), Some('-')) | (Some('/'), _) => return Err(no_comment(start)),
            (Some('0'..='9' | '+' | '-'), _) | (Some('.'), Some('0'..='9')) => Token::Number(
                self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '+' | '-')),
            ),
            (Some('!' | '<' | '>'), Some('=')) | (Some('<'), Some('>')) => self.symbol(2),
            (Some('(' | ')' | ',' | '.' | ':' | '=' | '<' | '>'), _) => self.symbol(1),
            _ => Token::Strange,
        };
        Ok((token, start))
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let taken = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn symbol(&mut self, length: usize) -> Token<'a> {
        let start = self.at;
        self.at += length;
        Token::Symbol(&self.text[start..self.at])
    }

    fn placeholder(&mut self, start: usize) -> Result<Token<'a>, Unexpected> {
        let Some(found) = placeholder::scan(self.text, start)? else {
            return Err(Unexpected { at: start, expected: "a placeholder such as {name} or {name:text}" });
        };
        self.at = found.place.end;
        Ok(Token::Placeholder(found))
    }

    fn quoted(&mut self, start: usize) -> Result<Token<'a>, Unexpected> {
        let mut placeholders = Vec::new();
        self.at += 1;
        loop {
            let at = self.at;
            let Some(c) = self.text[at..].chars().next() else {
                return Err(Unexpected {
                    at: start,
                    expected: "a closing quote for the text that begins here",
                });
            };
            self.at += c.len_utf8();
            match c {
                '\'' => return Ok(Token::Text(placeholders)),
                '\\' => self.at += escape(&self.text[self.at..]).ok_or(Unexpected {
                    at,
                    expected: r#"one of the escapes \n \r \t \b \f \" \' \\ \_ \% \u0000; a backslash is \\"#,
                })?,
                '{' => {
                    if let Some(found) = placeholder::scan(self.text, at)? {
                        self.at = found.place.end;
                        placeholders.push(found);
                    }
                }
                '\t' => {}
                c if c.is_control() => {
                    return Err(Unexpected {
                        at,
                        expected: r"no control character in a text; a line break is \n",
                    });
                }
                _ => {}
            }
        }
    }
}

/// How many bytes after a backslash belong to it.
/// <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_quotedstringescapes.htm>
fn escape(rest: &str) -> Option<usize> {
    match rest.as_bytes() {
        [b'n' | b'N' | b'r' | b'R' | b't' | b'T' | b'b' | b'B' | b'f' | b'F', ..] => Some(1),
        [b'"' | b'\'' | b'\\' | b'_' | b'%', ..] => Some(1),
        [b'u', code @ ..] if code.len() >= 4 && code[..4].iter().all(u8::is_ascii_hexdigit) => Some(5),
        _ => None,
    }
}

fn no_comment(at: usize) -> Unexpected {
    Unexpected { at, expected: "no comment: SOQL has none" }
}
