//! Reads what stands between the braces of `FIND {…}`.

use super::ast::Find;
use crate::soql::{Part, Pattern, QueryError};

/// Characters with a meaning in a search; for themselves they stand only behind a backslash.
const RESERVED: &str = r#"?&|!{}[]()^~*:\"'+-"#;

/// How deep parentheses may nest.
const DEPTH: usize = 50;

/// Whether a reserved character without a meaning where it stands is an error. It is one in SOSL, but a parameterized
/// search takes the text as a person typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reserved {
    Refused,
    Literal,
}

/// A place in the text.
pub(super) struct FindParser<'q> {
    text: &'q str,
    at: usize,
    depth: usize,
    reserved: Reserved,
}

impl<'q> FindParser<'q> {
    pub(super) fn new(text: &'q str, at: usize, reserved: Reserved) -> Self {
        Self { text, at, depth: 0, reserved }
    }

    /// Reads up to the closing brace, or the end of the text; says where it stopped.
    pub(super) fn read(mut self) -> Result<(Find, usize), QueryError> {
        let start = self.at;
        let find = self.any_of()?;
        if self.peek() == Some(')') {
            return Err(self.unexpected());
        }
        // Salesforce wants two characters, wherever they are; wildcards do not count.
        if !find.as_ref().is_some_and(is_long_enough) {
            let term = self.text[start..self.at].trim();
            let problem = format!("search term must be longer than one character: {term}");
            return Err(QueryError::new("INVALID_SEARCH", problem));
        }
        find.map(|find| (find, self.at)).ok_or_else(|| self.unexpected())
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let char = self.peek()?;
        self.at += char.len_utf8();
        Some(char)
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.take();
        }
    }

    /// Takes an operator, if it comes next: a bare word, whatever its case.
    fn eat(&mut self, operator: &str) -> bool {
        self.skip_spaces();
        let rest = &self.text[self.at..];
        let is_next = rest.get(..operator.len()).is_some_and(|word| word.eq_ignore_ascii_case(operator))
            && rest[operator.len()..]
                .starts_with(|char: char| char.is_whitespace() || "(\"})".contains(char));
        self.at += if is_next { operator.len() } else { 0 };
        is_next
    }

    /// `OR` binds least.
    fn any_of(&mut self) -> Result<Option<Find>, QueryError> {
        let Some(first) = self.all_of()? else { return Ok(None) };
        let mut found = vec![first];
        while self.eat("OR") {
            found.push(self.all_of()?.ok_or_else(|| self.unexpected())?);
        }
        Ok(Some(if found.len() == 1 { found.remove(0) } else { Find::Or(found) }))
    }

    /// Terms joined by `AND`, `AND NOT` or nothing, which means `AND`.
    fn all_of(&mut self) -> Result<Option<Find>, QueryError> {
        let Some(first) = self.term()? else { return Ok(None) };
        let (mut all, mut none) = (vec![first], Vec::new());
        loop {
            let start = self.at;
            if self.eat("OR") {
                self.at = start;
                break;
            }
            let joined = self.eat("AND");
            let terms = if joined && self.eat("NOT") { &mut none } else { &mut all };
            match self.term()? {
                Some(term) => terms.push(term),
                None if joined => return Err(self.unexpected()),
                None => break,
            }
        }
        Ok(Some(if all.len() == 1 && none.is_empty() { all.remove(0) } else { Find::And(all, none) }))
    }

    fn term(&mut self) -> Result<Option<Find>, QueryError> {
        self.skip_spaces();
        match self.peek() {
            None | Some('}' | ')') => Ok(None),
            Some('(') => {
                if self.depth == DEPTH {
                    return Err(self.unexpected());
                }
                self.take();
                self.depth += 1;
                let find = self.any_of()?.ok_or_else(|| self.unexpected())?;
                self.depth -= 1;
                if self.peek() != Some(')') {
                    return Err(self.unexpected());
                }
                self.take();
                Ok(Some(find))
            }
            Some('"') => {
                self.take();
                let phrase = self.pattern(|char| char == '"')?;
                if self.take() != Some('"') {
                    return Err(self.unexpected());
                }
                Ok(Some(Find::Phrase(phrase)))
            }
            Some(_) => {
                let ends = |char: char| char.is_whitespace() || "})(\"".contains(char);
                Ok(Some(Find::Word(self.pattern(ends)?)))
            }
        }
    }

    fn pattern(&mut self, ends: impl Fn(char) -> bool) -> Result<Pattern, QueryError> {
        let mut pattern = Pattern::default();
        while let Some(char) = self.peek().filter(|char| !ends(*char)) {
            let lenient = self.reserved == Reserved::Literal;
            match char {
                '*' => pattern.0.push(Part::Any),
                '?' => pattern.0.push(Part::One),
                '\\' => {
                    let escaped = self.text[self.at + 1..].chars().next();
                    match escaped.filter(|char| RESERVED.contains(*char)) {
                        Some(char) => {
                            self.take();
                            pattern.push(char);
                        }
                        None if lenient => pattern.push('\\'),
                        None => return Err(self.unexpected()),
                    }
                }
                char if RESERVED.contains(char) && !lenient => return Err(self.unexpected()),
                char => pattern.push(char),
            }
            self.take();
        }
        Ok(pattern)
    }

    fn unexpected(&self) -> QueryError {
        let found = self.peek().map_or("<EOF>".to_owned(), String::from);
        let problem = format!("mismatched character '{found}' expecting '}}'");
        QueryError::at(super::MALFORMED, self.text, self.at, problem)
    }
}

fn is_long_enough(find: &Find) -> bool {
    match find {
        Find::Or(all) => all.iter().any(is_long_enough),
        Find::And(all, none) => all.iter().chain(none).any(is_long_enough),
        Find::Word(pattern) | Find::Phrase(pattern) => {
            let characters = |part: &Part| match part {
                Part::Text(text) => text.chars().filter(|char| !char.is_whitespace()).count(),
                Part::Any | Part::One => 0,
            };
            pattern.0.iter().map(characters).sum::<usize>() > 1
        }
    }
}
