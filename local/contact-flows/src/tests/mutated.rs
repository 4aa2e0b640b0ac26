//! Whatever becomes of a flow's JSON: it is read or refused, linted and run, and nothing panics.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::{EIGHT, contact, sample_text, support_queue};
use crate::{Answer, Audio, Flow, Functions, Library, Request, Runner, Step, graph, lint};

/// What something in a flow may be replaced by.
fn replacement() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!("")),
        Just(json!([])),
        Just(json!({})),
        Just(json!("$.External.a['b")),
        Just(json!("$.Attributes.x$.Queue.ARN[0]$")),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(crate::Action::KINDS).prop_map(Value::from),
        prop::sample::select(&[
            "0",
            "1",
            "61",
            "True",
            "JSON",
            "ASYNCHRONOUS",
            "NumberLessThan",
            "QueueAtCapacity"
        ])
        .prop_map(|word| json!(word)),
        Just(json!({"Operator": "Equals", "Operands": ["True"]})),
    ]
}

/// What happens to the value at a place, counted over the whole tree.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    Remove,
    /// A copy of what is elsewhere.
    Copy(usize),
}

fn change() -> impl Strategy<Value = (usize, Change)> {
    let what = prop_oneof![
        replacement().prop_map(Change::Replace),
        Just(Change::Remove),
        any::<usize>().prop_map(Change::Copy),
    ];
    (any::<usize>(), what)
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// The value with this number, counted from the root.
fn at<'v>(value: &'v mut Value, number: &mut usize) -> Option<&'v mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| at(item, number)),
        Value::Object(map) => map.values_mut().find_map(|item| at(item, number)),
        _ => None,
    }
}

fn apply(flow: &mut Value, (place, change): (usize, Change)) {
    let total = count(flow);
    let new = match change {
        Change::Replace(value) => value,
        Change::Remove => Value::Null,
        Change::Copy(from) => at(flow, &mut (from % total)).cloned().unwrap_or_default(),
    };
    // The root stays a flow, or there would be nothing to see.
    if let Some(old) = at(flow, &mut (1 + place % total.saturating_sub(1).max(1))) {
        *old = new;
    }
}

/// Some answer that fits, chosen by a number.
fn answer(request: &Request, choice: u8) -> Answer {
    let audio = Audio { stream_arn: "arn".to_owned(), ..Audio::default() };
    let answers = [
        Answer::Replied(json!({"voiceCallId": "0LQ", "queue": "q", "agent": "a", "recordId": "500"})),
        Answer::Replied(json!({"n": 1})),
        Answer::Accepted("id".to_owned()),
        Answer::Keys("1*2#".to_owned()),
        Answer::Keys(String::new()),
        Answer::Intent("i".to_owned(), json!({})),
        Answer::Open(true),
        Answer::Open(false),
        Answer::Number(1),
        Answer::Metrics(json!([])),
        Answer::Result("WaitCompleted".to_owned()),
        Answer::Streaming(audio),
        Answer::Done,
        Answer::AtCapacity,
        Answer::TimedOut,
        Answer::Failed("x".to_owned()),
    ];
    let fitting: Vec<&Answer> = answers.iter().filter(|answer| answer.fits(request)).collect();
    fitting[usize::from(choice) % fitting.len()].clone()
}

fn exercise(flow: Flow, answers: &[u8]) {
    let functions = Functions::of_the_suite();
    let mut library = Library::new();
    library.add(flow.clone());
    for finding in lint(&flow, &library, &functions) {
        assert!(!finding.to_string().is_empty());
    }
    assert_eq!(graph(&flow).nodes.len(), flow.blocks().len());
    let mut state = contact();
    state.queue = Some(support_queue());
    let mut runner = Runner::start(&Arc::new(library), flow.stem(), state).unwrap();
    let mut answers = answers.iter().cycle();
    // Every action asks at most four times and is passed once, and there are 1,000 at most.
    for _ in 0..6_000 {
        match runner.step() {
            Ok(Step::Passed(_)) => {}
            Ok(Step::Asks(request)) => {
                runner.answer(answer(&request, *answers.next().unwrap_or(&0))).unwrap()
            }
            Ok(Step::Ended(_)) => return,
            Err(stopped) => {
                assert!(!stopped.to_string().is_empty());
                return;
            }
        }
    }
    panic!("the run does not end");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn mutated_flows_never_panic(
        name in prop::sample::select(&EIGHT[..]),
        changes in prop::collection::vec(change(), 0..6),
        answers in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let mut value: Value = serde_json::from_str(&sample_text(name)).unwrap();
        changes.into_iter().for_each(|change| apply(&mut value, change));
        match Flow::from_value(&value, "mutated.json") {
            Ok(flow) => exercise(flow, &answers),
            Err(refused) => prop_assert!(!refused.to_string().is_empty()),
        }
    }

    #[test]
    fn any_parameters_of_any_action_are_read_or_refused(
        kind in prop::sample::select(crate::Action::KINDS),
        parameters in prop::collection::btree_map(prop::sample::select(NAMES), replacement(), 0..6),
        answers in prop::collection::vec(any::<u8>(), 1..20),
    ) {
        let flow = json!({"Version": "2019-10-30", "StartAction": "it", "Actions": [
            {"Identifier": "it", "Type": kind, "Parameters": parameters, "Transitions": {"NextAction": "end",
                "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "end"}]}},
            {"Identifier": "end", "Type": "DisconnectParticipant"}]});
        if let Ok(flow) = Flow::from_value(&flow, "any.json") {
            exercise(flow, &answers);
        }
    }

    #[test]
    fn any_text_is_read_and_written_as_it_was(text in "(\\$|\\.|\\[|'|\\]|[a-zA-Z0-9]|é| ){0,40}") {
        let read = crate::Text::new(&text);
        prop_assert_eq!(read.to_string(), text);
        let _ = contact().fill(&read);
    }

    #[test]
    fn any_text_is_refused_or_read(text in ".{0,60}") {
        prop_assert!(Flow::read(&text, "any.json").is_err());
        let _ = Functions::of_the_suite().resolve(&text);
    }
}

/// Names of parameters, of all kinds of actions.
const NAMES: &[&str] = &[
    "Text",
    "SSML",
    "Media",
    "Messages",
    "StoreInput",
    "InputTimeLimitSeconds",
    "InputValidation",
    "DTMFConfiguration",
    "LexV2Bot",
    "QueueId",
    "AgentId",
    "MetricType",
    "ComparisonValue",
    "LoopCount",
    "TimeLimitSeconds",
    "Events",
    "ContactFlowId",
    "FlowModuleId",
    "Input",
    "ResultData",
    "FlowAttributes",
    "Attributes",
    "EventHooks",
    "Participants",
    "RecordingBehavior",
    "VoiceBehavior",
    "AnalyticsBehavior",
    "RoutingCriteria",
    "QueuePriority",
    "Tags",
    "TagKeys",
    "CallerId",
    "LambdaFunctionARN",
    "InvocationTimeLimitSeconds",
    "LambdaInvocationAttributes",
    "ResponseValidation",
    "ThirdPartyPhoneNumber",
    "CallbackNumber",
    "InitialCallDelaySeconds",
    "RetryDelaySeconds",
    "MaximumConnectionAttempts",
];
