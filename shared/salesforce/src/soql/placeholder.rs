//! `{name}` and `{name:kind}`.

use super::{Kind, Unexpected};
use std::ops::Range;

/// A placeholder as it stands in the text.
#[derive(Debug, PartialEq)]
pub(crate) struct Placeholder<'a> {
    /// From brace to brace, in bytes.
    pub(crate) place: Range<usize>,
    pub(crate) name: &'a str,
    pub(crate) kind: Option<Named>,
}

/// The kind that the template asks for. Which of them a place allows is the parser's business.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Named {
    Text,
    Like,
    Number,
    Date,
    Id,
    List,
    Boolean,
}

impl Named {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "text" => Self::Text,
            "like" => Self::Like,
            "number" => Self::Number,
            "date" => Self::Date,
            "id" => Self::Id,
            "list" => Self::List,
            "boolean" => Self::Boolean,
            _ => return None,
        })
    }
}

impl Placeholder<'_> {
    pub(crate) fn unexpected(&self, expected: &'static str) -> Unexpected {
        Unexpected { at: self.place.start, expected }
    }

    /// What a single value has to be.
    pub(crate) fn kind_of_one(&self) -> Result<Kind, Unexpected> {
        Ok(match self.kind {
            None => Kind::Any,
            Some(Named::Text) => Kind::Text,
            Some(Named::Number) => Kind::Number,
            Some(Named::Date) => Kind::Date,
            Some(Named::Boolean) => Kind::Boolean,
            Some(Named::Id) => Kind::Id,
            Some(Named::Like) => return Err(self.unexpected("the kind like only behind LIKE")),
            Some(Named::List) => {
                return Err(self.unexpected("the kind list only behind IN, INCLUDES or EXCLUDES"));
            }
        })
    }

    /// What each value of a list has to be whose operator wants `of`.
    pub(crate) fn kind_in_list(&self, of: Kind) -> Result<Kind, Unexpected> {
        match self.kind {
            None | Some(Named::List) => Ok(of),
            Some(Named::Text) => Ok(Kind::Text),
            Some(_) if of == Kind::Any => self.kind_of_one(),
            Some(_) => Err(self.unexpected("text or list behind INCLUDES and EXCLUDES")),
        }
    }
}

/// The placeholder that begins at `at`, where a brace stands; `None` if what stands there is no placeholder.
///
/// A name begins with a letter, a digit or `_` and may go on with `-` and `.`: the keys that a contact flow can give.
/// A kind that is not known is an error even inside a quoted text: taken literally it would find nothing, silently.
pub(crate) fn scan(text: &str, at: usize) -> Result<Option<Placeholder<'_>>, Unexpected> {
    let Some(rest) = text[at..].strip_prefix('{') else { return Ok(None) };
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let inside = &rest[..rest.find(|c| !belongs(c)).unwrap_or(rest.len())];
    if !rest[inside.len()..].starts_with('}') {
        return Ok(None);
    }
    let place = at..at + inside.len() + 2;
    let (name, kind) = match inside.split_once(':') {
        Some((name, kind)) => (name, Some(kind)),
        None => (inside, None),
    };
    let is_name = name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_');
    let is_kind =
        kind.is_none_or(|kind| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_alphabetic()));
    if !is_name || !is_kind {
        return Ok(None);
    }
    let kind = match kind.map(|kind| (kind, Named::parse(kind))) {
        None => None,
        Some((_, Some(kind))) => Some(kind),
        Some((kind, None)) => {
            return Err(Unexpected {
                at: place.end - 1 - kind.len(),
                expected: "one of the kinds text, like, number, date, id, list, boolean",
            });
        }
    };
    Ok(Some(Placeholder { place, name, kind }))
}
