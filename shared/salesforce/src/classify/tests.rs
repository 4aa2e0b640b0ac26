use super::*;
use proptest::prelude::*;
use serde_json::json;

fn kind(api: Api, status: u16, body: &str) -> String {
    let error = classify("test", api, status, None, body.as_bytes());
    assert_eq!(error.status(), Some(status));
    match error {
        Error::Unavailable { outcome, .. } => format!("Unavailable {outcome:?}"),
        error => error.kind().trim_start_matches("Salesforce").to_owned(),
    }
}

#[test]
fn the_table() {
    let list = |code: &str| json!([{"message": "a sentence", "errorCode": code}]).to_string();
    let table = [
        (400, list("JSON_PARSER_ERROR"), "Refused", "Refused"),
        (400, list("UNABLE_TO_LOCK_ROW"), "Unavailable NotExecuted", "Unavailable NotExecuted"),
        (500, list("UNABLE_TO_LOCK_ROW"), "Unavailable NotExecuted", "Unavailable NotExecuted"),
        (401, list("INVALID_SESSION_ID"), "Unauthorized", "Unauthorized"),
        (401, String::new(), "Unauthorized", "Unauthorized"),
        (403, String::new(), "Unauthorized", "Refused"),
        (403, list("REQUEST_LIMIT_EXCEEDED"), "Throttled", "Throttled"),
        (404, list("NOT_FOUND"), "Refused", "Refused"),
        (405, String::new(), "Refused", "Refused"),
        (409, String::new(), "Refused", "Refused"),
        (408, String::new(), "Unavailable NotExecuted", "Unavailable NotExecuted"),
        (420, "<html>".to_owned(), "Unavailable NotExecuted", "Unavailable NotExecuted"),
        (429, String::new(), "Throttled", "Throttled"),
        (
            300,
            r#"["/services/data/v66.0/sobjects/Case/500xx"]"#.to_owned(),
            "Unavailable NotExecuted",
            "Refused",
        ),
        (400, list("REQUEST_LIMIT_EXCEEDED"), "Throttled", "Throttled"),
        (400, list("DUPLICATES_DETECTED"), "Refused", "Refused"),
        (302, String::new(), "Unavailable NotExecuted", "Unavailable NotExecuted"),
        (500, String::new(), "Unavailable Unknown", "Unavailable Unknown"),
        (501, String::new(), "Refused", "Refused"),
        (502, String::new(), "Unavailable Unknown", "Unavailable Unknown"),
        (503, list("SERVER_UNAVAILABLE"), "Unavailable NotExecuted", "Unavailable NotExecuted"),
        (503, String::new(), "Unavailable Unknown", "Unavailable Unknown"),
        (504, String::new(), "Unavailable Unknown", "Unavailable Unknown"),
        (599, String::new(), "Unavailable Unknown", "Unavailable Unknown"),
    ];
    for (status, body, telephony, rest) in table {
        assert_eq!(kind(Api::Telephony, status, &body), telephony, "telephony {status} {body}");
        assert_eq!(kind(Api::Rest, status, &body), rest, "rest {status} {body}");
    }
}

#[test]
fn retry_after_on_503_means_that_nothing_was_done() {
    let error = classify("test", Api::Telephony, 503, Some(Duration::from_secs(2)), b"");
    assert!(matches!(
        error,
        Error::Unavailable { outcome: Outcome::NotExecuted, retry_after: Some(wait), .. } if wait.as_secs() == 2
    ));
}

#[test]
fn only_a_code_is_taken_for_a_code() {
    let table = [
        (json!([{"message": "x", "errorCode": "INVALID_FIELD"}]), Some("INVALID_FIELD")),
        (json!({"error": "invalid_grant", "error_description": "x"}), Some("invalid_grant")),
        (json!({"errorCode": "SOME.CODE-1"}), Some("SOME.CODE-1")),
        (json!({"code": "LIMIT"}), Some("LIMIT")),
        (json!({"error": "the caller +12065550100 is unknown", "code": "NOT_FOUND"}), Some("NOT_FOUND")),
        (json!({"error": "the caller is unknown"}), None),
        (json!({"code": "12065550100"}), None),
        (json!({"code": "+12065550100"}), None),
        (json!({"code": 404}), None),
        (json!({"message": "NOT_FOUND"}), None),
        (json!({"code": "x".repeat(81)}), None),
        (json!([{"statusCode": "REQUIRED_FIELD_MISSING"}]), Some("REQUIRED_FIELD_MISSING")),
        (json!([{"statusCode": 400, "errorCode": "INVALID_FIELD"}]), Some("INVALID_FIELD")),
        (json!([]), None),
        (json!("CODE"), None),
        (json!(null), None),
    ];
    for (body, expected) in table {
        let error = classify("test", Api::Telephony, 400, None, body.to_string().as_bytes());
        assert_eq!(error.code(), expected, "{body}");
        assert!(!error.to_string().contains("5550100"), "{error}");
    }
    assert_eq!(SalesforceError::read(b"<html>").code, None);
    assert_eq!(SalesforceError::read(b"").code, None);
}

#[test]
fn two_refusals_are_not_cured_by_a_new_session() {
    let body = |message: &str| json!([{"message": message, "errorCode": "INVALID_SESSION_ID"}]).to_string();
    assert!(cured_by_login(401, body("Session expired or invalid").as_bytes()));
    assert!(cured_by_login(401, b""));
    assert!(!cured_by_login(403, b""));
    assert!(!cured_by_login(401, body("Connected app is not attached to Agent").as_bytes()));
    assert!(!cured_by_login(401, body("This session is not valid for use with the REST API").as_bytes()));
}

#[test]
fn the_text_tells_what_to_check() {
    let text = |status, body: &str| {
        classify("createVoiceCall", Api::Telephony, status, None, body.as_bytes()).to_string()
    };
    insta::assert_snapshot!(text(400, r#"[{"message":"secret","errorCode":"INVALID_FIELD"}]"#), @"createVoiceCall: Salesforce refused the request (400 INVALID_FIELD). Check the spelling of the field or relationship (custom fields end in __c), and that the integration user may see it.");
    insta::assert_snapshot!(text(404, ""), @"createVoiceCall: Salesforce refused the request (404). Check that the call or record is known to Salesforce, and that the endpoint has its full path (SCRT_ENDPOINT_BASE ends in /telephony/v1, SALESFORCE_REST_API_ENDPOINT_BASE in /services/data/v and a version).");
    insta::assert_snapshot!(text(401, ""), @"createVoiceCall: Salesforce refused the credentials (401). Check that the private key belongs to the certificate or public key registered in Salesforce, that org id and call center API name (or the connected app and its user) are the right ones and may use this API, and that this machine's clock is right.");
    insta::assert_snapshot!(text(429, ""), @"createVoiceCall: a limit of the Salesforce org is reached (429). Check the org's voice and API limits.");
    insta::assert_snapshot!(text(302, ""), @"createVoiceCall: Salesforce is not available (302). It redirects, which is not followed: check that the endpoint names the org's own host.");
    insta::assert_snapshot!(text(502, "<html>secret</html>"), @"createVoiceCall: Salesforce is not available (502). The request may have been executed all the same; try again later.");
}

#[test]
fn names_of_fields_are_taken_where_they_are_known_to_be_such() {
    let body = json!([{"errorCode": "STRING_TOO_LONG", "fields": ["Subject", "a sentence", 7]}]).to_string();
    let fields = |api| match classify("test", api, 400, None, body.as_bytes()) {
        Error::Refused { fields, .. } => fields,
        other => panic!("{other}"),
    };
    assert_eq!(fields(Api::Rest), ["Subject"]);
    assert!(fields(Api::Telephony).is_empty());
}

proptest! {
    #[test]
    fn no_answer_panics_or_is_quoted(status in 300..=999u16, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        for api in [Api::Telephony, Api::Rest] {
            let error = classify("test", api, status, None, &body);
            prop_assert_eq!(error.status(), Some(status));
            let _ = cured_by_login(status, &body);
        }
    }

    #[test]
    fn no_sentence_gets_into_the_text(message in "[a-z]{5,10} [a-z]{5,10}") {
        let body = json!([{"message": message, "errorCode": message, "error": message, "code": message}]).to_string();
        let error = classify("test", Api::Rest, 400, None, body.as_bytes());
        let texts = format!("{error} {error:?}");
        prop_assert!(!texts.contains(&message));
    }
}
