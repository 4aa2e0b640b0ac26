//! Where the relationships of a query lead, by what Salesforce says about its objects. Pure.

use salesforce::rest::Describe;
use salesforce::soql::Step;

/// The objects that a step from this one leads to: several where a reference may be to records of several objects, none
/// where there is no such relationship.
///
/// Behind a step to children, `Contact.LastName` in `(SELECT Contact.LastName FROM Contacts)` is the child itself.
pub(crate) fn targets<'a>(describe: &'a Describe, before: Option<&Step>, step: &Step) -> Vec<&'a str> {
    match step {
        Step::Parent(name) => {
            let itself = matches!(before, Some(Step::Child(_))) && describe.name.eq_ignore_ascii_case(name);
            let named = |relationship: &Option<String>| {
                relationship.as_ref().is_some_and(|relationship| relationship.eq_ignore_ascii_case(name))
            };
            let references = describe.fields.iter().filter(|field| named(&field.relationship_name));
            let referred = references.flat_map(|field| field.reference_to.iter().map(String::as_str));
            itself.then_some(describe.name.as_str()).into_iter().chain(referred).collect()
        }
        Step::Child(name) => {
            let children = describe.child_relationships.iter();
            let children = children.filter(|child| child.relationship_name.eq_ignore_ascii_case(name));
            children.map(|child| child.child_object.as_str()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn steps_lead_where_salesforce_says() {
        let describe: Describe = serde_json::from_value(json!({
            "name": "Contact",
            "fields": [
                { "name": "Id", "type": "id" },
                { "name": "AccountId", "type": "reference", "relationshipName": "Account", "referenceTo": ["Account"] },
                { "name": "OwnerId", "type": "reference", "relationshipName": "Owner", "referenceTo": ["Group", "User"] },
            ],
            "childRelationships": [{ "relationshipName": "Cases", "childSObject": "Case" }],
        }))
        .unwrap();
        let parent = |name: &str| Step::Parent(name.to_owned());
        let child = |name: &str| Step::Child(name.to_owned());
        for (before, step, expected) in [
            (None, parent("account"), &["Account"][..]),
            (None, parent("OWNER"), &["Group", "User"]),
            (None, child("cases"), &["Case"]),
            (None, parent("Cases"), &[]),
            (None, child("Account"), &[]),
            (None, parent("AccountId"), &[]),
            (None, parent("Contact"), &[]),
            (Some(parent("Contact")), parent("Contact"), &[]),
            (Some(child("Contacts")), parent("Contact"), &["Contact"]),
        ] {
            assert_eq!(targets(&describe, before.as_ref(), &step), expected, "{step:?}");
        }
    }
}
