//! If-Modified-Since and its like.

use chrono::{TimeDelta, Utc};
use reqwest::{Method, header};
use serde_json::json;

use super::{Session, read};
use crate::tests::code;

#[tokio::test]
async fn a_record_is_not_told_again_nor_overwritten_unseen() {
    let session = Session::start().await;
    let id = session.create("Account", json!({"Name": "Acme"})).await;
    let path = format!("/sobjects/Account/{id}");
    let reply = session.request(Method::GET, &path).send().await.unwrap();
    let seen = reply.headers()[header::LAST_MODIFIED].to_str().unwrap().to_owned();
    let hour = |hours| (Utc::now() + TimeDelta::hours(hours)).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    for (since, status) in
        [(seen.clone(), 304), (hour(1), 304), (hour(-1), 200), ("yesterday".to_owned(), 200)]
    {
        let request = session.request(Method::GET, &path).header(header::IF_MODIFIED_SINCE, &since);
        let reply = request.send().await.unwrap();
        assert_eq!((reply.status().as_u16(), &since), (status, &since));
        assert_eq!(reply.bytes().await.unwrap().is_empty(), status == 304);
    }
    for (since, status) in [(hour(-1), 412), (seen, 204)] {
        let request = session.request(Method::PATCH, &path).header(header::IF_UNMODIFIED_SINCE, since);
        let (answered, reply) = read(request.json(&json!({"Site": "x"})).send().await.unwrap()).await;
        assert_eq!(answered, status);
        assert_eq!(code(&reply), if status == 412 { "PRECONDITION_FAILED" } else { "" });
    }
    for (method, status) in [(Method::GET, 412), (Method::DELETE, 412)] {
        let request = session.request(method, &path).header(header::IF_UNMODIFIED_SINCE, hour(-1));
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    assert_eq!(session.count("Account"), 1);
}

#[tokio::test]
async fn what_changed_within_a_span_is_listed() {
    let session = Session::start().await;
    let kept = session.create("Account", json!({"Name": "Kept"})).await;
    let gone = session.create("Account", json!({"Name": "Gone"})).await;
    session.delete(&format!("/sobjects/Account/{gone}")).await;
    let span = |from, to| {
        let time =
            |hours| (Utc::now() + TimeDelta::hours(hours)).format("%Y-%m-%dT%H:%M:%S%%2B00:00").to_string();
        format!("start={}&end={}", time(from), time(to))
    };
    let (_, updated) = session.get(&format!("/sobjects/Account/updated/?{}", span(-1, 1))).await;
    assert_eq!(updated["ids"], json!([kept]));
    let (_, deleted) = session.get(&format!("/sobjects/Account/deleted/?{}", span(-1, 1))).await;
    assert_eq!(deleted["deletedRecords"][0]["id"], gone.as_str());
    let (_, updated) = session.get(&format!("/sobjects/Account/updated?{}", span(-2, -1))).await;
    assert_eq!(updated["ids"], json!([]));
    let (status, reply) = session.get(&format!("/sobjects/Account/updated?{}", span(1, -1))).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "INVALID_REPLICATION_DATE"));
}
