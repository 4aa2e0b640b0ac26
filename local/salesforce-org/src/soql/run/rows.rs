//! Which rows a query reads, and in which order.

use std::cmp;

use super::Failure;
use super::column::Origin;
use super::data::Place;
use super::value::{Key, Type};
use crate::soql::ast::{At, Order, Query};
use crate::soql::words::Scope;

/// The greatest `OFFSET`.
const FARTHEST: u64 = 2_000;

/// How rows or groups are sorted: the directions of their keys.
pub(crate) struct Ordering(Vec<(bool, bool)>);

impl<'d> Origin<'d> {
    /// The rows that a query's scope and filter let through, sorted, not yet cut to `LIMIT` and `OFFSET`.
    pub(crate) fn rows(&self, query: &Query) -> Result<Vec<Place<'d>>, Failure> {
        self.among(self.data.places(self.object)?, query)
    }

    /// As [`rows`](Self::rows), of these rows.
    pub(crate) fn among(
        &self,
        places: impl Iterator<Item = Place<'d>>,
        query: &Query,
    ) -> Result<Vec<Place<'d>>, Failure> {
        if query.offset.is_some_and(|offset| offset > FARTHEST) {
            let problem =
                format_args!("Maximum SOQL offset allowed for apiName {} is {FARTHEST}", self.object.name);
            return Err(self.data.error("NUMBER_OUTSIDE_VALID_RANGE", query.from.at, problem).into());
        }
        let owner = match query.scope {
            None | Some(Scope::Everything) => None,
            Some(Scope::Mine) => Some(self.data.user_id()),
            Some(scope) => {
                let problem = format_args!("filter scope '{}' is not enabled in this org", scope.as_str());
                return Err(self.data.error("MALFORMED_QUERY", query.from.at, problem).into());
            }
        };
        let filter = query.filter.as_ref().map(|condition| self.filter(condition)).transpose()?;
        let taken = places.filter(|place| {
            owner.is_none_or(|owner| place.row["OwnerId"] == owner)
                && filter.as_ref().is_none_or(|filter| filter.takes(*place))
        });
        self.sorted(taken.collect(), &query.order_by)
    }

    fn sorted(&self, places: Vec<Place<'d>>, order_by: &[Order]) -> Result<Vec<Place<'d>>, Failure> {
        if order_by.is_empty() {
            return Ok(places);
        }
        let mut operands = Vec::new();
        for order in order_by {
            let operand = self.operand(&order.by)?;
            self.check_sortable(operand.kind, operand.column.name, operand.column.at)?;
            operands.push(operand);
        }
        let keys = |place: Place<'d>| operands.iter().map(|operand| operand.key(place)).collect();
        let mut keyed: Vec<(Vec<Key>, _)> = places.into_iter().map(|place| (keys(place), place)).collect();
        let ordering = Ordering::new(order_by);
        keyed.sort_by(|(left, _), (right, _)| ordering.compare(left, right));
        Ok(keyed.into_iter().map(|(_, place)| place).collect())
    }

    pub(super) fn check_sortable(&self, kind: Type, name: &str, at: At) -> Result<(), Failure> {
        if !matches!(kind, Type::LongText | Type::MultiPicklist) {
            return Ok(());
        }
        let problem = format_args!("field '{name}' can not be sorted in a query call");
        Err(self.data.error("MALFORMED_QUERY", at, problem).into())
    }
}

impl Ordering {
    pub(super) fn new(order_by: &[Order]) -> Self {
        Self(order_by.iter().map(|order| (order.descending, order.nulls_last)).collect())
    }

    pub(super) fn compare(&self, left: &[Key], right: &[Key]) -> cmp::Ordering {
        let compared =
            self.0.iter().zip(left.iter().zip(right)).map(|((descending, nulls_last), keys)| match keys {
                (Key::Null, Key::Null) => cmp::Ordering::Equal,
                (Key::Null, _) if *nulls_last => cmp::Ordering::Greater,
                (Key::Null, _) => cmp::Ordering::Less,
                (_, Key::Null) if *nulls_last => cmp::Ordering::Less,
                (_, Key::Null) => cmp::Ordering::Greater,
                (left, right) if *descending => right.cmp(left),
                (left, right) => left.cmp(right),
            });
        compared.into_iter().find(|ordering| ordering.is_ne()).unwrap_or(cmp::Ordering::Equal)
    }

    /// How many rows to skip, and how many to take then.
    pub(crate) fn cut(query: &Query) -> (usize, usize) {
        let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        (query.offset.map_or(0, number), query.limit.map_or(usize::MAX, number))
    }
}
