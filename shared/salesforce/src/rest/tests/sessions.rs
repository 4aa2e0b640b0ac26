//! Every operation, and what becomes of it when the session is refused or the reply is lost.

use super::*;
use crate::rest::{AllOrNone, Composite, ConversationFile, ParameterizedSearch, SubOperation, SubRequest};
use crate::testing::soon;
use crate::{Error, Outcome};
use std::pin::Pin;

type Run = for<'r> fn(&'r Rest) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'r>>;

macro_rules! run {
    ($rest:ident => $call:expr) => {
        |$rest| Box::pin(async move { $call.await.map(|_| ()) })
    };
}

fn composite(operation: SubOperation) -> Composite {
    let subrequest = SubRequest { reference_id: "one".to_owned(), operation, refers: Vec::new() };
    Composite { all_or_none: AllOrNone::No, subrequests: vec![subrequest] }
}

/// Name, whether it may be repeated when nobody knows what became of it, and how to call it.
fn operations() -> Vec<(&'static str, bool, Run)> {
    vec![
        ("listResources", true, run!(rest => rest.resources(soon()))),
        (
            "createRecord",
            false,
            run!(rest => rest.create(&object("Case"), &fields(json!({"Subject": "a"})), soon())),
        ),
        ("readRecord", true, run!(rest => rest.read(&object("Case"), &id(), &[field("Subject")], soon()))),
        (
            "updateRecord",
            true,
            run!(rest => rest.update(&object("Case"), &id(), &fields(json!({"Subject": "a"})), soon())),
        ),
        (
            "upsertRecord",
            true,
            run!(rest => rest.upsert(&object("Case"), &field("Key__c"), "c-1", &Fields::default(), soon())),
        ),
        ("deleteRecord", true, run!(rest => rest.delete(&object("Case"), &id(), soon()))),
        ("query", true, run!(rest => rest.query(&soql("SELECT Id FROM Case"), soon()))),
        ("queryAll", true, run!(rest => rest.query_all(&soql("SELECT Id FROM Case"), soon()))),
        ("search", true, run!(rest => rest.search(&sosl("FIND {a b} RETURNING Case(Id)"), soon()))),
        (
            "parameterizedSearch",
            true,
            run!(rest => {
                let (q, objects) = ("a b".into(), vec![(object("Case"), vec![field("Id")])]);
                let search = ParameterizedSearch { q, objects, search_in: None, limit: None };
                async move { rest.parameterized_search(&search, soon()).await }
            }),
        ),
        (
            "createRecords",
            false,
            run!(rest => async {
                rest.create_records(AllOrNone::Yes, &[(object("Case"), Fields::default())], soon()).await
            }),
        ),
        (
            "updateRecords",
            true,
            run!(rest => async {
                rest.update_records(AllOrNone::Yes, &[(object("Case"), id(), Fields::default())], soon()).await
            }),
        ),
        (
            "upsertRecords",
            true,
            run!(rest => async {
                let records = [("c-1".to_owned(), Fields::default())];
                rest.upsert_records(&object("Case"), &field("Key__c"), AllOrNone::Yes, &records, soon()).await
            }),
        ),
        ("deleteRecords", true, run!(rest => rest.delete_records(AllOrNone::Yes, &[id()], soon()))),
        (
            "composite",
            true,
            run!(rest => async {
                let read = composite(SubOperation::Read(object("Case"), id(), Vec::new()));
                rest.composite(&read, soon()).await
            }),
        ),
        (
            "composite",
            false,
            run!(rest => async {
                let create = composite(SubOperation::Create(object("Case"), Fields::default()));
                rest.composite(&create, soon()).await
            }),
        ),
        ("describe", true, run!(rest => rest.describe(&object("Case"), soon()))),
        (
            "uploadConversations",
            false,
            run!(rest => async {
                let file = ConversationFile { conversation_id: "c-1".to_owned(), ndjson: "{}".into() };
                rest.upload_conversations(&[file], soon()).await
            }),
        ),
        (
            "fetchUploadStatus",
            true,
            run!(rest => async { rest.upload_status(&["u-1".to_owned()], soon()).await }),
        ),
    ]
}

/// Puts all operations to a test at the same time, each against an org of its own.
async fn each<F: Future<Output = ()> + Send + 'static>(test: fn(Org, &'static str, bool, Run) -> F) {
    let mut tests = tokio::task::JoinSet::new();
    for (name, repeatable, run) in operations() {
        tests.spawn(test(Org::new().await, name, repeatable, run));
    }
    tests.join_all().await;
}

/// Something that every operation can read.
fn yes(request: &Request) -> ResponseTemplate {
    if request.url.path().contains("/composite/sobjects") {
        return ok(json!([{"id": id(), "success": true, "errors": []}]));
    }
    ok(json!({
        "id": id(), "success": true, "errors": [], "totalSize": 0, "done": true, "records": [],
        "searchRecords": [], "name": "Case", "fields": [], "compositeResponse": [],
    }))
}

fn expired() -> ResponseTemplate {
    refusal(401, "INVALID_SESSION_ID")
}

#[tokio::test]
async fn a_refused_session_is_replaced_and_the_same_request_sent_again() {
    each(|org, name, _, run| async move {
        let takes_the_second = |request: &Request| match request.headers["authorization"].to_str().unwrap() {
            "Bearer token-2" => yes(request),
            _ => expired(),
        };
        org.answers(takes_the_second).await;
        run(&org.rest).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(org.story(), format!("{name} 1: 401 again\n{name} 2: 200 accepted"));
        let sent = org.sent().await;
        assert_eq!(sent[0].replace("Bearer token-1", "Bearer token-2"), sent[1], "{name}");
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_refused_twice_is_reported() {
    each(|org, name, _, run| async move {
        org.answers(expired()).await;
        match run(&org.rest).await.unwrap_err() {
            Error::Unauthorized { operation, status: 401, .. } => assert_eq!(operation, name),
            other => panic!("{name}: {other}"),
        }
        assert_eq!(org.story(), format!("{name} 1: 401 again\n{name} 2: 401 failed"));
    })
    .await;
}

#[tokio::test]
async fn maintenance_is_survived_by_what_may_be_repeated() {
    each(|org, name, repeatable, run| async move {
        org.answers_first([status(503).set_body_string("<html><body>Maintenance</body></html>")]).await;
        org.answers(yes).await;
        let result = run(&org.rest).await;
        if repeatable {
            result.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(org.story(), format!("{name} 1: 503 again\n{name} 2: 200 accepted"));
            let sent = org.sent().await;
            assert_eq!(sent[0], sent[1], "{name}");
            return;
        }
        match result.unwrap_err() {
            Error::Unavailable { status: Some(503), code: None, outcome: Outcome::Unknown, .. } => {}
            other => panic!("{name}: {other}"),
        }
        assert_eq!(org.story(), format!("{name} 1: 503 failed"));
    })
    .await;
}

#[tokio::test]
async fn a_lock_is_waited_for_by_every_operation() {
    each(|org, name, _, run| async move {
        org.answers_first([refusal(400, "UNABLE_TO_LOCK_ROW")]).await;
        org.answers(yes).await;
        run(&org.rest).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(org.story(), format!("{name} 1: 400 again\n{name} 2: 200 accepted"));
    })
    .await;
}
