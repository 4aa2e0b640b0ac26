//! Conditions on rows, semi-joins included.

use std::collections::BTreeSet;

use super::column::Origin;
use super::data::{Failure, Place};
use super::filter::{Filter, Side, Sides};
use super::operand::Operand;
use super::value::{Key, Type};
use crate::soql::ast::{Condition, Expression, List, Query, Selected};
use crate::soql::error::QueryError;

/// How many sub-queries the conditions of one query may have.
const MOST: usize = 2;

pub(super) type RowFilter<'d> = Filter<Operand<'d>>;

impl<'d> Origin<'d> {
    /// Reads a condition on rows, and runs the sub-queries in it.
    pub(super) fn filter(&self, condition: &Condition) -> Result<RowFilter<'d>, Failure> {
        self.check_joins(condition)?;
        Filter::read(condition, self.data, &mut RowSides { origin: self, inside: false })
    }

    /// Semi-joins must stand alone or be joined by `AND`: "Comparison Operators", limits of semi-joins.
    fn check_joins(&self, condition: &Condition) -> Result<(), QueryError> {
        let refuse = |problem| Err(QueryError::new("MALFORMED_QUERY", problem));
        let joins = count_joins(condition);
        match condition {
            _ if joins > MOST => refuse("Maximum 2 semi join sub-selects are allowed in a query call"),
            Condition::Or(_) if joins > 0 => {
                refuse("Semi join sub-selects are not allowed with the 'OR' operator")
            }
            Condition::Not(_) if joins > 0 => {
                refuse("Semi join sub-selects are not allowed with the 'NOT' operator")
            }
            Condition::And(all) => all.iter().try_for_each(|one| match one {
                Condition::In { .. } => Ok(()),
                nested if count_joins(nested) > 0 => refuse(
                    "Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested \
                     WHERE expressions.",
                ),
                _ => Ok(()),
            }),
            _ => Ok(()),
        }
    }
}

impl<'d> RowFilter<'d> {
    pub(super) fn takes(&self, place: Place<'d>) -> bool {
        self.holds(&|operand: &Operand<'d>| operand.key(place))
    }
}

fn count_joins(condition: &Condition) -> usize {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter().map(count_joins).sum(),
        Condition::Not(one) => count_joins(one),
        Condition::In { list: List::Query(_), .. } => 1,
        Condition::In { .. } | Condition::Compare(..) | Condition::Includes { .. } => 0,
    }
}

struct RowSides<'o, 'd> {
    origin: &'o Origin<'d>,
    /// Whether this is the condition of a sub-query.
    inside: bool,
}

impl<'d> Sides<Operand<'d>> for RowSides<'_, 'd> {
    fn side(&mut self, expression: &Expression) -> Result<Side<Operand<'d>>, Failure> {
        let operand = self.origin.operand(expression)?;
        let (name, at) = (operand.column.name.to_owned(), operand.column.at);
        Ok(Side { kind: operand.kind, source: operand, name, at })
    }

    fn join(&mut self, side: &Side<Operand<'d>>, query: &Query) -> Result<BTreeSet<Key>, Failure> {
        let data = self.origin.data;
        let refuse = |problem: String| Failure::from(data.error("MALFORMED_QUERY", query.from.at, problem));
        if self.inside {
            return Err(refuse("Nesting of semi join sub-selects is not supported".to_owned()));
        }
        if side.kind != Type::Id {
            let problem = format!(
                "The left operand field in the where expression for outer query should be an id field, cannot use: '{}'",
                side.name
            );
            return Err(refuse(problem));
        }
        let inner = Origin::new(data, data.object(&query.from)?, query)?;
        if inner.object.name == self.origin.object.name {
            let problem = "The inner and outer selects should not be on the same object type";
            return Err(refuse(problem.to_owned()));
        }
        let [Selected::Expression(field, None)] = &query.select[..] else {
            return Err(refuse("Semi join sub-selects must select exactly one field".to_owned()));
        };
        let selected = inner.operand(field)?;
        if selected.kind != Type::Id {
            let problem = format!(
                "Semi join sub-selects can only query id fields, cannot use: '{}'",
                selected.column.name
            );
            return Err(refuse(problem));
        }
        if !points_alike(&side.source, self.origin, &selected, &inner) {
            let problem = format!(
                "The selected field '{}' in the subquery and the left operand field in the where expression in the \
                 outer query '{}' should point to the same object type",
                selected.column.name, side.name
            );
            return Err(refuse(problem));
        }
        let restricted = !query.order_by.is_empty() || query.limit.is_some() || query.offset.is_some();
        if restricted || !query.group_by.is_empty() {
            let problem = "Semi join sub-selects support neither ORDER BY, LIMIT and OFFSET nor GROUP BY";
            return Err(refuse(problem.to_owned()));
        }
        let filter = query
            .filter
            .as_ref()
            .map(|condition| Filter::read(condition, data, &mut RowSides { origin: &inner, inside: true }));
        let filter: Option<RowFilter<'d>> = filter.transpose()?;
        let places = data.places(inner.object)?;
        let taken = places.filter(|place| filter.as_ref().is_none_or(|filter| filter.takes(*place)));
        // A row that points nowhere says nothing about rows without a value.
        Ok(taken.map(|place| selected.key(place)).filter(|key| *key != Key::Null).collect())
    }
}

/// Whether two id fields can hold the same ids.
fn points_alike(left: &Operand<'_>, outer: &Origin<'_>, right: &Operand<'_>, inner: &Origin<'_>) -> bool {
    let targets = |operand: &Operand<'_>, origin: &Origin<'_>| -> Vec<String> {
        let field = operand.column.field;
        match field.map(|field| &field.reference_to) {
            Some(targets) if !targets.is_empty() => targets.clone(),
            _ => match operand.column.hops.last() {
                Some(hop) => hop.reference.reference_to.clone(),
                None => vec![origin.object.name.clone()],
            },
        }
    };
    let right = targets(right, inner);
    targets(left, outer).iter().any(|target| right.iter().any(|other| other.eq_ignore_ascii_case(target)))
}
