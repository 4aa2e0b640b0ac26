use reqwest::Method;
use serde_json::{Value, json};

use super::{Session, read};
use crate::Operation;
use crate::tests::code;

#[tokio::test]
async fn a_record_is_created_read_changed_and_deleted() {
    let session = Session::start().await;
    let account = session.create("Account", json!({"Name": "Acme"})).await;
    assert!(account.starts_with("001") && account.len() == 18, "{account}");
    let id = session
        .create("contact", json!({"FirstName": "The", "lastname": "Caller", "AccountId": &account[..15]}))
        .await;

    let (status, contact) = session.get(&format!("/sobjects/Contact/{}", &id[..15])).await;
    assert_eq!(status, 200);
    assert_eq!(
        contact["attributes"],
        json!({"type": "Contact", "url": format!("/services/data/v66.0/sobjects/Contact/{id}")})
    );
    assert_eq!((&contact["Name"], &contact["Email"]), (&json!("The Caller"), &Value::Null));
    assert_eq!(contact["AccountId"], account.as_str(), "references have 18 characters");
    assert_eq!((&contact["IsDeleted"], &contact["DoNotCall"]), (&json!(false), &json!(false)));
    assert_eq!(contact["OwnerId"], contact["CreatedById"], "the user of the session owns what it creates");
    let owner = session.harness.org.record("User", contact["OwnerId"].as_str().unwrap()).unwrap().unwrap();
    assert_eq!(owner.text("Username"), Some("integration@example.com"));

    let path = format!("/sobjects/Contact/{id}");
    assert_eq!(
        session.patch(&path, json!({"LastName": "Guest", "FirstName": null})).await,
        (204.try_into().unwrap(), Value::Null)
    );
    let (_, contact) = session.get(&format!("{path}?fields=Name,firstName")).await;
    assert_eq!(
        contact.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["FirstName", "Id", "Name", "attributes"]
    );
    assert_eq!((&contact["Name"], &contact["Id"]), (&json!("Guest"), &json!(id)));

    assert_eq!(session.delete(&path).await.0, 204);
    for reply in
        [session.get(&path).await, session.delete(&path).await, session.patch(&path, json!({})).await]
    {
        let expected =
            json!([{"errorCode": "ENTITY_IS_DELETED", "message": "entity is deleted", "fields": []}]);
        assert_eq!((reply.0.as_u16(), reply.1), (404, expected));
    }
    assert_eq!(session.count("Contact"), 0);
    let org = &session.harness.org;
    let counts =
        [Operation::CreateRecord, Operation::ReadRecord, Operation::UpdateRecord, Operation::DeleteRecord]
            .map(|operation| org.request_count(operation));
    assert_eq!(counts, [2, 3, 2, 2]);
}

#[tokio::test]
async fn defaults_numbers_and_formulas_are_salesforces() {
    let session = Session::start().await;
    let id = session.create("Case", json!({"Subject": "No heating", "Origin": "Phone"})).await;
    assert!(id.starts_with("500"));
    let case = session.harness.org.record("Case", &id).unwrap().unwrap();
    assert_eq!((case.text("CaseNumber"), case.text("Status")), (Some("00000001"), Some("New")));
    assert_eq!((case.text("Priority"), &case["IsClosed"]), (Some("Medium"), &json!(false)));
    session.patch(&format!("/sobjects/Case/{id}"), json!({"Status": "Closed"})).await;
    assert_eq!(session.harness.org.record("Case", &id).unwrap().unwrap()["IsClosed"], true);

    let task = session.create("Task", json!({"Subject": "Call back", "WhatId": id})).await;
    let task = session.harness.org.record("Task", &task).unwrap().unwrap();
    assert_eq!((task.text("Status"), task.text("Priority")), (Some("Not Started"), Some("Normal")));
    let plan = session.create("Plan__c", json!({"Name": "Basic"})).await;
    assert!(plan.starts_with("a00"), "{plan}");
}

#[tokio::test]
async fn a_case_shows_its_contacts_phone_as_it_is_now() {
    let session = Session::start().await;
    let contact = session.create("Contact", json!({"LastName": "Caller", "Phone": "+12065550100"})).await;
    let case = session.create("Case", json!({"ContactId": contact})).await;
    let path = format!("/sobjects/Case/{case}?fields=ContactPhone,ContactEmail");
    let phone = async || session.get(&path).await.1["ContactPhone"].clone();
    assert_eq!(phone().await, "+12065550100");
    session.patch(&format!("/sobjects/Contact/{contact}"), json!({"Phone": "+12065550101"})).await;
    assert_eq!(phone().await, "+12065550101");
    let query = "/query?q=SELECT+Id+FROM+Case+WHERE+ContactPhone='%2B12065550101'";
    assert_eq!(session.get(query).await.1["totalSize"], 1);
    session.patch(&format!("/sobjects/Case/{case}"), json!({"ContactId": null})).await;
    assert_eq!(phone().await, Value::Null);
    let (status, _) = session.patch(&format!("/sobjects/Case/{case}"), json!({"ContactPhone": "x"})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn values_are_read_as_the_fields_type() {
    let session = Session::start().await;
    let sent = json!({
        "Seats__c": "5", "Number__c": "2.5", "Active__c": "True", "Start__c": "2026-03-01T10:00:00Z", "Code__c": "",
        "Renewed__c": "2026-03-01T11:00:00.5+0100", "Extras__c": "Support;Storage", "Tier__c": "Gold",
        "Contact__c": "caller@example.com",
    });
    let id = session.create("Plan__c", sent).await;
    let plan = session.harness.org.record("Plan__c", &id).unwrap().unwrap();
    for (field, value) in [
        ("Seats__c", json!(5)),
        ("Number__c", json!(2.5)),
        ("Active__c", json!(true)),
        ("Start__c", json!("2026-03-01")),
        ("Renewed__c", json!("2026-03-01T10:00:00.500+0000")),
        ("Code__c", Value::Null),
        ("Extras__c", json!("Support;Storage")),
    ] {
        assert_eq!(plan[field], value, "{field}");
    }
}

#[tokio::test]
async fn calls_of_the_telephony_api_are_records_like_others() {
    let session = Session::start().await;
    let id = session.harness.call("c-1").await;
    let (status, call) =
        session.get(&format!("/sobjects/VoiceCall/{id}?fields=VendorCallKey,CallType,OwnerId")).await;
    assert_eq!((status.as_u16(), call["VendorCallKey"].as_str()), (200, Some("c-1")));
    assert_eq!(session.get("/sobjects/Voicecall/VendorCallKey/c-1").await.1["Id"], id.as_str());
    let case = session.create("Case", json!({"Subject": "No heating"})).await;
    let path = format!("/sobjects/VoiceCall/{id}");
    assert_eq!(session.patch(&path, json!({"RelatedRecordId": case, "Description": "x"})).await.0, 204);
    assert_eq!(session.harness.org.voice_call("c-1").unwrap().unwrap()["RelatedRecordId"], case.as_str());
    let (status, reply) = session.patch(&path, json!({"CallType": "Outbound"})).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "INVALID_FIELD_FOR_INSERT_UPDATE"));
    session.delete(&path).await;
    assert_eq!(session.harness.org.voice_call("c-1").unwrap(), None);
}

#[tokio::test]
async fn an_alert_is_taken_on_and_cannot_be_read() {
    let session = Session::start().await;
    let alert = json!({"Name": "a", "Description": "d", "Severity": "Warning", "Source": "s"});
    let (status, reply) = session.post("/sobjects/RealtimeAlertEvent", alert).await;
    assert_eq!((status.as_u16(), &reply["success"]), (201, &json!(true)));
    assert_eq!(reply["errors"][0]["statusCode"], "OPERATION_ENQUEUED");
    assert_eq!(
        session.harness.org.records("RealtimeAlertEvent").unwrap()[0].text("Severity"),
        Some("Warning")
    );
    let id = reply["id"].as_str().unwrap();
    assert_eq!(session.get(&format!("/sobjects/RealtimeAlertEvent/{id}")).await.0, 404);
    let alert = json!({"Name": "a", "Description": "d", "Severity": "Informational", "Source": "s"});
    let (_, reply) = session.post("/sobjects/RealtimeAlertEvent", alert).await;
    assert_eq!(code(&reply), "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST");
}

#[tokio::test]
async fn a_slash_at_the_end_any_version_and_a_posted_patch_do_as_well() {
    let session = Session::start().await;
    let (status, reply) = session.post("/sobjects/Account/", json!({"Name": "Acme"})).await;
    assert_eq!(status, 201, "{reply}");
    let id = reply["id"].as_str().unwrap();
    let path = format!("/sobjects/Account/{id}?_HttpMethod=PATCH");
    assert_eq!(session.post(&path, json!({"Site": "HQ"})).await.0, 204);
    let url = format!("{}/services/data/v59.0/sobjects/Account/{id}", session.harness.org.url());
    let request = session.request(Method::GET, "").build().unwrap();
    let token = request.headers()["authorization"].clone();
    let (status, account) =
        read(session.harness.http.get(url).header("authorization", token).send().await.unwrap()).await;
    assert_eq!((status.as_u16(), account["Site"].as_str()), (200, Some("HQ")));
    assert_eq!(account["attributes"]["url"], format!("/services/data/v59.0/sobjects/Account/{id}"));
}

#[tokio::test]
async fn tests_insert_records_as_a_request_would() {
    let session = Session::start().await;
    let org = &session.harness.org;
    let account = org.insert("account", json!({"Name": "Acme"})).unwrap();
    let contact = org.insert("Contact", json!({"LastName": "Caller", "AccountId": account})).unwrap();
    assert_eq!(org.record("Contact", &contact).unwrap().unwrap()["AccountId"], account.as_str());
    for (object, record, why) in [
        ("Contact", json!({}), "Contact: REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]"),
        ("Contact", json!([]), "a record is a JSON object"),
        ("Gone", json!({}), "the org has no object Gone"),
    ] {
        let error = format!("{:#}", org.insert(object, record).unwrap_err());
        assert!(error.contains(why), "{error}");
    }
    assert!(org.records("Gone").is_err());
}
