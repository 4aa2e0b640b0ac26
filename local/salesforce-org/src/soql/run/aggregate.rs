//! Queries over groups of rows.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::column::Origin;
use super::data::{Failure, Place};
use super::filter::{Filter, Side, Sides};
use super::format;
use super::operand::Operand;
use super::rows::Ordering;
use super::value::{Key, Type};
use crate::schema::FieldKind;
use crate::soql::ast::{Argument, At, Expression, Query, Selected};
use crate::soql::ordered::Ordered;
use crate::soql::words::Function;

/// A value of each group.
struct Slot<'d> {
    /// The expression in the schema's spelling: the same text is the same slot.
    text: String,
    kind: Type,
    source: Source<'d>,
}

enum Source<'d> {
    /// What the rows of a group have in common.
    Grouped(Operand<'d>),
    /// `COUNT()`, whose rows need no value.
    Rows,
    Aggregate(Function, Operand<'d>),
}

/// The slots of a query and the columns of its reply.
struct Slots<'o, 'd> {
    origin: &'o Origin<'d>,
    slots: Vec<Slot<'d>>,
}

/// A column of the reply.
struct Output {
    name: String,
    slot: usize,
    /// Written by `FORMAT()`, as this type.
    format: Option<FieldKind>,
}

impl<'d> Origin<'d> {
    pub(crate) fn groups(&self, query: &Query) -> Result<Vec<Ordered>, Failure> {
        let mut slots = Slots { origin: self, slots: Vec::new() };
        for expression in &query.group_by {
            slots.group_by(expression)?;
        }
        let outputs = slots.outputs(query)?;
        let having = query.having.as_ref();
        let having = having.map(|condition| Filter::read(condition, self.data, &mut slots)).transpose()?;
        let order: Vec<_> =
            query.order_by.iter().map(|order| slots.sorted_by(&order.by)).collect::<Result<_, _>>()?;
        let slots = slots.slots;

        let unsorted = Query { order_by: Vec::new(), ..query.clone() };
        let mut groups: BTreeMap<Vec<Key>, Vec<Place<'d>>> = BTreeMap::new();
        for place in self.rows(&unsorted)? {
            let keys = slots.iter().filter_map(|slot| match &slot.source {
                Source::Grouped(operand) => Some(operand.key(place)),
                Source::Rows | Source::Aggregate(..) => None,
            });
            groups.entry(keys.collect()).or_default().push(place);
        }
        // Without GROUP BY all rows are one group, even if there are none.
        if query.group_by.is_empty() {
            groups.entry(Vec::new()).or_default();
        }
        let mut rows: Vec<Vec<Value>> =
            groups.values().map(|places| slots.iter().map(|slot| slot.value(places)).collect()).collect();
        let key = |row: &[Value], slot: usize| Key::of(slots[slot].kind, &row[slot]);
        rows.retain(|row| having.as_ref().is_none_or(|having| having.holds(&|slot: &usize| key(row, *slot))));
        let ordering = Ordering::new(&query.order_by);
        let keys = |row: &[Value]| order.iter().map(|slot| key(row, *slot)).collect::<Vec<_>>();
        rows.sort_by(|left, right| ordering.compare(&keys(left), &keys(right)));
        let (skip, take) = Ordering::cut(query);
        Ok(rows.iter().skip(skip).take(take).map(|row| write(row, &outputs)).collect())
    }
}

impl<'d> Slots<'_, 'd> {
    fn group_by(&mut self, expression: &Expression) -> Result<(), Failure> {
        let operand = self.origin.operand(expression)?;
        if matches!(operand.kind, Type::DateTime | Type::LongText | Type::MultiPicklist) {
            let (name, at) = (operand.column.name, operand.column.at);
            let problem = format_args!("field '{name}' can not be grouped in a query call");
            return Err(self.origin.data.error("MALFORMED_QUERY", at, problem).into());
        }
        self.slots.push(Slot { text: operand.text(), kind: operand.kind, source: Source::Grouped(operand) });
        Ok(())
    }

    fn outputs(&mut self, query: &Query) -> Result<Vec<Output>, Failure> {
        let mut outputs: Vec<Output> = Vec::new();
        let mut unnamed = 0;
        for selected in &query.select {
            let Selected::Expression(expression, alias) = selected else {
                let problem = "sub-queries, TYPEOF and FIELDS are not supported in a query over groups";
                return Err(self.origin.data.error("MALFORMED_QUERY", query.from.at, problem).into());
            };
            let (slot, format) = self.output(expression)?;
            let name = match (alias, expression) {
                (Some(alias), _) => alias.clone(),
                (None, Expression::Field(_)) => self.field_name(slot),
                (None, Expression::Call(..)) => {
                    unnamed += 1;
                    format!("expr{}", unnamed - 1)
                }
            };
            if outputs.iter().any(|output| output.name.eq_ignore_ascii_case(&name)) {
                let problem = format_args!("duplicate alias: {name}");
                return Err(self.origin.data.error("MALFORMED_QUERY", query.from.at, problem).into());
            }
            outputs.push(Output { name, slot, format });
        }
        Ok(outputs)
    }

    /// The slot of a selected expression, and how `FORMAT()` around it writes it.
    fn output(&mut self, expression: &Expression) -> Result<(usize, Option<FieldKind>), Failure> {
        let (slot, format) = match expression {
            Expression::Call(Function::Format, arguments, at) => match &arguments[..] {
                [Argument::Expression(inside)] => (self.slot(inside)?, true),
                _ => return Err(self.origin.misused(Function::Format, *at).into()),
            },
            expression => (self.slot(expression)?, false),
        };
        let kind = match &self.slots[slot].source {
            Source::Grouped(operand) | Source::Aggregate(_, operand) => operand.column.field,
            Source::Rows => None,
        };
        Ok((slot, format.then(|| kind.map_or(FieldKind::Integer, |field| field.kind.clone()))))
    }

    fn field_name(&self, slot: usize) -> String {
        match &self.slots[slot].source {
            Source::Grouped(operand) | Source::Aggregate(_, operand) => operand.column.name.to_owned(),
            Source::Rows => self.slots[slot].text.clone(),
        }
    }

    fn sorted_by(&mut self, expression: &Expression) -> Result<usize, Failure> {
        let slot = self.slot(expression)?;
        if let Source::Grouped(operand) = &self.slots[slot].source {
            self.origin.check_sortable(operand.kind, operand.column.name, operand.column.at)?;
        }
        Ok(slot)
    }

    /// The slot of an expression: one that is grouped by, or an aggregate, new if need be.
    fn slot(&mut self, expression: &Expression) -> Result<usize, Failure> {
        let slot = match expression {
            Expression::Call(function, arguments, at) if function.aggregates() => {
                self.aggregate(*function, arguments, *at)?
            }
            expression => {
                let operand = self.origin.operand(expression)?;
                let text = operand.text();
                return self.slots.iter().position(|slot| slot.text == text).ok_or_else(|| {
                    let problem =
                        format_args!("Field must be grouped or aggregated: {}", operand.column.name);
                    self.origin.data.error("MALFORMED_QUERY", operand.column.at, problem).into()
                });
            }
        };
        let known = self.slots.iter().position(|known| known.text == slot.text);
        Ok(known.unwrap_or_else(|| {
            self.slots.push(slot);
            self.slots.len() - 1
        }))
    }

    fn aggregate(&self, function: Function, arguments: &[Argument], at: At) -> Result<Slot<'d>, Failure> {
        let operand = match arguments {
            [] => return Ok(Slot { text: "COUNT()".to_owned(), kind: Type::Integer, source: Source::Rows }),
            [Argument::Expression(field @ Expression::Field(_))] => self.origin.operand(field)?,
            _ => return Err(self.origin.misused(function, at).into()),
        };
        let supported = match function {
            Function::Sum | Function::Avg => operand.kind.is_number(),
            Function::Min | Function::Max => !matches!(operand.kind, Type::Boolean | Type::MultiPicklist),
            _ => true,
        };
        if !supported || operand.kind == Type::LongText {
            let (name, function) = (operand.column.name, function.as_str());
            let problem = format_args!("field {name} does not support aggregate operator {function}");
            return Err(self.origin.data.error("MALFORMED_QUERY", at, problem).into());
        }
        let kind = match function {
            Function::Count | Function::CountDistinct => Type::Integer,
            Function::Sum | Function::Avg => Type::Double,
            _ => operand.kind,
        };
        let text = format!("{}({})", function.as_str(), operand.text());
        Ok(Slot { text, kind, source: Source::Aggregate(function, operand) })
    }
}

impl Sides<usize> for Slots<'_, '_> {
    fn side(&mut self, expression: &Expression) -> Result<Side<usize>, Failure> {
        let slot = self.slot(expression)?;
        let at = match expression {
            Expression::Field(path) => path.at,
            Expression::Call(_, _, at) => *at,
        };
        Ok(Side { source: slot, kind: self.slots[slot].kind, name: self.slots[slot].text.clone(), at })
    }

    fn join(&mut self, _: &Side<usize>, query: &Query) -> Result<BTreeSet<Key>, Failure> {
        let problem = "Semi join sub-selects are only supported in WHERE clauses";
        Err(self.origin.data.error("MALFORMED_QUERY", query.from.at, problem).into())
    }
}

impl<'d> Slot<'d> {
    fn value(&self, places: &[Place<'d>]) -> Value {
        let (function, operand) = match &self.source {
            Source::Rows => return places.len().into(),
            Source::Grouped(operand) => {
                let first = places.first().map(|place| operand.value(*place));
                return first.map_or(Value::Null, Cow::into_owned);
            }
            Source::Aggregate(function, operand) => (*function, operand),
        };
        // Rows without a value do not count: Salesforce's "Null values in aggregate functions".
        let keyed = places.iter().map(|place| (operand.key(*place), *place));
        let keyed = keyed.filter(|(key, _)| *key != Key::Null);
        let numbers = keyed.clone().filter_map(|(key, _)| match key {
            Key::Number(number) => Some(number.0),
            _ => None,
        });
        let least_or_greatest = match function {
            Function::Count => return keyed.count().into(),
            Function::CountDistinct => {
                return keyed.map(|(key, _)| key).collect::<BTreeSet<_>>().len().into();
            }
            Function::Sum | Function::Avg => {
                let (sum, count) =
                    numbers.fold((0.0, 0.0), |(sum, count), number| (sum + number, count + 1.0));
                let value = if function == Function::Sum { sum } else { sum / count };
                return if count == 0.0 { Value::Null } else { value.into() };
            }
            Function::Min => keyed.min_by(|(left, _), (right, _)| left.cmp(right)),
            _ => keyed.max_by(|(left, _), (right, _)| left.cmp(right)),
        };
        least_or_greatest.map_or(Value::Null, |(_, place)| operand.value(place).into_owned())
    }
}

fn write(row: &[Value], outputs: &[Output]) -> Ordered {
    let attributes = Map::from_iter([("type".to_owned(), "AggregateResult".into())]);
    let attributes = [("attributes".to_owned(), Ordered::Value(Value::Object(attributes)))];
    let values = outputs.iter().map(|output| {
        let value = &row[output.slot];
        let value =
            output.format.as_ref().map_or_else(|| value.clone(), |kind| format::value(Some(kind), value));
        (output.name.clone(), Ordered::Value(value))
    });
    Ordered::Object(attributes.into_iter().chain(values).collect())
}
