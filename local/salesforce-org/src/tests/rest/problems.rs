//! What Salesforce refuses, in its words.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Session, read};
use crate::tests::code;

async fn refused(session: &Session, object: &str, record: Value) -> Value {
    let (status, reply) = session.post(&format!("/sobjects/{object}"), record.clone()).await;
    assert_eq!(status, 400, "{record}: {reply}");
    reply
}

#[tokio::test]
async fn a_record_that_is_not_right_is_refused_with_its_code_and_fields() {
    let session = Session::start().await;
    let account = session.create("Account", json!({"Name": "Acme"})).await;
    let gone = session.create("Account", json!({"Name": "Gone"})).await;
    session.delete(&format!("/sobjects/Account/{gone}")).await;
    let long = "x".repeat(81);
    let too_long = format!("Last Name: data value too large: {long} (max length=80)");
    let nobody = format!("{}ZZZ", &account[..12]);
    for (object, record, error, message, fields) in [
        (
            "Contact",
            json!({}),
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName]",
            json!(["LastName"]),
        ),
        (
            "Lead",
            json!({"Company": ""}),
            "REQUIRED_FIELD_MISSING",
            "Required fields are missing: [LastName, Company]",
            json!(["LastName", "Company"]),
        ),
        ("Contact", json!({"LastName": long}), "STRING_TOO_LONG", &too_long, json!(["LastName"])),
        (
            "Contact",
            json!({"LastName": "x", "Email": "a@b"}),
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: a@b",
            json!(["Email"]),
        ),
        (
            "Contact",
            json!({"LastName": "x", "AccountId": "acme"}),
            "MALFORMED_ID",
            "Account ID: id value of incorrect type: acme",
            json!(["AccountId"]),
        ),
        (
            "Contact",
            json!({"LastName": "x", "ReportsToId": account}),
            "FIELD_INTEGRITY_EXCEPTION",
            &format!("Reports To ID: id value of incorrect type: {account}"),
            json!(["ReportsToId"]),
        ),
        (
            "Contact",
            json!({"LastName": "x", "AccountId": nobody}),
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
            json!([]),
        ),
        (
            "Contact",
            json!({"LastName": "x", "AccountId": gone}),
            "ENTITY_IS_DELETED",
            "entity is deleted",
            json!([]),
        ),
        (
            "Contact",
            json!({"LastName": "x", "Id": account}),
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "cannot specify Id in an insert call",
            json!(["Id"]),
        ),
        (
            "Plan__c",
            json!({"Tier__c": "Bronze"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Tier: bad value for restricted picklist field: Bronze",
            json!(["Tier__c"]),
        ),
        (
            "Plan__c",
            json!({"Extras__c": "Support;Tea"}),
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Extras: bad value for restricted picklist field: Tea",
            json!(["Extras__c"]),
        ),
        (
            "Plan__c",
            json!({"Seats__c": 3_000_000_000_i64}),
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Seats: value outside of valid range on numeric field: 3000000000",
            json!(["Seats__c"]),
        ),
        (
            "Plan__c",
            json!({"Seats__c": 101}),
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "Ask sales for more than 100 seats",
            json!([]),
        ),
    ] {
        let reply = refused(&session, object, record).await;
        assert_eq!(reply, json!([{"errorCode": error, "message": message, "fields": fields}]));
    }
    let reply =
        refused(&session, "Contact", json!({"LastName": "x", "Name": "y", "CreatedDate": null})).await;
    assert_eq!(
        (code(&reply), &reply[0]["fields"]),
        ("INVALID_FIELD_FOR_INSERT_UPDATE", &json!(["CreatedDate", "Name"]))
    );
    assert_eq!((session.count("Contact"), session.count("Plan__c")), (0, 0));
}

#[tokio::test]
async fn what_the_parser_refuses_has_no_fields() {
    let session = Session::start().await;
    let reply = refused(&session, "Account", json!({"Name": "x", "Nmae": "y"})).await;
    assert_eq!(
        reply,
        json!([{"errorCode": "INVALID_FIELD", "message": "No such column 'Nmae' on sobject of type Account"}])
    );
    for (record, expected) in [
        (json!({"Seats__c": "five"}), "int from VALUE_STRING value five"),
        (json!({"Seats__c": 1.5}), "int from VALUE_NUMBER_FLOAT value 1.5"),
        (json!({"Seats__c": true}), "int from VALUE_TRUE value true"),
        (json!({"Number__c": "inf"}), "double from VALUE_STRING value inf"),
        (json!({"Active__c": "yes"}), "boolean from VALUE_STRING value yes"),
        (json!({"Active__c": 1}), "boolean from VALUE_NUMBER_INT value 1"),
        (json!({"Active__c": null}), "boolean from VALUE_NULL value null"),
        (json!({"Code__c": 5}), "string from VALUE_NUMBER_INT value 5"),
        (json!({"Code__c": false}), "string from VALUE_FALSE value false"),
        (json!({"Tier__c": ["Gold"]}), "picklist from START_ARRAY value ["),
        (json!({"Start__c": "1 March"}), "date from VALUE_STRING value 1 March"),
        (
            json!({"Renewed__c": "2026-03-01 10:00:00"}),
            "datetime from VALUE_STRING value 2026-03-01 10:00:00",
        ),
    ] {
        let reply = refused(&session, "Plan__c", record).await;
        let message = format!(
            "Cannot deserialize instance of {expected} or request may be missing a required field at [line:1, column:1]"
        );
        assert_eq!(reply, json!([{"errorCode": "JSON_PARSER_ERROR", "message": message}]));
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let session = Session::start().await;
    for body in ["", "{", "[]", "5", &format!("{}{}", "[".repeat(10_000), "]".repeat(10_000))] {
        let request =
            session.request(Method::POST, "/sobjects/Account").header("content-type", "application/json");
        let (status, reply) = read(request.body(body.to_owned()).send().await.unwrap()).await;
        assert_eq!((status.as_u16(), code(&reply)), (400, "JSON_PARSER_ERROR"));
    }
    let request = session.request(Method::POST, "/sobjects/Account").header("content-type", "text/plain");
    let (status, reply) = read(request.body("{}").send().await.unwrap()).await;
    assert_eq!((status.as_u16(), code(&reply)), (415, "UNSUPPORTED_MEDIA_TYPE"));
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let session = Session::start().await;
    let account = session.create("Account", json!({"Name": "Acme"})).await;
    let missing = json!([{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]);
    let nobody = format!("{}ZZZ", &account[..12]);
    for path in [
        "/sobjects/Nothing".to_owned(),
        format!("/sobjects/Nothing/{account}"),
        format!("/sobjects/Contact/{account}"),
        format!("/sobjects/Account/{nobody}"),
        "/sobjects/Account/1/2/3/4".to_owned(),
        "/nothing".to_owned(),
    ] {
        assert_eq!(session.get(&path).await, (404.try_into().unwrap(), missing.clone()), "{path}");
    }
    let (status, reply) = session.get("/sobjects/Account/acme").await;
    let message = "Provided external ID field does not exist or is not accessible: acme";
    assert_eq!((status.as_u16(), &reply[0]["message"]), (404, &json!(message)));
    let (status, reply) = session.get(&format!("/sobjects/Account/{}555", &account[..15])).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "MALFORMED_ID"));
    let (status, reply) = session.get(&format!("/sobjects/Account/{account}?fields=Name,Nmae")).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "INVALID_FIELD"));
}

#[tokio::test]
async fn a_verb_that_a_path_does_not_have_is_named_with_those_it_has() {
    let session = Session::start().await;
    let (status, reply) = session.send(Method::PUT, "/sobjects/Account", &json!({})).await;
    let message = "HTTP Method 'PUT' not allowed. Allowed are GET,POST";
    assert_eq!(status, 405);
    assert_eq!(reply, json!([{"errorCode": "METHOD_NOT_ALLOWED", "message": message}]));
}

#[tokio::test]
async fn the_path_says_who_and_the_body_does_not() {
    let session = Session::start().await;
    let id = session.create("Account", json!({"Name": "Acme"})).await;
    let (status, reply) =
        session.patch(&format!("/sobjects/Account/{id}"), json!({"id": id, "Name": "x"})).await;
    let message = "The Id field should not be specified in the sobject data.";
    assert_eq!((status.as_u16(), &reply[0]["message"]), (400, &json!(message)));
    let (status, reply) = session.patch(&format!("/sobjects/Account/{id}"), json!({"Name": null})).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "REQUIRED_FIELD_MISSING"));
}
