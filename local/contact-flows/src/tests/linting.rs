//! What the linter finds.

use std::fmt::Write;

use serde_json::json;

use super::support::{EIGHT, action, end, flow_of, one, one_with, read, sample, samples};
use crate::{Flow, Functions, Library, Severity, lint};

fn findings(flow: &Flow) -> Vec<String> {
    let found = lint(flow, &Library::new(), &Functions::of_the_suite());
    found.into_iter().map(|finding| format!("{:?}: {}", finding.severity, finding.sentence)).collect()
}

#[test]
fn findings_about_the_eight_flows() {
    let (library, functions) = (samples(), Functions::of_the_suite());
    let mut report = String::new();
    for name in EIGHT {
        writeln!(report, "# {name}").unwrap();
        for finding in lint(&sample(name), &library, &functions) {
            assert_eq!(finding.place.file, format!("{name}.json"));
            writeln!(report, "{finding}").unwrap();
        }
    }
    insta::assert_snapshot!(report);
}

#[test]
fn a_whole_flow_has_no_findings() {
    let flow = one(
        "InvokeLambdaFunction",
        json!({
            "LambdaFunctionARN": "arn:aws:lambda:us-west-2:123456789012:function:Center-InvokeSalesforceRestApiFunction:active",
            "InvocationTimeLimitSeconds": "8",
            "LambdaInvocationAttributes": {"methodName": "queryRecord", "phone": "$.CustomerEndpoint.Address",
                "soql": "SELECT Id FROM Contact WHERE Phone = {phone}"},
        }),
    );
    assert_eq!(findings(&flow), Vec::<String>::new());
}

#[test]
fn unreachable_blocks_and_branches_to_nowhere() {
    let flow = read(&flow_of(&json!([
        action("a", "TransferContactToQueue", json!({}), "gone"),
        end("failed"),
        end("alone")
    ])));
    assert_eq!(
        findings(&flow),
        [
            "Error: the branch NextAction leads to gone, which the flow does not have",
            "Error: it has no branch for QueueAtCapacity",
            "Warning: nothing leads here, so the block never runs",
        ]
    );
}

#[test]
fn ways_out_that_must_be_there() {
    let hours = json!({"Identifier": "it", "Type": "CheckHoursOfOperation", "Parameters": {},
        "Transitions": {"Conditions": [
            {"NextAction": "done", "Condition": {"Operator": "Equals", "Operands": ["True"]}},
            {"NextAction": "failed", "Condition": {"Operator": "Equals", "Operands": ["True"]}},
            {"NextAction": "failed", "Condition": {"Operator": "Equals", "Operands": [""]}}]}});
    assert_eq!(
        findings(&one_with(hours)),
        [
            "Error: it has no NextAction",
            "Error: it has no branch for NoMatchingError",
            "Error: it has no condition for the result False",
            "Error: Conditions[2] does not have exactly one operand that is not empty",
            "Warning: Conditions[1] is the same as one before it, so it never holds",
        ]
    );
    let end = json!({"Identifier": "it", "Type": "EndFlowExecution", "Transitions": {"NextAction": "done"}});
    let flow = read(&flow_of(&json!([end, super::support::end("done")])));
    assert_eq!(
        findings(&flow),
        ["Error: the flow ends with EndFlowExecution, so its branches are never taken"]
    );
}

#[test]
fn functions_that_are_not_there_and_parameters_that_they_refuse() {
    let invoke = |name: &str, attributes| {
        findings(&one(
            "InvokeLambdaFunction",
            json!({"LambdaFunctionARN": name, "InvocationTimeLimitSeconds": "8",
            "LambdaInvocationAttributes": attributes}),
        ))
    };
    let rest = "InvokeSalesforceRestApiFunction";
    let telephony = "InvokeTelephonyIntegrationApiFunction";
    assert_eq!(
        invoke("arn:aws:lambda:us-west-2:1:function:other", json!({})),
        ["Error: no function here is meant by arn:aws:lambda:us-west-2:1:function:other"]
    );
    assert_eq!(invoke(rest, json!({})), ["Error: InvokeSalesforceRestApiFunction is not told what to do"]);
    assert_eq!(
        invoke(rest, json!({"methodName": "createVoiceCall"})),
        ["Error: InvokeSalesforceRestApiFunction has no method createVoiceCall"]
    );
    assert_eq!(
        invoke(rest, json!({"methodName": "updateRecord", "objectApiName": "Case"})),
        ["Error: updateRecord needs the parameter recordId or records"]
    );
    assert_eq!(
        invoke(telephony, json!({"methodName": "routeVoiceCall", "routingTarget": ""})),
        ["Error: routeVoiceCall needs the parameter routingTarget"]
    );
    assert_eq!(
        invoke(
            rest,
            json!({"methodName": "queryRecord", "soql": "SELECT Id FROM Case WHERE Phone = {phone:text}"})
        ),
        ["Error: soql has the placeholder phone, but there is no such parameter"]
    );
    assert_eq!(
        invoke(
            rest,
            json!({"methodName": "queryRecord", "soql": "SELECT Id FROM Case WHERE Phone = '$.CustomerId'"})
        ),
        ["Warning: soql has $.CustomerId pasted into it, so that its value can change the query"]
    );
    // What is known only when the flow runs is not judged.
    assert!(
        invoke("$.Attributes.arn", json!({})).iter().all(|found| found.contains("never set in this flow"))
    );
    assert_eq!(invoke(rest, json!({"methodName": "$.Queue.Name"})), Vec::<String>::new());
    assert_eq!(invoke(rest, json!({"$.Queue.Name": "createRecord"})), Vec::<String>::new());
}

#[test]
fn values_that_are_read_before_they_are_set() {
    let say =
        |id: &str, text: &str, next: &str| action(id, "MessageParticipant", json!({"Text": text}), next);
    let set = |id: &str, next: &str| {
        action(id, "UpdateContactAttributes", json!({"Attributes": {"tier": "gold"}}), next)
    };
    let compare = json!({"Identifier": "vip", "Type": "Compare", "Parameters": {"ComparisonValue": "$.Channel"},
        "Transitions": {"NextAction": "say", "Conditions": [
            {"NextAction": "set", "Condition": {"Operator": "Equals", "Operands": ["VOICE"]}}],
            "Errors": [{"ErrorType": "NoMatchingCondition", "NextAction": "say"}]}});
    let flow = |actions| read(&flow_of(&actions));

    let sometimes = flow(json!([
        compare,
        set("set", "say"),
        say("say", "You are $.Attributes.tier", "failed"),
        end("failed")
    ]));
    assert_eq!(findings(&sometimes), ["Warning: $.Attributes.tier is not set on every way here"]);
    let always =
        flow(json!([set("set", "say"), say("say", "You are $.Attributes.tier", "failed"), end("failed")]));
    assert_eq!(findings(&always), Vec::<String>::new());
    let before =
        flow(json!([say("say", "You are $.Attributes.tier", "set"), set("set", "failed"), end("failed")]));
    assert_eq!(findings(&before), ["Error: $.Attributes.tier is read before it is set"]);
    let never = flow(json!([say("say", "You are $.Attributes.tier", "failed"), end("failed")]));
    assert_eq!(findings(&never), ["Note: $.Attributes.tier is never set in this flow"]);

    // An earlier flow of the library sets it.
    let mut library = Library::new();
    library.add(
        Flow::from_value(&flow_of(&json!([set("set", "failed"), end("failed")])), "first.json").unwrap(),
    );
    assert!(lint(&never, &library, &Functions::default()).is_empty());

    let external = flow(json!([
        say(
            "say",
            "$.External.name $.StoredCustomerInput $.Metrics.Queue.Size $.FlowAttributes.a $.Foo.bar",
            "failed"
        ),
        end("failed")
    ]));
    assert_eq!(
        findings(&external),
        [
            "Error: $.External.name is read before any function was invoked",
            "Error: $.StoredCustomerInput is read before anything was stored",
            "Error: $.Metrics.Queue.Size is read before anything was stored",
            "Error: $.FlowAttributes.a is read before it is set",
            "Warning: $.Foo.bar is nothing that Amazon Connect documents",
        ]
    );
}

#[test]
fn what_an_earlier_flow_loaded_may_be_read() {
    let invoke = json!({"LambdaFunctionARN": "kvsConsumerTrigger", "InvocationTimeLimitSeconds": "3"});
    let go = |id: &str, to: &str| action(id, "TransferToFlow", json!({"ContactFlowId": to}), "failed");
    let flow = |name: &str, actions| Flow::from_value(&flow_of(&actions), name).unwrap();
    let first = flow(
        "first.json",
        json!([action("it", "InvokeLambdaFunction", invoke, "go"), go("go", "second"), end("failed")]),
    );
    let second = flow("second.json", json!([go("go", "third"), end("failed")]));
    let say = action("say", "MessageParticipant", json!({"Text": "$.External.name"}), "failed");
    let third = flow("third.json", json!([say, end("failed")]));
    assert_eq!(findings(&third), ["Error: $.External.name is read before any function was invoked"]);
    let mut library = Library::new();
    [first, second].into_iter().for_each(|flow| library.add(flow));
    library.add(third.clone());
    assert_eq!(lint(&third, &library, &Functions::of_the_suite()), []);
}

#[test]
fn an_answer_is_read_where_the_function_may_have_failed() {
    let invoke = json!({"LambdaFunctionARN": "kvsConsumerTrigger", "InvocationTimeLimitSeconds": "3"});
    let say = action("failed", "MessageParticipant", json!({"Text": "$.External.lambdaResult"}), "end");
    let flow =
        read(&flow_of(&json!([action("it", "InvokeLambdaFunction", invoke, "failed"), say, end("end")])));
    assert_eq!(
        findings(&flow),
        ["Warning: $.External.lambdaResult is read where the function may not have answered"]
    );
}

#[test]
fn flows_that_are_not_here_encryption_and_what_is_not_acted_upon() {
    let transfer = findings(&one(
        "TransferToFlow",
        json!({"ContactFlowId": "arn:aws:connect:us-west-2:1:instance/x/contact-flow/y", "Extra": {"a": 1}}),
    ));
    assert_eq!(
        transfer,
        [
            "Note: the flow arn:aws:connect:us-west-2:1:instance/x/contact-flow/y is not here",
            "Note: nothing here acts upon Extra",
        ]
    );
    let input = json!({"InputTimeLimitSeconds": "5", "StoreInput": "True",
        "InputValidation": {"CustomValidation": {"MaximumLength": "20"}},
        "InputEncryption": {"EncryptionKeyId": "id", "Key": "key"}});
    assert_eq!(
        findings(&one("GetParticipantInput", input)),
        ["Note: the input is encrypted with a key of the instance, which is not done here"]
    );
}

#[test]
fn the_worst_comes_first() {
    for name in EIGHT {
        let found = lint(&sample(name), &samples(), &Functions::default());
        let severities: Vec<Severity> = found.iter().map(|finding| finding.severity).collect();
        assert!(severities.is_sorted(), "{name}");
    }
}

/// The first column of the table of methods in a function's README.
fn methods_of(folder: &str) -> Vec<String> {
    let file = format!("{}/../../functions/{folder}/README.md", env!("CARGO_MANIFEST_DIR"));
    let read_me = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{file}: {e}"));
    let table = read_me.split("| `methodName` |").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows = table.lines().filter_map(|row| row.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap().to_owned()).collect()
}

#[test]
fn the_methods_are_those_of_the_functions() {
    for (folder, logical_id) in [
        ("voice-call", "InvokeTelephonyIntegrationApiFunction"),
        ("salesforce-rest", "InvokeSalesforceRestApiFunction"),
    ] {
        let documented = methods_of(folder);
        assert!(documented.len() >= 10, "{folder}: {documented:?}");
        let unknown = documented.iter().filter(|method| {
            let invocation = json!({"LambdaFunctionARN": logical_id, "InvocationTimeLimitSeconds": "8",
                "LambdaInvocationAttributes": {"methodName": method}});
            findings(&one("InvokeLambdaFunction", invocation))
                .iter()
                .any(|found| found.contains("has no method"))
        });
        assert_eq!(unknown.collect::<Vec<_>>(), Vec::<&String>::new(), "{folder}");
    }
}

#[test]
fn a_block_that_waits_less_than_its_function_works() {
    let invocation = json!({"LambdaFunctionARN": "InvokeSalesforceRestApiFunction", "InvocationTimeLimitSeconds": "3",
        "LambdaInvocationAttributes": {"methodName": "phoneLookup"}});
    let found = findings(&one("InvokeLambdaFunction", invocation));
    assert!(matches!(found.as_slice(), [only] if only.starts_with("Note: the block waits 3 s")), "{found:?}");
}
