//! Runs a search over the org's records.

use super::ast::{FieldGroup, Search};
use super::words::{Text, Wanted};
use crate::schema::{FieldKind, FieldSchema, ObjectKind, ObjectSchema};
use crate::soql::{At, Data, Expression, Failure, Ordered, Ordering, Origin, Path, Place, Query, Selected};

/// The most records that a search returns.
const MOST: usize = 2_000;

/// Searched as names beside an object's own name field: Salesforce's "IN SearchGroup".
const NAMES: [(&str, &[&str]); 7] = [
    ("Account", &["Website", "Site"]),
    ("Case", &["SuppliedName", "SuppliedCompany", "Subject"]),
    ("Contact", &["FirstName", "LastName", "AssistantName"]),
    ("Event", &["Subject"]),
    ("Lead", &["FirstName", "LastName", "Company"]),
    ("Task", &["Subject"]),
    ("User", &["FirstName", "LastName", "CommunityNickname"]),
];

impl Data<'_> {
    pub(crate) fn search(&self, search: &Search) -> Result<Vec<Ordered>, Failure> {
        let limit =
            search.limit.and_then(|limit| usize::try_from(limit).ok()).map_or(MOST, |limit| limit.min(MOST));
        let wanted = Wanted::new(&search.find);
        let everything: Vec<_>;
        let returning = if search.returning.is_empty() {
            everything =
                self.schema.objects().iter().filter(|object| is_searched(object)).map(ids_of).collect();
            &everything
        } else {
            &search.returning
        };
        let mut found = Vec::new();
        for query in returning {
            let origin = Origin::new(self, self.object(&query.from)?, query)?;
            let fields = fields(origin.object, search.fields);
            let hits = self.places(origin.object)?.filter(|place| wanted.is_in(&texts(*place, &fields)));
            let shape = origin.shape(query, 0)?;
            let (skip, take) = Ordering::cut(query);
            let places = origin.among(hits, query)?.into_iter().skip(skip).take(take);
            found.extend(places.map(|place| shape.write(place, self.setting.base)));
        }
        found.truncate(limit);
        Ok(found)
    }
}

/// Whether a search without `RETURNING` looks at an object: at what people work with, not at settings.
fn is_searched(object: &ObjectSchema) -> bool {
    object.kind == ObjectKind::Record && (object.owned || object.name == "User")
}

fn ids_of(object: &ObjectSchema) -> Query {
    let path = |name: &str| Path { names: vec![name.to_owned()], at: At::default() };
    Query::of(path(&object.name), vec![Selected::Expression(Expression::Field(path("Id")), None)])
}

/// The fields of an object that are searched. Numbers, dates and picklists never are.
fn fields(object: &ObjectSchema, group: FieldGroup) -> Vec<&FieldSchema> {
    let names = NAMES.iter().find(|(name, _)| *name == object.name).map_or(&[][..], |(_, names)| *names);
    let is_name =
        |field: &FieldSchema| field.name == object.name_field || names.contains(&field.name.as_str());
    let searched = object.fields.iter().filter(|field| match (&field.kind, group) {
        (FieldKind::Phone, FieldGroup::Phone) | (FieldKind::Email, FieldGroup::Email) => true,
        (_, FieldGroup::Phone | FieldGroup::Email) => false,
        (_, FieldGroup::Name) => is_name(field),
        (kind, FieldGroup::All | FieldGroup::Sidebar) => matches!(
            kind,
            FieldKind::Text { .. }
                | FieldKind::TextArea { .. }
                | FieldKind::Email
                | FieldKind::Url
                | FieldKind::Phone
                | FieldKind::AutoNumber { .. }
        ),
    });
    searched.collect()
}

fn texts(place: Place<'_>, fields: &[&FieldSchema]) -> Vec<Text> {
    let text =
        |field: &&FieldSchema| Some(Text::new(place.row.text(&field.name)?, field.kind == FieldKind::Phone));
    fields.iter().filter_map(text).collect()
}
