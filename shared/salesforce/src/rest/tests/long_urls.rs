//! Queries and searches that are too long for a URL.

use super::*;
use crate::testing::soon;
use crate::{Error, Outcome};

fn long_soql() -> Soql {
    let names: Vec<_> = (0..2_000).map(|number| format!("'name {number}'")).collect();
    soql(&format!("SELECT Id FROM Contact WHERE Name IN ({})", names.join(",")))
}

fn short_soql() -> Soql {
    soql("SELECT Id FROM Contact")
}

fn in_composite(http_status: u16, body: Value) -> ResponseTemplate {
    ok(json!({"compositeResponse": [
        {"body": body, "httpHeaders": {}, "httpStatusCode": http_status, "referenceId": "only"},
    ]}))
}

fn in_batch(http_status: u16, body: Value) -> ResponseTemplate {
    ok(json!({"hasErrors": http_status >= 300, "results": [{"statusCode": http_status, "result": body}]}))
}

fn empty_page() -> Value {
    json!({"totalSize": 0, "done": true, "records": []})
}

fn error(code: &str) -> Value {
    json!([{"message": "the caller +12065550100", "errorCode": code}])
}

#[tokio::test]
async fn a_long_query_goes_as_a_part_of_a_post() {
    let org = Org::new().await;
    org.answers(in_composite(200, empty_page())).await;
    org.rest.query(&long_soql(), soon()).await.unwrap();
    let sent = org.only_sent().await;
    let (head, body) = sent.rsplit_once('\n').unwrap();
    insta::assert_snapshot!(head, @"
    POST /services/data/v66.0/composite
    authorization: Bearer token-1
    content-type: application/json
    ");
    let body: Value = serde_json::from_str(body).unwrap();
    let [subrequest] = body["compositeRequest"].as_array().unwrap().as_slice() else { panic!("{body}") };
    assert_eq!((&subrequest["method"], &subrequest["referenceId"]), (&json!("GET"), &json!("only")));
    let (url, base) = (subrequest["url"].as_str().unwrap(), url::Url::parse("https://example.com").unwrap());
    assert!(url.starts_with("/services/data/v66.0/query?q=SELECT+Id"), "{url}");
    let query = base.join(url).unwrap().query_pairs().next().unwrap().1.into_owned();
    assert_eq!(query, long_soql().as_str());
    assert_eq!(org.story(), "query 1: 200 accepted");
}

#[tokio::test]
async fn a_query_that_is_too_long_after_all_is_sent_another_way() {
    for refused in [414, 431] {
        let org = Org::new().await;
        org.answers_first([status(refused).set_body_string("<h1>Bad Message</h1>")]).await;
        org.answers(in_composite(200, empty_page())).await;
        org.rest.query_all(&short_soql(), soon()).await.unwrap();
        assert_eq!(org.story(), format!("queryAll 1: {refused} failed\nqueryAll 1: 200 accepted"));
        let sent = org.sent().await;
        assert!(
            sent[1].contains(r#""url":"/services/data/v66.0/queryAll?q=SELECT+Id+FROM+Contact""#),
            "{}",
            sent[1]
        );
    }
}

#[tokio::test]
async fn a_long_search_goes_another_way_than_a_query() {
    let org = Org::new().await;
    org.answers(in_batch(200, json!({"searchRecords": [{"Id": "1"}]}))).await;
    let names: Vec<_> = (0..2_000).map(|number| format!("'name {number}'")).collect();
    let search = sosl(&format!("FIND {{ab}} RETURNING Contact(Id WHERE Name IN ({}))", names.join(",")));
    assert_eq!(org.rest.search(&search, soon()).await.unwrap().len(), 1);
    let sent = org.only_sent().await;
    assert!(sent.starts_with("POST /services/data/v66.0/composite/batch\n"), "{}", &sent[..100]);
    assert!(
        sent.contains(r#"{"batchRequests":[{"method":"GET","url":"v66.0/search?q=FIND"#),
        "{}",
        &sent[..300]
    );
}

#[tokio::test]
async fn what_comes_in_an_envelope_is_judged_as_if_it_came_by_itself() {
    let org = Org::new().await;
    org.answers(in_composite(400, error("MALFORMED_QUERY"))).await;
    let refused = org.rest.query(&long_soql(), soon()).await.unwrap_err();
    assert_eq!((refused.status(), refused.code()), (Some(400), Some("MALFORMED_QUERY")));
    assert!(!whole(&refused).contains("5550100"));

    for passing in [
        in_composite(503, error("SERVER_UNAVAILABLE")),
        in_composite(500, error("UNKNOWN_EXCEPTION")),
        in_composite(401, error("INVALID_SESSION_ID")),
    ] {
        let org = Org::new().await;
        org.answers_first([passing]).await;
        org.answers(in_composite(200, empty_page())).await;
        org.rest.query(&long_soql(), soon()).await.unwrap();
        assert_eq!(org.sent().await.len(), 2);
    }

    let org = Org::new().await;
    org.answers(in_batch(403, error("REQUEST_LIMIT_EXCEEDED"))).await;
    let search = sosl(&format!("FIND {{ab}} RETURNING Contact(Id WHERE Name = '{}')", "x".repeat(15_000)));
    let throttled = org.rest.search(&search, soon()).await.unwrap_err();
    assert!(matches!(throttled, Error::Throttled { status: 403, .. }), "{throttled}");
}

#[tokio::test]
async fn an_envelope_that_makes_no_sense_is_named() {
    for (body, problem) in [
        (json!({}), "the field compositeResponse"),
        (json!({"compositeResponse": []}), "the field compositeResponse"),
        (json!({"compositeResponse": [{"body": {}}]}), "the field compositeResponse[0].httpStatusCode"),
        (json!({"compositeResponse": [{"httpStatusCode": 200}]}), "it is empty"),
    ] {
        let org = Org::new().await;
        org.answers(ok(body)).await;
        let error = org.rest.query(&long_soql(), soon()).await.unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
    }
    let org = Org::new().await;
    org.answers(in_composite(500, Value::Null)).await;
    let error = org.rest.query(&long_soql(), soon()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { outcome: Outcome::Unknown, .. }), "{error}");
}
