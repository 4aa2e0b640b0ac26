use super::*;
use crate::testing::soon;
use crate::{Error, Outcome};

async fn upsert(org: &Org, value: &str) -> Result<(String, bool), Error> {
    let case = fields(json!({"Subject": "a", "key__C": "other", "attributes": {"type": "User"}}));
    let upserted = org.rest.upsert(&object("Case"), &field("Key__c"), value, &case, soon()).await?;
    Ok((upserted.id, upserted.created))
}

#[tokio::test]
async fn the_reply_says_whether_the_record_was_created() {
    let table = [
        (201, json!({"id": "500", "success": true, "created": true, "errors": []}), true),
        (200, json!({"id": "500", "success": true, "created": false, "errors": []}), false),
        (201, json!({"id": "500", "success": true, "errors": []}), true),
    ];
    for (http_status, body, created) in table {
        let org = Org::new().await;
        org.answers(status(http_status).set_body_json(body)).await;
        assert_eq!(upsert(&org, "c-1_A").await.unwrap(), ("500".to_owned(), created));
        let sent = org.only_sent().await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(sent, @r#"
            PATCH /services/data/v66.0/sobjects/Case/Key__c/c-1_A
            authorization: Bearer token-1
            content-type: application/json
            {"Subject":"a"}
            "#);
        }
    }
}

#[tokio::test]
async fn an_id_that_is_not_in_the_reply_is_looked_up() {
    let org = Org::new().await;
    org.answers_first([status(204)]).await;
    org.answers(ok(json!({"attributes": {"type": "Case"}, "Id": "500"}))).await;
    assert_eq!(upsert(&org, "c-1").await.unwrap(), ("500".to_owned(), false));
    insta::assert_snapshot!(org.sent().await[1], @"
    GET /services/data/v66.0/sobjects/Case/Key__c/c-1?fields=Id
    authorization: Bearer token-1
    ");
}

#[tokio::test]
async fn several_records_with_the_external_id_are_an_error() {
    let org = Org::new().await;
    let records =
        json!(["/services/data/v66.0/sobjects/Case/500A", "/services/data/v66.0/sobjects/Case/500B"]);
    org.answers(status(300).set_body_json(records)).await;
    let error = upsert(&org, "c-1").await.unwrap_err();
    insta::assert_snapshot!(error, @"upsertRecord: Salesforce refused the request (300). Several records have this external id: make the field unique, and merge or delete the others.");
    assert!(error.is_permanent());
    assert_eq!(org.story(), "upsertRecord 1: 300 failed");
}

#[tokio::test]
async fn the_loser_of_a_race_finds_the_record_of_the_winner() {
    let org = Org::new().await;
    org.answers_first([refusal(400, "DUPLICATE_VALUE")]).await;
    org.answers(ok(json!({"id": "500", "success": true, "created": false}))).await;
    assert_eq!(upsert(&org, "c-1").await.unwrap(), ("500".to_owned(), false));
    assert_eq!(org.story(), "upsertRecord 1: 400 again\nupsertRecord 2: 200 accepted");
}

#[tokio::test]
async fn a_value_that_is_taken_stays_taken() {
    let org = Org::new().await;
    org.answers(refusal(400, "DUPLICATE_VALUE")).await;
    assert_eq!(upsert(&org, "c-1").await.unwrap_err().code(), Some("DUPLICATE_VALUE"));
    assert_eq!(org.sent().await.len(), 2);

    let org = Org::new().await;
    org.answers(refusal(400, "DUPLICATE_VALUE")).await;
    org.rest.create(&object("Case"), &Fields::default(), soon()).await.unwrap_err();
    assert_eq!(org.sent().await.len(), 1);
}

#[tokio::test]
async fn what_a_path_could_misread_goes_into_the_body() {
    for value in
        ["a/b", "..", ".", "a.json", "caller@example.inc", "+12065550100", "a b", "%2F", "Ü", "a?b#c", "{x}"]
    {
        let org = Org::new().await;
        org.answers(ok(json!([{"id": "500", "success": true, "created": true, "errors": []}]))).await;
        assert_eq!(upsert(&org, value).await.unwrap(), ("500".to_owned(), true));
        let sent = org.only_sent().await;
        let (head, body) = sent.rsplit_once('\n').unwrap();
        insta::allow_duplicates! {
            insta::assert_snapshot!(head, @"
            PATCH /services/data/v66.0/composite/sobjects/Case/Key__c
            authorization: Bearer token-1
            content-type: application/json
            ");
        }
        let record = json!({"attributes": {"type": "Case"}, "Key__c": value, "Subject": "a"});
        let expected = json!({"allOrNone": true, "records": [record]});
        assert_eq!(serde_json::from_str::<Value>(body).unwrap(), expected);
    }
}

#[tokio::test]
async fn in_the_body_it_fails_and_is_repeated_as_in_the_path() {
    let failed = |code: &str| {
        let error = json!({"statusCode": code, "message": "the caller +12065550100", "fields": ["Phone"]});
        ok(json!([{"success": false, "errors": [error]}]))
    };
    let org = Org::new().await;
    org.answers(failed("DUPLICATES_DETECTED")).await;
    let error = upsert(&org, "a b").await.unwrap_err();
    assert!(
        matches!(&error, Error::Refused { status: 400, fields, .. } if *fields == ["Phone"]),
        "{error:?}"
    );
    assert_eq!(error.code(), Some("DUPLICATES_DETECTED"));
    assert!(!whole(&error).contains("5550100"));

    for code in ["UNABLE_TO_LOCK_ROW", "DUPLICATE_VALUE"] {
        let org = Org::new().await;
        org.answers_first([failed(code)]).await;
        org.answers(ok(json!([{"id": "500", "success": true, "created": false, "errors": []}]))).await;
        assert_eq!(upsert(&org, "a b").await.unwrap(), ("500".to_owned(), false));
        assert_eq!(org.story(), "upsertRecord 1: 400 again\nupsertRecord 2: 200 accepted");
    }

    let org = Org::new().await;
    org.answers(failed("UNABLE_TO_LOCK_ROW")).await;
    let error = upsert(&org, "a b").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { outcome: Outcome::NotExecuted, .. }), "{error}");
}

#[tokio::test]
async fn without_a_value_nothing_is_sent() {
    let org = Org::new().await;
    for value in ["", " ", "\n"] {
        let error = upsert(&org, value).await.unwrap_err();
        assert_eq!(error.to_string(), "upsertRecord: the request was not sent: the external id is empty");
        assert!(error.is_permanent());
    }
    assert!(org.sent().await.is_empty());
}
