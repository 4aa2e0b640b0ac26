//! Reads a query: recursive descent over its tokens.
//!
//! The grammar is that of Salesforce's "SOQL SELECT Syntax".

mod condition;
mod literal;
mod select;

use super::ast::{At, Path};
use super::error::QueryError;
use super::lexer::{Kind, Token, tokens};

/// How deep parentheses and sub-queries may nest.
const DEPTH: usize = 50;

/// Words that can be neither a field's nor an alias's name.
const RESERVED: [&str; 20] = [
    "AND", "ASC", "DESC", "EXCLUDES", "FIRST", "FROM", "GROUP", "HAVING", "IN", "INCLUDES", "LAST", "LIKE",
    "LIMIT", "NOT", "NULL", "NULLS", "OR", "SELECT", "WHERE", "WITH",
];

/// Words that begin a clause and can therefore be no alias, although fields may have their names.
const CLAUSES: [&str; 8] = ["ALL", "AS", "FOR", "OFFSET", "ORDER", "TYPEOF", "UPDATE", "USING"];

/// A place in a query.
pub(crate) struct Parser<'q> {
    text: &'q str,
    tokens: Vec<Token<'q>>,
    next: usize,
    depth: usize,
    /// What a query with an error in it is refused with.
    code: &'static str,
}

impl<'q> Parser<'q> {
    /// Begins at a byte of a text.
    pub(crate) fn new(text: &'q str, from: usize, code: &'static str) -> Result<Self, QueryError> {
        Ok(Self { text, tokens: tokens(text, from, code)?, next: 0, depth: 0, code })
    }

    pub(crate) fn peek(&self) -> Token<'q> {
        self.ahead(0)
    }

    fn ahead(&self, count: usize) -> Token<'q> {
        let end = Token { kind: Kind::End, text: "<EOF>", at: self.text.len() };
        self.tokens.get(self.next + count).copied().unwrap_or(end)
    }

    pub(crate) fn take(&mut self) -> Token<'q> {
        let token = self.peek();
        self.next += 1;
        token
    }

    pub(crate) fn at_word(&self, word: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Word && token.text.eq_ignore_ascii_case(word)
    }

    fn at_symbol(&self, symbol: &str) -> bool {
        let token = self.peek();
        token.kind == Kind::Symbol && token.text == symbol
    }

    /// Takes these words, if all of them come next.
    pub(crate) fn eat(&mut self, words: &str) -> bool {
        let start = self.next;
        for word in words.split(' ') {
            if !self.at_word(word) {
                self.next = start;
                return false;
            }
            self.next += 1;
        }
        true
    }

    pub(crate) fn eat_symbol(&mut self, symbol: &str) -> bool {
        let found = self.at_symbol(symbol);
        self.next += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, words: &str) -> Result<(), QueryError> {
        if self.eat(words) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(crate) fn expect_symbol(&mut self, symbol: &str) -> Result<(), QueryError> {
        if self.eat_symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), QueryError> {
        if self.peek().kind == Kind::End { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The next token is not what should be there.
    pub(crate) fn unexpected(&self) -> QueryError {
        let token = self.peek();
        self.error(token.at, format_args!("unexpected token: '{}'", token.text.trim_matches('\'')))
    }

    pub(crate) fn error(&self, at: usize, problem: impl std::fmt::Display) -> QueryError {
        QueryError::at(self.code, self.text, at, problem)
    }

    /// Reads something inside parentheses.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, QueryError>) -> Result<T, QueryError> {
        self.expect_symbol("(")?;
        if self.depth == DEPTH {
            let problem =
                "Query is either selecting too many fields or the filter conditions are too complicated.";
            return Err(self.error(self.peek().at, problem));
        }
        self.depth += 1;
        let done = read(self)?;
        self.depth -= 1;
        self.expect_symbol(")")?;
        Ok(done)
    }

    /// One or more of something, between commas.
    pub(crate) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, QueryError>,
    ) -> Result<Vec<T>, QueryError> {
        let mut list = vec![read(self)?];
        while self.eat_symbol(",") {
            list.push(read(self)?);
        }
        Ok(list)
    }

    fn path(&mut self) -> Result<Path, QueryError> {
        if self.at_name() { Ok(path_of(self.take())) } else { Err(self.unexpected()) }
    }

    /// Whether something comes next that can be the name of a field or function.
    fn at_name(&self) -> bool {
        let token = self.peek();
        token.kind == Kind::Word && !RESERVED.iter().any(|word| token.text.eq_ignore_ascii_case(word))
    }

    /// An object or child relationship: unlike fields, some have the names of reserved words (`Group`).
    pub(crate) fn object(&mut self) -> Result<Path, QueryError> {
        match self.peek().kind {
            Kind::Word => Ok(path_of(self.take())),
            _ => Err(self.unexpected()),
        }
    }

    /// An alias, if one comes next.
    pub(crate) fn alias(&mut self) -> Option<String> {
        let token = self.peek();
        let known = |word: &&str| token.text.eq_ignore_ascii_case(word);
        let free = !RESERVED.iter().chain(&CLAUSES).any(known) && !token.text.contains('.');
        (token.kind == Kind::Word && free).then(|| self.take().text.to_owned())
    }

    /// The number behind `LIMIT` or `OFFSET`.
    pub(crate) fn count(&mut self) -> Result<u64, QueryError> {
        let token = self.peek();
        let digits = token.kind == Kind::Number && token.text.bytes().all(|byte| byte.is_ascii_digit());
        let count = token.text.parse().ok().filter(|_| digits).ok_or_else(|| self.unexpected())?;
        self.next += 1;
        Ok(count)
    }
}

fn path_of(token: Token<'_>) -> Path {
    Path { names: token.text.split('.').map(str::to_owned).collect(), at: At(token.at) }
}
