//! What every part of the parser needs: one token of look-ahead, names, functions and literals.

use super::literal::is_number_or_date;
use super::placeholder::Named;
use super::reads::Scope;
use super::words::{self, Arguments, DateLiteral};
use super::{Fit, Kind, Placeholder, Slot, Token, Unexpected, lexer::Lexer};

/// How deep parentheses, sub-queries and functions may nest: what people write stays below ten.
const DEEPEST: usize = 32;

/// The most names of a dotted name. Salesforce follows five relationships.
const LONGEST_PATH: usize = 10;

/// Reads a text from its start to its end and notes its placeholders and what it reads.
pub(crate) struct Parser<'a> {
    lexer: Lexer<'a>,
    pub(super) token: Token<'a>,
    /// Where `token` begins, in bytes.
    pub(crate) at: usize,
    depth: usize,
    slots: Vec<Slot>,
    pub(super) scopes: Vec<Scope<'a>>,
    /// The scope that names belong to at the moment.
    pub(super) scope: usize,
}

/// Where a literal stands: what decides how a placeholder's value is written there.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    /// Behind `=`, `<` and the like.
    Compared,
    /// Behind `LIKE`.
    Pattern,
    /// Between the parentheses of a list.
    Item { of: Kind },
}

impl<'a> Parser<'a> {
    pub(crate) fn new(text: &'a str) -> Result<Self, Unexpected> {
        let mut lexer = Lexer::new(text);
        let (token, at) = lexer.token()?;
        Ok(Self { lexer, token, at, depth: 0, slots: Vec::new(), scopes: Vec::new(), scope: 0 })
    }

    /// What was noted, when all is read.
    pub(crate) fn finish(self) -> (Vec<Slot>, Vec<Scope<'a>>) {
        (self.slots, self.scopes)
    }

    pub(crate) fn unexpected<T>(&self, expected: &'static str) -> Result<T, Unexpected> {
        Err(Unexpected { at: self.at, expected })
    }

    pub(super) fn advance(&mut self) -> Result<Token<'a>, Unexpected> {
        let (token, at) = self.lexer.token()?;
        self.at = at;
        Ok(std::mem::replace(&mut self.token, token))
    }

    /// Takes the next token if it is this keyword.
    pub(crate) fn take(&mut self, keyword: &str) -> Result<bool, Unexpected> {
        let found = self.at_word(keyword);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Whether the next token is this keyword.
    pub(crate) fn at_word(&self, keyword: &str) -> bool {
        matches!(self.token, Token::Word(word) if words::is(word, keyword))
    }

    pub(crate) fn take_symbol(&mut self, symbol: &str) -> Result<bool, Unexpected> {
        let found = self.at_symbol(symbol);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Whether the next token is this symbol.
    pub(crate) fn at_symbol(&self, symbol: &str) -> bool {
        self.token == Token::Symbol(symbol)
    }

    /// From here on, names belong to `scope`. Returns the scope of before.
    pub(crate) fn enter(&mut self, scope: Scope<'a>) -> usize {
        self.scopes.push(scope);
        std::mem::replace(&mut self.scope, self.scopes.len() - 1)
    }

    /// The next word must be one of `keywords`.
    pub(crate) fn one_of(&mut self, keywords: &[&str], expected: &'static str) -> Result<(), Unexpected> {
        for keyword in keywords {
            if self.take(keyword)? {
                return Ok(());
            }
        }
        self.unexpected(expected)
    }

    pub(crate) fn symbol(&mut self, symbol: &str, expected: &'static str) -> Result<(), Unexpected> {
        if self.take_symbol(symbol)? { Ok(()) } else { self.unexpected(expected) }
    }

    pub(crate) fn end(&self) -> Result<(), Unexpected> {
        if self.token == Token::End {
            Ok(())
        } else {
            self.unexpected("another clause, or the end of the query")
        }
    }

    /// `item`, once or more, with commas between.
    pub(crate) fn list(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), Unexpected>,
    ) -> Result<(), Unexpected> {
        item(self)?;
        while self.take_symbol(",")? {
            item(self)?;
        }
        Ok(())
    }

    /// One level deeper, to a limit.
    pub(crate) fn nested<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, Unexpected>,
    ) -> Result<T, Unexpected> {
        if self.depth == DEEPEST {
            return self.unexpected("no more than 32 levels of nesting");
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    pub(crate) fn word(&mut self, expected: &'static str) -> Result<&'a str, Unexpected> {
        match self.token {
            Token::Word(word) => {
                self.advance()?;
                Ok(word)
            }
            _ => self.unexpected(expected),
        }
    }

    /// A name with dots in it.
    pub(super) fn names(&mut self, expected: &'static str) -> Result<Vec<&'a str>, Unexpected> {
        let mut names = vec![self.word(expected)?];
        while self.take_symbol(".")? {
            if names.len() == LONGEST_PATH {
                return self.unexpected("no more than ten names in a row");
            }
            names.push(self.word("a name after the dot")?);
        }
        Ok(names)
    }

    /// The alias that may follow a name.
    pub(super) fn alias(&mut self) -> Result<Option<&'a str>, Unexpected> {
        match self.token {
            Token::Word(word) if words::may_be_alias(word) => self.word("an alias").map(Some),
            _ => Ok(None),
        }
    }

    /// A field, by whatever path, or a function of fields. Its path is noted for the current scope.
    pub(crate) fn field(&mut self, expected: &'static str) -> Result<(), Unexpected> {
        let at = self.at;
        if ["SELECT", "FROM", "WHERE"].iter().any(|keyword| self.at_word(keyword)) {
            return self.unexpected(expected);
        }
        let mut names = self.names(expected)?;
        if !self.at_symbol("(") {
            names.pop();
            self.scopes[self.scope].note(names);
            return Ok(());
        }
        let function = if let [name] = names.as_slice() { words::function(name) } else { None };
        let expected = "a function of SOQL; FORMULA is not taken, for it hides what it reads";
        let arguments = function.ok_or(Unexpected { at, expected })?;
        self.nested(|parser| parser.call(arguments))
    }

    fn call(&mut self, arguments: Arguments) -> Result<(), Unexpected> {
        self.symbol("(", "an opening parenthesis")?;
        match arguments {
            Arguments::FieldSet => self.one_of(&["ALL", "STANDARD", "CUSTOM"], "ALL, STANDARD or CUSTOM")?,
            Arguments::NamesOrNothing if self.at_symbol(")") => {}
            Arguments::NamesOrNothing | Arguments::Names => self.list(|parser| parser.field("a field"))?,
            Arguments::Places => self.list(|parser| match parser.token {
                Token::Word(_) => parser.field("a field"),
                _ => parser.literal(Place::Compared),
            })?,
        }
        self.symbol(")", "a closing parenthesis")
    }

    /// One literal, or a placeholder for one.
    pub(crate) fn literal(&mut self, place: Place) -> Result<(), Unexpected> {
        const EXPECTED: &str =
            "a literal: a text in single quotes, a number, a date, true, false, null, or a placeholder";
        let at = self.at;
        match self.advance()? {
            Token::Text(placeholders) => {
                placeholders.into_iter().try_for_each(|placeholder| self.inside_text(placeholder, place))
            }
            Token::Placeholder(placeholder) => self.in_place(placeholder, place),
            Token::Number(text) if is_number_or_date(text) => Ok(()),
            Token::Word(word) if ["true", "false", "null"].iter().any(|known| words::is(word, known)) => {
                Ok(())
            }
            Token::Word(word) if words::is_amount(word) => {
                let fraction = |text: &str| text.starts_with('.') && is_number_or_date(text);
                if self.at == at + word.len() && matches!(self.token, Token::Number(text) if fraction(text)) {
                    self.advance()?;
                }
                Ok(())
            }
            Token::Word(word) => match words::date_literal(word) {
                Some(DateLiteral::Whole) => Ok(()),
                Some(DateLiteral::Counted) => {
                    self.symbol(":", "a colon and a number, as in LAST_N_DAYS:30")?;
                    self.count()
                }
                None => Err(Unexpected { at, expected: EXPECTED }),
            },
            _ => Err(Unexpected { at, expected: EXPECTED }),
        }
    }

    /// A whole number that is not negative, or a placeholder for one.
    pub(crate) fn count(&mut self) -> Result<(), Unexpected> {
        const EXPECTED: &str = "a whole number, or a placeholder for one";
        let at = self.at;
        match self.advance()? {
            Token::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
            Token::Placeholder(placeholder) if matches!(placeholder.kind, None | Some(Named::Number)) => {
                self.note(placeholder, Fit::Count);
                Ok(())
            }
            _ => Err(Unexpected { at, expected: EXPECTED }),
        }
    }

    /// A placeholder without quotes.
    fn in_place(&mut self, placeholder: Placeholder<'a>, place: Place) -> Result<(), Unexpected> {
        let fit = match (place, placeholder.kind) {
            (Place::Pattern, None | Some(Named::Text | Named::Like)) => Fit::Like,
            (Place::Pattern, _) => return Err(placeholder.unexpected("text or like behind LIKE")),
            (Place::Compared, _) => Fit::One(placeholder.kind_of_one()?),
            (Place::Item { of }, _) => Fit::List { of: placeholder.kind_in_list(of)?, parentheses: false },
        };
        self.note(placeholder, fit);
        Ok(())
    }

    /// A placeholder for a whole list, parentheses included.
    pub(super) fn in_place_of_list(
        &mut self,
        placeholder: Placeholder<'a>,
        of: Kind,
    ) -> Result<(), Unexpected> {
        let of = placeholder.kind_in_list(of)?;
        self.note(placeholder, Fit::List { of, parentheses: true });
        Ok(())
    }

    fn inside_text(&mut self, placeholder: Placeholder<'a>, place: Place) -> Result<(), Unexpected> {
        let like = place == Place::Pattern;
        let kind = match placeholder.kind {
            None => Kind::Text,
            Some(Named::Like) if like => Kind::Text,
            Some(_) => placeholder.kind_of_one()?,
        };
        self.note(placeholder, Fit::InText { kind, like });
        Ok(())
    }

    fn note(&mut self, placeholder: Placeholder<'a>, fit: Fit) {
        self.slots.push(Slot { place: placeholder.place, name: placeholder.name.to_owned(), fit });
    }
}
