//! What stands behind `WHERE` and `HAVING`.

use super::Parser;
use crate::soql::ast::{Condition, List};
use crate::soql::error::QueryError;
use crate::soql::words::Comparison;

impl Parser<'_> {
    /// Conditions that are all joined by `AND`, or all by `OR`, or one behind `NOT`: to mix them takes parentheses, for
    /// Salesforce gives none of them precedence.
    pub(super) fn condition(&mut self) -> Result<Condition, QueryError> {
        if self.eat("NOT") {
            return Ok(Condition::Not(Box::new(self.operand()?)));
        }
        let first = self.operand()?;
        let (word, join): (_, fn(Vec<_>) -> _) =
            if self.at_word("AND") { ("AND", Condition::And) } else { ("OR", Condition::Or) };
        if !self.at_word(word) {
            return Ok(first);
        }
        let mut operands = vec![first];
        while self.eat(word) {
            operands.push(self.operand()?);
        }
        Ok(join(operands))
    }

    fn operand(&mut self) -> Result<Condition, QueryError> {
        if self.at_symbol("(") { self.nested(Self::condition) } else { self.comparison() }
    }

    fn comparison(&mut self) -> Result<Condition, QueryError> {
        let value = self.expression()?;
        if self.eat("LIKE") {
            return Ok(Condition::Compare(value, Comparison::Like, self.pattern()?));
        }
        let negated = self.at_word("NOT");
        if self.eat("IN") || self.eat("NOT IN") {
            return Ok(Condition::In { value, negated, list: self.in_list()? });
        }
        let negated = self.at_word("EXCLUDES");
        if self.eat("INCLUDES") || self.eat("EXCLUDES") {
            let choices = self.nested(|parser| parser.list(Self::literal))?;
            return Ok(Condition::Includes { value, negated, choices });
        }
        let symbol = self.peek().text;
        let comparison = Comparison::parse(if symbol == "<>" { "!=" } else { symbol });
        let comparison = comparison.ok_or_else(|| self.unexpected())?;
        self.take();
        Ok(Condition::Compare(value, comparison, self.literal()?))
    }

    fn in_list(&mut self) -> Result<List, QueryError> {
        if self.at_symbol(":") {
            return Err(self.bind_variable());
        }
        self.nested(|parser| {
            if parser.at_word("SELECT") {
                return Ok(List::Query(Box::new(parser.query()?)));
            }
            parser.list(Self::literal).map(List::Literals)
        })
    }
}
