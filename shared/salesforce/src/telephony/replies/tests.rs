use super::*;
use proptest::prelude::*;

fn reply(body: &str) -> Reply {
    Reply { operation: "test", status: 200, body: body.as_bytes().to_vec() }
}

#[test]
fn creation_tells_its_errors_in_any_form() {
    let table = [
        (r#"{"voiceCallId":"0LQ1","errors":[]}"#, None),
        (r#"{"voiceCallId":"0LQ1"}"#, None),
        (r#"{"voiceCallId":"0LQ1","errors":null}"#, None),
        (r#"{"voiceCallId":"0LQ1","errors":""}"#, None),
        (r#"{"voiceCallId":"0LQ1","errors":"no such field"}"#, Some("no such field")),
        (r#"{"voiceCallId":"0LQ1","errors":["one"," two "]}"#, Some("one; two")),
        (r#"{"voiceCallId":"0LQ1","errors":[{"message":"one","code":1},{}]}"#, Some("one")),
        (r#"{"voiceCallId":"0LQ1","errors":{"a":1}}"#, Some(r#"{"a":1}"#)),
        (r#"{"voiceCallRecordId":"0LQ1","errors":[],"more":{}}"#, None),
    ];
    for (body, errors) in table {
        let created: VoiceCallCreated = reply(body).json().unwrap();
        assert_eq!((created.voice_call_id.as_str(), created.errors.as_deref()), ("0LQ1", errors), "{body}");
    }
}

#[test]
fn routing_may_find_nobody() {
    let table = [
        (r#"{"agent":"arn:a"}"#, (Some("arn:a"), None, None)),
        (r#"{"agent":null,"queue":"arn:q","errors":[]}"#, (None, Some("arn:q"), None)),
        (r#"{"errors":["no queue"]}"#, (None, None, Some("no queue"))),
        ("{}", (None, None, None)),
    ];
    for (body, expected) in table {
        let routing: Routing = reply(body).json().unwrap();
        assert_eq!((routing.agent.as_deref(), routing.queue.as_deref(), routing.errors.as_deref()), expected);
    }
}

#[test]
fn acceptance_has_many_faces_but_is_no_web_page() {
    let table = [
        ("", None),
        ("\n", None),
        ("{}", None),
        ("null", None),
        ("[]", None),
        (r#"{"status":"pending"}"#, Some("pending")),
        (r#"{"result":"Accepted"}"#, Some("Accepted")),
        (r#"{"status":1}"#, None),
        (r#""ok""#, None),
    ];
    for (body, status) in table {
        assert_eq!(Accepted::read(&reply(body)).unwrap().status.as_deref(), status, "{body}");
    }
    assert!(Accepted::read(&reply("<html></html>")).is_err());
    assert!(Accepted::read(&reply("ok")).is_err());
}

#[test]
fn debug_hides_what_may_name_a_person() {
    let errors = Some("the caller +12065550100".to_owned());
    let created = VoiceCallCreated { voice_call_id: "0LQ1".to_owned(), errors: errors.clone() };
    let routing = Routing { errors, ..Routing::default() };
    insta::assert_snapshot!(format!("{created:?}"), @r#"VoiceCallCreated { voice_call_id: "0LQ1", has_errors: true }"#);
    insta::assert_snapshot!(format!("{routing:?}"), @"Routing { agent: None, queue: None, has_errors: true }");
}

proptest! {
    #[test]
    fn no_body_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200), errors in "\\PC{0,20}") {
        let bytes = Reply { operation: "test", status: 200, body: bytes };
        let _ = (Accepted::read(&bytes), bytes.json::<VoiceCallCreated>(), bytes.json::<Routing>());
        let json = reply(&format!(r#"{{"voiceCallId":"0LQ1","errors":{errors}}}"#));
        let _ = (Accepted::read(&json), json.json::<VoiceCallCreated>(), json.json::<Routing>());
    }
}
