//! No value changes what a query means: what is bound is read by the org's own parser, which shares no code with the one
//! that binds, and run against its rows.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use salesforce::oauth::{Login, Session};
use salesforce::rest::Rest;
use salesforce::{Endpoint, Http, soql, sosl};
use salesforce_org::{ConnectedApp, Org, Settings};
use serde_json::json;
use tokio::time::Instant;

/// What the fuzz targets hold, here with values from proptest and without a fuzzer.
#[path = "../../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "the fuzz targets use it from outside")]
mod checks;

/// Templates with placeholders in every place where one may stand.
const TEMPLATES: [&str; 14] = [
    "SELECT Id FROM Contact WHERE LastName = '{a}'",
    "SELECT Id FROM Contact WHERE LastName = {a:text} OR (FirstName != '{b}' AND Email = '{a}')",
    "SELECT Id FROM Contact WHERE LastName LIKE '%{a}_{b}%' LIMIT {n:number}",
    "SELECT Id FROM Contact WHERE LastName LIKE {a}",
    "SELECT Id FROM Contact WHERE LastName IN {a} AND FirstName NOT IN ('x', '{b}')",
    "SELECT Id FROM Contact WHERE Id IN ({a:id}) ORDER BY LastName",
    "SELECT Id FROM Case WHERE CreatedDate > {a:date} AND Priority = '{b}'",
    "SELECT Id FROM Case WHERE NOT (Subject = '\\'{a}\\\\' AND IsClosed = {b:boolean})",
    "SELECT Id, (SELECT Id FROM Cases WHERE Subject = '{a}') FROM Contact WHERE Account.Name = '{b}'",
    "SELECT Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Name = '{a}')",
    "FIND {{a}} IN NAME FIELDS RETURNING Contact(Id WHERE LastName = '{b}')",
    "FIND {{a}* OR \"{b}\"} RETURNING Contact, Account(Name)",
    "FIND {x{a}y AND NOT {b}} IN PHONE FIELDS RETURNING Lead(Id LIMIT 5)",
    "FIND {a} RETURNING Contact",
];

/// Any text, and texts made of what a query or a search is made of.
fn value() -> impl Strategy<Value = String> {
    const PIECES: [&str; 32] = [
        "'",
        "\\",
        "\"",
        "%",
        "_",
        "*",
        "?",
        "{",
        "}",
        "{a}",
        "(",
        ")",
        ",",
        "[",
        "]",
        "&",
        "|",
        "!",
        "^",
        "~",
        ":",
        "+",
        "-",
        "\n",
        "\t",
        "\0",
        " OR ",
        " AND NOT ",
        "null",
        "TODAY",
        "Id",
        "O'Hara",
    ];
    let pieces = proptest::collection::vec(prop::sample::select(&PIECES[..]), 0..6);
    prop_oneof![pieces.prop_map(|pieces| pieces.concat()), any::<String>(), "[0-9TZ:.+-]{0,25}", "\\PC{0,8}"]
}

proptest! {
    #![proptest_config(Config { cases: 2_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn a_bound_query_is_for_the_org_the_tree_that_it_is_with_harmless_values(
        template in prop::sample::select(&TEMPLATES[..]),
        values in proptest::collection::vec(value(), 1..4),
    ) {
        checks::bind(&[template.to_owned(), values.join("\u{1f}")].join("\u{1f}"));
    }

    #[test]
    fn no_text_at_all_makes_either_parser_panic(text in prop_oneof![any::<String>(), value().prop_map(|v| format!("SELECT Id FROM Contact WHERE {v}"))]) {
        checks::parse(&text);
        let _ = salesforce_org::soql::parse(&text);
        let _ = salesforce_org::sosl::parse(&text);
    }
}

/// An org, and a client that is logged in to it.
async fn org() -> (Org, Rest) {
    let org = Org::start(Settings::default()).await.unwrap();
    let (consumer_key, consumer_secret) = ("the-key".to_owned(), secrecy::SecretString::from("the-secret"));
    org.add_connected_app(ConnectedApp {
        consumer_key: consumer_key.clone(),
        consumer_secret: Some(consumer_secret.clone()),
        run_as: Some("integration@example.com".to_owned()),
        ..ConnectedApp::default()
    })
    .unwrap();
    let http = Http::new(Arc::new(|_| ()));
    let endpoint = |url: &str| Endpoint::parse(url).unwrap();
    let login = Login::ClientCredentials { consumer_key, consumer_secret };
    let session = Session::new(http.clone(), endpoint(&org.token_endpoint()), login);
    let rest = Rest::new(http, endpoint(&org.rest_endpoint()), Arc::new(session));
    (org, rest)
}

/// The last names of the contacts that a query or search finds.
fn last_names(records: &[salesforce::Fields]) -> Vec<&str> {
    let mut names: Vec<&str> =
        records.iter().filter_map(|record| record.0.get("LastName")?.as_str()).collect();
    names.sort_unstable();
    names
}

/// The rows are what other values of the same test are, so that a value that means more than itself finds them.
#[test]
fn a_query_finds_just_the_rows_that_comparing_would() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: 60, failure_persistence: None, ..Config::default() };
    let rows = proptest::collection::vec(value(), 2..6);
    let result = TestRunner::new(config).run(&rows, |names| {
        runtime.block_on(finds_what_comparing_would(&names));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

async fn finds_what_comparing_would(names: &[String]) {
    let (org, rest) = org().await;
    for name in names {
        // What the org does not take as a name (empty, too long) is no row.
        let _ = org.insert("Contact", json!({ "LastName": name, "FirstName": "x" }));
    }
    let stored: Vec<String> = org
        .records("Contact")
        .unwrap()
        .iter()
        .map(|contact| contact.text("LastName").unwrap_or_default().to_owned())
        .collect();
    let deadline = Instant::now() + Duration::from_secs(20);
    let exact = soql::Template::parse("SELECT LastName FROM Contact WHERE LastName = '{name}'").unwrap();
    let like = soql::Template::parse("SELECT LastName FROM Contact WHERE LastName LIKE '%{name}%'").unwrap();
    for name in names.iter().filter(|name| !name.is_empty()) {
        // Salesforce compares text without regard to case.
        let same = |row: &&String| row.to_lowercase() == name.to_lowercase();
        let holds = |row: &&String| row.to_lowercase().contains(&name.to_lowercase());
        let (Ok(exact), Ok(like)) = (exact.bind(|_| Some(name.clone())), like.bind(|_| Some(name.clone())))
        else {
            assert!(name.contains('\0'), "{name:?} is a text");
            continue;
        };
        let found = rest.query(&exact, deadline).await.unwrap();
        assert_eq!(last_names(&found.records), sorted(stored.iter().filter(same)), "= {name:?}");
        let found = rest.query(&like, deadline).await.unwrap();
        assert_eq!(last_names(&found.records), sorted(stored.iter().filter(holds)), "LIKE {name:?}");
    }
    org.shutdown().await;
}

fn sorted<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// A search goes by words: what it finds has the words of the value, one after the other, and nothing else is found.
#[tokio::test]
async fn a_search_finds_just_the_rows_with_the_words_of_the_value() {
    let (org, rest) = org().await;
    for name in ["O'Hara", "Hara", "Miller AND Sons", "Miller", "Sons", "50% off", "a*b", "Bobby \"Tables\""]
    {
        org.insert("Contact", json!({ "LastName": name })).unwrap();
    }
    let template =
        sosl::Template::parse("FIND {{name}} IN NAME FIELDS RETURNING Contact(LastName)", true).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    for (value, found) in [
        ("O'Hara", &["O'Hara"][..]),
        ("Miller AND Sons", &["Miller AND Sons"]),
        ("Miller OR Hara", &[]),
        ("Miller*", &["Miller", "Miller AND Sons"]),
        ("Mil*", &[]),
        ("Mill?r", &[]),
        ("Miller} RETURNING Account {", &[]),
        ("\" OR Miller OR \"", &[]),
        ("\\\" OR Miller", &[]),
        ("50% off", &["50% off"]),
        ("Bobby \"Tables\"", &["Bobby \"Tables\""]),
        ("sons", &["Miller AND Sons", "Sons"]),
    ] {
        let search = template.bind(|_| Some(value.to_owned())).unwrap();
        let records = rest.search(&search, deadline).await.unwrap();
        assert_eq!(last_names(&records), found, "{value}");
    }
}
