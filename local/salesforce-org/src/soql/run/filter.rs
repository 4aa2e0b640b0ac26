//! What rows or groups must satisfy.
//!
//! A condition holds or does not: there is no third value as in SQL. So `!=`, `NOT IN` and `NOT` hold for a row without
//! a value, as in Salesforce.

use std::collections::BTreeSet;

use super::data::{Data, Failure};
use super::glob::Glob;
use super::value::{Key, Number, Type, choices};
use crate::ids;
use crate::soql::ast::{At, Condition, Expression, List, Literal};
use crate::soql::error::QueryError;
use crate::soql::words::Comparison;

/// A condition on values of some source: a row's operands, or a group's results.
pub(super) enum Filter<S> {
    All(Vec<Filter<S>>),
    Any(Vec<Filter<S>>),
    Not(Box<Filter<S>>),
    Test(S, Test),
}

/// What one value must be.
pub(super) enum Test {
    /// One of these, or within one of these from first to last.
    OneOf(BTreeSet<Key>, Vec<(Key, Key)>),
    /// Beyond this on the side that the comparison says.
    Beyond(Comparison, Key),
    /// Like this.
    Like(Glob),
    /// A multi-select picklist with all choices of one of these.
    Includes(Vec<Vec<String>>),
}

/// What a condition's left side is.
pub(super) struct Side<S> {
    pub(super) source: S,
    pub(super) kind: Type,
    /// The field's name, for errors.
    pub(super) name: String,
    pub(super) at: At,
}

/// Reads left sides, and answers semi-joins.
pub(super) trait Sides<S> {
    fn side(&mut self, expression: &Expression) -> Result<Side<S>, Failure>;

    /// The ids that a semi-join finds.
    fn join(&mut self, side: &Side<S>, list: &crate::soql::Query) -> Result<BTreeSet<Key>, Failure>;
}

impl<S> Filter<S> {
    pub(super) fn read(
        condition: &Condition,
        data: &Data<'_>,
        sides: &mut impl Sides<S>,
    ) -> Result<Self, Failure> {
        let reader = Reader { data };
        Ok(match condition {
            Condition::And(all) => Self::All(Self::read_each(all, data, sides)?),
            Condition::Or(any) => Self::Any(Self::read_each(any, data, sides)?),
            Condition::Not(one) => Self::Not(Box::new(Self::read(one, data, sides)?)),
            Condition::Compare(value, comparison, literal) => {
                let side = sides.side(value)?;
                let (test, negated) = reader.comparison(&side, *comparison, literal)?;
                Self::test(side.source, test, negated)
            }
            Condition::In { value, negated, list } => {
                let side = sides.side(value)?;
                let test = match list {
                    List::Literals(literals) => reader.one_of(&side, literals)?,
                    List::Query(query) => Test::OneOf(sides.join(&side, query)?, Vec::new()),
                };
                Self::test(side.source, test, *negated)
            }
            Condition::Includes { value, negated, choices } => {
                let side = sides.side(value)?;
                let test = reader.includes(&side, choices)?;
                Self::test(side.source, test, *negated)
            }
        })
    }

    fn read_each(
        conditions: &[Condition],
        data: &Data<'_>,
        sides: &mut impl Sides<S>,
    ) -> Result<Vec<Self>, Failure> {
        conditions.iter().map(|condition| Self::read(condition, data, sides)).collect()
    }

    fn test(source: S, test: Test, negated: bool) -> Self {
        let test = Self::Test(source, test);
        if negated { Self::Not(Box::new(test)) } else { test }
    }

    /// Whether it holds for these values.
    pub(super) fn holds(&self, key: &impl Fn(&S) -> Key) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds(key)),
            Self::Any(any) => any.iter().any(|one| one.holds(key)),
            Self::Not(one) => !one.holds(key),
            Self::Test(source, test) => test.holds(&key(source)),
        }
    }
}

impl Test {
    fn holds(&self, key: &Key) -> bool {
        match (self, key) {
            (Self::OneOf(keys, spans), key) => {
                keys.contains(key) || spans.iter().any(|(first, last)| first <= key && key <= last)
            }
            (_, Key::Null) => false,
            (Self::Beyond(comparison, limit), key) => match comparison {
                Comparison::Less => key < limit,
                Comparison::LessOrEqual => key <= limit,
                Comparison::Greater => key > limit,
                _ => key >= limit,
            },
            (Self::Like(glob), Key::Text(text)) => glob.matches(text),
            (Self::Includes(wanted), Key::Text(text)) => {
                let chosen: Vec<_> = text.split(';').collect();
                wanted.iter().any(|wanted| wanted.iter().all(|choice| chosen.contains(&choice.as_str())))
            }
            (Self::Like(_) | Self::Includes(_), _) => false,
        }
    }
}

/// Checks the right side of a condition against the type of the left.
struct Reader<'a> {
    data: &'a Data<'a>,
}

impl Reader<'_> {
    fn comparison<S>(
        &self,
        side: &Side<S>,
        comparison: Comparison,
        literal: &Literal,
    ) -> Result<(Test, bool), QueryError> {
        let ordered = !matches!(side.kind, Type::Boolean | Type::MultiPicklist);
        match comparison {
            Comparison::Equal | Comparison::NotEqual => {
                let test = self.one_of(side, std::slice::from_ref(literal))?;
                Ok((test, comparison == Comparison::NotEqual))
            }
            Comparison::Like if side.kind != Type::Text => Err(self.invalid_operator(side)),
            Comparison::Like => match literal {
                Literal::Pattern(pattern) => Ok((Test::Like(Glob::new(pattern)), false)),
                _ => Err(self.mismatch(side)),
            },
            _ if !ordered => Err(self.invalid_operator(side)),
            // Of a span of days, what counts is the end that the comparison looks at.
            Comparison::Less | Comparison::GreaterOrEqual => {
                Ok((Test::Beyond(comparison, self.span(side, literal)?.0), false))
            }
            Comparison::LessOrEqual | Comparison::Greater => {
                Ok((Test::Beyond(comparison, self.span(side, literal)?.1), false))
            }
        }
    }

    fn one_of<S>(&self, side: &Side<S>, literals: &[Literal]) -> Result<Test, QueryError> {
        let (mut keys, mut spans) = (BTreeSet::new(), Vec::new());
        for literal in literals {
            let (first, last) = self.span(side, literal)?;
            if first == last {
                keys.insert(first);
            } else {
                spans.push((first, last));
            }
        }
        Ok(Test::OneOf(keys, spans))
    }

    fn includes<S>(&self, side: &Side<S>, literals: &[Literal]) -> Result<Test, QueryError> {
        if side.kind != Type::MultiPicklist {
            return Err(self.invalid_operator(side));
        }
        let wanted = literals.iter().map(|literal| match literal {
            Literal::Text(text) => Ok(choices(text)),
            _ => Err(self.mismatch(side)),
        });
        Ok(Test::Includes(wanted.collect::<Result<_, _>>()?))
    }

    /// The first and the last value that a literal means: the same but for spans of days.
    fn span<S>(&self, side: &Side<S>, literal: &Literal) -> Result<(Key, Key), QueryError> {
        if side.kind == Type::LongText {
            let problem = format_args!("field '{}' can not be filtered in a query call", side.name);
            return Err(self.data.error("INVALID_FIELD", side.at, problem));
        }
        let one = |key: Key| Ok((key.clone(), key));
        match (side.kind, literal) {
            // A checkbox is never empty: Salesforce's "Use null in WHERE".
            (Type::Boolean, Literal::Null) => one(Key::Boolean(false)),
            (_, Literal::Null) => one(Key::Null),
            (Type::Boolean, Literal::Boolean(value)) => one(Key::Boolean(*value)),
            (kind, Literal::Number(number)) if kind.is_number() => one(Key::Number(Number(*number))),
            (Type::Id, Literal::Text(text)) if !text.is_empty() && ids::to_18(text).is_none() => {
                let problem = format_args!("invalid ID field: {text}");
                Err(self.data.error("INVALID_QUERY_FILTER_OPERATOR", side.at, problem))
            }
            (kind, Literal::Text(text)) if kind.name() == "string" => one(Key::text(kind, text)),
            (Type::Date, Literal::Date(date)) => one(Key::Moment(Key::day(*date))),
            (Type::DateTime, Literal::DateTime(time)) => one(Key::Moment(time.timestamp_millis())),
            (kind, Literal::Period(period)) if kind.is_moment() => {
                let days = period.range(self.data.today());
                // The last millisecond before the first day that is no longer meant.
                Ok((Key::Moment(Key::day(days.start)), Key::Moment(Key::day(days.end) - 1)))
            }
            _ => Err(self.mismatch(side)),
        }
    }

    fn mismatch<S>(&self, side: &Side<S>) -> QueryError {
        let (name, kind) = (&side.name, side.kind.name());
        let quotes = if kind == "string" { "should be" } else { "should not be" };
        let problem = format_args!(
            "value of filter criterion for field '{name}' must be of type {kind} and {quotes} enclosed in quotes"
        );
        self.data.error("INVALID_FIELD", side.at, problem)
    }

    fn invalid_operator<S>(&self, side: &Side<S>) -> QueryError {
        self.data.error("INVALID_QUERY_FILTER_OPERATOR", side.at, "invalid operator")
    }
}
