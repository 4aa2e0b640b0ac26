//! What decides the way.

use serde_json::{Value, json};

use super::{branching, in_queue};
use crate::action::Metric;
use crate::tests::support::{
    action, asked, contact, end, flow_of, goes, one, play_alone, read, run, support_queue,
};
use crate::{Answer, Ending, Request, Step};

#[test]
fn the_flow_ends() {
    for (kind, ending) in [
        ("DisconnectParticipant", Ending::Disconnected),
        ("EndFlowExecution", Ending::FlowEnded),
        ("EndFlowModuleExecution", Ending::FlowEnded),
        ("TransferContactToAgent", Ending::WithAgent),
    ] {
        let flow = read(&flow_of(&json!([{"Identifier": "it", "Type": kind, "Transitions": {}}])));
        let mut runner = run(flow, contact());
        let Step::Passed(passage) = runner.step().unwrap() else { panic!() };
        assert_eq!((passage.ends, passage.branch), (Some(ending.clone()), None));
        // However often it is asked.
        assert_eq!(runner.step().unwrap(), Step::Ended(ending.clone()));
        assert_eq!(runner.step().unwrap(), Step::Ended(ending));
    }
}

#[test]
fn check_hours_of_operation_asks() {
    let flow = branching(
        "CheckHoursOfOperation",
        json!({}),
        &[("Equals", "True"), ("Equals", "False")],
        &["NoMatchingError"],
    );
    for (answer, next) in [
        (Answer::Open(true), "True"),
        (Answer::Open(false), "False"),
        (Answer::Failed("x".to_owned()), "NoMatchingError"),
    ] {
        let (runner, request) = asked(flow.clone(), in_queue());
        assert_eq!(request, Request::Hours { hours: None, queue: Some(support_queue()) });
        assert_eq!(goes(runner, answer), next);
    }
    // Without a queue, or with an agent's, there are no hours.
    let mut of_agent = contact();
    of_agent.queue = Some(crate::Queue { arn: Some("arn:x/queue/agent/1".to_owned()), ..Default::default() });
    for state in [contact(), of_agent] {
        assert_eq!(
            play_alone(run(flow.clone(), state)).passages[0].next.as_ref().unwrap().as_str(),
            "NoMatchingError"
        );
    }
    let (_, request) = asked(one("CheckHoursOfOperation", json!({"HoursOfOperationId": "h"})), contact());
    assert_eq!(request, Request::Hours { hours: Some("h".to_owned()), queue: None });
}

#[test]
fn check_metric_data_compares() {
    let parameters = json!({"MetricType": "OldestContactInQueueAgeSeconds"});
    let conditions = [("NumberGreaterThan", "300000"), ("NumberLessOrEqualTo", "10"), ("Equals", "20")];
    let flow =
        branching("CheckMetricData", parameters, &conditions, &["NoMatchingCondition", "NoMatchingError"]);
    for (number, next) in [
        (300_001, "NumberGreaterThan 300000"),
        (10, "NumberLessOrEqualTo 10"),
        (20, "20"),
        (300_000, "NoMatchingCondition"),
    ] {
        let (runner, request) = asked(flow.clone(), in_queue());
        assert_eq!(request, Request::Metric { metric: Metric::OldestContact, queue: support_queue() });
        assert_eq!(goes(runner, Answer::Number(number)), next);
    }
    let played = play_alone(run(flow, contact()));
    assert_eq!(played.passages[0].next.as_ref().unwrap().as_str(), "NoMatchingError");
}

#[test]
fn get_metric_data_loads() {
    let (mut runner, request) =
        asked(one("GetMetricData", json!({"QueueId": "q", "QueueChannel": "Voice"})), contact());
    assert!(matches!(request, Request::Metrics { channel: Some(channel), .. } if channel == "Voice"));
    runner.answer(Answer::Metrics(json!({"Queue": {"Size": 4}}))).unwrap();
    runner.step().unwrap();
    assert_eq!(runner.state().fill(&crate::Text::new("$.Metrics.Queue.Size")), "4");
}

#[test]
fn outbound_call_status_and_chance() {
    let statuses = [("Equals", "CallAnswered"), ("Equals", "VoicemailBeep")];
    let flow = branching("CheckOutboundCallStatus", json!({}), &statuses, &["NoMatchingError"]);
    let (runner, request) = asked(flow.clone(), contact());
    assert_eq!(request, Request::CallStatus);
    assert_eq!(goes(runner, Answer::Result("VoicemailBeep".to_owned())), "VoicemailBeep");
    let (runner, _) = asked(flow, contact());
    assert_eq!(goes(runner, Answer::Result("NotDetected".to_owned())), "next");

    let shares = [("NumberLessThan", "4"), ("NumberLessThan", "10")];
    let flow = branching("DistributeByPercentage", json!({}), &shares, &["NoMatchingCondition"]);
    for (number, next) in [(3, "NumberLessThan 4"), (4, "NumberLessThan 10"), (10, "NoMatchingCondition")] {
        let (runner, request) = asked(flow.clone(), contact());
        assert_eq!(request, Request::Chance);
        assert_eq!(goes(runner, Answer::Number(number)), next);
    }
}

#[test]
fn compare_has_all_operators() {
    let goes_to = |value: &str, operator: &str, operand: &str| {
        let flow = branching(
            "Compare",
            json!({"ComparisonValue": "$.Attributes.it"}),
            &[(operator, operand)],
            &["NoMatchingCondition"],
        );
        let mut state = contact();
        state.attributes.insert("it".to_owned(), value.to_owned());
        state.attributes.insert("same".to_owned(), "gold".to_owned());
        let played = play_alone(run(flow, state));
        played.passages[0].next.as_ref().unwrap().as_str() != "NoMatchingCondition"
    };
    for (value, operator, operand, holds) in [
        ("gold", "Equals", "gold", true),
        ("gold", "Equals", "Gold", false),
        ("gold", "Equals", "$.Attributes.same", true),
        ("golden", "TextStartsWith", "gold", true),
        ("golden", "TextStartsWith", "old", false),
        ("golden", "TextEndsWith", "den", true),
        ("golden", "TextEndsWith", "gold", false),
        ("golden", "TextContains", "old", true),
        ("golden", "TextContains", "silver", false),
        ("10", "NumberGreaterThan", "9", true),
        ("10", "NumberGreaterThan", "10", false),
        ("10", "NumberGreaterOrEqualTo", "10", true),
        ("9.5", "NumberLessThan", "10", true),
        ("10", "NumberLessOrEqualTo", "10.0", true),
        ("ten", "NumberGreaterThan", "1", false),
    ] {
        assert_eq!(goes_to(value, operator, operand), holds, "{value} {operator} {operand}");
    }
    let flow = branching(
        "Compare",
        json!({"ComparisonValue": "$.External.case"}),
        &[("KeyExists", "id")],
        &["NoMatchingCondition"],
    );
    let mut state = contact();
    state.external = Some(json!({"case": {"id": null}}));
    let played = play_alone(run(flow, state));
    assert_eq!(played.passages[0].next.as_ref().unwrap().as_str(), "KeyExists id");
    assert_eq!(played.passages[0].saw[0].0, "$.External.case");
}

#[test]
fn loop_counts_is_done_and_begins_anew() {
    let count = |count: Value| {
        let looping = json!({"Identifier": "it", "Type": "Loop", "Parameters": {"LoopCount": count}, "Transitions": {
            "NextAction": "done", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "failed"}], "Conditions": [
            {"NextAction": "again", "Condition": {"Operator": "Equals", "Operands": ["ContinueLooping"]}},
            {"NextAction": "done", "Condition": {"Operator": "Equals", "Operands": ["DoneLooping"]}}]}});
        let again = action("again", "MessageParticipant", json!({"Text": "again"}), "it");
        let flow = read(&flow_of(&json!([looping, again, end("done"), end("failed")])));
        let mut state = contact();
        state.attributes.insert("count".to_owned(), "3".to_owned());
        let played = play_alone(run(flow, state));
        let heard = played.passages.iter().filter(|passage| !passage.shown.is_empty()).count();
        (heard, played.passages.last().unwrap().place.action.clone().unwrap().as_str().to_owned())
    };
    assert_eq!(count(json!("2")), (2, "done".to_owned()));
    assert_eq!(count(json!(1)), (1, "done".to_owned()));
    assert_eq!(count(json!("0")), (0, "done".to_owned()));
    assert_eq!(count(json!("$.Attributes.count")), (3, "done".to_owned()));
    assert_eq!(count(json!("$.Attributes.none")), (0, "failed".to_owned()));
}

#[test]
fn wait_passes_or_is_ended_by_an_event() {
    for (name, answer, next) in [
        ("TimeLimitSeconds", Answer::Done, "WaitCompleted"),
        ("TimeoutSeconds", Answer::Result("CustomerReturned".to_owned()), "CustomerReturned"),
    ] {
        let parameters = json!({name: "60", "Events": ["CustomerReturned"]});
        let conditions = [("Equals", "WaitCompleted"), ("Equals", "CustomerReturned")];
        let (runner, request) =
            asked(branching("Wait", parameters, &conditions, &["NoMatchingError"]), contact());
        assert_eq!(request, Request::Wait { seconds: 60, until: vec!["CustomerReturned".to_owned()] });
        assert_eq!(goes(runner, answer), next);
    }
}
