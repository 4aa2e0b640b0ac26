//! What a search says, as a tree.

use crate::soql::{Literal, Part, Pattern, Query};

/// A `FIND` statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// What is looked for.
    pub find: Find,
    /// Where it is looked for.
    pub fields: FieldGroup,
    /// The objects whose records are returned, each with its fields, filter, order and limit; empty: the ids of all
    /// objects' records.
    pub returning: Vec<Query>,
    /// `WITH …`: the name of each such clause and the rest of it as written. None of them changes what is found here.
    pub with: Vec<(String, String)>,
    /// The most records in all.
    pub limit: Option<u64>,
}

/// What a record must contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Find {
    /// One of these, at least two.
    Or(Vec<Find>),
    /// All of the first and none of the second; the first are never empty.
    And(Vec<Find>, Vec<Find>),
    /// A word, in which [`Part::Any`] and [`Part::One`] are wildcards.
    Word(Pattern),
    /// Words next to each other.
    Phrase(Pattern),
}

/// The fields that are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldGroup {
    /// All that can be.
    #[default]
    All,
    /// Names.
    Name,
    /// E-mail addresses.
    Email,
    /// Phone numbers.
    Phone,
    /// Those of the sidebar: here all.
    Sidebar,
}

impl FieldGroup {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_uppercase().as_str() {
            "ALL" => Some(Self::All),
            "NAME" => Some(Self::Name),
            "EMAIL" => Some(Self::Email),
            "PHONE" => Some(Self::Phone),
            "SIDEBAR" => Some(Self::Sidebar),
            _ => None,
        }
    }
}

impl Search {
    /// The search with every value replaced by one that depends on its kind alone: words and phrases keep only their
    /// wildcards, the values of `RETURNING` and the limits are blanked as in a query.
    #[must_use]
    pub fn with_literals_blanked(mut self) -> Self {
        self.find.each_term(&mut |pattern| pattern.0.retain(|part| !matches!(part, Part::Text(_))));
        self.returning = self.returning.into_iter().map(Query::with_literals_blanked).collect();
        self.limit = self.limit.map(|_| 0);
        self
    }

    /// All words and phrases that are looked for, and all values in `RETURNING`.
    pub fn literals(&self) -> Vec<Literal> {
        let mut literals = Vec::new();
        self.find.clone().each_term(&mut |pattern| literals.push(Literal::Pattern(pattern.clone())));
        literals.extend(self.returning.iter().flat_map(Query::literals));
        literals
    }
}

impl Find {
    fn each_term(&mut self, look: &mut dyn FnMut(&mut Pattern)) {
        match self {
            Self::Or(all) => all.iter_mut().for_each(|one| one.each_term(look)),
            Self::And(all, none) => all.iter_mut().chain(none).for_each(|one| one.each_term(look)),
            Self::Word(pattern) | Self::Phrase(pattern) => look(pattern),
        }
    }
}
