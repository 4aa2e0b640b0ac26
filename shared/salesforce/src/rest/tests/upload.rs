use super::*;
use crate::Error;
use crate::rest::{ConversationFile, UploadForm};
use crate::testing::soon;

fn file(conversation_id: &str) -> ConversationFile {
    let ndjson = "{\"type\":\"conversation\"}\n{\"messageText\":\"+12065550100 Ü\"}\n".into();
    ConversationFile { conversation_id: conversation_id.to_owned(), ndjson }
}

#[tokio::test]
async fn each_conversation_is_a_file_of_a_form() {
    let org = Org::new().await;
    org.answers(status(201).set_body_json(json!({"uploads": [{"uploadId": "u-1"}]}))).await;
    let reply = org.rest.upload_conversations(&[file("c-1"), file("c-2")], soon()).await.unwrap();
    assert_eq!(reply.0["uploads"][0]["uploadId"], "u-1");
    let sent = org.only_sent().await.replace('\r', "");
    let (_, boundary) = sent.split_once("boundary=").unwrap();
    let (boundary, _) = boundary.split_once('\n').unwrap();
    insta::assert_snapshot!(sent.replace(boundary, "(boundary)"), @r#"
    POST /services/data/v66.0/connect/conversations/upload
    authorization: Bearer token-1
    content-type: multipart/form-data; boundary=(boundary)
    --(boundary)
    Content-Disposition: form-data; name="c-1"; filename="transcripts.txt"
    Content-Type: text/plain

    {"type":"conversation"}
    {"messageText":"+12065550100 Ü"}

    --(boundary)
    Content-Disposition: form-data; name="c-2"; filename="transcripts.txt"
    Content-Type: text/plain

    {"type":"conversation"}
    {"messageText":"+12065550100 Ü"}

    --(boundary)--
    "#);
}

#[tokio::test]
async fn ids_that_could_leave_their_place_are_not_sent() {
    let org = Org::new().await;
    let long = "x".repeat(256);
    for conversation_id in ["", "a b", "a\"; name=\"b", "a\r\nb", "é", &long] {
        let error = org.rest.upload_conversations(&[file(conversation_id)], soon()).await.unwrap_err();
        assert!(matches!(error, Error::Unsendable { .. }), "{error}");
        let error = org.rest.upload_status(&[conversation_id.to_owned()], soon()).await.unwrap_err();
        assert!(matches!(error, Error::Unsendable { .. }), "{error}");
    }
    for files in [&[][..], &[file("c-1"), file("c-1")]] {
        let error = org.rest.upload_conversations(files, soon()).await.unwrap_err();
        assert!(matches!(error, Error::Unsendable { .. }), "{error}");
    }
    for number in [0, 101] {
        let error = org.rest.upload_status(&vec!["u".to_owned(); number], soon()).await.unwrap_err();
        assert!(matches!(error, Error::Unsendable { .. }), "{error}");
    }
    assert!(org.sent().await.is_empty());
    assert!(!format!("{:?}", file("c-1")).contains("5550100"));
}

#[tokio::test]
async fn the_status_of_uploads_is_asked_for_together() {
    let org = Org::new().await;
    org.answers(ok(json!({"statuses": []}))).await;
    org.rest.upload_status(&["u-1".to_owned(), "u-2".to_owned()], soon()).await.unwrap();
    insta::assert_snapshot!(org.only_sent().await, @"
    GET /services/data/v66.0/connect/conversations/upload?uploadIds=u-1%2Cu-2
    authorization: Bearer token-1
    ");
}

#[tokio::test]
async fn an_upload_grows_line_by_line_and_can_be_sent_again() {
    let org = Org::new().await;
    org.answers(status(201).set_body_json(json!({}))).await;
    let mut form = UploadForm::default();
    form.add("c-1", ["{\"type\":\"conversation\"}\n", "{\"messageText\":\"+12065550100\"}\n"]).unwrap();
    let bytes = form.bytes();
    for twice_or_no_id in ["c-1", "c\"1"] {
        let error = form.add(twice_or_no_id, [""]).unwrap_err();
        assert!(matches!(error, Error::Unsendable { .. }), "{error}");
    }
    assert_eq!((form.conversations(), form.bytes()), (1, bytes));
    assert!(!format!("{form:?}").contains("5550100"), "{form:?}");
    let upload = form.finish().unwrap();
    assert!(!format!("{upload:?}").contains("5550100"), "{upload:?}");
    for _ in 0..2 {
        org.rest.upload(&upload, soon()).await.unwrap();
    }
    let sent = org.sent().await;
    assert_eq!((sent.len(), &sent[0]), (2, &sent[1]));
    assert!(sent[0].contains("+12065550100"));
    assert!(UploadForm::default().finish().is_err());
}
