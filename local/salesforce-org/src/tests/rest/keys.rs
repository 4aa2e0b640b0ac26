//! Records by external id.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Session, read};
use crate::tests::code;

#[tokio::test]
async fn an_upsert_creates_once_and_then_changes() {
    let session = Session::start().await;
    let path = "/sobjects/Plan__c/key__c/K%2F1+%C3%A9";
    let (status, reply) = session.patch(path, json!({"Seats__c": 1})).await;
    assert_eq!((status.as_u16(), &reply["created"], &reply["success"]), (201, &json!(true), &json!(true)));
    let id = reply["id"].as_str().unwrap().to_owned();
    let (status, reply) = session.patch(path, json!({"Seats__c": 2})).await;
    assert_eq!((status.as_u16(), &reply["created"], &reply["id"]), (200, &json!(false), &json!(id)));
    let [plan] = session.harness.org.records("Plan__c").unwrap().try_into().unwrap();
    assert_eq!((plan.text("Key__c"), plan.number("Seats__c")), (Some("K/1+é"), Some(2)));
    let (status, reply) = session.patch(path, json!({"KEY__C": "x"})).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "INVALID_FIELD"));
    assert_eq!(session.get(path).await.1["Id"], id.as_str());
    assert_eq!(session.delete(path).await.0, 204);
    assert_eq!(session.get(path).await.0, 404);
}

#[tokio::test]
async fn before_version_46_an_update_answers_nothing() {
    let session = Session::start().await;
    session.create("Plan__c", json!({"Key__c": "K-1"})).await;
    let path = "/services/data/v45.0/sobjects/Plan__c/Key__c/K-1";
    let request = session.request(Method::PATCH, "").build().unwrap();
    let url = format!("{}{path}", session.harness.org.url());
    let token = request.headers()["authorization"].clone();
    let sent = session.harness.http.patch(url).header("authorization", token).json(&json!({})).send();
    assert_eq!(read(sent.await.unwrap()).await, (204.try_into().unwrap(), Value::Null));
}

#[tokio::test]
async fn several_records_of_one_key_are_a_choice() {
    let session = Session::start().await;
    let mut ids = Vec::new();
    for code in ["C-1", "c-1", "C-2"] {
        ids.push(session.create("Plan__c", json!({"Code__c": code})).await);
    }
    let urls =
        ids[..2].iter().map(|id| format!("/services/data/v66.0/sobjects/Plan__c/{id}")).collect::<Vec<_>>();
    let path = "/sobjects/Plan__c/Code__c/C-1";
    for reply in [
        session.get(path).await,
        session.patch(path, json!({"Seats__c": 1})).await,
        session.delete(path).await,
    ] {
        assert_eq!((reply.0.as_u16(), reply.1), (300, json!(urls)));
    }
    assert_eq!(session.get("/sobjects/Plan__c/Code__c/C-2").await.1["Id"], ids[2].as_str());
    assert_eq!(session.count("Plan__c"), 3);
}

#[tokio::test]
async fn numbers_and_ids_are_keys_and_other_fields_are_none() {
    let session = Session::start().await;
    let id = session.create("Plan__c", json!({"Number__c": 7})).await;
    for path in ["Number__c/7", "Number__c/7.0", &format!("Id/{id}"), &format!("id/{}", &id[..15])] {
        assert_eq!(session.get(&format!("/sobjects/Plan__c/{path}")).await.1["Id"], id.as_str(), "{path}");
    }
    let (status, reply) = session.patch(&format!("/sobjects/Plan__c/Id/{id}"), json!({"Seats__c": 3})).await;
    assert_eq!((status.as_u16(), &reply["created"]), (200, &json!(false)));
    let (status, reply) = session.get("/sobjects/Plan__c/Seats__c/3").await;
    let message = "Provided external ID field does not exist or is not accessible: Seats__c";
    assert_eq!((status.as_u16(), &reply[0]["message"]), (404, &json!(message)));
    let email = session.create("Contact", json!({"LastName": "x", "Email": "caller@example.com"})).await;
    assert_eq!(session.get("/sobjects/Contact/Email/caller@example.com").await.1["Id"], email.as_str());
}

#[tokio::test]
async fn a_parent_is_named_by_its_own_key() {
    let session = Session::start().await;
    let plan = session.create("Plan__c", json!({"Key__c": "K-1"})).await;
    let contact = session.create("Contact", json!({"LastName": "x", "Email": "caller@example.com"})).await;
    let case = session.create("Case", json!({"Contact": {"Email": "caller@example.com"}})).await;
    assert_eq!(session.harness.org.record("Case", &case).unwrap().unwrap()["ContactId"], contact.as_str());
    let task = session.create("Task", json!({"What": {"Key__c": "K-1"}})).await;
    assert_eq!(session.harness.org.record("Task", &task).unwrap().unwrap()["WhatId"], plan.as_str());
    for (parent, expected) in [
        (json!({"Email": "nobody@example.com"}), "INVALID_FIELD"),
        (json!({"LastName": "x"}), "INVALID_FIELD"),
        (json!({}), "INVALID_FIELD"),
    ] {
        let (_, reply) = session.post("/sobjects/Case", json!({"Contact": parent})).await;
        assert_eq!(code(&reply), expected);
    }
    session.create("Contact", json!({"LastName": "y", "Email": "caller@example.com"})).await;
    let (_, reply) =
        session.post("/sobjects/Case", json!({"Contact": {"Email": "caller@example.com"}})).await;
    assert_eq!(code(&reply), "DUPLICATE_EXTERNAL_ID");
}
