use serde_json::json;

use super::*;

fn object(yaml: &str) -> ObjectSchema {
    yaml.parse().unwrap()
}

#[test]
fn the_standard_objects_are_whole() {
    let schema = Schema::new(&[]).unwrap();
    assert_eq!(schema.objects().len(), 24);
    for object in schema.objects() {
        let name = object.field(&object.name_field);
        assert!(name.is_some() || object.name == "RealtimeAlertEvent", "{} has no name field", object.name);
        let same = schema.objects().iter().filter(|other| other.key_prefix == object.key_prefix).count();
        assert_eq!(same, 1, "{} shares its key prefix", object.name);
        for field in &object.fields {
            let looked_at = match &field.formula {
                Some(Formula::Join(fields)) => fields.clone(),
                Some(Formula::OneOf { field, .. }) => vec![field.clone()],
                Some(Formula::Parent { reference, field }) => {
                    let parent = &object.field(reference).unwrap().reference_to[0];
                    assert!(schema.object(parent).unwrap().field(field).is_some(), "{field}");
                    vec![reference.clone()]
                }
                None => Vec::new(),
            };
            assert!(looked_at.iter().all(|field| object.field(field).is_some()), "{}", field.name);
        }
        let mut children: Vec<_> = object.children.iter().map(|child| &child.relationship_name).collect();
        children.sort();
        children.dedup();
        assert_eq!(children.len(), object.children.len(), "two children of {} have one name", object.name);
    }
}

#[test]
fn names_are_found_in_any_letter_case_and_ids_by_their_prefix() {
    let schema = Schema::new(&[]).unwrap();
    let contact = schema.object("CONTACT").unwrap();
    assert_eq!(contact.field("accountid").unwrap().name, "AccountId");
    assert_eq!(contact.parent("account").unwrap().reference_to, ["Account"]);
    let child = schema.object("Account").unwrap().child("contacts").unwrap();
    assert_eq!((child.child_object.as_str(), child.field.as_str()), ("Contact", "AccountId"));
    assert_eq!(schema.object_of_id("0LQ5e0000000001").unwrap().name, "VoiceCall");
    assert_eq!(schema.object_of_id("zzz").map(|object| &object.name), None);
    assert_eq!(contact.field("OwnerId").unwrap().reference_to, ["Group", "User"]);
}

#[test]
fn custom_fields_and_objects_follow_salesforces_names() {
    let schema = Schema::new(&[
        object("{name: Contact, fields: [{name: Tier__c, type: picklist, values: [Gold]}]}"),
        object("{name: Plan__c, fields: [{name: Code__c, type: text, externalId: true}]}"),
        object(
            "{name: Step__c, fields: [{name: Plan__c, type: reference, referenceTo: [Plan__c],
              childRelationshipName: Steps__r}]}",
        ),
    ])
    .unwrap();
    assert_eq!(schema.object("contact").unwrap().field("tier__C").unwrap().label, "Tier");
    let (plan, step) = (schema.object("Plan__c").unwrap(), schema.object("Step__c").unwrap());
    assert_eq!((plan.key_prefix.as_str(), step.key_prefix.as_str()), ("a00", "a01"));
    assert_eq!(step.parent("Plan__r").unwrap().name, "Plan__c");
    assert_eq!(plan.child("Steps__r").unwrap().child_object, "Step__c");
    assert!(plan.field("OwnerId").is_some() && plan.field("Name").is_some());
}

#[test]
fn json_is_read_too_and_defaults_are_salesforces() {
    let field: FieldSchema = serde_json::from_value(json!({"name": "Open__c", "type": "boolean"})).unwrap();
    assert_eq!((field.nillable, field.default, field.label.as_str()), (false, Some(json!(false)), "Open"));
    let field: FieldSchema = serde_json::from_value(json!({"name": "LastName", "type": "text"})).unwrap();
    assert_eq!(
        (field.label.as_str(), field.kind.length(), field.required()),
        ("Last Name", Some(255), false)
    );
    let format = NumberFormat::parse("VC-{00000000}").unwrap();
    assert_eq!(format.write(7), "VC-00000007");
    assert_eq!(NumberFormat::parse("VC-{0x0}"), None);
}

#[test]
fn what_salesforce_would_not_take_is_refused_by_name() {
    for (yaml, why) in [
        ("{name: Plan, fields: []}", "Plan: an object that is added ends in __c"),
        ("{name: Contact, fields: [{name: Tier, type: text}]}", "Contact.Tier: a field that is added"),
        ("{name: Plan__c, fields: [{name: A__c, type: text}, {name: a__c, type: text}]}", "two fields a__c"),
        ("{name: Plan__c, fields: [{name: A__c, type: reference, referenceTo: [Gone]}]}", "Plan__c.A__c"),
        ("{name: Plan__c, duplicateRules: [{name: R, fields: [Gone]}]}", "a rule names Gone"),
        ("{name: \"Plan')__c\"}", "cannot be the name of an object"),
    ] {
        let error = format!("{:#}", Schema::new(&[object(yaml)]).unwrap_err());
        assert!(error.contains(why), "{error}");
    }
    for (yaml, why) in [
        ("{name: Plan__c, fields: [{name: A__c, type: number}]}", "number"),
        ("{name: Plan__c, fields: [{name: A__c, type: text, lenght: 5}]}", "lenght"),
        ("{name: Plan__c, fields: [{name: A__c, type: reference}]}", "A__c: a reference"),
        ("{name: Plan__c, fields: [{name: A__c, type: double, length: 5}]}", "A__c: only text has a length"),
    ] {
        let error = format!("{:#}", yaml.parse::<ObjectSchema>().unwrap_err());
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn who_names_an_object_that_there_is_not_learns_what_to_do() {
    let schema = Schema::new(&[object("{name: Reminder__c, fields: []}")]).unwrap();
    assert_eq!(schema.expect_object("reminder__C").unwrap().name, "Reminder__c");
    let error = schema.expect_object("Reminders__c").unwrap_err().to_string();
    assert!(
        error.starts_with("the org has no object Reminders__c. Do you mean Reminder__c? To add one, "),
        "{error}"
    );
    assert!(error.contains("local/contact-center/org/"), "{error}");
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../contact-center/org/Reminder__c.yaml");
    assert!(std::path::Path::new(file).exists(), "the text names a file");
}
