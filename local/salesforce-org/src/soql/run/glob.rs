//! Matches text against patterns with wildcards.

use crate::soql::ast::{Part, Pattern};

/// A [`Pattern`] made ready for matching.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Glob(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    Char(char),
    One,
    Any,
}

impl Glob {
    /// Letter case does not count.
    pub(crate) fn new(pattern: &Pattern) -> Self {
        let pieces = pattern.0.iter().flat_map(|part| match part {
            Part::Text(text) => text.to_lowercase().chars().map(Piece::Char).collect(),
            Part::Any => vec![Piece::Any],
            Part::One => vec![Piece::One],
        });
        Self(pieces.collect())
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    pub(crate) fn push(&mut self, piece: Piece) {
        self.0.push(piece);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text in lower case matches as a whole. Takes at most time in proportion to both lengths multiplied.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut piece, mut char) = (0, 0);
        // Where to go on if what follows the last `Any` does not fit: it takes one character more.
        let mut retry = None;
        while char < text.len() {
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    retry = Some((piece, char));
                    piece += 1;
                }
                Some(Piece::One) => (piece, char) = (piece + 1, char + 1),
                Some(Piece::Char(wanted)) if *wanted == text[char] => (piece, char) = (piece + 1, char + 1),
                _ => {
                    let Some((any, from)) = retry else { return false };
                    retry = Some((any, from + 1));
                    (piece, char) = (any + 1, from + 1);
                }
            }
        }
        self.0[piece..].iter().all(|piece| *piece == Piece::Any)
    }
}
