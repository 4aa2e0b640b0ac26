use super::*;
use crate::testing::soon;
use crate::{Error, UnreadableProblem};

#[tokio::test]
async fn a_record_is_created_with_its_fields_as_they_are() {
    let org = Org::new().await;
    let created = json!({"id": id(), "success": true, "errors": []});
    org.answers(status(201).set_body_json(created)).await;
    let case = fields(json!({
        "Subject": "Ü \"quoted\"", "IsEscalated": true, "Count__c": 3, "ContactId": null,
        "attributes": {"type": "User"}, "Attributes": {"type": "User"},
    }));
    let created = org.rest.create(&object("Case"), &case, soon()).await.unwrap();
    assert_eq!((created.id.as_str(), created.errors.len()), ("500xx000000bpkTAAQ", 0));
    insta::assert_snapshot!(org.only_sent().await, @r#"
    POST /services/data/v66.0/sobjects/Case
    authorization: Bearer token-1
    content-type: application/json
    {"ContactId":null,"Count__c":3,"IsEscalated":true,"Subject":"Ü \"quoted\""}
    "#);
}

#[tokio::test]
async fn a_platform_event_is_created_and_enqueued() {
    let org = Org::new().await;
    let errors = json!([{"statusCode": "OPERATION_ENQUEUED", "message": "a GUID", "fields": []}]);
    let created = json!({"id": "e01xx0000000001AAA", "success": true, "errors": errors});
    org.answers(status(201).set_body_json(created)).await;
    let event = object("RealtimeAlertEvent");
    let created = org.rest.create(&event, &Fields::default(), soon()).await.unwrap();
    assert_eq!(created.errors[0].status_code, "OPERATION_ENQUEUED");
    assert!(!format!("{created:?}").contains("GUID"));
}

#[tokio::test]
async fn a_record_is_read() {
    let org = Org::new().await;
    org.answers(ok(json!({"attributes": {"type": "Case"}, "Subject": "+12065550100"}))).await;
    let names = [field("Subject"), field("Region__c")];
    let record = org.rest.read(&object("Case"), &id(), &names, soon()).await.unwrap();
    assert_eq!(record.0["Subject"], "+12065550100");
    assert!(!format!("{record:?}").contains("5550100"));
    org.rest.read(&object("Case"), &id(), &[], soon()).await.unwrap();
    let sent = org.sent().await;
    insta::assert_snapshot!(sent[0], @"
    GET /services/data/v66.0/sobjects/Case/500xx000000bpkTAAQ?fields=Subject%2CRegion__c
    authorization: Bearer token-1
    ");
    insta::assert_snapshot!(sent[1], @"
    GET /services/data/v66.0/sobjects/Case/500xx000000bpkTAAQ
    authorization: Bearer token-1
    ");
}

#[tokio::test]
async fn an_update_is_answered_with_nothing() {
    let org = Org::new().await;
    org.answers(status(204)).await;
    let changes = fields(json!({"Subject": "new", "id": "500xx000000bpkUAAQ", "attributes": {}}));
    org.rest.update(&object("Case"), &id(), &changes, soon()).await.unwrap();
    insta::assert_snapshot!(org.only_sent().await, @r#"
    PATCH /services/data/v66.0/sobjects/Case/500xx000000bpkTAAQ
    authorization: Bearer token-1
    content-type: application/json
    {"Subject":"new"}
    "#);
}

#[tokio::test]
async fn a_record_is_deleted_once_and_that_is_enough() {
    let org = Org::new().await;
    org.answers_first([status(204)]).await;
    org.answers(refusal(404, "ENTITY_IS_DELETED")).await;
    for _ in 0..2 {
        org.rest.delete(&object("Case"), &id(), soon()).await.unwrap();
    }
    insta::assert_snapshot!(org.sent().await[0], @"
    DELETE /services/data/v66.0/sobjects/Case/500xx000000bpkTAAQ
    authorization: Bearer token-1
    ");
}

#[tokio::test]
async fn a_record_that_was_never_there_is_not_reported_as_deleted() {
    let org = Org::new().await;
    org.answers_first([status(503)]).await;
    org.answers(refusal(404, "NOT_FOUND")).await;
    let error = org.rest.delete(&object("Case"), &id(), soon()).await.unwrap_err();
    assert_eq!((error.code(), org.story().lines().count()), (Some("NOT_FOUND"), 2));
}

#[tokio::test]
async fn a_web_page_is_no_confirmation() {
    let org = Org::new().await;
    org.answers(status(200).set_body_string("<html>secret</html>")).await;
    let update = org.rest.update(&object("Case"), &id(), &Fields::default(), soon()).await.unwrap_err();
    let delete = org.rest.delete(&object("Case"), &id(), soon()).await.unwrap_err();
    for error in [update, delete] {
        assert!(matches!(error, Error::UnreadableReply { problem: UnreadableProblem::Html, .. }), "{error}");
    }
}

#[tokio::test]
async fn a_reply_that_makes_no_sense_is_named_and_not_quoted() {
    let table = [
        ("", UnreadableProblem::Empty),
        ("<html>secret</html>", UnreadableProblem::Html),
        (r#"{"id": null, "success": true}"#, UnreadableProblem::Field("id".to_owned())),
        (r#"{"success": true, "secret": 1}"#, UnreadableProblem::Field("id".to_owned())),
    ];
    for (body, expected) in table {
        let org = Org::new().await;
        org.answers(status(201).set_body_string(body)).await;
        let error = org.rest.create(&object("Case"), &Fields::default(), soon()).await.unwrap_err();
        match &error {
            Error::UnreadableReply { status: 201, problem, .. } => assert_eq!(*problem, expected),
            other => panic!("{other}"),
        }
        assert!(!whole(&error).contains("secret"));
        assert_eq!(org.story(), "createRecord 1: 201 accepted");
    }
}
