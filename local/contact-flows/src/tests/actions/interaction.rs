//! What reaches out.

use serde_json::json;

use super::{after, branching, in_queue};
use crate::action::{Mode, ServiceKind};
use crate::tests::support::{
    action, asked, contact, end, flow_of, goes, one, play, play_alone, read, run, support_queue,
};
use crate::{Answer, ContactState, Ending, Request, RunError, Step};

#[test]
fn third_parties_are_called() {
    let flow = |continues: &str| {
        let parameters = json!({"ThirdPartyPhoneNumber": "$.Attributes.number", "ThirdPartyConnectionTimeLimitSeconds": "30",
            "ContinueFlowExecution": continues, "CallerId": {"Number": "+12065550199", "Name": "Center"}});
        branching(
            "TransferParticipantToThirdParty",
            parameters,
            &[],
            &["CallFailed", "ConnectionTimeLimitExceeded", "NoMatchingError"],
        )
    };
    let mut state = contact();
    state.attributes.insert("number".to_owned(), "+12065550123".to_owned());
    let (runner, request) = asked(flow("True"), state.clone());
    let Request::Dial(dialled) = request else { panic!() };
    assert_eq!((dialled.number.as_deref(), dialled.time_limit), (Some("+12065550123"), Some(30)));
    assert_eq!(goes(runner.clone(), Answer::Done), "next");
    assert_eq!(goes(runner.clone(), Answer::TimedOut), "ConnectionTimeLimitExceeded");
    assert_eq!(goes(runner, Answer::Failed("busy".to_owned())), "CallFailed");
    let (runner, _) = asked(flow("False"), state);
    assert!(matches!(play(runner, |_| Answer::Done).ending, Ending::WithThirdParty(_)));
    assert_eq!(
        play_alone(run(flow("True"), contact())).passages[0].next.as_ref().unwrap().as_str(),
        "NoMatchingError"
    );
}

#[test]
fn callbacks_are_queued_to_the_number_that_was_set() {
    let mut state = in_queue();
    state.stored_input = Some("+12065550123".to_owned());
    let number = |number: &str, state: ContactState| {
        let flow = branching(
            "UpdateContactCallbackNumber",
            json!({"CallbackNumber": number}),
            &[],
            &["InvalidCallbackNumber", "CallbackNumberNotDialable"],
        );
        let played = play_alone(run(flow, state));
        (played.passages[0].next.as_ref().unwrap().as_str().to_owned(), played.state)
    };
    let (next, state) = number("$.StoredCustomerInput", state);
    assert_eq!((next.as_str(), state.callback_number.as_deref()), ("next", Some("+12065550123")));
    assert_eq!(number("$.Queue.Name", in_queue()).0, "InvalidCallbackNumber");

    let parameters = json!({"InitialCallDelaySeconds": "60", "RetryDelaySeconds": "600", "MaximumConnectionAttempts": "2"});
    let (runner, request) = asked(one("CreateCallbackContact", parameters.clone()), state);
    let Request::Callback(callback) = request else { panic!() };
    assert_eq!((callback.number.as_deref(), callback.queue), (Some("+12065550123"), Some(support_queue())));
    assert_eq!((callback.initial_delay, callback.retry_delay, callback.attempts), (60, 600, 2));
    assert_eq!(goes(runner, Answer::Done), "done");
    // Without a number of its own it is the caller's; without a queue it fails.
    let (_, request) = asked(one("CreateCallbackContact", parameters.clone()), in_queue());
    assert!(
        matches!(request, Request::Callback(callback) if callback.number.as_deref() == Some("+12065550100"))
    );
    assert_eq!(after("CreateCallbackContact", parameters, contact()).1, "failed");
}

#[test]
fn functions_are_invoked_and_answer() {
    let parameters = |response: &str| {
        json!({"LambdaFunctionARN": "arn:f", "InvocationTimeLimitSeconds": "8",
        "LambdaInvocationAttributes": {"a": "$.Channel", "none": "$.External.x", "list": ["$.ContactId"], "$.Channel": 1},
        "ResponseValidation": {"ResponseType": response}})
    };
    let (runner, request) = asked(one("InvokeLambdaFunction", parameters("STRING_MAP")), contact());
    let Request::InvokeLambda(invocation) = &request else { panic!() };
    assert_eq!((invocation.mode, invocation.time_limit, invocation.attempt), (Mode::Synchronous, 8, 1));
    assert_eq!(
        *invocation.parameters().unwrap(),
        json!({"a": "VOICE", "none": "", "VOICE": 1,
        "list": ["1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6"]})
        .as_object()
        .unwrap()
        .clone()
    );
    assert_eq!(goes(runner.clone(), Answer::Replied(json!({"a": "b"}))), "done");
    for refused in [
        json!({"a": 1}),
        json!({"a": true}),
        json!({"a": null}),
        json!({"a": {"b": "c"}}),
        json!([]),
        json!("text"),
        json!({"a": "x".repeat(33_000)}),
    ] {
        assert_eq!(goes(runner.clone(), Answer::Replied(refused)), "failed");
    }
    let (mut runner, _) = asked(one("InvokeLambdaFunction", parameters("JSON")), contact());
    runner.answer(Answer::Replied(json!({"name": {"first": "A"}, "ids": [1, 2]}))).unwrap();
    runner.step().unwrap();
    let fill = |text: &str| runner.state().fill(&crate::Text::new(text));
    assert_eq!(
        (fill("$.External.name.first").as_str(), fill("$.LambdaInvocation.ResultData.ids[1]").as_str()),
        ("A", "2")
    );
    let (runner, _) = asked(one("InvokeLambdaFunction", parameters("JSON")), contact());
    assert_eq!(goes(runner, Answer::Replied(json!("x".repeat(33_000)))), "failed");
}

#[test]
fn a_failing_function_is_invoked_four_times_in_all() {
    let parameters = json!({"LambdaFunctionARN": "arn:f", "InvocationTimeLimitSeconds": "8"});
    let mut attempts = Vec::new();
    let played = play(run(one("InvokeLambdaFunction", parameters.clone()), contact()), |request| {
        let Request::InvokeLambda(invocation) = request else { panic!() };
        attempts.push(invocation.attempt);
        Answer::Failed("Unavailable".to_owned())
    });
    assert_eq!(attempts, [1, 2, 3, 4]);
    assert_eq!(played.passages[0].said, "the function failed 4 times, the last time with Unavailable");
    let played =
        play(run(one("InvokeLambdaFunction", parameters.clone()), contact()), |request| match request {
            Request::InvokeLambda(invocation) if invocation.attempt < 3 => {
                Answer::Failed("Unavailable".to_owned())
            }
            _ => Answer::Replied(json!({"a": "b"})),
        });
    assert_eq!(played.passages[0].said, "the function answered at try 3 with a");
    let (runner, _) = asked(one("InvokeLambdaFunction", parameters.clone()), contact());
    assert_eq!(goes(runner, Answer::TimedOut), "failed");
    let flow = branching("InvokeLambdaFunction", parameters, &[], &["TimeLimitExceeded", "NoMatchingError"]);
    let (runner, _) = asked(flow, contact());
    assert_eq!(goes(runner, Answer::TimedOut), "TimeLimitExceeded");
}

#[test]
fn asynchronous_answers_are_loaded_later() {
    let invoke = json!({"LambdaFunctionARN": "arn:f", "InvocationTimeLimitSeconds": "60", "InvocationType": "ASYNCHRONOUS"});
    let load = json!({"LambdaInvocationRequestId": "$.LambdaInvocation.InvocationId"});
    let flow = read(&flow_of(&json!([
        action("it", "InvokeLambdaFunction", invoke, "load"),
        action("load", "LoadLambdaResult", load, "done"),
        end("done"),
        end("failed")
    ])));
    let mut runner = run(flow, contact());
    assert!(
        matches!(runner.step().unwrap(), Step::Asks(Request::InvokeLambda(it)) if it.mode == Mode::Asynchronous)
    );
    // It cannot answer at once.
    assert!(matches!(runner.answer(Answer::Replied(json!({}))), Err(RunError::WrongAnswer { .. })));
    let played = play(runner, |request| match request {
        Request::InvokeLambda(_) => Answer::Accepted("request-1".to_owned()),
        Request::LoadResult { invocation_id, .. } => {
            assert_eq!(invocation_id, "request-1");
            Answer::Replied(json!({"name": "x"}))
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(played.state.external, Some(json!({"name": "x"})));
    assert_eq!(after("LoadLambdaResult", json!({}), contact()).1, "failed");
}

#[test]
fn other_services_say_what_came_of_it() {
    for kind in ServiceKind::ALL {
        let parameters =
            json!({"Title": "Call from $.CustomerEndpoint.Address", "Fields": {"a": ["$.Channel"]}});
        let flow =
            branching(kind.as_str(), parameters, &[("Equals", "Contact is linked")], &["NoMatchingError"]);
        let (runner, request) = asked(flow, contact());
        let Request::Service { kind: asked_for, parameters } = request else { panic!() };
        assert_eq!((asked_for, parameters["Title"].as_str()), (*kind, Some("Call from +12065550100")));
        assert_eq!(parameters["Fields"]["a"][0], "VOICE");
        assert_eq!(goes(runner.clone(), Answer::Result("Contact is linked".to_owned())), "Contact is linked");
        assert_eq!(goes(runner.clone(), Answer::Done), "next");
        assert_eq!(goes(runner, Answer::TimedOut), "NoMatchingError");
    }
}
