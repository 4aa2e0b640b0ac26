//! Queries and searches.

use std::time::Instant;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::Session;
use crate::tests::{code, read};
use crate::{ConnectedApp, Operation};

/// Asks with parameters, and with options for the query.
async fn ask(
    session: &Session,
    path: &str,
    parameters: &[(&str, &str)],
    options: &str,
) -> (StatusCode, Value) {
    let request =
        session.request(Method::GET, path).query(parameters).header("Sforce-Query-Options", options);
    read(request.send().await.unwrap()).await
}

async fn query(session: &Session, text: &str) -> Value {
    let (status, reply) = ask(session, "/query", &[("q", text)], "").await;
    assert_eq!(status, 200, "{text}: {reply}");
    reply
}

/// The path below the version that the next page is at.
fn next(page: &Value) -> &str {
    page["nextRecordsUrl"].as_str().unwrap().strip_prefix("/services/data/v66.0").unwrap()
}

fn contacts(session: &Session, count: usize) {
    for number in 0..count {
        insert(session, "Contact", json!({"LastName": format!("Contact {number:04}")}));
    }
}

fn insert(session: &Session, object: &str, record: Value) -> String {
    session.harness.org.insert(object, record).unwrap()
}

#[tokio::test]
async fn a_query_is_answered_page_by_page() {
    let session = Session::start().await;
    contacts(&session, 450);
    let text = "SELECT LastName FROM Contact ORDER BY LastName";
    let all = query(&session, text).await;
    assert_eq!((&all["totalSize"], &all["done"]), (&json!(450), &json!(true)));
    assert_eq!(all["nextRecordsUrl"], Value::Null);

    // Less than Salesforce's least is its least.
    let (_, first) = ask(&session, "/query/", &[("q", text)], "batchSize=100").await;
    assert_eq!((&first["totalSize"], &first["done"]), (&json!(450), &json!(false)));
    assert_eq!(first["records"].as_array().map(Vec::len), Some(200));
    let locator = next(&first);
    assert!(locator.starts_with("/query/01g") && locator.ends_with("-200"), "{locator}");
    let (_, second) = ask(&session, locator, &[], "batchSize=200").await;
    assert_eq!(second["records"][0]["LastName"], "Contact 0200");
    let (_, third) = ask(&session, next(&second), &[], "batchSize=200").await;
    assert_eq!((&third["totalSize"], &third["done"]), (&json!(450), &json!(true)));
    assert_eq!(third["records"].as_array().map(Vec::len), Some(50));
    let (_, again) = ask(&session, locator, &[], "batchSize=200").await;
    assert_eq!(again, second, "a page can be fetched again");
    assert_eq!(session.harness.org.request_count(Operation::Query), 2);
    assert_eq!(session.harness.org.request_count(Operation::QueryMore), 3);

    let unknown = json!([{"errorCode": "INVALID_QUERY_LOCATOR", "message": "invalid query locator"}]);
    let beyond = locator.replace("-200", "-451");
    for path in ["/query/01g5e0000000099AAA-200", "/query/nonsense", "/query/01g5e0000000099AAA-x", &beyond] {
        assert_eq!(session.get(path).await, (StatusCode::BAD_REQUEST, unknown.clone()), "{path}");
    }
    let other = other_user(session).await;
    assert_eq!(other.get(&beyond.replace("-451", "-200")).await, (StatusCode::BAD_REQUEST, unknown));
}

/// Another user's session in the same org.
async fn other_user(session: Session) -> Session {
    let app = ConnectedApp {
        consumer_key: "other".to_owned(),
        consumer_secret: Some("secret".into()),
        run_as: Some("other@example.com".to_owned()),
        ..ConnectedApp::default()
    };
    let org = &session.harness.org;
    org.add_connected_app(app).unwrap();
    let form = [("grant_type", "client_credentials"), ("client_id", "other"), ("client_secret", "secret")];
    let login = session.harness.http.post(org.token_endpoint()).form(&form).send().await.unwrap();
    let login: Value = login.json().await.unwrap();
    Session { token: login["access_token"].as_str().unwrap().to_owned(), ..session }
}

#[tokio::test]
async fn members_stand_in_the_order_in_which_they_were_selected() {
    let session = Session::start().await;
    let id = insert(&session, "Contact", json!({"LastName": "Alpha", "Email": "a@example.com"}));
    let text = [("q", "SELECT LastName, Id, Email FROM Contact")];
    let reply = session.request(Method::GET, "/query").query(&text).send().await.unwrap();
    let record = format!(
        r#"{{"attributes":{{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/{id}"}},"LastName":"Alpha","Id":"{id}","Email":"a@example.com"}}"#
    );
    let expected = format!(r#"{{"totalSize":1,"done":true,"records":[{record}]}}"#);
    assert_eq!(reply.text().await.unwrap(), expected);
}

#[tokio::test]
async fn deleted_rows_are_found_by_query_all() {
    let session = Session::start().await;
    let id = insert(&session, "Contact", json!({"LastName": "Gone"}));
    assert_eq!(session.delete(&format!("/sobjects/Contact/{id}")).await.0, 204);
    let text = "SELECT LastName, IsDeleted FROM Contact";
    assert_eq!(query(&session, text).await["totalSize"], 0);
    let (_, all) = ask(&session, "/queryAll", &[("q", text)], "").await;
    assert_eq!((&all["totalSize"], &all["records"][0]["IsDeleted"]), (&json!(1), &json!(true)));
}

#[tokio::test]
async fn a_query_that_fails_says_why() {
    let session = Session::start().await;
    for (path, code) in [("/query", "MALFORMED_QUERY"), ("/search", "MALFORMED_SEARCH")] {
        let errors = json!([{"errorCode": code, "message": "A query string has to be specified"}]);
        assert_eq!(session.get(path).await, (StatusCode::BAD_REQUEST, errors), "{path}");
    }
    let (status, reply) =
        ask(&session, "/query", &[("q", "SELECT Id FROM Contact WHERE Nope = 'x'")], "").await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "INVALID_FIELD"));
    let message = reply[0]["message"].as_str().unwrap();
    assert!(
        message.contains("ERROR at Row:1:Column:30\nNo such column 'Nope' on entity 'Contact'."),
        "{message}"
    );
    let (status, reply) = ask(&session, "/search", &[("q", "FIND {a}")], "").await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "INVALID_SEARCH"));

    let unauthorized = Session { token: "made-up".to_owned(), ..session };
    for path in ["/query", "/queryAll", "/query/01g5e0000000001AAA-200", "/search", "/parameterizedSearch"] {
        let (status, reply) = unauthorized.get(path).await;
        assert_eq!((status.as_u16(), code(&reply)), (401, "INVALID_SESSION_ID"), "{path}");
    }
}

#[tokio::test]
async fn a_search_finds_records_of_several_objects() {
    let session = Session::start().await;
    let account = insert(&session, "Account", json!({"Name": "Blue Ocean", "Phone": "(206) 555-0100"}));
    let contact = insert(
        &session,
        "Contact",
        json!({"LastName": "Ocean", "MobilePhone": "+12065550100", "AccountId": account, "Email": "blue@example.com"}),
    );
    insert(&session, "Lead", json!({"LastName": "Oceanic", "Company": "Lake", "Phone": "2065550101"}));
    let found = async |text: &str| {
        let (status, reply) = ask(&session, "/search", &[("q", text)], "").await;
        assert_eq!(status, 200, "{text}: {reply}");
        let records = reply["searchRecords"].as_array().unwrap().clone();
        records
            .iter()
            .map(|record| record["attributes"]["type"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(",")
    };
    for (text, objects) in [
        ("FIND {ocean} RETURNING Account, Contact, Lead", "Account,Contact"),
        ("FIND {ocean*} RETURNING Lead, Contact, Account", "Lead,Contact,Account"),
        ("FIND {ocean*} RETURNING Lead, Contact, Account LIMIT 2", "Lead,Contact"),
        ("FIND {blue} IN NAME FIELDS RETURNING Account, Contact", "Account"),
        ("FIND {blue} IN EMAIL FIELDS RETURNING Account, Contact", "Contact"),
        ("FIND {blue} RETURNING Account(Id WHERE Name = 'x'), Contact", "Contact"),
        (r"FIND {\+1\-206\-555\-0100} IN PHONE FIELDS RETURNING Account, Contact, Lead", "Account,Contact"),
        ("FIND {ocean}", "Account,Contact"),
        ("FIND {nothing} RETURNING Account", ""),
    ] {
        assert_eq!(found(text).await, objects, "{text}");
    }
    let text = "FIND {ocean} RETURNING Contact(LastName, Account.Name, Id ORDER BY LastName LIMIT 1)";
    let (_, reply) = ask(&session, "/search", &[("q", text)], "").await;
    let record = &reply["searchRecords"][0];
    assert_eq!((&record["Account"]["Name"], &record["Id"]), (&json!("Blue Ocean"), &json!(contact)));
    let (_, reply) = ask(&session, "/search", &[("q", "FIND {ocean} RETURNING Contact(Nope)")], "").await;
    assert_eq!(code(&reply), "INVALID_FIELD");
    let (_, reply) = ask(&session, "/search", &[("q", "FIND {ocean} RETURNING Nope")], "").await;
    assert_eq!(code(&reply), "INVALID_TYPE");
}

#[tokio::test]
async fn a_parameterized_search_takes_the_words_as_they_are() {
    let session = Session::start().await;
    let account = insert(&session, "Account", json!({"Name": "Blue Ocean", "Phone": "(206) 555-0100"}));
    insert(&session, "Contact", json!({"LastName": "Ocean's", "MobilePhone": "+12065550100"}));
    let post = async |body: Value| session.post("/parameterizedSearch", body).await;
    let (_, reply) = post(json!({"q": "+12065550100", "in": "PHONE", "fields": ["Id", "Phone"], "defaultLimit": 1,
        "sobjects": [{"name": "Account"}, {"name": "Contact", "fields": ["MobilePhone"], "where": "LastName LIKE 'o%'"}]}))
    .await;
    let records = reply["searchRecords"].as_array().unwrap();
    assert_eq!((&records[0]["Id"], &records[0]["Phone"]), (&json!(account), &json!("(206) 555-0100")));
    assert_eq!((&records[1]["MobilePhone"], records.len()), (&json!("+12065550100"), 2));
    assert_eq!(
        post(json!({"q": "ocean's", "overallLimit": 1})).await.1["searchRecords"].as_array().map(Vec::len),
        Some(1)
    );

    let parameters = [
        ("q", "ocean"),
        ("sobject", "Account"),
        ("sobject", "Contact"),
        ("Account.fields", "Name"),
        ("Account.limit", "1"),
    ];
    let (status, reply) = ask(&session, "/parameterizedSearch", &parameters, "").await;
    assert_eq!(status, 200, "{reply}");
    assert_eq!(
        (&reply["searchRecords"][0]["Name"], &reply["searchRecords"][1]["LastName"]),
        (&json!("Blue Ocean"), &Value::Null)
    );
    assert_eq!(reply["searchRecords"].as_array().map(Vec::len), Some(2));

    for (body, expected) in [
        (json!({"q": "a"}), "INVALID_SEARCH"),
        (json!({}), "INVALID_SEARCH"),
        (json!({"q": "ocean", "in": "FAX"}), "INVALID_SEARCH"),
        (json!({"q": "ocean", "fields": ["Id"]}), "INVALID_SEARCH"),
        (json!({"q": "ocean", "sobjects": [{"name": "Nope"}]}), "INVALID_TYPE"),
        (json!({"q": "ocean", "sobjects": [{"name": "Account", "fields": ["Nope"]}]}), "INVALID_FIELD"),
        (json!({"q": "ocean", "sobjects": [{"name": "Account) x"}]}), "MALFORMED_SEARCH"),
        (json!({"q": "ocean} RETURNING Account"}), "MALFORMED_SEARCH"),
    ] {
        let (status, reply) = post(body.clone()).await;
        assert_eq!((status.as_u16(), code(&reply)), (400, expected), "{body}: {reply}");
    }
    assert_eq!(session.harness.org.request_count(Operation::ParameterizedSearch), 11);
}

#[tokio::test]
async fn a_page_has_two_thousand_rows() {
    let session = Session::start().await;
    contacts(&session, 2_001);
    let start = Instant::now();
    let page = query(&session, "SELECT Id FROM Contact").await;
    assert_eq!((&page["done"], page["records"].as_array().map(Vec::len)), (&json!(false), Some(2_000)));
    let (_, rest) = session.get(next(&page)).await;
    assert_eq!(rest["records"].as_array().map(Vec::len), Some(1));
    assert!(start.elapsed().as_secs() < 5);
}
