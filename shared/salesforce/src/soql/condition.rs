//! Conditions: `WHERE`, `HAVING` and some of `WITH`.

use super::parser::{Parser, Place};
use super::{Kind, Token, Unexpected};

impl<'a> Parser<'a> {
    /// Comparisons joined by `AND`, `OR`, `NOT` and parentheses. Which of these bind tighter makes no difference here.
    pub(crate) fn condition(&mut self) -> Result<(), Unexpected> {
        self.operand()?;
        while self.take("AND")? || self.take("OR")? {
            self.operand()?;
        }
        Ok(())
    }

    fn operand(&mut self) -> Result<(), Unexpected> {
        if self.take("NOT")? {
            self.nested(Self::operand)
        } else if self.take_symbol("(")? {
            self.nested(Self::condition)?;
            self.symbol(")", "AND, OR or a closing parenthesis")
        } else {
            self.comparison()
        }
    }

    fn comparison(&mut self) -> Result<(), Unexpected> {
        self.field("a condition: a field, NOT or an opening parenthesis")?;
        if let Token::Symbol("=" | "!=" | "<>" | "<" | "<=" | ">" | ">=") = self.token {
            self.advance()?;
            self.literal(Place::Compared)
        } else if self.take("LIKE")? {
            self.literal(Place::Pattern)
        } else if self.take("IN")? {
            self.set()
        } else if self.take("NOT")? {
            self.one_of(&["IN"], "IN behind NOT")?;
            self.set()
        } else if self.take("INCLUDES")? || self.take("EXCLUDES")? {
            self.values(Kind::Text)
        } else {
            self.unexpected("an operator: = != <> < <= > >= LIKE, IN, NOT IN, INCLUDES or EXCLUDES")
        }
    }

    /// What follows `IN`: a list, or the query of a semi-join.
    fn set(&mut self) -> Result<(), Unexpected> {
        self.list_or_query(Kind::Any, |parser| parser.nested(|parser| parser.query(None)))
    }

    /// What follows `INCLUDES`, or `IN` where no query may stand: a list.
    pub(crate) fn values(&mut self, of: Kind) -> Result<(), Unexpected> {
        self.list_or_query(of, |parser| parser.unexpected("a literal"))
    }

    fn list_or_query(
        &mut self,
        of: Kind,
        query: impl FnOnce(&mut Self) -> Result<(), Unexpected>,
    ) -> Result<(), Unexpected> {
        let at = self.at;
        match self.advance()? {
            Token::Placeholder(placeholder) => return self.in_place_of_list(placeholder, of),
            Token::Symbol("(") => {}
            _ => return Err(Unexpected { at, expected: "a list in parentheses, or a placeholder for one" }),
        }
        if self.at_word("SELECT") {
            query(self)?;
        } else {
            self.list(|parser| parser.literal(Place::Item { of }))?;
        }
        self.symbol(")", "a comma or a closing parenthesis")
    }
}
