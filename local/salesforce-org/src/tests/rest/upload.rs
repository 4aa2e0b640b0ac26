//! Uploads of whole conversations.

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::{Session, read};
use crate::tests::code;
use crate::tests::with;

/// The start of the test calls, in milliseconds.
const T0: i64 = 1_772_359_200_250;

fn entry(call: &str, id: &str, offset_ms: i64) -> Value {
    json!({
        "conversationId": "c-1",
        "id": id,
        "clientSentTimestamp": T0 + offset_ms,
        "clientDuration": 1,
        "messageText": "Hello, this is Zoë.",
        "sender": {"appType": "TELEPHONY_INTEGRATION", "subject": "c-1END_USER", "role": "END_USER"},
        "relatedRecords": [&call[..15]],
    })
}

fn file(entries: &[Value]) -> String {
    let first = json!({"type": "conversation", "payload": {"conversationId": "c-1"}});
    let rest = entries.iter().map(|entry| json!({"type": "conversationEntry", "payload": entry}));
    [first].into_iter().chain(rest).map(|line| format!("{line}\n")).collect()
}

async fn upload(session: &Session, name: &'static str, file: String) -> Value {
    let form = Form::new().part(name, Part::text(file).file_name("transcripts.txt"));
    let sent = session.request(Method::POST, "/connect/conversations/upload").multipart(form).send();
    let (status, reply) = read(sent.await.unwrap()).await;
    assert_eq!(status, 201, "{reply}");
    reply["conversationBulkUploadsResults"][0].clone()
}

/// A call of ten seconds that is over.
async fn ended_call(session: &Session) -> String {
    let id = session.harness.call("c-1").await;
    session.harness.patch("/voiceCalls/c-1", &json!({"endTime": "2026-03-01T10:00:10Z"})).await;
    id
}

#[tokio::test]
async fn entries_become_messages_in_the_order_of_the_file() {
    let session = Session::start().await;
    let call = ended_call(&session).await;
    let result = upload(&session, "c-1", file(&[entry(&call, "2", 2_000), entry(&call, "1", 1_000)])).await;
    assert_eq!((&result["status"], &result["errorDetail"]), (&json!("SUCCESS"), &Value::Null));
    let stored = session.harness.org.messages("c-1").unwrap();
    assert_eq!(stored.iter().map(|message| message.message_id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
    assert_eq!((stored[0].content.as_str(), stored[0].start_ms), ("Hello, this is Zoë.", T0 + 2_000));

    let id = result["uploadId"].as_str().unwrap();
    let (status, reply) = session.get(&format!("/connect/conversations/upload?uploadIds={id}")).await;
    let expected = json!([{"conversationIdentifier": "c-1", "status": "SUCCESS", "uploadId": id}]);
    assert_eq!((status.as_u16(), &reply["conversationBulkUploadsStatuses"]), (200, &expected));
    assert_eq!(session.get("/connect/conversations/upload?uploadIds=x").await.0, 404);
    let many = ["x"; 101].join(",");
    let (_, reply) = session.get(&format!("/connect/conversations/upload?uploadIds={many}")).await;
    assert_eq!(code(&reply), "LIMIT_EXCEEDED");
}

#[tokio::test]
async fn a_file_with_one_wrong_line_stores_nothing_and_names_the_line() {
    let session = Session::start().await;
    let call = ended_call(&session).await;
    let good = entry(&call, "1", 0);
    let wrong = |fields: Value| file(&[good.clone(), with(good.clone(), fields)]);
    let agent = json!({"sender": {"appType": "PHONE", "subject": "x", "role": "AGENT"}});
    for (name, file, why) in [
        ("c-1", wrong(json!({"clientSentTimestamp": T0 + 60_000})), "line 3: clientSentTimestamp"),
        ("c-1", wrong(json!({"clientSentTimestamp": T0 - 60_000})), "line 3: clientSentTimestamp"),
        ("c-1", wrong(json!({"relatedRecords": [call]})), "line 3: relatedRecords takes ids of 15"),
        ("c-1", wrong(json!({"relatedRecords": ["0LQ000000000000"]})), "line 3: relatedRecords"),
        ("c-1", wrong(json!({"conversationId": "c-2"})), "line 3: expected the conversation"),
        ("c-1", wrong(json!({"messageText": ""})), "line 3: id, messageText"),
        ("c-1", wrong(json!({"messageText": null})), "line 3: invalid type"),
        ("c-1", wrong(agent), "line 3: the sender's appType or role"),
        ("c-1", file(&[]) + "{", "line 2: EOF"),
        ("c-1", String::new(), "the file is empty"),
        ("c-2", file(&[]), "there is no such conversation"),
    ] {
        let result = upload(&session, name, file).await;
        let detail = result["errorDetail"].as_str().unwrap();
        assert!(result["status"] == "FAILURE" && detail.contains(why), "{detail}");
    }
    assert_eq!(session.harness.org.messages("c-1").unwrap(), []);
}

#[tokio::test]
async fn a_conversation_that_goes_on_and_a_body_that_is_no_form_are_refused() {
    let session = Session::start().await;
    let call = session.harness.call("c-1").await;
    let result = upload(&session, "c-1", file(&[entry(&call, "1", 0)])).await;
    assert_eq!(result["errorDetail"], "the conversation has not ended");
    let (status, reply) = session.post("/connect/conversations/upload", json!({})).await;
    assert_eq!((status.as_u16(), code(&reply)), (415, "UNSUPPORTED_MEDIA_TYPE"));
}

#[tokio::test]
async fn a_second_upload_is_recognized_by_the_ids_of_its_entries() {
    let session = Session::start().await;
    let call = ended_call(&session).await;
    let entries = [entry(&call, "1", 1_000), entry(&call, "2", 2_000)];
    for _ in 0..2 {
        assert_eq!(upload(&session, "c-1", file(&entries)).await["status"], "SUCCESS");
    }
    let stored = session.harness.org.messages("c-1").unwrap();
    assert_eq!(stored.iter().map(|message| message.deliveries).collect::<Vec<_>>(), [2, 2]);

    let other = with(entry(&call, "2", 2_000), json!({"messageText": "Something else."}));
    let result = upload(&session, "c-1", file(&[entry(&call, "1", 1_000), other])).await;
    assert_eq!(result["errorDetail"], "line 3: the conversation has another entry of this id");
    assert_eq!(session.harness.org.messages("c-1").unwrap(), stored, "nothing of a refused file stays");
}

#[tokio::test]
async fn each_file_of_an_upload_stands_for_itself() {
    let session = Session::start().await;
    let call = ended_call(&session).await;
    session.harness.call("c-2").await;
    let files = [("c-1", file(&[entry(&call, "1", 0)])), ("c-2", String::new()), ("c-9", String::new())];
    let form = files.into_iter().fold(Form::new(), |form, (name, file)| form.part(name, Part::text(file)));
    let sent = session.request(Method::POST, "/connect/conversations/upload").multipart(form).send();
    let (status, reply) = read(sent.await.unwrap()).await;
    assert_eq!(status, 201);
    let told = |name: &str| {
        let results = reply["conversationBulkUploadsResults"].as_array().unwrap().iter();
        results.map(|result| result[name].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told("conversationIdentifier"), ["c-1", "c-2", "c-9"]);
    assert_eq!(told("status"), ["SUCCESS", "FAILURE", "FAILURE"]);
    assert_eq!(told("errorDetail"), ["", "the conversation has not ended", "there is no such conversation"]);
    assert_eq!(session.harness.org.messages("c-1").unwrap().len(), 1);
}
