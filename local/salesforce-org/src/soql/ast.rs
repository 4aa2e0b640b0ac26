//! What a query says, as a tree.

use chrono::{DateTime, NaiveDate, Utc};

use super::dates::Period;
use super::words::{Comparison, FieldSet, Function, Mark, Scope, With};

/// Where in its text a query says something: a byte. All places are equal, so that two queries are equal if they say
/// the same, wherever they say it.
#[derive(Debug, Clone, Copy, Default)]
pub struct At(pub usize);

impl PartialEq for At {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for At {}

/// A `SELECT` statement, a child sub-query, the sub-query of a semi-join, or one object of a search's `RETURNING`.
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    /// What is selected, never empty.
    pub select: Vec<Selected>,
    /// The object, or the child relationship of a sub-query, that rows are read from.
    pub from: Path,
    /// `FROM Contact c`
    pub alias: Option<String>,
    /// `FROM Contact c, c.Account a`: each path with its alias.
    pub paths: Vec<(Path, String)>,
    /// `USING SCOPE`
    pub scope: Option<Scope>,
    /// `WHERE`
    pub filter: Option<Condition>,
    /// `WITH SECURITY_ENFORCED` and the like
    pub with: Option<With>,
    /// `GROUP BY`
    pub group_by: Vec<Expression>,
    /// `HAVING`
    pub having: Option<Condition>,
    /// `ORDER BY`
    pub order_by: Vec<Order>,
    /// `LIMIT`
    pub limit: Option<u64>,
    /// `OFFSET`
    pub offset: Option<u64>,
    /// `FOR VIEW`, `FOR REFERENCE`, `FOR UPDATE`, `UPDATE TRACKING`, `UPDATE VIEWSTAT`
    pub marks: Vec<Mark>,
}

impl Query {
    /// A query without further clauses.
    pub(crate) fn of(from: Path, select: Vec<Selected>) -> Self {
        Self {
            select,
            from,
            alias: None,
            paths: Vec::new(),
            scope: None,
            filter: None,
            with: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
            limit: None,
            offset: None,
            marks: Vec::new(),
        }
    }
}

/// A field reached over relationships: `Account.Owner.Name`. As written, so it may begin with an alias or with the name
/// of the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The names between the dots, never empty.
    pub names: Vec<String>,
    /// Where it stands.
    pub at: At,
}

/// One thing that a query selects.
#[derive(Debug, Clone, PartialEq)]
pub enum Selected {
    /// A field or a function of one, with its alias.
    Expression(Expression, Option<String>),
    /// The rows of a child relationship.
    Children(Box<Query>),
    /// `TYPEOF What WHEN Account THEN Phone ELSE Name END`
    TypeOf(TypeOf),
    /// `FIELDS(ALL)`
    Fields(FieldSet, At),
}

/// `TYPEOF relationship WHEN object THEN fields ELSE fields END`
#[derive(Debug, Clone, PartialEq)]
pub struct TypeOf {
    /// The polymorphic relationship.
    pub relationship: Path,
    /// Objects and the fields that are read of their rows, never empty.
    pub cases: Vec<(String, Vec<Path>)>,
    /// The fields of all other rows.
    pub otherwise: Vec<Path>,
}

/// A field or a function.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A field.
    Field(Path),
    /// A function of fields or literals.
    Call(Function, Vec<Argument>, At),
}

/// What a function is called with.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A field or another function.
    Expression(Expression),
    /// A literal.
    Literal(Literal),
}

/// What a row must satisfy.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these, at least two.
    And(Vec<Condition>),
    /// One of these, at least two.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// `Name = 'x'`
    Compare(Expression, Comparison, Literal),
    /// `IN (…)` and `NOT IN (…)`
    In {
        /// The left side.
        value: Expression,
        /// Whether it is `NOT IN`.
        negated: bool,
        /// The right side.
        list: List,
    },
    /// `INCLUDES ('a;b', 'c')` and `EXCLUDES (…)`
    Includes {
        /// The left side.
        value: Expression,
        /// Whether it is `EXCLUDES`.
        negated: bool,
        /// Texts whose parts, between semicolons, must be selected together; never empty.
        choices: Vec<Literal>,
    },
}

/// The right side of `IN`.
#[derive(Debug, Clone, PartialEq)]
pub enum List {
    /// Literals, at least one.
    Literals(Vec<Literal>),
    /// A semi-join.
    Query(Box<Query>),
}

/// A value in a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A text in quotes, without its escapes.
    Text(String),
    /// The text behind `LIKE`.
    Pattern(Pattern),
    /// A number.
    Number(f64),
    /// `2026-03-01`
    Date(NaiveDate),
    /// `2026-03-01T10:00:00+01:00`
    DateTime(DateTime<Utc>),
    /// `TODAY`, `LAST_N_DAYS:7`
    Period(Period),
}

/// A text with wildcards: neighbouring texts are one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pattern(pub Vec<Part>);

/// A part of a [`Pattern`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// These very characters.
    Text(String),
    /// `%`, in a search `*`: any characters, or none.
    Any,
    /// `_`, in a search `?`: one character.
    One,
}

impl Pattern {
    /// Adds a character that stands for itself.
    pub(crate) fn push(&mut self, char: char) {
        match self.0.last_mut() {
            Some(Part::Text(text)) => text.push(char),
            _ => self.0.push(Part::Text(char.into())),
        }
    }
}

/// One field of `ORDER BY`.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What is sorted by.
    pub by: Expression,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Whether rows without a value come last; they come first unless told so.
    pub nulls_last: bool,
}
