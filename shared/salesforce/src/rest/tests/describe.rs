use super::*;
use crate::rest::FieldKind;
use crate::testing::soon;

#[tokio::test]
async fn a_large_object_is_described() {
    let picklist: Vec<_> = (0..40)
        .map(|number| json!({"active": true, "label": format!("Value {number}"), "value": "x"}))
        .collect();
    let custom = |number: u32| json!({"name": format!("F{number}__c"), "type": "picklist", "picklistValues": picklist, "relationshipName": null});
    let mut all: Vec<_> = (0..800).map(custom).collect();
    for (name, kind) in [
        ("Id", "id"),
        ("IsEscalated", "boolean"),
        ("Count__c", "int"),
        ("Amount__c", "currency"),
        ("CreatedDate", "datetime"),
        ("New__c", "a type of tomorrow"),
    ] {
        all.push(json!({"name": name, "type": kind, "relationshipName": null, "referenceTo": []}));
    }
    all.push(json!({
        "name": "WhoId", "type": "reference", "relationshipName": "Who", "referenceTo": ["Contact", "Lead"],
    }));
    let body = json!({
        "name": "Case", "label": "Case", "keyPrefix": "500", "fields": all,
        "childRelationships": [
            {"relationshipName": "CaseComments", "childSObject": "CaseComment", "field": "ParentId"},
            {"relationshipName": null, "childSObject": "AIInsightValue", "field": "SobjectLookupValueId"},
        ],
    });
    let body = body.to_string();
    assert!(body.len() > 1_500_000);
    let org = Org::new().await;
    org.answers(status(200).set_body_string(body)).await;
    let described = org.rest.describe(&object("case"), soon()).await.unwrap();
    assert_eq!((described.name.as_str(), described.fields.len()), ("Case", 807));
    let kind = |name: &str| described.fields.iter().find(|field| field.name == name).unwrap().kind;
    assert_eq!(["F0__c", "Id", "WhoId"].map(kind), [FieldKind::Text; 3]);
    assert_eq!(["Count__c", "Amount__c"].map(kind), [FieldKind::Number; 2]);
    assert_eq!(["CreatedDate", "New__c"].map(kind), [FieldKind::Other; 2]);
    assert_eq!(kind("IsEscalated"), FieldKind::Boolean);
    let who = described.fields.last().unwrap();
    assert_eq!(who.relationship_name.as_deref(), Some("Who"));
    assert_eq!(who.reference_to, ["Contact", "Lead"]);
    let [children] = described.child_relationships.as_slice() else { panic!("{described:?}") };
    assert_eq!(
        (children.relationship_name.as_str(), children.child_object.as_str()),
        ("CaseComments", "CaseComment")
    );
    insta::assert_snapshot!(org.only_sent().await, @"
    GET /services/data/v66.0/sobjects/case/describe
    authorization: Bearer token-1
    ");
}
