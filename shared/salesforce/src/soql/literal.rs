//! A value becomes a literal.

use crate::RecordId;
use chrono::{DateTime, NaiveDate};
use serde_json::Value;
use std::borrow::Cow;

/// What a value has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// A number, date, dateTime or boolean if it has exactly that form, otherwise a text.
    Any,
    Text,
    Number,
    /// A date or a dateTime.
    Date,
    Boolean,
    /// The id of a record, which is a text in a query.
    Id,
}

/// How a value is written into its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fit {
    /// One literal.
    One(Kind),
    /// One quoted text behind `LIKE`.
    Like,
    /// The literals of a list; the parentheses are the value's to bring if the template has none.
    List { of: Kind, parentheses: bool },
    /// A whole number that is not negative.
    Count,
    /// A part of a text whose quotes are in the template.
    InText { kind: Kind, like: bool },
    /// A part of a phrase of a SOSL search, whose double quotes are in the template.
    InPhrase(Kind),
}

/// What is expected instead of a value that does not fit.
type Expected = &'static str;

impl Fit {
    /// Writes `value` to the end of `query`.
    pub(crate) fn write(&self, value: &str, query: &mut String) -> Result<(), Expected> {
        match *self {
            Self::One(kind) => write(kind, value, query),
            Self::Like => quote(value, true, query),
            Self::List { of, parentheses } => {
                let (open, close) = if parentheses { ("(", ")") } else { ("", "") };
                query.push_str(open);
                for (position, (kind, item)) in items(of, value)?.iter().enumerate() {
                    if position > 0 {
                        query.push_str(", ");
                    }
                    write(*kind, item, query)?;
                }
                query.push_str(close);
                Ok(())
            }
            Self::Count => {
                // Salesforce counts in 32 bits with a sign.
                let count = value.parse().ok().filter(|_| digits(value)).filter(|count: &i32| *count >= 0);
                query.push_str(&count.ok_or("a whole number that is not negative, such as 10")?.to_string());
                Ok(())
            }
            Self::InText { kind, like } => escape(text(kind, value)?.text(), like, query),
            Self::InPhrase(kind) => escape_search(text(kind, value)?.text(), query),
        }
    }
}

/// A value that is what it has to be.
enum Literal<'a> {
    Bare(Cow<'a, str>),
    Quoted(&'a str),
}

impl Literal<'_> {
    fn text(&self) -> &str {
        match self {
            Self::Bare(text) => text,
            Self::Quoted(text) => text,
        }
    }
}

fn text(kind: Kind, value: &str) -> Result<Literal<'_>, Expected> {
    let kind = if kind == Kind::Any { form(value) } else { kind };
    Ok(match kind {
        Kind::Any | Kind::Text => Literal::Quoted(value),
        Kind::Number => {
            Literal::Bare(number(value).ok_or("a number of at most 18 digits, such as 42 or -3.5")?)
        }
        Kind::Date if is_date(value) || is_date_time(value) => Literal::Bare(value.into()),
        Kind::Date => return Err("a date such as 2026-01-31, or a dateTime such as 2026-01-31T09:30:00Z"),
        Kind::Boolean if value.eq_ignore_ascii_case("true") => Literal::Bare("true".into()),
        Kind::Boolean if value.eq_ignore_ascii_case("false") => Literal::Bare("false".into()),
        Kind::Boolean => return Err("true or false"),
        Kind::Id if RecordId::parse(value).is_ok() => Literal::Quoted(value),
        Kind::Id => return Err("a record id of 15 or 18 letters and digits"),
    })
}

fn write(kind: Kind, value: &str, query: &mut String) -> Result<(), Expected> {
    match text(kind, value)? {
        Literal::Bare(text) => {
            query.push_str(&text);
            Ok(())
        }
        Literal::Quoted(text) => quote(text, false, query),
    }
}

/// The kind that a value has by its form.
///
/// The form is exact, so that what only looks like a number stays a text: `+12065550100`, `00001026`, `1e5`.
fn form(value: &str) -> Kind {
    if matches!(number(value), Some(Cow::Borrowed(_))) {
        Kind::Number
    } else if is_date(value) || is_date_time(value) {
        Kind::Date
    } else if matches!(value, "true" | "false") {
        Kind::Boolean
    } else {
        Kind::Text
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number without zeros in front; borrowed if it had none. Salesforce keeps 18 digits of a number: what has more is no
/// number, but what is printed on a card or a parcel.
fn number(value: &str) -> Option<Cow<'_, str>> {
    let (sign, unsigned) = value.strip_prefix('-').map_or(("", value), |unsigned| ("-", unsigned));
    let (integer, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    if !digits(integer) || !digits(fraction) || unsigned.bytes().filter(u8::is_ascii_digit).count() > 18 {
        return None;
    }
    let kept = match integer.trim_start_matches('0') {
        "" => "0",
        kept => kept,
    };
    Some(if kept.len() == integer.len() {
        value.into()
    } else {
        format!("{sign}{kept}{}", &unsigned[integer.len()..]).into()
    })
}

fn has_shape(value: &str, shape: &str) -> bool {
    value.len() == shape.len()
        && value.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            _ => byte == wanted,
        })
}

fn is_date(value: &str) -> bool {
    has_shape(value, "0000-00-00") && value.parse::<NaiveDate>().is_ok()
}

/// <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm>
fn is_date_time(value: &str) -> bool {
    let seconds = "0000-00-00T00:00:00";
    let Some((moment, rest)) = value.split_at_checked(seconds.len()) else { return false };
    let fraction =
        rest.strip_prefix('.').map_or(0, |rest| 1 + rest.bytes().take_while(u8::is_ascii_digit).count());
    let zone = &rest[fraction..];
    has_shape(moment, seconds)
        // A leap second is a time to chrono, not to Salesforce.
        && !moment.ends_with("60")
        && matches!(fraction, 0 | 2..=4)
        && (zone == "Z" || has_shape(zone, "+00:00") || has_shape(zone, "-00:00"))
        && DateTime::parse_from_rfc3339(value).is_ok()
}

/// A number, date, dateTime or time as a template may have it, which is more than is made of a value.
pub(crate) fn is_number_or_date(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E'));
    is_number && text.parse::<f64>().is_ok()
        || is_date(text)
        || is_date_time(text)
        || is_date_time(&format!("2000-01-01T{text}"))
}

/// The items of a list, each with what it has to be.
///
/// Separated by commas they are all of one kind, or all texts: a list of mixed kinds would be refused by Salesforce.
/// Empty items are left out; as a text they would match every record without a value.
fn items(of: Kind, value: &str) -> Result<Vec<(Kind, Cow<'_, str>)>, Expected> {
    const EXPECTED: Expected =
        "a JSON array of texts, numbers and booleans, or values separated by commas; at least one";
    let items: Vec<_> = if value.trim_start().starts_with('[') {
        let array: Vec<Value> = serde_json::from_str(value).map_err(|_| EXPECTED)?;
        let item = |item| match item {
            Value::String(text) => Ok((Kind::Text, text.into())),
            Value::Number(number) => Ok((Kind::Number, number.to_string().into())),
            Value::Bool(boolean) => Ok((Kind::Boolean, boolean.to_string().into())),
            Value::Null | Value::Array(_) | Value::Object(_) => Err(EXPECTED),
        };
        array.into_iter().map(item).collect::<Result<_, _>>()?
    } else {
        let items = value.split(',').map(str::trim).filter(|item| !item.is_empty());
        let mut kinds = items.clone().map(form);
        let first = kinds.next().unwrap_or(Kind::Text);
        let common = if kinds.all(|kind| kind == first) { first } else { Kind::Text };
        items.map(|item| (common, item.into())).collect()
    };
    if items.is_empty() {
        return Err(EXPECTED);
    }
    Ok(items.into_iter().map(|(kind, item)| (if of == Kind::Any { kind } else { of }, item)).collect())
}

fn quote(text: &str, like: bool, query: &mut String) -> Result<(), Expected> {
    query.push('\'');
    escape(text, like, query)?;
    query.push('\'');
    Ok(())
}

/// Escapes what would end or change a quoted text.
///
/// Behind `LIKE` there is only one round of unescaping, the one of the reference's table, where `\\`, `\%` and `\_` stand
/// side by side: from left to right, a backslash and the character behind it are one character that matches itself. So
/// the text `\%` becomes `\\` `\%` and matches just these two characters; escaped in two rounds, first as a pattern and
/// then as a text, it would become `\\\\` `\\%`, whose last `%` is a wildcard again. A backslash at the end of a value
/// becomes a pair and cannot take the template's next character with it.
///
/// Control characters go as `\n`, `\r`, `\t` or as `\uXXXX`: raw ones are refused inside quotes, and the reference calls `\b`
/// a bell where everyone else has a backspace. The line separators of Unicode go with them, in case they end a line.
fn escape(text: &str, like: bool, query: &mut String) -> Result<(), Expected> {
    for c in text.chars() {
        match c {
            '\0' => return Err("a text without the character NUL"),
            '\\' => query.push_str(r"\\"),
            '\'' => query.push_str(r"\'"),
            '%' | '_' if like => query.extend(['\\', c]),
            '\n' => query.push_str(r"\n"),
            '\r' => query.push_str(r"\r"),
            '\t' => query.push_str(r"\t"),
            '\u{2028}' | '\u{2029}' => query.push_str(&format!(r"\u{:04x}", u32::from(c))),
            c if c.is_control() => query.push_str(&format!(r"\u{:04x}", u32::from(c))),
            c => query.push(c),
        }
    }
    Ok(())
}

/// Escapes what would end or change a phrase of a search. The reserved characters need it even between double quotes;
/// `AND`, `OR` and `NOT` do not. What Salesforce has no escape for separates words, so a space says the same.
/// <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_find.htm>
fn escape_search(text: &str, search: &mut String) -> Result<(), Expected> {
    if !text.chars().any(char::is_alphanumeric) {
        return Err("a text with a letter or a digit to search for");
    }
    for c in text.chars() {
        match c {
            '?' | '&' | '|' | '!' | '{' | '}' | '[' | ']' | '(' | ')' | '^' | '~' | '*' | ':' | '\\'
            | '"' | '\'' | '+' | '-' => search.extend(['\\', c]),
            c if c.is_control() || c.is_whitespace() => search.push(' '),
            c => search.push(c),
        }
    }
    Ok(())
}
