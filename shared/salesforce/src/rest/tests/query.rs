use super::*;
use crate::rest::{ParameterizedSearch, SearchIn};
use crate::testing::soon;
use crate::{Error, UnreadableProblem};

fn page(next: Option<&str>, id: &str) -> ResponseTemplate {
    let mut page = json!({
        "totalSize": 3, "done": next.is_none(),
        "records": [{"attributes": {"type": "Case"}, "Id": id, "Subject": "+12065550100"}],
    });
    if let Some(next) = next {
        page["nextRecordsUrl"] = next.into();
    }
    ok(page)
}

#[tokio::test]
async fn a_result_comes_page_by_page() {
    let org = Org::new().await;
    org.answers_first([
        page(Some("/services/data/v66.0/query/01gRO0000016PIAYA2-2000"), "1"),
        page(Some("/services/data/v66.0/query/01gRO0000016PIAYA2-4000"), "2"),
    ])
    .await;
    org.answers(page(None, "3")).await;
    let query = soql("SELECT Id, Subject FROM Case WHERE Subject LIKE 'a+b & c%'");
    let mut page = org.rest.query_all(&query, soon()).await.unwrap();
    let mut ids = Vec::new();
    loop {
        assert_eq!(page.total_size, 3);
        assert!(!format!("{page:?}").contains("5550100"));
        ids.extend(page.records.iter().map(|record| record.0["Id"].as_str().unwrap().to_owned()));
        let Some(next) = page.next else { break };
        page = org.rest.next_page(&next, soon()).await.unwrap();
    }
    assert_eq!(ids, ["1", "2", "3"]);
    let sent = org.sent().await;
    insta::assert_snapshot!(sent[0], @"
    GET /services/data/v66.0/queryAll?q=SELECT+Id%2C+Subject+FROM+Case+WHERE+Subject+LIKE+%27a%2Bb+%26+c%25%27
    authorization: Bearer token-1
    ");
    insta::assert_snapshot!(sent[2], @"
    GET /services/data/v66.0/query/01gRO0000016PIAYA2-4000
    authorization: Bearer token-1
    ");
}

#[tokio::test]
async fn a_count_has_no_records() {
    let org = Org::new().await;
    org.answers(ok(json!({"totalSize": 7, "done": true, "records": []}))).await;
    let page = org.rest.query(&soql("SELECT COUNT() FROM Case"), soon()).await.unwrap();
    assert_eq!((page.total_size, page.records.len(), page.next), (7, 0, None));
}

#[tokio::test]
async fn a_next_page_elsewhere_is_refused_and_the_bearer_stays() {
    let elsewhere = MockServer::start().await;
    for next in [
        format!("{}/services/data/v66.0/query/01g-2000", elsewhere.uri()),
        format!("//{}/services/data/v66.0/query/01g-2000", elsewhere.address()),
        "/services/data/v66.0/query/../sobjects/User".to_owned(),
        "/services/data/v66.0/sobjects/User".to_owned(),
    ] {
        let org = Org::new().await;
        org.answers(page(Some(&next), "1")).await;
        let error = org.rest.query(&soql("SELECT Id FROM Case"), soon()).await.unwrap_err();
        assert!(
            matches!(&error, Error::UnreadableReply { problem: UnreadableProblem::Field(field), .. } if field == "nextRecordsUrl"),
            "{error}"
        );
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_unfinished_result_without_a_next_page_is_not_taken_for_the_whole() {
    let org = Org::new().await;
    org.answers(ok(json!({"totalSize": 3, "done": false, "records": []}))).await;
    let error = org.rest.query(&soql("SELECT Id FROM Case"), soon()).await.unwrap_err();
    assert!(error.to_string().contains("nextRecordsUrl"), "{error}");
}

#[tokio::test]
async fn a_page_of_many_mebibytes_is_read() {
    let record = json!({"Id": "1", "Description": "x".repeat(1_000)});
    let body = json!({"totalSize": 2_000, "done": true, "records": vec![record; 2_000]});
    let org = Org::new().await;
    org.answers(ok(body)).await;
    let page = org.rest.query(&soql("SELECT Id FROM Case"), soon()).await.unwrap();
    assert_eq!(page.records.len(), 2_000);
}

#[tokio::test]
async fn a_search_has_hits() {
    for reply in [json!({"searchRecords": [{"Id": "1"}]}), json!([{"Id": "1"}])] {
        let org = Org::new().await;
        org.answers(ok(reply)).await;
        let search = sosl("FIND {a b} IN NAME FIELDS RETURNING Contact(Id)");
        let hits = org.rest.search(&search, soon()).await.unwrap();
        assert_eq!(hits, [fields(json!({"Id": "1"}))]);
        let url = org.only_sent().await;
        assert!(url.starts_with("GET /services/data/v66.0/search?q=FIND+%7B"), "{url}");
    }
}

#[tokio::test]
async fn a_search_by_parameters_is_a_body() {
    let org = Org::new().await;
    org.answers(ok(json!({"searchRecords": []}))).await;
    let search = ParameterizedSearch {
        q: "+12065550100".into(),
        objects: vec![(object("Contact"), vec![field("Id"), field("Name")]), (object("Lead"), Vec::new())],
        search_in: Some(SearchIn::Phone),
        limit: Some(5),
    };
    assert!(!format!("{search:?}").contains("5550100"));
    assert_eq!(org.rest.parameterized_search(&search, soon()).await.unwrap(), []);
    let everywhere =
        ParameterizedSearch { q: "a b".into(), objects: Vec::new(), search_in: None, limit: None };
    org.rest.parameterized_search(&everywhere, soon()).await.unwrap();
    let sent = org.sent().await;
    assert_eq!(sent[1].lines().last(), Some(r#"{"q":"a b"}"#));
    insta::assert_snapshot!(sent[0], @r#"
    POST /services/data/v66.0/parameterizedSearch
    authorization: Bearer token-1
    content-type: application/json
    {"in":"PHONE","overallLimit":5,"q":"+12065550100","sobjects":[{"fields":["Id","Name"],"name":"Contact"},{"name":"Lead"}]}
    "#);
}
