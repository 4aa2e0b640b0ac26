//! Finds what a path of a query means, and reads it from rows.

use serde_json::Value;

use super::data::{Data, FALSE, Failure, NULL, Place, Table};
use super::value::Type;
use crate::schema::{FieldSchema, ObjectSchema};
use crate::soql::ast::{At, Path, Query};

/// How many relationships a path may go up.
const LEVELS: usize = 5;

/// What a query may read of a parent that can be of several objects: the fields of Salesforce's object `Name`.
const NAME: [(&str, Type); 14] = [
    ("Alias", Type::Text),
    ("Email", Type::Text),
    ("FirstName", Type::Text),
    ("Id", Type::Id),
    ("IsActive", Type::Boolean),
    ("LastName", Type::Text),
    ("Name", Type::Text),
    ("NameOrAlias", Type::Text),
    ("Phone", Type::Text),
    ("ProfileId", Type::Id),
    ("Title", Type::Text),
    ("Type", Type::Text),
    ("UserRoleId", Type::Id),
    ("Username", Type::Text),
];

/// The object that a query's paths begin at, and what it calls it.
pub(crate) struct Origin<'d> {
    pub(crate) data: &'d Data<'d>,
    pub(crate) object: &'d ObjectSchema,
    /// Names that stand for paths; the object's own alias stands for an empty one.
    aliases: Vec<(String, Vec<String>)>,
}

/// A field, from where a row is.
#[derive(Clone)]
pub(super) struct Column<'d> {
    pub(super) hops: Vec<Hop<'d>>,
    /// In the schema's spelling.
    pub(super) name: &'d str,
    pub(super) kind: Type,
    /// The field, unless it is one that all objects share.
    pub(super) field: Option<&'d FieldSchema>,
    pub(super) at: At,
}

/// From a row to its parent.
#[derive(Clone)]
pub(super) struct Hop<'d> {
    pub(super) reference: &'d FieldSchema,
    pub(super) targets: Vec<(&'d ObjectSchema, &'d Table)>,
}

impl<'d> Origin<'d> {
    /// Reads what a query calls its object and that object's parents.
    pub(crate) fn new(data: &'d Data<'d>, object: &'d ObjectSchema, query: &Query) -> Result<Self, Failure> {
        let mut origin = Self { data, object, aliases: Vec::new() };
        origin.aliases.extend(query.alias.clone().map(|alias| (alias, Vec::new())));
        for (path, alias) in &query.paths {
            let names = origin.expand(&path.names);
            origin.hops(&names, path.at)?;
            origin.aliases.push((alias.clone(), names));
        }
        Ok(origin)
    }

    /// The path without aliases.
    fn expand(&self, names: &[String]) -> Vec<String> {
        let (first, rest) = names.split_first().unzip();
        let (Some(first), Some(rest)) = (first, rest) else { return Vec::new() };
        let alias = self.aliases.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(first));
        let own = first.eq_ignore_ascii_case(&self.object.name) && self.object.parent(first).is_none();
        match alias {
            Some((_, path)) => path.iter().chain(rest).cloned().collect(),
            // The object's own name is an alias of itself, but not where a field is meant.
            None if own && !rest.is_empty() => rest.to_vec(),
            None => names.to_vec(),
        }
    }

    pub(super) fn column(&self, path: &Path) -> Result<Column<'d>, Failure> {
        let names = self.expand(&path.names);
        let Some((name, parents)) = names.split_last() else {
            return Err(self.no_such_column(&path.names.join("."), &self.object.name, path.at).into());
        };
        let (hops, object) = self.hops(parents, path.at)?;
        if let Some(object) = object {
            let field = object.field(name).ok_or_else(|| self.no_such_column(name, &object.name, path.at))?;
            let kind = Type::of(&field.kind);
            return Ok(Column { hops, name: &field.name, kind, field: Some(field), at: path.at });
        }
        let shared = NAME.iter().find(|(shared, _)| shared.eq_ignore_ascii_case(name));
        let (name, kind) = shared.ok_or_else(|| self.no_such_column(name, "Name", path.at))?;
        Ok(Column { hops, name, kind: *kind, field: None, at: path.at })
    }

    /// Goes up relationships; the object at the end is one, unless it can be of several.
    pub(super) fn hops(
        &self,
        names: &[String],
        at: At,
    ) -> Result<(Vec<Hop<'d>>, Option<&'d ObjectSchema>), Failure> {
        if names.len() > LEVELS {
            let problem =
                format_args!("relationship path is too long: at most {LEVELS} levels are supported");
            return Err(self.data.error("MALFORMED_QUERY", at, problem).into());
        }
        let mut hops = Vec::new();
        let mut object = Some(self.object);
        for name in names {
            let reference = object.and_then(|object| object.parent(name));
            let hop = self.hop(reference.ok_or_else(|| self.no_such_relationship(name, at))?)?;
            object = if let [(object, _)] = hop.targets[..] { Some(object) } else { None };
            hops.push(hop);
        }
        Ok((hops, object))
    }

    fn hop(&self, reference: &'d FieldSchema) -> Result<Hop<'d>, Failure> {
        let objects = reference.reference_to.iter().filter_map(|name| self.data.schema.object(name));
        let targets = objects.map(|object| Ok((object, self.data.table(object)?)));
        Ok(Hop { reference, targets: targets.collect::<rusqlite::Result<_>>()? })
    }

    fn no_such_column(&self, name: &str, object: &str, at: At) -> crate::soql::QueryError {
        self.data.error(
            "INVALID_FIELD",
            at,
            format_args!(
                "No such column '{name}' on entity '{object}'. If you are attempting to use a custom field, be sure to \
                 append the '__c' after the custom field name. Please reference your WSDL or the describe call for the \
                 appropriate names."
            ),
        )
    }

    fn no_such_relationship(&self, name: &str, at: At) -> crate::soql::QueryError {
        self.data.error(
            "INVALID_FIELD",
            at,
            format_args!(
                "Didn't understand relationship '{name}' in field path. If you are attempting to use a custom \
                 relationship, be sure to append the '__r' after the custom relationship name. Please reference your \
                 WSDL or the describe call for the appropriate names."
            ),
        )
    }
}

impl<'d> Column<'d> {
    pub(super) fn value(&self, place: Place<'d>) -> &'d Value {
        let mut place = place;
        for hop in &self.hops {
            let Some(parent) = hop.follow(place) else { return &NULL };
            place = parent;
        }
        let value = match (self.field, self.name) {
            (None, "Type") => &place.table.name,
            (None, "Name") => &place.row[place.object.name_field.as_str()],
            (_, name) => &place.row[name],
        };
        if self.kind == Type::Boolean && value.is_null() { &FALSE } else { value }
    }

    /// The path in the schema's spelling.
    pub(super) fn path(&self) -> String {
        let hops = self.hops.iter().map(Hop::name);
        hops.chain([self.name]).collect::<Vec<_>>().join(".")
    }
}

impl<'d> Hop<'d> {
    pub(super) fn follow(&self, from: Place<'d>) -> Option<Place<'d>> {
        let id = from.row.text(&self.reference.name)?;
        self.targets.iter().find_map(|(object, table)| Some(Place { object, table, row: table.row(id)? }))
    }

    /// What a reply calls the parent.
    pub(super) fn name(&self) -> &'d str {
        self.reference.relationship_name.as_deref().unwrap_or(&self.reference.name)
    }
}
