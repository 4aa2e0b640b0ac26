//! The org and the suite's own client of the REST API understand each other.

use std::sync::Arc;
use std::time::Duration;

use salesforce::oauth::{Login, Session as ClientSession};
use salesforce::rest::{AllOrNone, Composite, ConversationFile, FieldKind, Rest, SubOperation, SubRequest};
use salesforce::soql::Template;
use salesforce::{ApiUsage, Endpoint, Error, FieldName, Fields, Http, ObjectName, RecordId};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Session;
use crate::{Fault, Operation};

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(7)
}

fn client(session: &Session) -> Rest {
    let org = &session.harness.org;
    let http = Http::new(Arc::new(|_| {}));
    let login = Login::ClientCredentials { consumer_key: "app".to_owned(), consumer_secret: "secret".into() };
    let session = ClientSession::new(http.clone(), Endpoint::parse(&org.token_endpoint()).unwrap(), login);
    Rest::new(http, Endpoint::parse(&org.rest_endpoint()).unwrap(), Arc::new(session))
}

fn object(name: &str) -> ObjectName {
    ObjectName::parse(name).unwrap()
}

fn field(name: &str) -> FieldName {
    FieldName::parse(name).unwrap()
}

fn id(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn fields(value: Value) -> Fields {
    Fields(value.as_object().unwrap().clone())
}

#[tokio::test]
async fn one_record_goes_through_its_life() {
    let session = Session::start().await;
    let rest = client(&session);
    let plan = object("Plan__c");
    let created = rest.create(&plan, &fields(json!({"Seats__c": 1})), soon()).await.unwrap();
    let plan_id = id(&created.id);
    rest.update(&plan, &plan_id, &fields(json!({"Key__c": "K-1"})), soon()).await.unwrap();
    let seats = [field("Seats__c")];
    assert_eq!(rest.read(&plan, &plan_id, &seats, soon()).await.unwrap().0["Seats__c"], 1);
    for (key, created) in [("K-1", false), ("K/2", true), ("K/2", false)] {
        let upserted =
            rest.upsert(&plan, &field("Key__c"), key, &fields(json!({"Seats__c": 2})), soon()).await;
        assert_eq!(upserted.unwrap().created, created, "{key}");
    }
    rest.delete(&plan, &plan_id, soon()).await.unwrap();
    rest.delete(&plan, &plan_id, soon()).await.unwrap();
    assert_eq!(session.count("Plan__c"), 1);
    assert!(matches!(rest.api_usage(), Some(ApiUsage { allowed: 15_000, .. })), "{:?}", rest.api_usage());

    let described = rest.describe(&plan, soon()).await.unwrap();
    let kind = |name: &str| described.fields.iter().find(|field| field.name == name).unwrap().kind;
    let kinds = ["Seats__c", "Active__c", "Code__c", "Start__c"].map(kind);
    assert_eq!(kinds, [FieldKind::Number, FieldKind::Boolean, FieldKind::Text, FieldKind::Other]);
}

#[tokio::test]
async fn a_query_with_an_awkward_value_finds_the_record_that_has_it() {
    let session = Session::start().await;
    let rest = client(&session);
    let name = "O'Neill \\ \"100%\" _ \u{e9}";
    let account = session.create("Account", json!({"Name": name})).await;
    session.create("Account", json!({"Name": "Another"})).await;
    let template = Template::parse("SELECT Id, Name FROM Account WHERE Name = {name}").unwrap();
    let query = template.bind(|_| Some(name.to_owned())).unwrap();
    let page = rest.query(&query, soon()).await.unwrap();
    assert_eq!((page.total_size, page.records[0].0["Id"].as_str()), (1, Some(account.as_str())));
    // Too long for a URL: it goes another way.
    let query = template.bind(|_| Some("x".repeat(20_000))).unwrap();
    assert_eq!(rest.query(&query, soon()).await.unwrap().total_size, 0);
    assert_eq!(session.harness.org.request_count(Operation::Composite), 1);
}

#[tokio::test]
async fn several_records_are_saved_in_one_request() {
    let session = Session::start().await;
    let rest = client(&session);
    let account = |name: Value| (object("Account"), fields(json!({"Name": name})));
    let records = [account(json!("A")), account(Value::Null)];
    for (all_or_none, saved) in [(AllOrNone::Yes, 0), (AllOrNone::No, 1)] {
        let results = rest.create_records(all_or_none, &records, soon()).await.unwrap();
        let codes: Vec<_> =
            results.iter().flat_map(|result| &result.errors).map(|error| &error.status_code).collect();
        assert!(codes.iter().any(|code| *code == "REQUIRED_FIELD_MISSING"), "{codes:?}");
        assert_eq!(session.count("Account"), saved);
    }
    let create = |reference: &str, name: &str, record: Value, refers| SubRequest {
        reference_id: reference.to_owned(),
        operation: SubOperation::Create(object(name), fields(record)),
        refers,
    };
    let composite = Composite {
        all_or_none: AllOrNone::Yes,
        subrequests: vec![
            create("account", "Account", json!({"Name": "B"}), vec![]),
            create(
                "contact",
                "Contact",
                json!({"LastName": "C"}),
                vec![(field("AccountId"), "account".to_owned())],
            ),
        ],
    };
    let replies = rest.composite(&composite, soon()).await.unwrap();
    assert_eq!(replies.iter().map(|reply| reply.status).collect::<Vec<_>>(), [201, 201]);
    let contact = session.harness.org.records("Contact").unwrap().pop().unwrap();
    assert_eq!(contact["AccountId"], replies[0].body["id"]);
}

#[tokio::test]
async fn a_conversation_is_uploaded_and_asked_about() {
    let session = Session::start().await;
    let rest = client(&session);
    let call = session.harness.call("c-1").await;
    session.harness.patch("/voiceCalls/c-1", &json!({"endTime": "2026-03-01T10:00:10Z"})).await;
    let first = json!({"type": "conversation", "payload": {"conversationId": "c-1"}});
    let entry = json!({"type": "conversationEntry", "payload": {
        "conversationId": "c-1", "id": "1", "clientSentTimestamp": 1_772_359_201_000_i64, "clientDuration": 1,
        "messageText": "Hello?", "relatedRecords": [&call[..15]],
        "sender": {"appType": "TELEPHONY_INTEGRATION", "subject": "c-1END_USER", "role": "END_USER"},
    }});
    let ndjson = format!("{first}\n{entry}").into();
    let files = [ConversationFile { conversation_id: "c-1".to_owned(), ndjson }];
    let reply = rest.upload_conversations(&files, soon()).await.unwrap();
    let upload = &reply.0["conversationBulkUploadsResults"][0];
    assert_eq!(upload["status"], "SUCCESS", "{upload}");
    let ids = [upload["uploadId"].as_str().unwrap().to_owned()];
    let status = rest.upload_status(&ids, soon()).await.unwrap();
    assert_eq!(status.0["conversationBulkUploadsStatuses"][0]["conversationIdentifier"], "c-1");
    assert_eq!(session.harness.org.messages("c-1").unwrap().len(), 1);
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart() {
    let session = Session::start().await;
    let rest = client(&session);
    let (account, org) = (object("Account"), &session.harness.org);
    let create = async |record: Value| rest.create(&account, &fields(record), soon()).await;
    let acme = json!({"Name": "Acme", "Phone": "+12065550100"});
    create(acme.clone()).await.unwrap();
    for (record, code) in [
        (json!({}), "REQUIRED_FIELD_MISSING"),
        (acme, "DUPLICATES_DETECTED"),
        (json!({"Name": "x", "ParentId": "x"}), "MALFORMED_ID"),
    ] {
        let error = create(record).await.unwrap_err();
        assert!(
            matches!(&error, Error::Refused { status: 400, .. }) && error.to_string().contains(code),
            "{error}"
        );
    }
    org.faults().add(Fault::status(Operation::CreateRecord, 400).error_code("UNABLE_TO_LOCK_ROW").times(1));
    create(json!({"Name": "Locked"})).await.unwrap();
    org.revoke_sessions().unwrap();
    create(json!({"Name": "Revoked"})).await.unwrap();
    session.harness.org.set_api_allowance(5, 5);
    let error = create(json!({"Name": "Too many"})).await.unwrap_err();
    assert!(matches!(error, Error::Throttled { .. }), "{error}");
    assert_eq!(session.count("Account"), 3);
}
