//! Texts with dynamic values in them.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/create-dynamic-text-strings.html>

use std::fmt;

use crate::reference::Reference;

/// A text of a flow, which may hold dynamic values: `Case $.Attributes.caseNumber is open`, `$.Queue.Name`, `Goodbye`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    pieces: Vec<Piece>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Piece {
    /// As it stands in the flow.
    Literal(String),
    /// What the contact has there.
    Dynamic(Reference),
}

impl Text {
    /// Reads a text. Everything is one: what is not a reference is literal.
    pub fn new(source: &str) -> Self {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = source;
        while let Some(at) = rest.find('$') {
            literal.push_str(&rest[..at]);
            rest = &rest[at..];
            match Reference::starting(rest) {
                Some((reference, length)) => {
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    pieces.push(Piece::Dynamic(reference));
                    rest = &rest[length..];
                }
                None => {
                    literal.push('$');
                    rest = &rest[1..];
                }
            }
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Self { pieces }
    }

    /// The parts, in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The dynamic values in it.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Dynamic(reference) => Some(reference),
            Piece::Literal(_) => None,
        })
    }

    /// The dynamic value that is the whole text.
    pub fn reference(&self) -> Option<&Reference> {
        match self.pieces.as_slice() {
            [Piece::Dynamic(reference)] => Some(reference),
            _ => None,
        }
    }

    /// The text, if nothing in it is dynamic.
    pub fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// The text, as the flow spells it.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.iter().try_for_each(|piece| match piece {
            Piece::Literal(text) => f.write_str(text),
            Piece::Dynamic(reference) => write!(f, "{reference}"),
        })
    }
}
