//! What the API says about itself and its objects.

use serde_json::{Value, json};

use super::{Session, read};
use crate::Operation;

fn named<'a>(list: &'a Value, key: &str, name: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one[key] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn an_object_tells_its_fields_and_relationships() {
    let session = Session::start().await;
    let (status, contact) = session.get("/sobjects/contact/describe").await;
    assert_eq!(
        (status.as_u16(), &contact["name"], &contact["keyPrefix"]),
        (200, &json!("Contact"), &json!("003"))
    );
    let field = |name| named(&contact["fields"], "name", name);
    let name = field("LastName");
    assert_eq!(
        (&name["type"], &name["length"], &name["nillable"]),
        (&json!("string"), &json!(80), &json!(false))
    );
    assert_eq!((&field("Name")["createable"], &field("Name")["nameField"]), (&json!(false), &json!(true)));
    assert_eq!(field("AccountId")["referenceTo"], json!(["Account"]));
    assert_eq!(field("OwnerId")["polymorphicForeignKey"], true);
    assert_eq!(field("DoNotCall")["type"], "boolean");
    let cases = named(&contact["childRelationships"], "relationshipName", "Cases");
    assert_eq!((&cases["childSObject"], &cases["field"]), (&json!("Case"), &json!("ContactId")));

    let (_, plan) = session.get("/sobjects/Plan__c/describe").await;
    let field = |name| named(&plan["fields"], "name", name);
    assert_eq!(
        (&plan["custom"], &field("Key__c")["externalId"], &field("Key__c")["unique"]),
        (&json!(true), &json!(true), &json!(true))
    );
    assert_eq!(
        (&field("Tier__c")["restrictedPicklist"], &field("Tier__c")["picklistValues"][1]["value"]),
        (&json!(true), &json!("Silver"))
    );
    assert_eq!((&field("Seats__c")["type"], &field("Number__c")["type"]), (&json!("int"), &json!("double")));
    assert_eq!(field("Account__c")["relationshipName"], "Account__r");
    assert_eq!(session.get("/sobjects/Nothing/describe").await.0, 404);
    assert_eq!(session.harness.org.request_count(Operation::Describe), 3);
}

#[tokio::test]
async fn the_org_lists_its_objects_resources_versions_and_limits() {
    let session = Session::start().await;
    let (_, all) = session.get("/sobjects").await;
    let plan = named(&all["sobjects"], "name", "Plan__c");
    assert_eq!(plan["urls"]["describe"], "/services/data/v66.0/sobjects/Plan__c/describe");
    let (_, account) = session.get("/sobjects/Account/").await;
    assert_eq!(account["objectDescribe"]["labelPlural"], "Accounts");
    let (_, resources) = session.get("").await;
    assert_eq!(resources["query"], "/services/data/v66.0/query");
    assert!(resources["identity"].as_str().unwrap().contains("/id/00D"));
    session.harness.org.set_api_allowance(10, 100);
    let (_, limits) = session.get("/limits/").await;
    assert_eq!(limits["DailyApiRequests"], json!({"Max": 100, "Remaining": 89}));

    let url = format!("{}/services/data", session.harness.org.url());
    let (status, versions) = read(session.harness.http.get(url).send().await.unwrap()).await;
    assert_eq!(status, 200, "no session is needed");
    let expected = json!({"label": "Spring '26", "url": "/services/data/v66.0", "version": "66.0"});
    assert_eq!(named(&versions, "version", "66.0"), &expected);
    let organization = &session.harness.org.records("Organization").unwrap()[0];
    assert_eq!(
        (&organization["IsSandbox"], organization.id().get(..15)),
        (&json!(false), Some(session.harness.org.org_id()))
    );
}
