//! The sample events through the function: what is sent to Salesforce, and what the flow gets.

mod org;
mod policy;
mod trouble;

use lambda_kit::flow::FlowError;
use std::fmt::Write;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use stage::{Stage, event, event_names, soon};

use self::org::{GENEROUS, app, sent, willing};
use super::*;

/// What the flow gets, in a line.
fn outcome(result: Result<Value, HandlerError>) -> String {
    result.map_or_else(|e| format!("{}: {e}", e.kind()), |reply| reply.to_string())
}

/// An invocation by the sample contact with these parameters.
fn with_parameters(parameters: Value) -> Value {
    let mut event = event("salesforce-rest/open-case.json").unwrap();
    event["Details"]["Parameters"] = parameters;
    event
}

#[tokio::test]
async fn each_sample_sends_this_to_salesforce_and_replies_that_to_the_flow() {
    let mut story = String::new();
    for name in event_names("salesforce-rest").unwrap() {
        let stage = willing().await;
        stage.add_call_center("Center_Two").unwrap();
        let event = event(&format!("salesforce-rest/{name}")).unwrap();
        let result = app(&stage, GENEROUS).handle(event, soon()).await;
        writeln!(story, "# {name}").unwrap();
        for line in sent(&stage).await {
            writeln!(story, "{line}").unwrap();
        }
        writeln!(story, "-> {}\n", outcome(result)).unwrap();
    }
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn every_method_has_a_sample_and_every_reply_is_a_flat_map_of_strings() {
    let mut seen = Vec::new();
    for name in event_names("salesforce-rest").unwrap().into_iter().filter(|name| name != "warm-up.json") {
        let stage = willing().await;
        let event = event(&format!("salesforce-rest/{name}")).unwrap();
        seen.push(event["Details"]["Parameters"]["methodName"].clone());
        if let Ok(Value::Object(reply)) = app(&stage, GENEROUS).handle(event, soon()).await {
            assert!(
                reply.values().all(|value| value.as_str().is_some_and(|text| !text.is_empty())),
                "{name}: {reply:?}"
            );
        }
    }
    for method in Method::ALL {
        assert!(seen.contains(&json!(method.name())), "no sample for {}", method.name());
    }
}

#[tokio::test]
async fn a_warm_invocation_is_one_request_to_salesforce_and_none_to_aws() {
    let mut warm = 0;
    for name in event_names("salesforce-rest").unwrap() {
        let stage = willing().await;
        let app = app(&stage, "*:create,read,update,delete");
        let mut event = event(&format!("salesforce-rest/{name}")).unwrap();
        // One page is one request.
        event["Details"]["Parameters"]["maxRecords"] = json!("2");
        if app.handle(event.clone(), soon()).await.is_err() {
            continue;
        }
        let (requests, aws) =
            (stage.salesforce.received_requests().await.unwrap().len(), stage.aws.requests().len());
        app.handle(event, soon()).await.unwrap();
        let after = stage.salesforce.received_requests().await.unwrap().len();
        assert!(after - requests <= 1, "{name}: {} requests", after - requests);
        assert_eq!(stage.aws.requests().len(), aws, "{name}");
        warm += after - requests;
    }
    assert!(warm >= Method::ALL.len(), "{warm} samples end in a request");
}

#[tokio::test]
async fn a_contact_of_another_call_center_is_looked_up_in_its_own_org() {
    let stage = willing().await;
    stage.add_call_center("Center_Two").unwrap();
    let app = app(&stage, GENEROUS);
    let mut event = with_parameters(json!({ "methodName": "fetchOutboundPhoneNumber", "agentARN": "a" }));
    event["Details"]["ContactData"]["Attributes"]["secretName"] = json!("Center_Two-salesforce-secret");
    app.handle(event.clone(), soon()).await.unwrap();
    assert!(sent(&stage).await[0].contains("InternalName = 'Center_Two'"));
    event["Details"]["Parameters"]["secretName"] = json!("Main-salesforce-secret");
    app.handle(event.clone(), soon()).await.unwrap();
    assert!(sent(&stage).await[1].contains("InternalName = 'Main'"), "the parameter comes first");
    event["Details"]["Parameters"]["secretName"] = json!("production/database");
    let error = app.handle(event, soon()).await.unwrap_err();
    assert!(error.to_string().contains("ALLOWED_SECRETS"), "{error}");
    assert_eq!(sent(&stage).await.len(), 2);
}

#[tokio::test]
async fn an_idempotent_create_takes_the_parameter_of_that_name_or_the_contact() {
    let stage = willing().await;
    let app = app(&stage, GENEROUS);
    let mut event = event("salesforce-rest/open-case.json").unwrap();
    let contact_id = event["Details"]["ContactData"]["ContactId"].as_str().unwrap().to_owned();
    app.handle(event.clone(), soon()).await.unwrap();
    event["Details"]["Parameters"]["amazonconnectcontactid__c"] = json!("order-7");
    app.handle(event.clone(), soon()).await.unwrap();
    event["Details"]["Parameters"]["amazonconnectcontactid__c"] = json!("");
    event["Details"].as_object_mut().unwrap().remove("ContactData");
    let error = app.handle(event, soon()).await.unwrap_err();
    assert_eq!(error.kind(), "MissingParameter");
    let sent = sent(&stage).await;
    assert_eq!(sent.len(), 2);
    assert!(
        sent[0].starts_with(&format!("PATCH /sobjects/Case/AmazonConnectContactId__c/{contact_id} ")),
        "{}",
        sent[0]
    );
    assert!(sent[1].starts_with("PATCH /sobjects/Case/AmazonConnectContactId__c/order-7 "), "{}", sent[1]);
    assert!(!sent[1].contains("amazonconnectcontactid__c"), "{}", sent[1]);
}

#[tokio::test]
async fn a_withheld_number_is_not_taken_for_that_of_whoever_has_none() {
    let stage = willing().await;
    let soql = "SELECT Id FROM Contact WHERE Phone = '{phone}'";
    let sosl = "FIND {{phone}} IN PHONE FIELDS RETURNING Contact";
    for parameters in [
        json!({ "methodName": "queryRecord", "soql": soql, "phone": "" }),
        json!({ "methodName": "queryRecords", "soql": soql, "phone": null }),
        json!({ "methodName": "searchRecord", "sosl": sosl, "phone": "" }),
    ] {
        let error = app(&stage, GENEROUS).handle(with_parameters(parameters), soon()).await.unwrap_err();
        assert_eq!(error.kind(), "MissingParameter", "{error}");
    }
    assert!(sent(&stage).await.is_empty());
}

#[tokio::test]
async fn what_a_query_names_like_a_key_of_the_reply_stays_what_the_query_means() {
    let stage = Stage::new().await.unwrap();
    let row = org::record("AggregateResult", json!({ "totalSize": 42, "Status": "New" }));
    let query = wiremock::Mock::given(wiremock::matchers::path(format!("{}/query", stage::REST_BASE)));
    let page = org::ok(json!({ "totalSize": 1, "done": true, "records": [row] }));
    query.respond_with(page).mount(&stage.salesforce).await;
    org::be_willing(&stage).await;
    let soql = "SELECT Status, COUNT(Id) totalSize FROM Case GROUP BY Status";
    let event = with_parameters(json!({ "methodName": "queryRecord", "soql": soql }));
    let reply = app(&stage, GENEROUS).handle(event, soon()).await.unwrap();
    assert_eq!(reply, json!({ "Status": "New", "totalSize": "42" }));
}

#[tokio::test]
async fn rows_that_do_not_fit_are_left_out_whole() {
    let stage = Stage::new().await.unwrap();
    let row = |number: usize| org::record("Case", json!({ "Id": number, "Comments": "\"é".repeat(1_000) }));
    let rows: Vec<Value> = (0..40).map(row).collect();
    let page = org::ok(json!({ "totalSize": 5_000, "done": true, "records": rows }));
    let query = wiremock::Mock::given(wiremock::matchers::path(format!("{}/query", stage::REST_BASE)));
    query.respond_with(page).mount(&stage.salesforce).await;
    org::be_willing(&stage).await;
    let parameters =
        json!({ "methodName": "queryRecords", "soql": "SELECT Id, Comments FROM Case", "onError": "reply" });
    let reply = app(&stage, GENEROUS).handle(with_parameters(parameters), soon()).await.unwrap();
    assert!(reply.to_string().len() < 32_000);
    assert_eq!(
        (&reply["truncated"], &reply["totalSize"], &reply["success"]),
        (&json!("true"), &json!("5000"), &json!("true"))
    );
    let count: usize = reply["count"].as_str().unwrap().parse().unwrap();
    assert!(count > 5);
    for number in 0..40 {
        let has = |field: &str| reply.get(format!("records.{number}.{field}")).is_some();
        assert_eq!((has("Id"), has("Comments")), (number < count, number < count), "{number}");
    }
}

#[tokio::test]
async fn a_megabyte_of_text_is_sent_or_refused_like_any_other() {
    let stage = willing().await;
    let app = app(&stage, GENEROUS);
    let text = "x".repeat(1 << 20);
    app.handle(
        with_parameters(json!({ "methodName": "createRecord", "objectApiName": "Case", "Subject": text })),
        soon(),
    )
    .await
    .unwrap();
    for parameters in [
        json!({ "methodName": text }),
        json!({ "methodName": "queryRecord", "soql": text }),
        json!({ "methodName": "createRecord", "objectApiName": text }),
        json!({ "methodName": "createRecord", "objectApiName": "Case", text.clone(): "x" }),
        json!({ "methodName": "phoneLookup", "in": text }),
    ] {
        let error = app.handle(with_parameters(parameters), soon()).await.unwrap_err();
        assert!(error.to_string().len() < 600, "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_event_makes_the_function_panic_or_sends_its_text_into_an_error(event in events()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let stage = willing().await;
            let deadline = Instant::now() + Duration::from_secs(20);
            if let Err(e) = app(&stage, "Account:;*:read,create,update,delete").handle(event, deadline).await {
                assert!(!format!("{e} {e:?}").contains("+1206555"), "{e}");
            }
        });
    }
}

/// Invocations with arbitrary JSON in their places.
fn events() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z+0-9]{0,12}",
        Just("+12065550123".to_owned()),
        Just("SELECT Id, Account.Name FROM Contact WHERE Phone = {a}".to_owned()),
        Just("FIND {a} RETURNING Contact".to_owned()),
        Just("Case".to_owned()),
        Just(org::CASE.to_owned()),
        any::<String>()
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    let json = leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[A-Za-z]{0,10}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    });
    let names = vec![
        "objectApiName",
        "recordId",
        "soql",
        "sosl",
        "records",
        "fields",
        "in",
        "phone",
        "q",
        "objects",
        "a",
        "Subject",
        "externalIdField",
        "externalId",
        "idempotencyField",
        "textFields",
        "uploadIds",
        "contactIdsPayloadMap",
        "agentARN",
        "maxRecords",
        "canWait",
        "onError",
    ];
    let method = prop::sample::select(Method::ALL.to_vec()).prop_map(Method::name);
    let parameters = prop::collection::btree_map(prop::sample::select(names), json.clone(), 0..8);
    (method, parameters, json).prop_map(|(method, parameters, contact)| {
        let mut parameters: serde_json::Map<String, Value> =
            parameters.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        parameters.insert("methodName".to_owned(), json!(method));
        json!({ "Details": { "ContactData": contact, "Parameters": parameters } })
    })
}
