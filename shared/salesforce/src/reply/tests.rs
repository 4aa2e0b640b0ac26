use super::*;
use proptest::prelude::*;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only the reading is of interest")]
struct Wanted {
    id: String,
    inner: Inner,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "as above")]
struct Inner {
    list: Vec<u8>,
}

fn problem(body: &str) -> String {
    let reply = Reply { operation: "test", status: 200, body: body.as_bytes().to_vec() };
    match reply.json::<Wanted>().unwrap_err() {
        Error::UnreadableReply { operation: "test", status: 200, problem } => problem.to_string(),
        other => panic!("{other}"),
    }
}

#[test]
fn the_problem_is_named_and_nothing_quoted() {
    let table = [
        ("", "it is empty"),
        ("  \r\n", "it is empty"),
        ("<html>secret</html>", "it is a web page"),
        ("secret", "it is not JSON"),
        (r#"{"id": "#, "it is not JSON"),
        (r#"{"inner": {"list": []}}"#, "the field id is missing or not as expected"),
        (r#"{"id": "secret"}"#, "the field inner is missing or not as expected"),
        (r#"{"id": "secret", "inner": {}}"#, "the field inner.list is missing or not as expected"),
        (r#"{"id": 1, "inner": {"list": []}}"#, "the field id is missing or not as expected"),
        (
            r#"{"id": "", "inner": {"list": [1, "secret"]}}"#,
            "the field inner.list[1] is missing or not as expected",
        ),
        ("[]", "the field at its top level is missing or not as expected"),
        (r#""secret""#, "the field at its top level is missing or not as expected"),
    ];
    for (body, expected) in table {
        assert_eq!(problem(body), expected, "{body}");
    }
}

proptest! {
    #[test]
    fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let reply = Reply { operation: "test", status: 200, body };
        let _ = reply.json::<Wanted>();
        let _ = reply.json::<serde_json::Value>();
    }
}
