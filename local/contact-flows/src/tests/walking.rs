//! How a run goes from block to block and from flow to flow, and where it stops.

use std::sync::Arc;

use serde_json::{Value, json};

use super::support::{action, asked, contact, end, flow_of, one, one_with, play_alone, read, run};
use crate::{Answer, Branch, Flow, Library, MOST_ACTIONS, RunError, Runner, Step};

fn named(name: &str, actions: &Value) -> Flow {
    Flow::from_value(&flow_of(actions), &format!("folder/{name}.json")).unwrap()
}

fn library(flows: Vec<Flow>) -> Arc<Library> {
    let mut library = Library::new();
    flows.into_iter().for_each(|flow| library.add(flow));
    Arc::new(library)
}

#[test]
fn a_passage_names_the_edge_of_the_graph() {
    let flow = one("MessageParticipant", json!({"Text": "Hello"}));
    let edges = crate::graph(&flow).edges;
    let mut runner = run(flow, contact());
    assert_eq!(runner.at().as_str(), "it");
    let Step::Passed(passage) = runner.step().unwrap() else { panic!() };
    let lit = edges.iter().find(|edge| {
        Some(&edge.from) == passage.place.action.as_ref() && Some(&edge.branch) == passage.branch.as_ref()
    });
    assert_eq!(lit.unwrap().to.as_str(), "done");
    assert_eq!(passage.place.to_string(), "flow.json: MessageParticipant it (at Actions[0])");
}

#[test]
fn a_question_stays_until_it_is_answered_with_what_fits() {
    let (mut runner, request) = asked(one("Wait", json!({"TimeLimitSeconds": "1"})), contact());
    assert_eq!(runner.step().unwrap(), Step::Asks(request));
    assert_eq!(
        runner.answer(Answer::Open(true)).unwrap_err().to_string(),
        "flow.json: Wait it (at Actions[0]): asked for wait, answered with Open"
    );
    runner.answer(Answer::Done).unwrap();
    assert!(matches!(runner.answer(Answer::Done), Err(RunError::NotAsked { .. })));
    assert!(matches!(runner.step().unwrap(), Step::Passed(_)));
}

#[test]
fn a_flow_goes_on_in_another() {
    let first = named(
        "first",
        &json!([
            action("set", "UpdateFlowAttributes", json!({"FlowAttributes": {"a": {"Value": "1"}}}), "go"),
            action(
                "go",
                "TransferToFlow",
                json!({"ContactFlowId": "arn:aws:connect:us-west-2:1:instance/i/contact-flow/second"}),
                "failed"
            ),
            end("failed")
        ]),
    );
    let second = named(
        "second",
        &json!([
            action("say", "MessageParticipant", json!({"Text": "[$.FlowAttributes.a]"}), "failed"),
            end("failed")
        ]),
    );
    let played = play_alone(Runner::start(&library(vec![first, second]), "first", contact()).unwrap());
    // Flow attributes stay in their flow.
    assert_eq!(played.passages[2].shown, [crate::Said::Text("[]".to_owned().into())]);
    assert_eq!(played.passages[1].enters.as_deref(), Some("second"));
    assert_eq!(played.passages[2].flow, "second");
}

#[test]
fn a_flow_that_is_not_there_stops_the_run_and_one_that_is_unavailable_fails() {
    let flow = one("TransferToFlow", json!({"ContactFlowId": "elsewhere"}));
    let error = run(flow.clone(), contact()).step().unwrap_err();
    assert_eq!(
        error.to_string(),
        "flow.json: TransferToFlow it (at Actions[0]): there is no flow elsewhere here; \
        put its export beside the others, or say which flow is meant by an alias"
    );
    let mut library = Library::new();
    library.add(flow);
    library.make_unavailable("elsewhere");
    let played = play_alone(Runner::start(&Arc::new(library), "flow", contact()).unwrap());
    assert_eq!(played.passages[0].branch, Some(Branch::Error("NoMatchingError".to_owned())));
    assert!(matches!(
        Runner::start(&Arc::new(Library::new()), "x", contact()),
        Err(RunError::UnknownFlow { .. })
    ));
}

#[test]
fn a_module_runs_and_comes_back_with_a_result() {
    let invoke = json!({"Identifier": "it", "Type": "InvokeFlowModule",
        "Parameters": {"FlowModuleId": "verify:$LATEST", "Input": {"caller": "$.CustomerEndpoint.Address"}},
        "Transitions": {"NextAction": "plain", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "failed"}],
            "Conditions": [{"NextAction": "say", "Condition": {"Operator": "Equals", "Operands": ["verified"]}}]}});
    let set = json!({"Identifier": "set", "Type": "UpdateFlowAttributes", "Parameters": {"FlowAttributes": {"mine": {"Value": "kept"}}},
        "Transitions": {"NextAction": "it"}});
    let say = action(
        "say",
        "MessageParticipant",
        json!({"Text": "$.Modules.Result $.Modules.ResultData.tier $.FlowAttributes.mine"}),
        "plain",
    );
    let main = named("main", &json!([set, invoke, say, end("plain"), end("failed")]));
    let module = |result: Value| {
        named(
            "verify",
            &json!([
        action("in", "MessageParticipant", json!({"Text": "$.Modules.Input.caller [$.FlowAttributes.mine]"}), "out"),
        {"Identifier": "out", "Type": "EndFlowModuleExecution", "Parameters": {"Result": result, "ResultData": {"tier": "gold"}}, "Transitions": {}},
        end("failed")]),
        )
    };
    let played = play_alone(
        Runner::start(&library(vec![main.clone(), module(json!("verified"))]), "main", contact()).unwrap(),
    );
    let said: Vec<_> = played.passages.iter().flat_map(|passage| &passage.shown).cloned().collect();
    let text = |text: &str| crate::Said::Text(text.to_owned().into());
    assert_eq!(said, [text("+12065550100 []"), text("verified gold kept")]);
    let back = played.passages.iter().find_map(|passage| passage.returned.as_deref()).unwrap();
    assert_eq!((back.branch.clone(), back.flow.as_str()), (Some(Branch::Condition(0)), "main"));
    // Without a result, and with one that nobody waits for, the module's block goes on.
    for result in [Value::Null, json!("other")] {
        let played = play_alone(
            Runner::start(&library(vec![main.clone(), module(result)]), "main", contact()).unwrap(),
        );
        assert_eq!(played.passages.last().unwrap().place.action.as_ref().unwrap().as_str(), "plain");
    }
}

#[test]
fn modules_nest_five_deep() {
    let recursive = named(
        "again",
        &json!([action("it", "InvokeFlowModule", json!({"FlowModuleId": "again"}), "failed"), end("failed")]),
    );
    let mut runner = Runner::start(&library(vec![recursive]), "again", contact()).unwrap();
    let error = std::iter::repeat_with(|| runner.step()).find_map(Result::err).unwrap();
    assert!(matches!(error, RunError::TooDeep { .. }));
}

#[test]
fn a_flow_in_circles_is_cut() {
    let flow = read(&flow_of(&json!([
        action("it", "MessageParticipant", json!({"Text": "again"}), "it"),
        end("failed")
    ])));
    let mut runner = run(flow, contact());
    for _ in 0..MOST_ACTIONS {
        runner.step().unwrap();
    }
    let stopped = runner.step().unwrap_err();
    assert!(matches!(stopped, RunError::TooManyActions { .. }));
    assert_eq!(runner.step().unwrap_err(), stopped);
}

#[test]
fn missing_branches_stop_the_run_with_their_place() {
    let no_next = json!({"Identifier": "it", "Type": "MessageParticipant", "Parameters": {"Text": "x"}, "Transitions": {}});
    let error = run(one_with(no_next), contact()).step().unwrap_err();
    assert_eq!(
        error.to_string(),
        "flow.json: MessageParticipant it (at Actions[0]): the action has no branch for NextAction, \
        and the flow cannot go on; connect it"
    );
    let gone = action("it", "MessageParticipant", json!({"Text": "x"}), "gone");
    assert!(matches!(run(one_with(gone), contact()).step(), Err(RunError::NoSuchAction { .. })));
    let no_error = json!({"Identifier": "it", "Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": "$.Attributes.none"},
        "Transitions": {"NextAction": "done"}});
    assert!(matches!(
        run(one_with(no_error), contact()).step(),
        Err(RunError::NoBranch { outcome: "NoMatchingError", .. })
    ));
}

#[test]
fn nothing_that_a_caller_or_a_function_said_is_in_debug() {
    let flow = one("MessageParticipant", json!({"Text": "Hello $.Attributes.secret"}));
    let mut state = contact();
    state.attributes.insert("secret".to_owned(), "classified".to_owned());
    let mut runner = run(flow, state);
    let step = runner.step().unwrap();
    let shown = format!("{step:?} {runner:?} {:?}", Answer::Keys("classified".to_owned()));
    assert!(!shown.contains("classified") && !shown.contains("+1206"), "{shown}");
}
