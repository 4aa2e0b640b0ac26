//! Attempts to get around `SOBJECT_POLICY`.

use lambda_kit::flow::FlowError;
use std::fmt::Write;

use serde_json::{Value, json};
use stage::soon;

use super::org::{CASE, app, sent, sent_but_describes, willing};
use super::{outcome, with_parameters};

/// Closed are Account, User, Secret__c and all that has no entry.
const POLICY: &str = "Case:create,read,update;Contact:read;Task:create,read;Lead:read;Secret__c:";

const ACCOUNT_ID: &str = "0015e0000000005AAA";

fn query(soql: &str) -> Value {
    json!({ "methodName": "queryRecord", "soql": soql, "x": "x", "y": "FROM Account" })
}

fn search(sosl: &str) -> Value {
    json!({ "methodName": "searchRecord", "sosl": sosl })
}

fn attempts() -> Vec<Value> {
    let batch = |method: &str, records: Value| json!({ "methodName": method, "records": records.to_string(), "account": ACCOUNT_ID, "object": "Account" });
    vec![
        // an object that is closed, however it is written
        query("SELECT Id FROM Account"),
        query("select id from ACCOUNT"),
        query("SELECT Id\nFROM\n\tAccount"),
        query("SELECT Id FROM Secret__c"),
        query("SELECT Id FROM acme__Secret__c"),
        query("SELECT OldValue FROM Secret__History"),
        query("SELECT Id FROM Case, Account"),
        query("SELECT Id FROM \u{410}ccount"),
        query("SELECT Id FROM\u{a0}Case"),
        query("SELECT Id FROM Ca\u{17f}e"),
        query("SELECT FIELDS(ALL) FROM Account LIMIT 1"),
        query("SELECT COUNT() FROM Account"),
        query("SELECT MAX(AnnualRevenue) most FROM Account GROUP BY Industry"),
        // through relationships
        query("SELECT Account.Name FROM Case"),
        query("SELECT aCcOuNt.Name FROM Case"),
        query("SELECT Contact.Account.Name FROM Case"),
        query("SELECT Parent.Parent.Account.Name FROM Case"),
        query("SELECT Id FROM Case WHERE Account.Name = {x}"),
        query("SELECT Id FROM Case WHERE NOT (Status = 'New' OR (Account.Name LIKE '{x}%'))"),
        query("SELECT Id FROM Case ORDER BY Account.Name"),
        query("SELECT COUNT(Id) FROM Case GROUP BY Account.Name"),
        query("SELECT Status FROM Case GROUP BY Status HAVING MAX(Account.AnnualRevenue) > 5"),
        query("SELECT toLabel(Account.Industry) FROM Case"),
        query("SELECT COUNT_DISTINCT(Account.Name) FROM Case"),
        query("SELECT Owner.Name FROM Case"),
        query("SELECT Secret__r.Name FROM Case"),
        query("SELECT Nonsense__r.Name FROM Case"),
        query("SELECT Id FROM Contact WHERE Owner.Profile.Name = 'System Administrator'"),
        // aliases
        query("SELECT c.Account.Name FROM Case c"),
        query("SELECT Case.Account.Name FROM Case"),
        query("SELECT a.Name FROM Case c, c.Account a"),
        query("SELECT Id FROM Account Case"),
        query("SELECT Account.Name FROM Case Account"),
        // sub-queries
        query("SELECT Id, (SELECT Id FROM CaseComments) FROM Case"),
        query("SELECT Id, (SELECT Account.Name FROM Cases) FROM Contact"),
        query("SELECT Id, (SELECT Id FROM Assets) FROM Contact"),
        query("SELECT Id, (SELECT OldValue FROM Histories) FROM Case, Secret__c"),
        query("SELECT Id FROM Case WHERE AccountId IN (SELECT Id FROM Account)"),
        query("SELECT Id FROM Case WHERE AccountId NOT IN (SELECT Id FROM Account WHERE Name = {x})"),
        query("SELECT Id FROM Case WHERE ContactId IN (SELECT Id FROM Contact WHERE Account.Name = {x})"),
        query("SELECT TYPEOF What WHEN Account THEN Phone ELSE Subject END FROM Task"),
        query("SELECT TYPEOF What WHEN Case THEN Account.Name END FROM Task"),
        // what is no query
        query("SELECT Id FROM Case -- FROM Contact\n"),
        query("SELECT Id /* FROM Case */ FROM Account"),
        query("SELECT Id FROM Case; SELECT Id FROM Account"),
        query("SELECT Id FROM Case UNION SELECT Id FROM Account"),
        query("SELECT Id {y}"),
        query("SELECT Id FROM {x}"),
        query("SELECT {x} FROM Case"),
        query("SELECT Id FROM Case WHERE {x} = 'New'"),
        query("SELECT Id FROM Case WHERE Status = {{y}}"),
        query("SELECT Id FROM Case WHERE Status = {secretName}"),
        query("FIND {x} RETURNING Account"),
        json!({ "methodName": "queryRecords", "soql": "SELECT Account.Name FROM Case" }),
        json!({ "methodName": "queryRecord", "soql": ["SELECT Id FROM Account"] }),
        // searches
        search("FIND {Acme} RETURNING Account(Name)"),
        search("FIND {Acme} RETURNING Case(Id), account (Name)"),
        search("FIND {Acme}"),
        search("FIND {Acme} IN ALL FIELDS LIMIT 5"),
        search("FIND {Acme} RETURNING Case(Account.Name)"),
        search("FIND {Acme} RETURNING Case(Id WHERE Account.Name = 'x')"),
        search("FIND {Acme} RETURNING Case(Id WHERE AccountId IN (SELECT Id FROM Account))"),
        search("FIND {Acme} RETURNING Case(Id ORDER BY Owner.Name)"),
        search("FIND {Acme\\} RETURNING Case} RETURNING Account(Name)"),
        search("SELECT Id FROM Account"),
        json!({ "methodName": "parameterizedSearch", "q": "Acme" }),
        json!({ "methodName": "parameterizedSearch", "q": "Acme", "objects": "Case,Account" }),
        json!({ "methodName": "parameterizedSearch", "q": "Acme", "objects": "Case", "sobjects": "Account" }),
        json!({ "methodName": "parameterizedSearch", "q": "Acme", "objects": ["Case,Account"] }),
        json!({ "methodName": "parameterizedSearch", "q": "Acme", "objects": "Case", "fields": "Account.Name" }),
        json!({ "methodName": "phoneLookup", "in": "Contact.Phone, Account.Phone" }),
        json!({ "methodName": "phoneLookup", "in": "Contact.Account.Phone" }),
        json!({ "methodName": "phoneLookup", "in": "Contact.Phone", "fields": "Account.Name" }),
        json!({ "methodName": "phoneLookup", "in": "Contact.Phone)\u{2c}Account(Phone" }),
        // records
        json!({ "methodName": "readRecord", "objectApiName": "Account", "recordId": ACCOUNT_ID }),
        json!({ "methodName": "readRecord", "objectApiName": "Case", "recordId": ACCOUNT_ID }),
        json!({ "methodName": "readRecord", "objectApiName": "Case", "recordId": CASE, "fields": "Account.Name" }),
        json!({ "methodName": "readRecord", "objectApiName": "Case/../Account", "recordId": ACCOUNT_ID }),
        json!({ "methodName": "readRecord", "objectApiName": "Case%2F..%2FAccount", "recordId": ACCOUNT_ID }),
        json!({ "methodName": "readRecord", "objectApiName": " Account", "recordId": ACCOUNT_ID }),
        json!({ "methodName": "readRecord", "objectApiName": "Case", "recordId": format!("{CASE}/Account") }),
        json!({ "methodName": "readRecord", "objectApiName": "Case", "recordId": "../Account/0015e00000000" }),
        json!({ "methodName": "updateRecord", "objectApiName": "Contact", "recordId": "0035e0000000003AAA", "LastName": "x" }),
        json!({ "methodName": "updateRecord", "objectApiName": "Case", "recordId": ACCOUNT_ID, "Name": "x" }),
        json!({ "methodName": "updateRecord", "objectApiName": "Case", "recordId": CASE, "Account": { "Name": "x" } }),
        json!({ "methodName": "updateRecord", "objectApiName": "Case", "recordId": CASE, "Account.Name": "x" }),
        json!({ "methodName": "createRecord", "objectApiName": "Secret__c", "Name": "x" }),
        json!({ "methodName": "createRecord", "objectApiName": "Case", "attributes": { "type": "Account" } }),
        json!({ "methodName": "createRecord", "objectApiName": "Case", "Attributes": "Account" }),
        json!({ "methodName": "updateRecord", "objectApiName": "Case", "recordId": CASE, "ID": ACCOUNT_ID }),
        json!({ "methodName": "createRecord", "objectApiName": "Contact", "LastName": "x" }),
        json!({ "methodName": "createRecord", "objectApiName": "Task", "idempotencyField": "Key__c", "Key__c": "1" }),
        json!({ "methodName": "upsertRecord", "objectApiName": "Task", "externalIdField": "Key__c", "externalId": "1" }),
        json!({ "methodName": "upsertRecord", "objectApiName": "Case", "externalIdField": "Id", "externalId": ACCOUNT_ID }),
        json!({ "methodName": "upsertRecord", "objectApiName": "Case", "externalIdField": "Key__c/../../Account", "externalId": "1" }),
        json!({ "methodName": "deleteRecord", "objectApiName": "Case", "recordId": CASE }),
        // several records
        batch("createRecord", json!([{ "objectApiName": "Account", "Name": "x" }])),
        batch("createRecord", json!([{ "objectApiName": "Case" }, { "attributes": { "type": "Account" } }])),
        batch("createRecord", json!([{ "objectApiName": "Case", "attributes": { "type": "Account" } }])),
        batch("createRecord", json!([{ "objectApiName": "Case", "Account": { "Name": "x" } }])),
        batch("createRecord", json!([{ "objectApiName": "Case", "Tasks": { "records": [{}] } }])),
        batch("createRecord", json!([{ "objectApiName": "{object}" }])),
        batch("createRecord", json!([{ "objectApiName": "Case", "Id": ACCOUNT_ID }])),
        batch("updateRecord", json!([{ "objectApiName": "Case", "recordId": "{account}", "Name": "x" }])),
        batch("updateRecord", json!([{ "objectApiName": "Case", "recordId": CASE, "ID": ACCOUNT_ID }])),
        batch("updateRecord", json!([{ "objectApiName": "Task", "recordId": "00T5e0000000001" }])),
        batch(
            "updateRecord",
            json!([{ "objectApiName": "Case", "recordId": CASE, "Subject": "{secretName}" }]),
        ),
        // what has a method of its own
        json!({ "methodName": "realtimeAlertEvent", "Name": "x" }),
        json!({ "methodName": "uploadTranscript", "contactIdsPayloadMap": "[[\"a\",\"{}\"]]" }),
        json!({ "methodName": "fetchUploadIdsStatus", "uploadIds": "a" }),
        json!({ "methodName": "fetchOutboundPhoneNumber", "agentARN": "a" }),
        json!({ "methodName": "fetchAgentPhoneNumber", "agentARN": "a" }),
        json!({ "methodName": "fetchDefaultVoicemailGreetingUrl", "agentARN": "a" }),
        json!({ "methodName": "SFSPhoneCallFlowQuery" }),
    ]
}

#[tokio::test]
async fn nothing_gets_around_the_policy() {
    let stage = willing().await;
    let app = app(&stage, POLICY);
    let mut report = String::new();
    for parameters in attempts() {
        let result = app.handle(with_parameters(parameters.clone()), soon()).await;
        assert!(result.is_err(), "{parameters}");
        let sent = sent_but_describes(&stage).await;
        assert_eq!(sent, Vec::<String>::new(), "{parameters}");
        writeln!(report, "{parameters}\n  {}", outcome(result)).unwrap();
    }
    insta::assert_snapshot!(report);
}

#[tokio::test]
async fn what_the_policy_allows_goes_through() {
    for parameters in [
        query("SELECT Contact.ReportsTo.LastName, Parent.Subject FROM Case WHERE Contact.Phone = {x}"),
        query("SELECT c.Contact.LastName FROM Case c WHERE c.Status = 'New'"),
        query("SELECT Case.Subject FROM Case"),
        query("SELECT Id, (SELECT Subject FROM Tasks), (SELECT Case.Subject FROM Cases) FROM Case"),
        query("SELECT Who.Name FROM Task"),
        query("SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM Case WHERE Status = {y})"),
        query("SELECT Field FROM CaseHistory"),
        search("FIND {Acme} RETURNING Case(Id, Contact.Name), Contact"),
        json!({ "methodName": "phoneLookup" }),
        json!({ "methodName": "parameterizedSearch", "q": "Acme", "objects": "Case, Contact" }),
        json!({ "methodName": "readRecord", "objectApiName": "case", "recordId": CASE }),
    ] {
        let stage = willing().await;
        // An unnamed object of the policy may show a named one's data only where both are allowed.
        let app = app(&stage, &format!("{POLICY};CaseHistory:read"));
        let result = app.handle(with_parameters(parameters.clone()), soon()).await;
        assert!(result.is_ok(), "{parameters}: {}", outcome(result));
        assert_eq!(sent_but_describes(&stage).await.len(), 1, "{parameters}");
    }
}

#[tokio::test]
async fn salesforce_is_asked_about_relationships_once_and_only_where_the_policy_closes_something() {
    let stage = willing().await;
    let open = app(&stage, "*:read");
    let event = with_parameters(query("SELECT Contact.Account.Name FROM Case"));
    open.handle(event, soon()).await.unwrap();
    assert_eq!(sent(&stage).await.len(), 1);
    let closed = app(&stage, "User:;*:read");
    let event = with_parameters(query("SELECT Contact.Account.Name, contact.Name FROM Case"));
    for _ in 0..3 {
        closed.handle(event.clone(), soon()).await.unwrap();
    }
    let sent = sent(&stage).await;
    assert_eq!(sent[1..3], ["GET /sobjects/Case/describe", "GET /sobjects/Contact/describe"]);
    assert_eq!(sent.len(), 6);
}

#[tokio::test]
async fn relationships_that_cannot_be_asked_about_are_an_error_of_their_own() {
    let stage = stage::Stage::new().await.unwrap();
    let describe = wiremock::Mock::given(wiremock::matchers::path_regex("/describe$"));
    describe.respond_with(wiremock::ResponseTemplate::new(503)).mount(&stage.salesforce).await;
    super::org::be_willing(&stage).await;
    let event = with_parameters(query("SELECT Contact.Name FROM Case"));
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_millis(300);
    let error = app(&stage, POLICY).handle(event, deadline).await.unwrap_err();
    assert_eq!(error.kind(), "SalesforceUnavailable", "{error}");
    assert!(sent_but_describes(&stage).await.is_empty());
}
