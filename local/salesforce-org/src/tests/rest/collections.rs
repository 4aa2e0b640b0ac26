//! Several records in one request.

use serde_json::{Value, json};

use super::Session;
use crate::tests::code;

fn account(name: Value) -> Value {
    json!({"attributes": {"type": "Account"}, "Name": name})
}

#[tokio::test]
async fn what_fails_fails_alone_unless_it_is_all_or_none() {
    let session = Session::start().await;
    let records = json!([account(json!("A")), account(json!(null)), {"attributes": {"type": "Contact"}, "LastName": "B"}]);
    let (status, results) = session.post("/composite/sobjects", json!({"records": records})).await;
    assert_eq!(status, 200, "{results}");
    let succeeded: Vec<_> = results.as_array().unwrap().iter().map(|result| &result["success"]).collect();
    assert_eq!(succeeded, [true, false, true]);
    let error = json!({"statusCode": "REQUIRED_FIELD_MISSING", "message": "Required fields are missing: [Name]", "fields": ["Name"]});
    assert_eq!(results[1], json!({"success": false, "errors": [error]}));
    assert_eq!((session.count("Account"), session.count("Contact")), (1, 1));

    let (status, results) =
        session.post("/composite/sobjects", json!({"allOrNone": true, "records": records})).await;
    let codes: Vec<_> =
        results.as_array().unwrap().iter().map(|result| &result["errors"][0]["statusCode"]).collect();
    let rolled_back = "ALL_OR_NONE_OPERATION_ROLLED_BACK";
    assert_eq!(status, 200);
    assert_eq!(codes, [rolled_back, "REQUIRED_FIELD_MISSING", rolled_back]);
    assert_eq!((session.count("Account"), session.count("Contact")), (1, 1));
}

#[tokio::test]
async fn records_are_changed_upserted_read_and_deleted_together() {
    let session = Session::start().await;
    let one = session.create("Account", json!({"Name": "One"})).await;
    let two = session.create("Account", json!({"Name": "Two"})).await;
    let change = |id: &str, site: &str| json!({"attributes": {"type": "Account"}, "id": id, "Site": site});
    let records =
        json!([change(&one, "x"), change(&two, "y"), change("001000000000000", "z"), account(json!("w"))]);
    let (_, results) = session.patch("/composite/sobjects", json!({"records": records})).await;
    assert_eq!(
        (&results[0], &results[1]["id"]),
        (&json!({"id": one, "success": true, "errors": []}), &json!(two))
    );
    assert_eq!(results[2]["errors"][0]["statusCode"], "INVALID_CROSS_REFERENCE_KEY");
    assert_eq!(results[3]["errors"][0]["statusCode"], "MISSING_ARGUMENT");

    let (_, read) = session
        .get(&format!("/composite/sobjects/Account?ids={one},001000000000000,{two}&fields=Site"))
        .await;
    assert_eq!((&read[0]["Site"], &read[1], &read[2]["Site"]), (&json!("x"), &Value::Null, &json!("y")));
    let (_, posted) = session
        .post(
            "/composite/sobjects/Account",
            json!({"ids": [one, "001000000000000", two], "fields": ["Site"]}),
        )
        .await;
    assert_eq!(posted, read);

    let plan = |key: &str| json!({"attributes": {"type": "Plan__c"}, "key__c": key, "Seats__c": 1});
    for created in [true, false] {
        let (_, results) = session
            .patch("/composite/sobjects/Plan__c/Key__c", json!({"records": [plan("K-1"), plan("K-2")]}))
            .await;
        assert_eq!((&results[0]["created"], &results[1]["created"]), (&json!(created), &json!(created)));
    }
    assert_eq!(session.count("Plan__c"), 2);

    let (_, results) = session.delete(&format!("/composite/sobjects?allOrNone=true&ids={one},x,{two}")).await;
    assert_eq!(results[1]["errors"][0]["statusCode"], "MALFORMED_ID");
    assert_eq!(session.count("Account"), 2);
    session.delete(&format!("/composite/sobjects?ids={one},{two}")).await;
    assert_eq!(session.count("Account"), 0);
}

#[tokio::test]
async fn two_hundred_records_are_the_limit_and_malformed_requests_save_nothing() {
    let session = Session::start().await;
    let records = |count| json!({"records": vec![account(json!("A")); count]});
    assert_eq!(session.post("/composite/sobjects", records(200)).await.1.as_array().unwrap().len(), 200);
    for (body, expected) in [
        (records(201), "EXCEEDED_ID_LIMIT"),
        (json!({}), "MISSING_ARGUMENT"),
        (json!({"records": [5]}), "JSON_PARSER_ERROR"),
        (json!({"records": [{"Name": "A"}]}), "INVALID_TYPE"),
        (json!({"records": [account(json!("B")), account(json!(5))]}), "JSON_PARSER_ERROR"),
    ] {
        let (status, reply) = session.post("/composite/sobjects", body).await;
        assert_eq!((status.as_u16(), code(&reply)), (400, expected));
    }
    assert_eq!(session.count("Account"), 200);
    let unknown = json!({"records": [{"attributes": {"type": "Nothing"}}]});
    let (_, results) = session.post("/composite/sobjects", unknown).await;
    assert_eq!(results[0]["errors"][0]["message"], "sObject type 'Nothing' is not supported.");
}
