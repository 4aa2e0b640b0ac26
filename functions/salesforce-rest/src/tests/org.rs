//! A Salesforce that answers as the tests need it, and what it was sent.

use lambda_kit::env::Env;
use serde_json::{Value, json};
use stage::{REST_BASE, Stage};
use wiremock::matchers::any;
use wiremock::{Mock, Request, ResponseTemplate};

use crate::{App, Config};

/// A policy that allows all that the samples do.
pub(super) const GENEROUS: &str = "Callback__c:create,read,update,delete;*:create,read,update";

pub(super) const CASE: &str = "5005e0000000007AAA";

/// A Salesforce that does what it is asked. Mocks that were mounted before come first.
pub(super) async fn willing() -> Stage {
    let stage = Stage::new().await.unwrap();
    be_willing(&stage).await;
    stage
}

pub(super) async fn be_willing(stage: &Stage) {
    Mock::given(any()).respond_with(answer).mount(&stage.salesforce).await;
}

pub(super) fn app(stage: &Stage, policy: &str) -> App {
    let look_up = |variable: &str| (variable == "SOBJECT_POLICY").then(|| policy.to_owned());
    let config = Config::from_env(&Env::new(&look_up)).unwrap();
    let call_centers = stage.call_centers().unwrap().with_api_floor(config.api_floor_percent);
    App::new(call_centers, config.policy, stage.metrics())
}

/// The requests to the REST API, each as a line, with the query as it reads.
pub(super) async fn sent(stage: &Stage) -> Vec<String> {
    let requests = stage.salesforce.received_requests().await.unwrap();
    requests.iter().filter(|request| request.url.path().starts_with(REST_BASE)).map(line).collect()
}

/// The same without questions about objects.
pub(super) async fn sent_but_describes(stage: &Stage) -> Vec<String> {
    sent(stage).await.into_iter().filter(|line| !line.ends_with("/describe")).collect()
}

fn line(request: &Request) -> String {
    let path = request.url.path().strip_prefix(REST_BASE).unwrap();
    let query: Vec<String> =
        request.url.query_pairs().map(|(name, value)| format!("{name}={value}")).collect();
    let question = if query.is_empty() { "" } else { "?" };
    let body = match serde_json::from_slice::<Value>(&request.body) {
        Ok(body) => format!(" {body}"),
        Err(_) if request.body.is_empty() => String::new(),
        Err(_) => format!(" [{} parts]", String::from_utf8_lossy(&request.body).matches("filename").count()),
    };
    format!("{} {path}{question}{}{body}", request.method, query.join("&"))
}

pub(super) fn ok(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

pub(super) fn refusal(status: u16, code: &str, fields: &[&str]) -> ResponseTemplate {
    // The message repeats what nobody may see in a log.
    let error = json!([{ "errorCode": code, "message": "+12065550100: Ship 'n Save", "fields": fields }]);
    ResponseTemplate::new(status).set_body_json(error)
}

pub(super) fn record(object: &str, mut fields: Value) -> Value {
    let url = format!("{REST_BASE}/sobjects/{object}/x");
    fields["attributes"] = json!({ "type": object, "url": url });
    fields
}

fn rows(rows: &[Value]) -> ResponseTemplate {
    ok(json!({ "totalSize": rows.len(), "done": true, "records": rows }))
}

fn answer(request: &Request) -> ResponseTemplate {
    let Some(path) = request.url.path().strip_prefix(REST_BASE) else {
        return ok(json!({ "access_token": "the-token", "token_type": "Bearer", "scope": "api" }));
    };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let query = request.url.query_pairs().next().map(|(_, value)| value.into_owned()).unwrap_or_default();
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["sobjects", object, "describe"]) => describe(object),
        ("POST", ["sobjects", "RealtimeAlertEvent"]) => created(json!({
            "id": "e015e0000000001AAA",
            "success": true,
            "errors": [{ "statusCode": "OPERATION_ENQUEUED", "message": "6b9c1a02", "fields": [] }],
        })),
        ("POST", ["sobjects", _]) if body["Origin"] == "Nowhere" => {
            refusal(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", &["Origin"])
        }
        ("POST", ["sobjects", _]) => created(json!({ "id": CASE, "success": true, "errors": [] })),
        ("GET", ["sobjects", object, _]) => ok(record(
            object,
            json!({ "Id": CASE, "Subject": "Order status", "Status": "New", "Reason": null }),
        )),
        ("PATCH", ["sobjects", _, id]) if id.contains("404") => refusal(404, "NOT_FOUND", &[]),
        ("PATCH" | "DELETE", ["sobjects", _, _]) => ResponseTemplate::new(204),
        ("PATCH", ["sobjects", _, _, "twice"]) => {
            ResponseTemplate::new(300).set_body_json(json!(["/a", "/b"]))
        }
        ("PATCH", ["sobjects", _, _, _]) => {
            created(json!({ "id": CASE, "success": true, "errors": [], "created": true }))
        }
        (_, ["composite", "sobjects", ..]) => saved(&body["records"]),
        ("GET", ["query"]) => queried(&query),
        ("GET", ["query", _]) => ok(json!({
            "totalSize": 4, "done": true,
            "records": [record("Case", json!({ "Id": "3" })), record("Case", json!({ "Id": "4" }))],
        })),
        ("GET", ["search"]) | ("POST", ["parameterizedSearch"]) => ok(json!({ "searchRecords": [
            record("Lead", json!({ "Id": "00Q5e0000000002AAA", "Name": "Other", "Phone": "206 555 0199" })),
            record("Account", json!({ "Id": "0015e0000000005AAA", "Name": "Acme", "Phone": "+1 (206) 555-0100" })),
            record("Contact", json!({ "Id": "0035e0000000003AAA", "Name": "The caller", "Phone": null,
                "MobilePhone": "206.555.0100 x7", "Title": "Buyer" })),
        ] })),
        ("POST", ["connect", ..]) => ok(json!({ "uploads": [{ "uploadId": "4Ng5e0000000001" }] })),
        ("GET", ["connect", ..]) => ok(json!({ "uploads": [
            { "uploadId": "4Ng5e0000000001", "status": "Done" }, { "uploadId": "4Ng5e0000000002", "status": "Failed" },
        ] })),
        _ => refusal(404, "NOT_FOUND", &[]),
    }
}

fn created(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(201).set_body_json(body)
}

/// What has no `LastName` and is a lead is refused, and with it all others.
fn saved(records: &Value) -> ResponseTemplate {
    let records = records.as_array().unwrap();
    let refused = |record: &Value| record["attributes"]["type"] == "Lead" && record.get("LastName").is_none();
    let any_refused = records.iter().any(refused);
    let result = |(number, record)| match (refused(record), any_refused) {
        (true, _) => json!({ "success": false, "errors": [
            { "statusCode": "REQUIRED_FIELD_MISSING", "message": "LastName", "fields": ["LastName"] }] }),
        (_, true) => json!({ "success": false, "errors": [
            { "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK", "message": "x", "fields": [] }] }),
        _ => json!({ "id": format!("5005e000000000{number}AAA"), "success": true, "errors": [] }),
    };
    ok(records.iter().enumerate().map(result).collect())
}

fn queried(soql: &str) -> ResponseTemplate {
    let object = soql.split("FROM ").nth(1).unwrap_or_default().split(' ').next().unwrap_or_default();
    match object {
        _ if soql.contains("Nonsense__c") => refusal(400, "INVALID_FIELD", &[]),
        "Case" if soql.contains("Owner.Name") => ok(json!({
            "totalSize": 4, "done": false, "nextRecordsUrl": format!("{REST_BASE}/query/01g5e0000000001-2"),
            "records": [
                record("Case", json!({ "Id": "1", "Owner": record("User", json!({ "Name": "Agents" })) })),
                record("Case", json!({ "Id": "2", "Owner": null })),
            ],
        })),
        "Case" => rows(&[
            record(
                "Case",
                json!({ "Id": CASE, "CaseNumber": "00001026", "Contact": record("Contact", json!({ "Name": "The caller" })) }),
            ),
            record("Case", json!({ "Id": "5005e0000000008AAA" })),
        ]),
        "MessagingChannel" if soql.contains("x\\'") => rows(&[]),
        "MessagingChannel" => rows(&[record(object, json!({ "MessagingPlatformKey": "+12065550199" }))]),
        "User" => rows(&[record(object, json!({ "Phone": "+12065550177" }))]),
        "VoiceMailGreeting2Rep" => rows(&[record(
            object,
            json!({
                "VoiceMailGreeting2": record("VoiceMailGreeting2", json!({ "GreetingUrl": "https://example.com/greeting.wav" })),
            }),
        )]),
        "FieldServiceOrgSettings" => rows(&[record(object, json!({ "ApptAssistantStatus": "Under Way" }))]),
        "AssignedResource" => rows(&[record(
            object,
            json!({
                "ServiceResource": { "RelatedRecord": { "Phone": "+12065550166", "FirstName": "Engineer" } },
                "ServiceAppointment": { "Contact": { "FirstName": "The", "LastName": "Caller", "Salutation": null } },
            }),
        )]),
        _ => rows(&[]),
    }
}

/// Field and kind, `Relationship>Object|Object`, or `Children<Object`.
fn describe(object: &str) -> ResponseTemplate {
    let members: &[&str] = match object.to_ascii_lowercase().as_str() {
        "case" => &[
            "IsEscalated:boolean",
            "Rating__c:double",
            "Source__c:string",
            "Zip__c:string",
            "Priority:picklist",
            "Account>Account",
            "Contact>Contact",
            "Owner>Group|User",
            "Parent>Case",
            "Secret__r>Secret__c",
            "Cases<Case",
            "Tasks<Task",
            "CaseComments<CaseComment",
            "Histories<CaseHistory",
        ],
        "task" => {
            &["IsReminderSet:boolean", "CallDurationInSeconds:int", "What>Account|Case", "Who>Contact|Lead"]
        }
        "contact" => &["Account>Account", "Owner>User", "ReportsTo>Contact", "Cases<Case", "Assets<Asset"],
        "account" => &["Owner>User", "Contacts<Contact", "Cases<Case"],
        "user" => &["Profile>Profile", "Manager>User"],
        "group" | "realtimealertevent" | "lead" | "voicecall" | "callback__c" => &[],
        _ => return refusal(404, "NOT_FOUND", &[]),
    };
    let field = |member: &&str| {
        if let Some((name, kind)) = member.split_once(':') {
            return Some(json!({ "name": name, "type": kind, "relationshipName": null, "referenceTo": [] }));
        }
        let (relationship, objects) = member.split_once('>')?;
        let objects: Vec<&str> = objects.split('|').collect();
        Some(json!({ "name": format!("{relationship}Id"), "type": "reference",
            "relationshipName": relationship, "referenceTo": objects }))
    };
    let child = |member: &&str| {
        let (relationship, object) = member.split_once('<')?;
        Some(json!({ "relationshipName": relationship, "childSObject": object }))
    };
    let fields: Vec<Value> = members.iter().filter_map(field).collect();
    let children: Vec<Value> = members.iter().filter_map(child).collect();
    ok(json!({ "name": object, "fields": fields, "childRelationships": children }))
}
