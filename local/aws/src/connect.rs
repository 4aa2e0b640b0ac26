//! Amazon Connect: `DescribeContact` and `UpdateContactAttributes`.
//! <https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html>

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::error::{AwsError, read};
use crate::lock;

/// How many characters the names and values of one update may have together.
const MOST_CHARACTERS: usize = 32_768;

/// All contacts by id.
#[derive(Default)]
pub(crate) struct Contacts(Mutex<BTreeMap<String, Contact>>);

impl std::fmt::Debug for Contacts {
    /// Attributes are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(lock(&self.0).keys()).finish()
    }
}

#[derive(Default)]
struct Contact {
    instance_id: String,
    described: Value,
    attributes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct UpdateContactAttributes {
    initial_contact_id: String,
    instance_id: String,
    attributes: BTreeMap<String, String>,
}

impl Contacts {
    /// Creates the contact or replaces what is told of it; its attributes stay.
    pub(crate) fn put(&self, instance_id: &str, contact_id: &str, mut described: Value) {
        let mut contacts = lock(&self.0);
        let contact = contacts.entry(contact_id.to_owned()).or_default();
        described["Id"] = json!(contact_id);
        bare(instance_id).clone_into(&mut contact.instance_id);
        contact.described = described;
    }

    pub(crate) fn attributes(&self, contact_id: &str) -> BTreeMap<String, String> {
        lock(&self.0).get(contact_id).map(|contact| contact.attributes.clone()).unwrap_or_default()
    }

    pub(crate) fn describe(&self, instance_id: &str, contact_id: &str) -> Result<Value, AwsError> {
        let contacts = lock(&self.0);
        let contact = contacts.get(contact_id).filter(|contact| contact.instance_id == bare(instance_id));
        Ok(json!({ "Contact": contact.ok_or_else(not_found)?.described }))
    }

    /// Sets these attributes; those that it does not name stay.
    pub(crate) fn update_attributes(&self, body: &[u8]) -> Result<Value, AwsError> {
        let request: UpdateContactAttributes = read("UpdateContactAttributes", body)?;
        let mut contacts = lock(&self.0);
        let instance_id = bare(&request.instance_id);
        let contact = contacts
            .get_mut(&request.initial_contact_id)
            .filter(|contact| contact.instance_id == instance_id)
            .ok_or_else(not_found)?;
        let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if request.attributes.keys().any(|name| name.is_empty() || !name.chars().all(known)) {
            let message = "Attribute keys can include only alphanumeric, dash, and underscore characters.";
            return Err(AwsError::refused("InvalidParameterException", message));
        }
        let characters =
            request.attributes.iter().map(|(name, value)| name.chars().count() + value.chars().count());
        if characters.sum::<usize>() > MOST_CHARACTERS {
            let message = "The attributes of an update have at most 32,768 characters.";
            return Err(AwsError::refused("InvalidParameterException", message));
        }
        contact.attributes.extend(request.attributes);
        Ok(json!({}))
    }
}

/// An instance is named by its id, or by its ARN, which ends with the id.
fn bare(instance_id: &str) -> &str {
    instance_id.rsplit('/').next().unwrap_or(instance_id)
}

fn not_found() -> AwsError {
    AwsError::new(404, "ResourceNotFoundException", "Contact not found in this instance.")
}

#[cfg(test)]
mod tests;
