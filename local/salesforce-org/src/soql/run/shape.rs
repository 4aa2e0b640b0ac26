//! What a row looks like in a reply: the fields that were selected, parents and children nested, in the query's order.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::Failure;
use super::column::{Column, Hop, Origin};
use super::data::{Place, key};
use super::operand::Operand;
use super::rows::Ordering;
use crate::schema::{ObjectKind, ObjectSchema};
use crate::soql::ast::{At, Expression, Path, Query, Selected, TypeOf};
use crate::soql::ordered::Ordered;
use crate::soql::words::FieldSet;

/// How deep child sub-queries may nest: the main query is the first of five levels.
const LEVELS: usize = 4;

/// The shape of a row, or of a parent within it.
#[derive(Default)]
pub(crate) struct Shape<'d> {
    items: Vec<(String, Item<'d>)>,
    /// Whether rows may be of several objects, whose fields are then those of `Name`.
    mixed: bool,
}

enum Item<'d> {
    Value(Operand<'d>),
    Parent(Hop<'d>, Shape<'d>),
    /// A parent whose fields depend on its object; of other objects they are the last.
    TypeOf(Hop<'d>, Vec<(&'d ObjectSchema, Shape<'d>)>, Shape<'d>),
    Children(Children<'d>),
}

struct Children<'d> {
    by_parent: HashMap<[u8; 15], Vec<Place<'d>>>,
    cut: (usize, usize),
    shape: Shape<'d>,
}

impl<'d> Origin<'d> {
    /// The shape of what a query without groups selects.
    pub(crate) fn shape(&self, query: &Query, level: usize) -> Result<Shape<'d>, Failure> {
        let mut shape = Shape::default();
        for selected in &query.select {
            match selected {
                Selected::Expression(expression, alias) => {
                    self.add_expression(&mut shape, expression, alias.as_deref())?;
                }
                Selected::Fields(set, at) => self.add_fields(&mut shape, *set, *at, query)?,
                Selected::TypeOf(type_of) => {
                    let (name, item) = self.type_of(type_of)?;
                    self.add(&mut shape, &[], name, item, type_of.relationship.at)?;
                }
                Selected::Children(query) => {
                    let (name, children) = self.children(query, level)?;
                    self.add(&mut shape, &[], name, Item::Children(children), query.from.at)?;
                }
            }
        }
        Ok(shape)
    }

    fn add_expression(
        &self,
        shape: &mut Shape<'d>,
        expression: &Expression,
        alias: Option<&str>,
    ) -> Result<(), Failure> {
        let mut operand = self.operand(expression)?;
        let at = operand.column.at;
        if let (Expression::Field(path), Some(_)) = (expression, alias) {
            let problem = "only aggregate expressions use field aliasing";
            return Err(self.data.error("MALFORMED_QUERY", path.at, problem).into());
        }
        if operand.function.is_some_and(|function| function.is_of_dates()) {
            let problem = format_args!("Field must be grouped or aggregated: {}", operand.column.name);
            return Err(self.data.error("MALFORMED_QUERY", at, problem).into());
        }
        if let Some(alias) = alias {
            return self.add(shape, &[], alias.to_owned(), Item::Value(operand), at);
        }
        let hops = std::mem::take(&mut operand.column.hops);
        let name = operand.column.name.to_owned();
        self.add(shape, &hops, name, Item::Value(operand), at)
    }

    /// Puts an item below the parents that its hops lead to.
    fn add(
        &self,
        shape: &mut Shape<'d>,
        hops: &[Hop<'d>],
        name: String,
        item: Item<'d>,
        at: At,
    ) -> Result<(), Failure> {
        let Some((hop, hops)) = hops.split_first() else {
            if shape.items.iter().any(|(known, _)| *known == name) {
                let problem = format_args!("duplicate field selected: {name}");
                return Err(self.data.error("INVALID_FIELD", at, problem).into());
            }
            shape.items.push((name, item));
            return Ok(());
        };
        let same = |(_, item): &(String, Item<'d>)| matches!(item, Item::Parent(known, _) if known.reference.name == hop.reference.name);
        let place = shape.items.iter().position(same).unwrap_or(shape.items.len());
        if place == shape.items.len() {
            let parent = Shape { mixed: hop.targets.len() != 1, ..Shape::default() };
            self.add(shape, &[], hop.name().to_owned(), Item::Parent(hop.clone(), parent), at)?;
        }
        match &mut shape.items[place].1 {
            Item::Parent(_, parent) => self.add(parent, hops, name, item, at),
            _ => Ok(()),
        }
    }

    fn add_fields(&self, shape: &mut Shape<'d>, set: FieldSet, at: At, query: &Query) -> Result<(), Failure> {
        if set != FieldSet::Standard && query.limit.is_none_or(|limit| limit > 200) {
            let problem = "The SOQL FIELDS function must have a LIMIT of at most 200";
            return Err(self.data.error("MALFORMED_QUERY", at, problem).into());
        }
        let wanted = self.object.fields.iter().filter(|field| match set {
            FieldSet::All => true,
            FieldSet::Standard => !field.is_custom(),
            FieldSet::Custom => field.is_custom(),
        });
        for field in wanted {
            let path = Path { names: vec![field.name.clone()], at };
            self.add_expression(shape, &Expression::Field(path), None)?;
        }
        Ok(())
    }

    fn type_of(&self, type_of: &TypeOf) -> Result<(String, Item<'d>), Failure> {
        let at = type_of.relationship.at;
        let (mut hops, _) = self.hops(&type_of.relationship.names, at)?;
        let hop = hops.pop().filter(|hop| hops.is_empty() && hop.targets.len() > 1);
        let hop = hop.ok_or_else(|| {
            let problem = "TYPEOF is only supported on a polymorphic relationship of the queried object";
            Failure::from(self.data.error("MALFORMED_QUERY", at, problem))
        })?;
        let mut cases = Vec::new();
        for (name, fields) in &type_of.cases {
            let object = self.data.object(&Path { names: vec![name.clone()], at })?;
            let origin =
                Origin::new(self.data, object, &Query::of(type_of.relationship.clone(), Vec::new()))?;
            let mut shape = Shape::default();
            for field in fields {
                origin.add_expression(&mut shape, &Expression::Field(field.clone()), None)?;
            }
            cases.push((object, shape));
        }
        let mut otherwise = Shape { mixed: true, ..Shape::default() };
        for field in &type_of.otherwise {
            let names = type_of.relationship.names.iter().chain(&field.names).cloned().collect();
            let column = self.column(&Path { names, at: field.at })?;
            let name = column.name.to_owned();
            let here = Column { hops: Vec::new(), ..column };
            let item = Item::Value(Operand { kind: here.kind, column: here, function: None });
            self.add(&mut otherwise, &[], name, item, field.at)?;
        }
        Ok((hop.name().to_owned(), Item::TypeOf(hop, cases, otherwise)))
    }

    fn children(&self, query: &Query, level: usize) -> Result<(String, Children<'d>), Failure> {
        let at = query.from.at;
        if level == LEVELS {
            let problem = "child sub-queries can be nested up to five levels";
            return Err(self.data.error("MALFORMED_QUERY", at, problem).into());
        }
        let name = query.from.names.last().map(String::as_str).unwrap_or_default();
        let child = self.object.child(name).and_then(|child| {
            let object = self.data.schema.object(&child.child_object)?;
            let recorded = object.kind == ObjectKind::Record;
            Some((child, object, object.field(&child.field)?)).filter(|_| recorded)
        });
        let (child, object, reference) = child.ok_or_else(|| {
            let problem = format_args!(
                "Didn't understand relationship '{name}' in FROM part of query call. If you are attempting to use a \
                 custom relationship, be sure to append the '__r' after the custom relationship name. Please reference \
                 your WSDL or the describe call for the appropriate names."
            );
            Failure::from(self.data.error("INVALID_TYPE", at, problem))
        })?;
        if query.aggregates() {
            let problem = "aggregates are not supported in a child sub-query";
            return Err(self.data.error("MALFORMED_QUERY", at, problem).into());
        }
        let origin = Origin::new(self.data, object, query)?;
        let shape = origin.shape(query, level + 1)?;
        let mut by_parent: HashMap<_, Vec<_>> = HashMap::new();
        for place in origin.rows(query)? {
            if let Some(parent) = place.row.text(&reference.name).and_then(key) {
                by_parent.entry(parent).or_default().push(place);
            }
        }
        Ok((child.relationship_name.clone(), Children { by_parent, cut: Ordering::cut(query), shape }))
    }
}

impl<'d> Shape<'d> {
    pub(crate) fn write(&self, place: Place<'d>, base: &str) -> Ordered {
        let object = &place.object.name;
        let kind = if self.mixed { "Name" } else { object };
        let url = format!("{base}/sobjects/{object}/{}", place.row.id());
        let attributes =
            Ordered::Object(vec![("type".to_owned(), kind.into()), ("url".to_owned(), url.into())]);
        let items = self.items.iter().map(|(name, item)| (name.clone(), item.write(place, base)));
        Ordered::Object([("attributes".to_owned(), attributes)].into_iter().chain(items).collect())
    }
}

impl<'d> Item<'d> {
    fn write(&self, place: Place<'d>, base: &str) -> Ordered {
        let written = match self {
            Self::Value(operand) => Some(Ordered::Value(operand.value(place).into_owned())),
            Self::Parent(hop, shape) => hop.follow(place).map(|parent| shape.write(parent, base)),
            Self::TypeOf(hop, cases, otherwise) => hop.follow(place).map(|parent| {
                let case = cases.iter().find(|(object, _)| object.name == parent.object.name);
                case.map_or(otherwise, |(_, shape)| shape).write(parent, base)
            }),
            Self::Children(children) => children.write(place, base),
        };
        written.unwrap_or(Ordered::Value(Value::Null))
    }
}

impl<'d> Children<'d> {
    fn write(&self, parent: Place<'d>, base: &str) -> Option<Ordered> {
        let (skip, take) = self.cut;
        let places = self.by_parent.get(&key(parent.row.id())?)?.iter().skip(skip).take(take);
        let rows: Vec<_> = places.map(|place| self.shape.write(*place, base)).collect();
        (!rows.is_empty()).then(|| {
            Ordered::Object(vec![
                ("totalSize".to_owned(), json!(rows.len()).into()),
                ("done".to_owned(), true.into()),
                ("records".to_owned(), Ordered::List(rows)),
            ])
        })
    }
}
