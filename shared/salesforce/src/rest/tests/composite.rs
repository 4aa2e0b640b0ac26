use super::*;
use crate::rest::{AllOrNone, Composite, SubOperation, SubRequest};
use crate::testing::soon;
use crate::{Error, Outcome};

fn sub(reference_id: &str, operation: SubOperation) -> SubRequest {
    SubRequest { reference_id: reference_id.to_owned(), operation, refers: Vec::new() }
}

fn create(reference_id: &str) -> SubRequest {
    sub(reference_id, SubOperation::Create(object("Contact"), fields(json!({"LastName": "a"}))))
}

fn composite(subrequests: Vec<SubRequest>) -> Composite {
    Composite { all_or_none: AllOrNone::Yes, subrequests }
}

fn response(reference_id: &str, http_status: u16, body: Value) -> Value {
    json!({"body": body, "httpHeaders": {}, "httpStatusCode": http_status, "referenceId": reference_id})
}

#[tokio::test]
async fn operations_are_sent_as_they_would_be_by_themselves() {
    let org = Org::new().await;
    let replies = json!({"compositeResponse": [
        response("contact", 201, json!({"id": "003", "success": true, "errors": []})),
        response("gone", 204, Value::Null),
    ]});
    org.answers(ok(replies)).await;
    let case = SubRequest {
        refers: vec![(field("ContactId"), "contact".to_owned())],
        ..sub("case", SubOperation::Create(object("Case"), fields(json!({"Subject": "a"}))))
    };
    let update = SubOperation::Update(object("Case"), id(), fields(json!({"Subject": "b", "Id": "x"})));
    let upsert = SubOperation::Upsert(object("Case"), field("Key__c"), "c-1".into(), Fields::default());
    let all = composite(vec![
        create("contact"),
        case,
        sub("read", SubOperation::Read(object("Case"), id(), vec![field("Id"), field("Subject")])),
        sub("update", update),
        sub("upsert", upsert),
        sub("gone", SubOperation::Delete(object("Case"), id())),
        sub("query", SubOperation::Query(soql("SELECT Id FROM Case WHERE Subject = 'a&b'"))),
    ]);
    let responses = org.rest.composite(&all, soon()).await.unwrap();
    assert_eq!((responses[0].status, &responses[0].body["id"]), (201, &json!("003")));
    assert!(responses.iter().all(|response| response.error().is_none()));
    let sent = org.only_sent().await;
    let body: Value = serde_json::from_str(sent.rsplit_once('\n').unwrap().1).unwrap();
    assert_eq!(body["allOrNone"], true);
    let lines: Vec<_> = body["compositeRequest"].as_array().unwrap().iter().map(Value::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"body":{"LastName":"a"},"method":"POST","referenceId":"contact","url":"/services/data/v66.0/sobjects/Contact"}
    {"body":{"ContactId":"@{contact.id}","Subject":"a"},"method":"POST","referenceId":"case","url":"/services/data/v66.0/sobjects/Case"}
    {"method":"GET","referenceId":"read","url":"/services/data/v66.0/sobjects/Case/500xx000000bpkTAAQ?fields=Id%2CSubject"}
    {"body":{"Subject":"b"},"method":"PATCH","referenceId":"update","url":"/services/data/v66.0/sobjects/Case/500xx000000bpkTAAQ"}
    {"body":{},"method":"PATCH","referenceId":"upsert","url":"/services/data/v66.0/sobjects/Case/Key__c/c-1"}
    {"method":"DELETE","referenceId":"gone","url":"/services/data/v66.0/sobjects/Case/500xx000000bpkTAAQ"}
    {"method":"GET","referenceId":"query","url":"/services/data/v66.0/query?q=SELECT+Id+FROM+Case+WHERE+Subject+%3D+%27a%26b%27"}
    "#);
}

#[tokio::test]
async fn failures_are_the_same_errors_as_by_themselves() {
    let org = Org::new().await;
    let refusal = json!([{"message": "the caller +12065550100", "errorCode": "NOT_FOUND", "fields": ["Id"]}]);
    let halted = json!([{"message": "", "errorCode": "PROCESSING_HALTED"}]);
    let replies = json!({"compositeResponse": [response("a", 404, refusal), response("b", 400, halted)]});
    org.answers(ok(replies)).await;
    let responses = org.rest.composite(&composite(vec![create("a"), create("b")]), soon()).await.unwrap();
    assert!(!format!("{responses:?}").contains("5550100"));
    let errors: Vec<_> = responses.iter().map(|response| response.error().unwrap()).collect();
    assert!(matches!(&errors[0], Error::Refused { status: 404, fields, .. } if *fields == ["Id"]));
    assert!(!whole(&errors[0]).contains("5550100"));
    assert!(errors[1].to_string().contains("Another part of the same request failed"), "{}", errors[1]);
}

#[tokio::test]
async fn all_or_none_is_repeated_when_a_lock_undid_it() {
    let locked = json!([{"message": "", "errorCode": "UNABLE_TO_LOCK_ROW"}]);
    let reply = || ok(json!({"compositeResponse": [response("a", 400, locked.clone())]}));
    let done = json!({"compositeResponse": [response("a", 201, json!({"id": "1"}))]});
    let org = Org::new().await;
    org.answers_first([reply()]).await;
    org.answers(ok(done)).await;
    org.rest.composite(&composite(vec![create("a")]), soon()).await.unwrap();
    assert_eq!(org.story(), "composite 1: 400 again\ncomposite 2: 200 accepted");

    let org = Org::new().await;
    org.answers(reply()).await;
    let each = Composite { all_or_none: AllOrNone::No, ..composite(vec![create("a")]) };
    let responses = org.rest.composite(&each, soon()).await.unwrap();
    let error = responses[0].error().unwrap();
    assert!(matches!(error, Error::Unavailable { outcome: Outcome::NotExecuted, .. }), "{error}");
    assert_eq!(org.sent().await.len(), 1);
}

#[tokio::test]
async fn what_salesforce_would_misread_is_not_sent() {
    let query = || SubOperation::Query(soql("SELECT Id FROM Case"));
    let hostile = fields(json!({"Account": {"Name": ["@{secret.Name}"]}}));
    let upsert =
        |value: &str| SubOperation::Upsert(object("Case"), field("Key__c"), value.into(), Fields::default());
    let template = crate::soql::Template::parse("SELECT Id FROM Case WHERE Subject = {subject}").unwrap();
    let referring = template.bind(|_| Some("@{a.b}".to_owned())).unwrap();
    let early = SubRequest { refers: vec![(field("ContactId"), "b".to_owned())], ..create("a") };
    let table = [
        (vec![], "no subrequests"),
        ((0..26).map(|number| create(&format!("r{number}"))).collect(), "more than 25"),
        ((0..6).map(|number| sub(&format!("r{number}"), query())).collect(), "more than 5 queries"),
        (vec![create("a b")], "no identifier"),
        (vec![create("")], "no identifier"),
        (vec![create("a"), create("a")], "the same reference id"),
        (vec![early, create("b")], "before it is there"),
        (vec![sub("a", SubOperation::Create(object("Case"), hostile.clone()))], "@{"),
        (vec![sub("a", SubOperation::Update(object("Case"), id(), hostile))], "@{"),
        (vec![sub("a", SubOperation::Query(referring))], "@{"),
        (vec![sub("a", upsert(""))], "external id"),
        (vec![sub("a", upsert("a/b"))], "external id"),
    ];
    let org = Org::new().await;
    for (subrequests, problem) in table {
        let error = org.rest.composite(&composite(subrequests), soon()).await.unwrap_err();
        assert!(matches!(&error, Error::Unsendable { operation: "composite", .. }), "{error}");
        assert!(error.to_string().contains(problem), "{problem}: {error}");
    }
    assert!(org.sent().await.is_empty());
}
