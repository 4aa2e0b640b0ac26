//! What Salesforce refuses, and what the caller is told.

use super::*;
use crate::Error;
use crate::testing::soon;

async fn creation_answered_with(reply: ResponseTemplate) -> (Org, Error) {
    let org = Org::new().await;
    org.answers(reply).await;
    let error = org.rest.create(&object("Contact"), &Fields::default(), soon()).await.unwrap_err();
    assert!(!whole(&error).contains("5550100"), "{}", whole(&error));
    (org, error)
}

#[tokio::test]
async fn a_duplicate_is_final_and_says_what_to_do() {
    let (org, error) = creation_answered_with(refusal(400, "DUPLICATES_DETECTED")).await;
    insta::assert_snapshot!(error, @"createRecord: Salesforce refused the request (400 DUPLICATES_DETECTED: Phone). A duplicate rule found such a record: look it up and use it, or change the rule.");
    assert!(error.is_permanent());
    assert_eq!(org.story(), "createRecord 1: 400 failed");
}

#[tokio::test]
async fn used_up_api_requests_are_a_limit() {
    let (org, error) = creation_answered_with(refusal(403, "REQUEST_LIMIT_EXCEEDED")).await;
    assert!(matches!(error, Error::Throttled { status: 403, .. }), "{error}");
    assert!(!error.is_permanent());
    assert_eq!(org.story(), "createRecord 1: 403 failed");
}

#[tokio::test]
async fn a_missing_right_is_no_refused_login() {
    let (org, error) = creation_answered_with(refusal(403, "INSUFFICIENT_ACCESS_OR_READONLY")).await;
    insta::assert_snapshot!(error, @"createRecord: Salesforce refused the request (403 INSUFFICIENT_ACCESS_OR_READONLY: Phone). The integration user lacks the right: check its permission sets and the sharing of the record.");
    assert_eq!(org.story(), "createRecord 1: 403 failed");
}

#[tokio::test]
async fn a_record_that_is_not_there_is_not_found() {
    let org = Org::new().await;
    org.answers(refusal(404, "NOT_FOUND")).await;
    let error = org.rest.read(&object("Case"), &id(), &[], soon()).await.unwrap_err();
    assert_eq!((error.status(), error.code(), error.is_permanent()), (Some(404), Some("NOT_FOUND"), true));
    assert_eq!(org.story(), "readRecord 1: 404 failed");
}

#[tokio::test]
async fn errors_without_a_body_keep_their_status() {
    for (http_status, body) in [(400, ""), (400, "null"), (400, "[]"), (404, "<h1>Bad Message 404</h1>")] {
        let (_, error) = creation_answered_with(status(http_status).set_body_string(body)).await;
        assert!(
            matches!(&error, Error::Refused { status, code: None, fields, .. } if *status == http_status && fields.is_empty()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn only_names_of_fields_are_taken_from_a_refusal() {
    let error = json!([{
        "message": "the caller +12065550100", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "fields": ["Phone", "+12065550100", "5550100", "the caller", 7, null, "Account.Region__c"],
    }]);
    let (_, error) = creation_answered_with(status(400).set_body_json(error)).await;
    insta::assert_snapshot!(error, @"createRecord: Salesforce refused the request (400 FIELD_CUSTOM_VALIDATION_EXCEPTION: Phone, Account.Region__c). A validation rule refuses the values: satisfy it, or change it.");
}
