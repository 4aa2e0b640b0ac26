//! The CRUD proxy in a whole contact center: what a flow asks for, what the org has afterwards.

use contact_center::center::Center;
use contact_center::lambda::Invocation;
use salesforce_org::{Fault, Operation, Route};
use serde_json::{Value, json};

use crate::support::{REST, center, center_with, event};

/// An invocation by the flow of a caller, with these parameters.
fn asks(parameters: Value) -> Value {
    let mut event = event("salesforce-rest/look-up-case.json");
    event["Details"]["Parameters"] = parameters;
    event
}

async fn invoke(center: &Center, parameters: Value) -> Invocation {
    center.host().invoke(REST, asks(parameters)).await.unwrap()
}

async fn reply(center: &Center, parameters: Value) -> Value {
    let invocation = invoke(center, parameters).await;
    invocation.reply.unwrap_or_else(|e| panic!("{e}\n{}", invocation.log.join("\n")))
}

/// The type and text of the error of an invocation that must fail.
async fn error(center: &Center, parameters: Value) -> (String, String) {
    let error = invoke(center, parameters).await.reply.unwrap_err();
    (error.error_type.clone(), error.to_string())
}

fn open_case(subject: &str) -> Value {
    json!({
        "methodName": "createRecord",
        "objectApiName": "Case",
        "Subject": subject,
        "idempotencyField": "AmazonConnectContactId__c",
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn two_invocations_of_an_idempotent_create_whose_first_reply_is_lost_make_one_record() {
    let center = center().await;
    // Every reply of the first invocation is lost, so that it fails and Connect invokes again.
    center.org().faults().add(Fault::lost_reply(Operation::UpsertRecord).times(4));
    let (error_type, _) = error(&center, open_case("Billing")).await;
    assert_eq!(error_type, "SalesforceUnavailable");
    let again = reply(&center, open_case("Billing")).await;
    let cases = center.org().records("Case").unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(again["recordId"].as_str(), Some(cases[0].id()));
    assert_eq!((&again["success"], &again["created"]), (&json!("true"), &json!("false")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_caller_says_cannot_change_what_the_query_means() {
    let center = center().await;
    center.org().insert("Contact", json!({ "LastName": "O'Hara", "Email": "caller@example.com" })).unwrap();
    center.org().insert("Contact", json!({ "LastName": "Other" })).unwrap();
    let look_up = |name: &str| {
        json!({
            "methodName": "queryRecord",
            "soql": "SELECT Id, LastName FROM Contact WHERE LastName = '{name}' LIMIT 5",
            "name": name,
        })
    };
    let found = reply(&center, look_up("O'Hara")).await;
    assert_eq!((&found["LastName"], &found["totalSize"]), (&json!("O'Hara"), &json!("1")));
    for hostile in [
        "' OR LastName != '",
        "\\' OR Id != null OR LastName = '",
        "%",
        "_",
        "' LIMIT 200 --",
        "\u{2019} OR 1=1",
    ] {
        assert_eq!(reply(&center, look_up(hostile)).await, json!({ "totalSize": "0" }), "{hostile}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_invocation_is_one_request_to_salesforce_and_none_to_aws() {
    let center = center().await;
    let contact = center.org().insert("Contact", json!({ "LastName": "Caller" })).unwrap();
    let calls = [
        json!({ "methodName": "queryRecord", "soql": "SELECT Id FROM Contact WHERE LastName = {name}", "name": "Caller" }),
        json!({ "methodName": "createRecord", "objectApiName": "Case", "Subject": "Billing", "IsEscalated": "true" }),
        json!({ "methodName": "updateRecord", "objectApiName": "Contact", "recordId": contact, "Title": "42" }),
        json!({ "methodName": "phoneLookup", "phone": "+12065550100" }),
    ];
    for parameters in &calls {
        reply(&center, parameters.clone()).await;
    }
    let (requests, connections) = (center.org().requests().len(), center.org().connections());
    let aws = center.aws().requests().len();
    for parameters in &calls {
        reply(&center, parameters.clone()).await;
    }
    assert_eq!(center.org().requests().len(), requests + calls.len(), "one each");
    assert_eq!((center.org().connections(), center.aws().requests().len()), (connections, aws));
    let cases = center.org().records("Case").unwrap();
    assert!(cases.iter().all(|case| case["IsEscalated"] == json!(true)), "a checkbox gets a boolean");
    let contact = &center.org().records("Contact").unwrap()[0];
    assert_eq!(contact["Title"], json!("42"), "a text field gets text");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_too_long_for_a_url_is_sent_another_way() {
    let center = center().await;
    center.org().insert("Contact", json!({ "LastName": "Caller" })).unwrap();
    let names: Vec<String> =
        (0..2_000).map(|number| format!("not-{number:06}")).chain(["Caller".to_owned()]).collect();
    let found = reply(
        &center,
        json!({
            "methodName": "queryRecord",
            "soql": "SELECT LastName FROM Contact WHERE LastName IN {names}",
            "names": serde_json::to_string(&names).unwrap(),
        }),
    )
    .await;
    assert_eq!(found["LastName"], "Caller");
    assert_eq!(center.org().request_count(Operation::Composite), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_session_is_renewed_within_the_invocation() {
    let center = center().await;
    reply(&center, open_case("first")).await;
    center.org().revoke_sessions().unwrap();
    reply(&center, open_case("second")).await;
    assert_eq!(center.org().request_count(Operation::Token), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_api_allowance_runs_out_flows_are_told_and_what_can_wait_is_not_sent() {
    let center = center().await;
    let status = json!({ "methodName": "fetchUploadIdsStatus", "uploadIds": "0aa000000000001" });
    center.org().set_api_allowance(9_700, 10_000);
    reply(&center, open_case("a caller cannot wait")).await;
    let before = center.org().requests().len();
    let (error_type, text) = error(&center, status).await;
    assert_eq!(error_type, "ApiAllowanceLow", "{text}");
    assert_eq!(center.org().requests().len(), before, "not sent: {text}");
    center.org().set_api_allowance(10_000, 10_000);
    let (error_type, text) = error(&center, open_case("too much")).await;
    assert_eq!(error_type, "SalesforceThrottled", "{text}");
    assert!(text.contains("REQUEST_LIMIT_EXCEEDED"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_of_the_deployment_decides() {
    let center = center_with(&[("SOBJECT_POLICY", "Case:create,read;Contact:read")]).await;
    let case = center.org().insert("Case", json!({ "Subject": "Billing" })).unwrap();
    for allowed in [
        json!({ "methodName": "createRecord", "objectApiName": "Case", "Subject": "x" }),
        json!({ "methodName": "queryRecord", "soql": "SELECT Id, Contact.LastName FROM Case" }),
    ] {
        reply(&center, allowed).await;
    }
    let records =
        |center: &Center| (center.org().records("Case").unwrap(), center.org().records("Account").unwrap());
    let before = records(&center);
    for refused in [
        json!({ "methodName": "updateRecord", "objectApiName": "Case", "recordId": case, "Subject": "y" }),
        json!({ "methodName": "deleteRecord", "objectApiName": "case", "recordId": case }),
        json!({ "methodName": "createRecord", "objectApiName": "Account", "Name": "x" }),
        json!({ "methodName": "queryRecord", "soql": "SELECT Contact.Account.Name FROM Case" }),
        json!({ "methodName": "queryRecord", "soql": "SELECT Id, (SELECT Id FROM Opportunities) FROM Account" }),
        json!({ "methodName": "searchRecord", "sosl": "FIND {Billing} RETURNING Account(Id)" }),
    ] {
        let (error_type, text) = error(&center, refused.clone()).await;
        assert_eq!(error_type, "NotAllowed", "{refused}: {text}");
    }
    assert_eq!(records(&center), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_sample_gets_a_reply_or_a_typed_error_whatever_salesforce_does() {
    let center = center().await;
    let samples: Vec<Value> = std::fs::read_dir(crate::support::root().join("events/salesforce-rest"))
        .unwrap()
        .map(|sample| event(&format!("salesforce-rest/{}", sample.unwrap().file_name().to_str().unwrap())))
        .collect();
    for fault in [None, Some(503), Some(400), Some(401), Some(404), Some(429)] {
        if let Some(status) = fault {
            center.org().faults().add(Fault::status(Route::Any, status));
        }
        for sample in &samples {
            let invocation = center.host().invoke(REST, sample).await.unwrap();
            match invocation.reply {
                Ok(reply) => assert!(
                    reply
                        .as_object()
                        .unwrap()
                        .values()
                        .all(|value| value.is_string() || reply["statusCode"] == 200),
                    "flat text: {reply}"
                ),
                Err(error) => assert!(!error.error_type.contains("Panic"), "{error}"),
            }
        }
        center.org().faults().clear();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_of_a_custom_object_is_deleted_where_the_policy_says_so_and_twice_is_as_good_as_once() {
    let center = center_with(&[("SOBJECT_POLICY", "*:read;Reminder__c:read,delete")]).await;
    let reminder = center.org().insert("Reminder__c", json!({ "Text__c": "Call back" })).unwrap();
    for _ in 0..2 {
        let parameters =
            json!({ "methodName": "deleteRecord", "objectApiName": "Reminder__c", "recordId": reminder });
        assert_eq!(reply(&center, parameters).await["success"], "true");
    }
    assert!(center.org().records("Reminder__c").unwrap().is_empty());
}

/// Every block of docs/crud.md that invokes the function, in the order of the page, with what a flow would have there.
#[tokio::test(flavor = "multi_thread")]
async fn every_recipe_of_the_docs_works_as_it_stands() {
    let center = center_with(&[("SOBJECT_POLICY", "Reminder__c:read,delete;*:create,read,update")]).await;
    let insert = |object: &str, fields: Value| center.org().insert(object, fields).unwrap();
    let account = insert("Account", json!({ "Name": "Company", "Phone": "(206) 555-0100" }));
    let contact =
        insert("Contact", json!({ "LastName": "Caller", "Phone": "+12065550100", "AccountId": account }));
    let case = insert("Case", json!({ "Subject": "Lost card", "ContactId": contact }));
    let reminder = insert("Reminder__c", json!({ "Text__c": "Call back" }));
    let mut call = event("voice-call/create-voice-call.json");
    call["Details"]["ContactData"]["ContactId"] = json!("the-contact");
    let voice_call = crate::support::reply(&center, call).await["voiceCallId"].clone();
    let here = json!({
        "$.CustomerEndpoint.Address": "+12065550100",
        "$.StoredCustomerInput": "02134",
        "$.Lex.Slots.name": "Caller",
        "$.Attributes.reason": "It's \"my\" bill",
        "$.Attributes.voiceCallId": voice_call,
        "$.Attributes.caseId": case,
        "$.Attributes.accountId": account,
        "$.Attributes.contactRecordId": contact,
        "$.Attributes.reminderId": reminder,
    });
    let page = std::fs::read_to_string(crate::support::root().join("docs/crud.md")).unwrap();
    let blocks = page.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut recipes = 0;
    for block in blocks.map(|block| serde_json::from_str::<Value>(block).unwrap()) {
        if block["Type"] != "InvokeLambdaFunction" {
            continue;
        }
        let mut parameters = block["Parameters"]["LambdaInvocationAttributes"].clone();
        for value in parameters.as_object_mut().unwrap().values_mut() {
            if value.as_str().unwrap().starts_with("$.") {
                *value = here[value.as_str().unwrap()].clone();
                assert!(!value.is_null(), "{block}: nothing stands in for a reference");
            }
        }
        let reply = reply(&center, parameters).await;
        let found = ["recordId", "totalSize", "success", "Id"].iter().find_map(|key| reply[*key].as_str());
        assert!(found.is_some_and(|found| !["0", "false"].contains(&found)), "{block}: {reply}");
        recipes += 1;
    }
    assert!(recipes > 8, "{recipes}");
    let account = &center.org().records("Account").unwrap()[0];
    let employees = &account["NumberOfEmployees"];
    assert_eq!((account.text("BillingPostalCode"), employees.as_i64()), (Some("02134"), Some(42)));
}
