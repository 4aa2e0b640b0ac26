use super::*;
use proptest::prelude::*;
use serde_json::json;

fn cause_of(status: u16, error: &str, description: &str) -> LoginRefusal {
    let body = json!({"error": error, "error_description": description}).to_string();
    match classify("login", status, None, body.as_bytes()) {
        Error::Login(login) => {
            assert_eq!((login.status, login.code.as_deref()), (status, Some(error)));
            login.cause
        }
        other => panic!("{other}"),
    }
}

#[test]
fn every_known_refusal_has_its_cause() {
    let table = [
        ("invalid_grant", "Audience validation failed", LoginRefusal::WrongAudience),
        ("invalid_grant", "user hasn't approved this consumer", LoginRefusal::UserNotPreAuthorized),
        (
            "invalid_app_access",
            "user is not admin approved to access this app",
            LoginRefusal::UserNotPreAuthorized,
        ),
        ("invalid_grant", "expired authorization code", LoginRefusal::ClockSkew),
        ("invalid_grant", "invalid assertion", LoginRefusal::KeyMismatch),
        ("invalid_grant", "", LoginRefusal::KeyMismatch),
        ("invalid_client_id", "client identifier invalid", LoginRefusal::UnknownApp),
        ("invalid_client", "client identifier invalid", LoginRefusal::UnknownApp),
        ("invalid_client", "invalid client credentials", LoginRefusal::WrongSecret),
        ("invalid_grant", "no client credentials user enabled", LoginRefusal::NoRunAsUser),
        ("invalid_grant", "request not supported on this domain", LoginRefusal::WrongHost),
        ("unsupported_grant_type", "grant type not supported", LoginRefusal::FlowNotEnabled),
        ("inactive_user", "user is inactive", LoginRefusal::InactiveUser),
        ("inactive_org", "organization is inactive", LoginRefusal::InactiveOrg),
        ("rate_limit_exceeded", "login rate exceeded", LoginRefusal::RateLimited),
        ("something_new", "a description", LoginRefusal::Other),
    ];
    for (error, description, cause) in table {
        assert_eq!(cause_of(400, error, description), cause, "{error} {description}");
    }
}

#[test]
fn the_text_tells_what_to_check_and_not_what_salesforce_wrote() {
    let body = json!({"error": "invalid_grant", "error_description": "Audience validation failed for someone@example.com"});
    let error = classify("login", 400, None, body.to_string().as_bytes());
    insta::assert_snapshot!(error, @"login: Salesforce refused it (400 invalid_grant). The audience of the assertion is wrong: it is https://login.salesforce.com for a production or developer org, https://test.salesforce.com for a sandbox, or the URL of the Experience Cloud site.");
}

#[test]
fn trouble_is_not_a_refusal() {
    for (status, kind) in [
        (429, "SalesforceThrottled"),
        (500, "SalesforceUnavailable"),
        (503, "SalesforceUnavailable"),
        (302, "SalesforceUnavailable"),
    ] {
        assert_eq!(classify("login", status, None, b"<html>").kind(), kind);
    }
    let error = classify("login", 404, None, b"<html>");
    assert_eq!((error.kind(), error.code()), ("SalesforceLogin", None));
}

proptest! {
    #[test]
    fn no_answer_panics(status in 300..=999u16, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(classify("login", status, None, &body).status(), Some(status));
    }
}
