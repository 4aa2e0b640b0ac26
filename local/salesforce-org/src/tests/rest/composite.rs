//! Several requests in one.

use serde_json::{Value, json};

use super::Session;
use crate::Operation;
use crate::tests::code;

fn part(reference: &str, method: &str, url: &str, body: Value) -> Value {
    json!({"method": method, "url": format!("/services/data/v66.0{url}"), "referenceId": reference, "body": body})
}

async fn send(session: &Session, all_or_none: bool, parts: &[Value]) -> Vec<Value> {
    let (status, reply) =
        session.post("/composite", json!({"allOrNone": all_or_none, "compositeRequest": parts})).await;
    assert_eq!(status, 200, "{reply}");
    reply["compositeResponse"].as_array().unwrap().clone()
}

fn statuses(parts: &[Value]) -> Vec<u64> {
    parts.iter().map(|part| part["httpStatusCode"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn later_parts_name_what_earlier_ones_answered() {
    let session = Session::start().await;
    let replies = send(
        &session,
        true,
        &[
            part("account", "POST", "/sobjects/Account", json!({"Name": "Acme"})),
            part(
                "contact",
                "POST",
                "/sobjects/Contact",
                json!({"LastName": "Of @{account.id}", "AccountId": "@{account.id}"}),
            ),
            part("read", "GET", "/sobjects/Contact/@{contact.id}?fields=LastName, AccountId", Value::Null),
            part("many", "GET", "/composite/sobjects/Account?fields=Name&ids=@{read.AccountId}", Value::Null),
            part("change", "PATCH", "/sobjects/Account/@{many[0].Id}", json!({"Site": "@{read.LastName}"})),
        ],
    )
    .await;
    assert_eq!(statuses(&replies), [201, 201, 200, 200, 204], "{replies:?}");
    let account = session.harness.org.records("Account").unwrap().pop().unwrap();
    assert_eq!(account["Site"], format!("Of {}", account.id()));
    assert_eq!((&replies[4]["body"], &replies[4]["referenceId"]), (&Value::Null, &json!("change")));
    let org = &session.harness.org;
    assert_eq!((org.request_count(Operation::Composite), org.request_count(Operation::CreateRecord)), (1, 0));
    let (_, limits) = session.get("/limits").await;
    assert_eq!(limits["DailyApiRequests"]["Remaining"], 15_000 - 2, "it counts as one request");
}

#[tokio::test]
async fn a_failure_undoes_the_others_only_if_it_is_all_or_none() {
    let session = Session::start().await;
    let parts = [
        part("one", "POST", "/sobjects/Account", json!({"Name": "Acme"})),
        part("two", "POST", "/sobjects/Contact", json!({})),
        part("three", "POST", "/sobjects/Contact", json!({"LastName": "x", "AccountId": "@{two.id}"})),
        part("four", "POST", "/sobjects/Account", json!({"Name": "Other"})),
    ];
    let replies = send(&session, true, &parts).await;
    assert_eq!(statuses(&replies), [400; 4]);
    assert_eq!(code(&replies[1]["body"]), "REQUIRED_FIELD_MISSING");
    for place in [0, 2, 3] {
        assert_eq!(code(&replies[place]["body"]), "PROCESSING_HALTED");
    }
    assert_eq!(session.count("Account"), 0);

    let replies = send(&session, false, &parts).await;
    assert_eq!(statuses(&replies), [201, 400, 400, 201]);
    assert_eq!(code(&replies[2]["body"]), "PROCESSING_HALTED");
    assert_eq!((session.count("Account"), session.count("Contact")), (2, 0));
}

#[tokio::test]
async fn a_value_stays_one_segment_of_a_path() {
    let session = Session::start().await;
    session.create("Plan__c", json!({"Key__c": "a/../?b=c&d#e", "Code__c": "x"})).await;
    let replies = send(
        &session,
        true,
        &[
            part("plan", "GET", "/sobjects/Plan__c/Code__c/x", Value::Null),
            part("again", "GET", "/sobjects/Plan__c/Key__c/@{plan.Key__c}", Value::Null),
        ],
    )
    .await;
    assert_eq!(statuses(&replies), [200, 200], "{replies:?}");
}

#[tokio::test]
async fn what_composite_does_not_take_is_refused() {
    let session = Session::start().await;
    let create = |reference: &str| part(reference, "POST", "/sobjects/Account", json!({"Name": "A"}));
    let many: Vec<_> = (0..26).map(|number| create(&format!("r{number}"))).collect();
    let large: Vec<_> = (0..6)
        .map(|number| {
            part(&format!("r{number}"), "GET", "/composite/sobjects/Account?ids=x&fields=Name", Value::Null)
        })
        .collect();
    for (parts, expected) in [
        (json!(many), "LIMIT_EXCEEDED"),
        (json!(large), "LIMIT_EXCEEDED"),
        (json!([create("a"), create("a")]), "INVALID_INPUT"),
        (json!([create("a b")]), "INVALID_INPUT"),
        (json!([{"method": "GET"}]), "JSON_PARSER_ERROR"),
    ] {
        let (status, reply) = session.post("/composite", json!({"compositeRequest": parts})).await;
        assert_eq!((status.as_u16(), code(&reply)), (400, expected));
    }
    let replies = send(
        &session,
        false,
        &[
            part("nested", "POST", "/composite", json!({"compositeRequest": []})),
            json!({"method": "GET", "url": "http://example.com/", "referenceId": "far"}),
            part("none", "GET", "/nothing", Value::Null),
            part("verb", "PUT", "/sobjects/Account", json!({})),
        ],
    )
    .await;
    assert_eq!(statuses(&replies), [400, 400, 404, 405]);
    assert_eq!(session.count("Account"), 0);
}
