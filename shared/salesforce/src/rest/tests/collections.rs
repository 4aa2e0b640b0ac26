use super::*;
use crate::rest::{AllOrNone, MAX_RECORDS, SaveError, SaveResult};
use crate::testing::soon;
use crate::{Error, Outcome};

fn saved(id: &str) -> Value {
    json!({"id": id, "success": true, "errors": []})
}

fn failed(code: &str) -> Value {
    let error = json!({"statusCode": code, "message": "the caller +12065550100", "fields": ["Phone"]});
    json!({"success": false, "errors": [error]})
}

fn records(number: usize) -> Vec<(ObjectName, Fields)> {
    vec![(object("Contact"), fields(json!({"LastName": "a"}))); number]
}

#[tokio::test]
async fn each_record_has_its_result() {
    let org = Org::new().await;
    org.answers(ok(json!([saved("1"), failed("REQUIRED_FIELD_MISSING")]))).await;
    let records = [
        (object("Case"), fields(json!({"Subject": "a", "attributes": {"type": "User"}}))),
        (object("Contact"), fields(json!({"Phone": "+12065550100", "Attributes": {"type": "User"}}))),
    ];
    let results = org.rest.create_records(AllOrNone::No, &records, soon()).await.unwrap();
    let error =
        SaveError { status_code: "REQUIRED_FIELD_MISSING".to_owned(), fields: vec!["Phone".to_owned()] };
    let text = "REQUIRED_FIELD_MISSING (Phone): Send a value for every required field.";
    assert_eq!(error.to_string(), text);
    let first = SaveResult { id: Some("1".to_owned()), success: true, created: false, errors: Vec::new() };
    let second = SaveResult { id: None, success: false, created: false, errors: vec![error] };
    assert_eq!(results, [first, second]);
    assert!(!format!("{results:?}").contains("5550100"));
    insta::assert_snapshot!(org.only_sent().await, @r#"
    POST /services/data/v66.0/composite/sobjects
    authorization: Bearer token-1
    content-type: application/json
    {"allOrNone":false,"records":[{"Subject":"a","attributes":{"type":"Case"}},{"Phone":"+12065550100","attributes":{"type":"Contact"}}]}
    "#);
}

#[tokio::test]
async fn updates_name_their_records() {
    let org = Org::new().await;
    org.answers(ok(json!([saved("1")]))).await;
    let changes = fields(json!({"Subject": "a", "ID": "500xx000000bpkUAAQ"}));
    org.rest.update_records(AllOrNone::Yes, &[(object("Case"), id(), changes)], soon()).await.unwrap();
    insta::assert_snapshot!(org.only_sent().await, @r#"
    PATCH /services/data/v66.0/composite/sobjects
    authorization: Bearer token-1
    content-type: application/json
    {"allOrNone":true,"records":[{"Subject":"a","attributes":{"type":"Case"},"id":"500xx000000bpkTAAQ"}]}
    "#);
}

#[tokio::test]
async fn upserts_name_their_external_ids() {
    let org = Org::new().await;
    org.answers(ok(json!([{"id": "1", "success": true, "created": true, "errors": []}]))).await;
    let records = [("a/b".to_owned(), fields(json!({"Subject": "a", "KEY__C": "other"})))];
    let (case, key) = (object("Case"), field("Key__c"));
    let results = org.rest.upsert_records(&case, &key, AllOrNone::No, &records, soon()).await.unwrap();
    assert!(results[0].created);
    insta::assert_snapshot!(org.only_sent().await, @r#"
    PATCH /services/data/v66.0/composite/sobjects/Case/Key__c
    authorization: Bearer token-1
    content-type: application/json
    {"allOrNone":false,"records":[{"Key__c":"a/b","Subject":"a","attributes":{"type":"Case"}}]}
    "#);
    let nameless = [("".to_owned(), Fields::default())];
    let error = org.rest.upsert_records(&case, &key, AllOrNone::No, &nameless, soon()).await.unwrap_err();
    assert!(error.to_string().contains("an external id is empty"), "{error}");
}

#[tokio::test]
async fn what_is_deleted_already_counts_as_deleted() {
    let org = Org::new().await;
    org.answers(ok(json!([saved("1"), failed("ENTITY_IS_DELETED"), failed("DELETE_FAILED")]))).await;
    let ids = vec![id(); 3];
    let results = org.rest.delete_records(AllOrNone::No, &ids, soon()).await.unwrap();
    assert_eq!(results.iter().map(|result| result.success).collect::<Vec<_>>(), [true, true, false]);
    insta::assert_snapshot!(org.only_sent().await, @"
    DELETE /services/data/v66.0/composite/sobjects?ids=500xx000000bpkTAAQ%2C500xx000000bpkTAAQ%2C500xx000000bpkTAAQ&allOrNone=false
    authorization: Bearer token-1
    ");
}

#[tokio::test]
async fn two_hundred_records_are_the_most() {
    let org = Org::new().await;
    org.answers(ok(json!([]))).await;
    org.rest.create_records(AllOrNone::No, &records(MAX_RECORDS), soon()).await.unwrap();
    for number in [0, MAX_RECORDS + 1] {
        let error = org.rest.create_records(AllOrNone::No, &records(number), soon()).await.unwrap_err();
        assert!(matches!(error, Error::Unsendable { operation: "createRecords", .. }), "{error}");
        let ids = vec![id(); number];
        let error = org.rest.delete_records(AllOrNone::No, &ids, soon()).await.unwrap_err();
        assert!(matches!(error, Error::Unsendable { operation: "deleteRecords", .. }), "{error}");
    }
    assert_eq!(org.sent().await.len(), 1);
}

#[tokio::test]
async fn all_or_none_is_repeated_when_a_lock_undid_it() {
    let undone = || ok(json!([failed("ALL_OR_NONE_OPERATION_ROLLED_BACK"), failed("UNABLE_TO_LOCK_ROW")]));
    let org = Org::new().await;
    org.answers_first([undone()]).await;
    org.answers(ok(json!([saved("1"), saved("2")]))).await;
    let results = org.rest.create_records(AllOrNone::Yes, &records(2), soon()).await.unwrap();
    assert!(results.iter().all(|result| result.success));
    assert_eq!(org.story(), "createRecords 1: 400 again\ncreateRecords 2: 200 accepted");

    let org = Org::new().await;
    org.answers(undone()).await;
    let error = org.rest.create_records(AllOrNone::Yes, &records(2), soon()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { outcome: Outcome::NotExecuted, .. }), "{error}");

    // Of others nothing was undone: a repetition would create the first record twice.
    let org = Org::new().await;
    org.answers(ok(json!([saved("1"), failed("UNABLE_TO_LOCK_ROW")]))).await;
    let results = org.rest.create_records(AllOrNone::No, &records(2), soon()).await.unwrap();
    assert_eq!(results[1].errors[0].status_code, "UNABLE_TO_LOCK_ROW");
    assert_eq!(org.sent().await.len(), 1);
}

#[tokio::test]
async fn other_failures_of_all_or_none_are_results() {
    let org = Org::new().await;
    org.answers(ok(json!([failed("ALL_OR_NONE_OPERATION_ROLLED_BACK"), failed("STRING_TOO_LONG")]))).await;
    let results = org.rest.create_records(AllOrNone::Yes, &records(2), soon()).await.unwrap();
    assert_eq!(results[1].errors[0].status_code, "STRING_TOO_LONG");
    assert!(results.iter().all(|result| !result.success));
}
