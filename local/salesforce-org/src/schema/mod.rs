//! Which objects an org has and what their fields are like: Salesforce's own, and those added by configuration. Both are
//! written down in the same form, one YAML document per object: see `schema/objects/`.

use std::collections::HashMap;

use anyhow::{Context, ensure};

mod alike;
mod build;
mod config;
mod field;
mod object;
mod standard;
#[cfg(test)]
mod tests;

pub use field::{Access, FieldKind, FieldSchema, Formula, NumberFormat};
pub use object::{
    ChildRelationship, Condition, DuplicateRule, ObjectKind, ObjectSchema, Operator, ValidationRule,
};

/// All objects of an org. Names are found in any letter case, as in Salesforce.
#[derive(Debug)]
pub struct Schema {
    /// In the order of their names.
    objects: Vec<ObjectSchema>,
    /// By name in lower case.
    places: HashMap<String, usize>,
}

impl Schema {
    /// Salesforce's standard objects with these added. An object that has the name of a standard one adds its fields and
    /// rules to that.
    ///
    /// # Errors
    /// If two fields have the same name, a reference leads nowhere, or a name is not one that Salesforce would take; the
    /// text says which.
    pub fn new(custom: &[ObjectSchema]) -> anyhow::Result<Self> {
        let objects = build::complete(standard::objects()?, custom)?;
        let places: HashMap<_, _> = objects
            .iter()
            .enumerate()
            .map(|(place, object)| (object.name.to_ascii_lowercase(), place))
            .collect();
        ensure!(places.len() == objects.len(), "the schema has two objects of the same name");
        Ok(Self { objects, places })
    }

    /// The object of this name.
    pub fn object(&self, name: &str) -> Option<&ObjectSchema> {
        self.objects.get(*self.places.get(&name.to_ascii_lowercase())?)
    }

    /// The object whose records have ids like this one.
    pub fn object_of_id(&self, id: &str) -> Option<&ObjectSchema> {
        let prefix = id.get(..3)?;
        self.objects.iter().find(|object| object.key_prefix == prefix)
    }

    /// All objects in the order of their names.
    pub fn objects(&self) -> &[ObjectSchema] {
        &self.objects
    }

    /// The object of this name, or an error that says which there are and how to add one.
    pub(crate) fn expect_object(&self, name: &str) -> anyhow::Result<&ObjectSchema> {
        self.object(name).with_context(|| {
            let names = self.objects.iter().map(|object| object.name.as_str());
            format!(
                "the org has no object {name}. {} To add one, write a file like \
                 local/contact-center/org/Reminder__c.yaml and name it in CUSTOM_OBJECTS of the contact center; \
                 an Org of your own takes it in Settings::objects",
                alike::advice(name, names)
            )
        })
    }
}
