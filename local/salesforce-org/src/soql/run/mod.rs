//! Runs a query over the org's records.

use super::ast::{Argument, Expression, Query, Selected};
use super::ordered::Ordered;
use super::words::Function;

mod aggregate;
mod column;
mod data;
mod filter;
mod format;
mod glob;
mod join;
mod operand;
mod rows;
mod shape;
mod value;

pub(crate) use column::Origin;
pub(crate) use data::{Data, Failure, Place, Setting};
pub(crate) use glob::{Glob, Piece};
pub(crate) use rows::Ordering;

/// Groups that a query may have, for there are no pages of groups.
const MOST_GROUPS: usize = 2_000;

/// What a query found.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The number of rows; of `SELECT COUNT()`, which returns none, what it counted.
    pub(crate) total: usize,
    pub(crate) rows: Vec<Ordered>,
}

impl<'a> Data<'a> {
    pub(crate) fn run(&self, query: &Query) -> Result<Answer, Failure> {
        let origin = Origin::new(self, self.object(&query.from)?, query)?;
        if query.counts_only() {
            let (skip, take) = Ordering::cut(query);
            let total = origin.rows(query)?.len().saturating_sub(skip).min(take);
            return Ok(Answer { total, rows: Vec::new() });
        }
        let rows = if query.aggregates() {
            let rows = origin.groups(query)?;
            if rows.len() > MOST_GROUPS {
                let problem = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a \
                               single batch";
                return Err(super::QueryError::new("EXCEEDED_ID_LIMIT", problem).into());
            }
            rows
        } else {
            let shape = origin.shape(query, 0)?;
            let (skip, take) = Ordering::cut(query);
            let places = origin.rows(query)?.into_iter().skip(skip).take(take);
            places.map(|place| shape.write(place, self.setting.base)).collect()
        };
        Ok(Answer { total: rows.len(), rows })
    }
}

impl Query {
    /// `SELECT COUNT()`
    fn counts_only(&self) -> bool {
        let count = |selected: &Selected| {
            matches!(selected, Selected::Expression(Expression::Call(Function::Count, arguments, _), None)
                if arguments.is_empty())
        };
        self.group_by.is_empty() && self.having.is_none() && matches!(&self.select[..], [one] if count(one))
    }

    /// Whether it is about groups of rows.
    fn aggregates(&self) -> bool {
        let selected = self.select.iter().any(|selected| match selected {
            Selected::Expression(expression, _) => aggregates(expression),
            Selected::Children(_) | Selected::TypeOf(_) | Selected::Fields(..) => false,
        });
        selected || !self.group_by.is_empty() || self.having.is_some()
    }
}

fn aggregates(expression: &Expression) -> bool {
    let Expression::Call(function, arguments, _) = expression else { return false };
    function.aggregates()
        || arguments.iter().any(|argument| match argument {
            Argument::Expression(inside) => aggregates(inside),
            Argument::Literal(_) => false,
        })
}
