//! Unique fields, duplicate rules, validation rules.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Session, read};
use crate::tests::code;

#[tokio::test]
async fn a_unique_value_is_had_once_in_any_letter_case() {
    let session = Session::start().await;
    let first = session.create("Plan__c", json!({"Key__c": "K-1"})).await;
    let (status, reply) = session.post("/sobjects/Plan__c", json!({"Key__c": "k-1"})).await;
    let message =
        format!("duplicate value found: Key__c duplicates value on record with id: {}", &first[..15]);
    assert_eq!(status, 400);
    assert_eq!(reply, json!([{"errorCode": "DUPLICATE_VALUE", "message": message, "fields": []}]));
    let second = session.create("Plan__c", json!({"Key__c": "K-2"})).await;
    let path = format!("/sobjects/Plan__c/{second}");
    assert_eq!(code(&session.patch(&path, json!({"Key__c": "K-1"})).await.1), "DUPLICATE_VALUE");
    assert_eq!(session.patch(&path, json!({"Key__c": "k-2"})).await.0, 204, "it may keep its own");
    session.delete(&format!("/sobjects/Plan__c/{first}")).await;
    assert_eq!(session.patch(&path, json!({"Key__c": "K-1"})).await.0, 204, "the deleted one counts no more");
    session.create("Plan__c", json!({})).await;
    session.create("Plan__c", json!({"Key__c": null})).await;
}

#[tokio::test]
async fn a_duplicate_is_named_with_the_records_that_are_like_it() {
    let session = Session::start().await;
    let acme = json!({"Name": "Acme", "Phone": "+12065550100"});
    let first = session.create("Account", acme.clone()).await;
    session.create("Account", json!({"Name": "Acme"})).await;
    session.create("Account", json!({"Name": "Acme", "Phone": "+12065550101"})).await;
    let (status, reply) =
        session.post("/sobjects/Account", json!({"Name": "ACME", "Phone": "+12065550100"})).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "DUPLICATES_DETECTED"));
    assert_eq!(reply[0]["message"], "Use one of these records?");
    let found = &reply[0]["duplicateResult"];
    assert_eq!((&found["allowSave"], &found["duplicateRule"]), (&json!(true), &json!("Same_Name_And_Phone")));
    let record = &found["matchResults"][0]["matchRecords"][0]["record"];
    assert_eq!((&record["Id"], &record["Name"]), (&json!(first), &Value::Null));
    assert_eq!(found["matchResults"][0]["size"], 1);

    let with = async |header: &str| {
        let request = session.request(Method::POST, "/sobjects/Account").json(&acme);
        read(request.header("Sforce-Duplicate-Rule-Header", header).send().await.unwrap()).await
    };
    let (_, reply) = with("allowSave=false; includeRecordDetails=true").await;
    let record = &reply[0]["duplicateResult"]["matchResults"][0]["matchRecords"][0]["record"];
    assert_eq!(record["Phone"], "+12065550100");
    assert_eq!(with("allowSave=true; runAsCurrentUser=true").await.0, 201);
    assert_eq!(session.patch(&format!("/sobjects/Account/{first}"), json!({"Site": "x"})).await.0, 204);
}

#[tokio::test]
async fn a_validation_rule_looks_at_the_record_as_it_would_be() {
    let session = Session::start().await;
    let id = session.create("Plan__c", json!({"Seats__c": 100})).await;
    let path = format!("/sobjects/Plan__c/{id}");
    for (changes, message) in [
        (json!({"Seats__c": "101"}), "Ask sales for more than 100 seats"),
        (json!({"Code__c": "NONE"}), "NONE is no code"),
    ] {
        let (_, reply) = session.patch(&path, changes).await;
        assert_eq!(
            (code(&reply), &reply[0]["message"]),
            ("FIELD_CUSTOM_VALIDATION_EXCEPTION", &json!(message))
        );
    }
    assert_eq!(session.patch(&path, json!({"Code__c": "none", "Seats__c": 7})).await.0, 204);
}
