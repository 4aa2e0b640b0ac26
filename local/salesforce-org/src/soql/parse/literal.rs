//! Values.

use std::ops::Range;
use std::str::Chars;

use chrono::{DateTime, NaiveDate};

use super::Parser;
use crate::soql::ast::{Literal, Part, Pattern};
use crate::soql::dates::Period;
use crate::soql::error::QueryError;
use crate::soql::lexer::{Kind, Token};

impl Parser<'_> {
    pub(super) fn literal(&mut self) -> Result<Literal, QueryError> {
        let token = self.peek();
        let literal = match token.kind {
            Kind::Text => Some(Literal::Text(self.text_of(token)?)),
            Kind::Number => number(token.text).or_else(|| moment(token.text)),
            Kind::Word => return self.named(),
            Kind::Symbol if token.text == ":" => return Err(self.bind_variable()),
            Kind::Symbol | Kind::End => None,
        };
        let literal = literal.ok_or_else(|| self.unexpected())?;
        self.take();
        Ok(literal)
    }

    /// What stands behind `LIKE`: a text in which `%` and `_` are wildcards.
    pub(super) fn pattern(&mut self) -> Result<Literal, QueryError> {
        let token = self.peek();
        if token.kind != Kind::Text {
            return self.literal();
        }
        let mut pattern = Pattern::default();
        self.characters(token, true, |char, escaped| match char {
            '%' if !escaped => pattern.0.push(Part::Any),
            '_' if !escaped => pattern.0.push(Part::One),
            char => pattern.push(char),
        })?;
        self.take();
        Ok(Literal::Pattern(pattern))
    }

    pub(super) fn bind_variable(&self) -> QueryError {
        self.error(self.peek().at, "Bind variables only allowed in Apex code")
    }

    fn named(&mut self) -> Result<Literal, QueryError> {
        let token = self.peek();
        let literal = match token.text.to_ascii_uppercase().as_str() {
            "NULL" => Literal::Null,
            "TRUE" => Literal::Boolean(true),
            "FALSE" => Literal::Boolean(false),
            name => {
                let counted = self.ahead(1).text == ":";
                let digits = self.ahead(2).text;
                let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
                let count = digits.parse().ok().filter(|_| counted && plain);
                let period = Period::parse(name, count).filter(|_| counted == count.is_some());
                self.next += if count.is_some() && period.is_some() { 2 } else { 0 };
                Literal::Period(period.ok_or_else(|| self.unexpected())?)
            }
        };
        self.take();
        Ok(literal)
    }

    fn text_of(&self, token: Token<'_>) -> Result<String, QueryError> {
        let mut text = String::new();
        self.characters(token, false, |char, _| text.push(char))?;
        Ok(text)
    }

    /// The characters that a quoted text stands for, each with whether it was escaped: Salesforce's "Quoted String
    /// Escape Sequences". A backslash before anything else is an error.
    fn characters(
        &self,
        token: Token<'_>,
        like: bool,
        mut each: impl FnMut(char, bool),
    ) -> Result<(), QueryError> {
        let inside = token.text.get(1..token.text.len() - 1).unwrap_or_default();
        let mut rest = inside.chars();
        while let Some(char) = rest.next() {
            if char != '\\' {
                each(char, false);
                continue;
            }
            let escape = rest.next();
            let meant = match escape {
                Some('n' | 'N') => Some('\n'),
                Some('r' | 'R') => Some('\r'),
                Some('t' | 'T') => Some('\t'),
                Some('b' | 'B') => Some('\u{8}'),
                Some('f' | 'F') => Some('\u{c}'),
                Some('u') => unicode(&mut rest),
                Some(char @ ('"' | '\'' | '\\')) => Some(char),
                Some(char @ ('_' | '%')) if like => Some(char),
                _ => None,
            };
            let Some(meant) = meant else {
                let escape = escape.map(String::from).unwrap_or_default();
                let problem = format!(
                    "Invalid string literal '{inside}'. Illegal character sequence '\\{escape}' in string literal."
                );
                return Err(self.error(token.at, problem));
            };
            each(meant, true);
        }
        Ok(())
    }
}

/// The character that four hexadecimal digits name.
fn unicode(rest: &mut Chars<'_>) -> Option<char> {
    let hex = rest.as_str().get(..4).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    let char = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
    rest.nth(3);
    Some(char)
}

fn number(text: &str) -> Option<Literal> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    // Rust also reads ".5" and "inf", which the lexer or this let through as something else.
    if !unsigned.starts_with(|char: char| char.is_ascii_digit()) || unsigned.ends_with('.') {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Literal::Number)
}

fn moment(text: &str) -> Option<Literal> {
    // chrono also reads years of other lengths.
    let digits = |range: Range<usize>| {
        text.get(range).is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if !digits(0..4) || !digits(5..7) || !digits(8..10) {
        return None;
    }
    if text.len() == 10 {
        return NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Literal::Date);
    }
    // Salesforce also takes what it writes itself: fractions of a second, and an offset without a colon.
    let time = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .ok()?;
    Some(Literal::DateTime(time.to_utc()))
}
