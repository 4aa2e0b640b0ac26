//! Walks over the tokens of an expression. What the two kinds of expression have in common is read here.

use super::placeholders::{Placeholders, plain_name};
use super::token::{Token, tokens};
use crate::dynamodb::Item;
use crate::dynamodb::value::Value;

/// A place in an expression.
pub(super) struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    placeholders: &'a Placeholders,
}

/// Something that has a value: an attribute of the item, or a value that came with the request.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::dynamodb) enum Operand {
    Attribute(String),
    Value(Value),
}

impl Operand {
    /// Its value for this item, if it has one.
    pub(super) fn of<'a>(&'a self, item: &'a Item) -> Option<&'a Value> {
        match self {
            Operand::Attribute(name) => item.get(name),
            Operand::Value(value) => Some(value),
        }
    }
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &str, placeholders: &'a Placeholders) -> Result<Parser<'a>, String> {
        if text.trim().is_empty() {
            return Err("The expression can not be empty".to_owned());
        }
        Ok(Parser { tokens: tokens(text)?, at: 0, placeholders })
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.tokens.len()
    }

    /// Steps over this symbol if it comes next.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Symbol(next)) if *next == symbol);
        self.at += usize::from(found);
        found
    }

    /// Steps over this keyword, in any case, if it comes next.
    pub(super) fn keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }

    /// Steps over the name of this function and its opening parenthesis if they come next.
    pub(super) fn function(&mut self, name: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next == name)
            && self.tokens.get(self.at + 1) == Some(&Token::Symbol("("));
        self.at += 2 * usize::from(found);
        found
    }

    /// Steps over this symbol, which has to come next.
    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), String> {
        if self.symbol(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Reads the name of an attribute.
    pub(super) fn attribute(&mut self) -> Result<String, String> {
        match self.operand()? {
            Operand::Attribute(name) => Ok(name),
            Operand::Value(_) => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    /// Reads an attribute or a value.
    pub(super) fn operand(&mut self) -> Result<Operand, String> {
        let is_call = self.tokens.get(self.at + 1) == Some(&Token::Symbol("("));
        let operand = match self.peek() {
            Some(Token::Word(name)) if is_call => {
                return Err(format!("local-aws does not stand in for a function here; function: {name}"));
            }
            Some(Token::Word(word)) => Operand::Attribute(plain_name(word)?),
            Some(Token::Name(placeholder)) => Operand::Attribute(self.placeholders.name(placeholder)?),
            Some(Token::Value(placeholder)) => Operand::Value(self.placeholders.value(placeholder)?),
            _ => return Err(self.unexpected()),
        };
        self.at += 1;
        Ok(operand)
    }

    /// The error for a token that cannot come here.
    pub(super) fn unexpected(&self) -> String {
        match self.peek() {
            None => "Syntax error; token: <EOF>".to_owned(),
            Some(Token::Word(text) | Token::Name(text) | Token::Value(text)) => {
                format!("Syntax error; token: \"{text}\"")
            }
            Some(Token::Symbol(text)) => format!("Syntax error; token: \"{text}\""),
        }
    }
}
