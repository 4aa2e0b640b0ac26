use serde_json::json;

use super::*;
use crate::contact_record::ContactRecord;
use crate::flow::FlowEvent;

fn problem<T: DeserializeOwned>(json: Value) -> (String, String) {
    let Err(error) = from_value::<T>(json) else { panic!("should not be readable") };
    (error.path().to_owned(), error.problem().to_owned())
}

fn says(path: &str, problem: &str) -> (String, String) {
    (path.to_owned(), problem.to_owned())
}

#[test]
fn names_the_field_and_the_expectation() {
    assert_eq!(problem::<ContactRecord>(json!({})), says(".", "missing field `ContactId`"));
    assert_eq!(problem::<FlowEvent>(json!({})), says(".", "missing field `Details`"));
    assert_eq!(
        problem::<ContactRecord>(json!({"ContactId": "a", "CustomerEndpoint": "+12065550100"})),
        says("CustomerEndpoint", "invalid type: string, expected struct Endpoint")
    );
    assert_eq!(
        problem::<ContactRecord>(json!({"ContactId": "a", "CustomerEndpoint": {"Address": 12065550100_u64}})),
        says("CustomerEndpoint.Address", "invalid type: integer, expected a string")
    );
    assert_eq!(
        problem::<ContactRecord>(
            json!({"ContactId": "a", "Recordings": [{}, {"StartTimestamp": "at noon"}]})
        ),
        says("Recordings[1].StartTimestamp", "not a date and time in RFC 3339 form (2026-03-02T17:04:05Z)")
    );
}

#[test]
fn text_that_is_not_json() {
    for bytes in [&b""[..], b"{", b"\xff\xfe", b"{\"ContactId\":\"a\"} trailing", b"\"a\xc3\""] {
        let error = from_slice::<ContactRecord>(bytes).unwrap_err();
        assert!(error.problem().contains("at line 1"), "{error}");
    }
}

#[test]
fn a_quote_inside_the_value_changes_nothing() {
    let sly = "\", expected +12065550100 at line 9";
    let sent = json!({"ContactId": "a", "CustomerEndpoint": sly});
    let from_text = from_slice::<ContactRecord>(sent.to_string().as_bytes()).unwrap_err();
    assert!(from_text.problem().starts_with("invalid type: string, expected struct Endpoint at line 1"));
    assert_eq!(problem::<ContactRecord>(sent).1, "invalid type: string, expected struct Endpoint");
}

#[test]
fn endless_names_are_cut() {
    let sent = json!({"ContactId": "a", "Recordings": [{"StartTimestamp": 1}], "x".repeat(1_000_000): 1});
    assert!(from_value::<ContactRecord>(sent).unwrap_err().to_string().len() < 500);
}
