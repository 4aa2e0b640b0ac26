//! What is refused while a flow is read, and how that is said.

use serde_json::{Value, json};

use super::support::{end, flow_of, one, sample_text};
use crate::{Flow, ReadError};

fn problems(value: &Value) -> Vec<String> {
    let error = Flow::from_value(value, "flow.json").unwrap_err();
    error.problems().iter().map(ToString::to_string).collect()
}

#[test]
fn everything_that_is_not_understood_is_named_at_once() {
    let actions = json!([
        {"Identifier": "a", "Type": "PlayMusic", "Parameters": {}, "Transitions": {"NextAction": "b"}},
        {"Identifier": "b", "Type": "Compare", "Transitions": {"Conditions": [{"Condition": {"Operator": "Like", "Operands": [{}]}}]}},
        {"Identifier": "c", "Type": "InvokeLambdaFunction", "Parameters": {"LambdaFunctionARN": "f", "InvocationTimeLimitSeconds": "9"}},
        {"Type": "DisconnectParticipant"},
        {"Identifier": "e", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "q", "AgentId": "a"}},
        {"Identifier": "f", "Type": "MessageParticipant", "Parameters": {"Text": "a", "SSML": "b"}},
    ]);
    insta::assert_snapshot!(problems(&flow_of(&actions)).join("\n"));
}

#[test]
fn identifiers_are_unique_and_the_start_is_one() {
    let twice = flow_of(&json!([end("a"), end("a")]));
    assert_eq!(problems(&twice), ["flow.json a (at Actions[1]): another action has the same Identifier"]);
    let mut nowhere = flow_of(&json!([end("a")]));
    nowhere["StartAction"] = json!("b");
    assert_eq!(
        problems(&nowhere),
        ["flow.json (at StartAction): no action has the identifier that the flow starts with"]
    );
}

#[test]
fn what_is_no_flow_is_said_to_be_none() {
    assert!(matches!(Flow::read("{", "flow.json").unwrap_err(), ReadError::NotJson { .. }));
    assert_eq!(
        problems(&json!({"steps": []})),
        [
            "flow.json: this is no flow: it has neither Actions (the flow language) nor modules (the old export)"
        ]
    );
    assert_eq!(
        problems(&json!({"Version": "2020-01-01", "Actions": []})),
        ["flow.json: its Version is not 2019-10-30, the only one that Amazon Connect writes"]
    );
}

#[test]
fn a_described_flow_knows_its_name_and_arn() {
    let described = json!({"ContactFlow": {"Arn": "arn:aws:connect:us-west-2:1:instance/i/contact-flow/f1", "Name": "Inbound",
        "Type": "CONTACT_FLOW", "Content": sample_text("inbound")}});
    let flow = Flow::from_value(&described, "described.json").unwrap();
    assert_eq!((flow.title(), flow.kind.as_deref()), ("Inbound", Some("CONTACT_FLOW")));
    let mut library = crate::Library::new();
    library.add(flow);
    for name in ["f1", "Inbound", "described", "arn:aws:connect:eu-west-1:2:instance/x/contact-flow/f1"] {
        assert!(matches!(library.resolve(name, None), crate::Resolved::Flow(_)), "{name}");
    }
}

#[test]
fn names_and_positions_of_the_designer_are_kept() {
    let flow = Flow::read(&sample_text("inbound"), "inbound.json").unwrap();
    let transfer = flow.block("60372a47-1331-4e8f-82d9-eecfd43396a6").unwrap();
    assert_eq!(
        transfer.named.as_deref(),
        Some("Sample SCV Omni-Channel Subflow - Basic Routing with Case Creation")
    );
    assert_eq!(transfer.position, Some(crate::Position { x: 1936.0, y: 21.6 }));
    // A flow without positions is laid out in layers.
    let graph = crate::graph(&one("MessageParticipant", json!({"Text": "x"})));
    let at: Vec<(f64, f64)> = graph.nodes.iter().map(|node| (node.position.x, node.position.y)).collect();
    assert_eq!(at, [(0.0, 0.0), (260.0, 0.0), (260.0, 160.0)]);
    let labels: Vec<&str> = graph.edges.iter().map(|edge| edge.label.as_str()).collect();
    assert_eq!(labels, ["", "NoMatchingError"]);
}

#[test]
fn deep_and_odd_parameters_are_refused() {
    let mut deep = json!("x");
    for _ in 0..100 {
        deep = json!([deep]);
    }
    let criteria = json!([{"Identifier": "a", "Type": "UpdateContactRoutingCriteria", "Parameters": {"RoutingCriteria": deep}}]);
    assert_eq!(
        problems(&flow_of(&criteria)),
        [
            "flow.json: UpdateContactRoutingCriteria a (at Actions[0].Parameters.RoutingCriteria): is nested more than 32 deep"
        ]
    );
    let hooks = json!([{"Identifier": "a", "Type": "UpdateContactEventHooks", "Parameters": {"EventHooks": {"Lunch": "f"}}}]);
    assert_eq!(problems(&flow_of(&hooks)).len(), 1);
    let loops = json!([{"Identifier": "a", "Type": "Loop", "Parameters": {"LoopCount": "101"}}]);
    assert_eq!(
        problems(&flow_of(&loops)),
        ["flow.json: Loop a (at Actions[0].Parameters.LoopCount): expected a whole number from 0 to 100"]
    );
}
