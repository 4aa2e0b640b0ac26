//! Calls through the flows, each over the way that its answers choose.

use std::sync::Arc;

use serde_json::json;

use super::{contact_of, library, method, reply_of, service, streaming};
use crate::action::Hook;
use crate::tests::support::{Played, play};
use crate::{Answer, Ending, Endpoint, Request, Runner};

fn start(flow: &str) -> Runner {
    let library = Arc::new(library());
    let kind = library.flows().iter().find(|it| it.stem() == flow).unwrap().kind.clone().unwrap();
    Runner::start(&library, flow, contact_of(&kind)).unwrap()
}

/// The keys that are pressed, one entry for each time; everything else is as on a good day, but for what `other` answers.
fn played(flow: &str, pressed: &[&str], other: impl Fn(&Request) -> Option<Answer>) -> Played {
    let mut pressed = pressed.iter();
    play(start(flow), |request| {
        other(request).unwrap_or_else(|| match request {
            Request::InvokeLambda(invocation) => Answer::Replied(reply_of(invocation)),
            Request::Input(_) => Answer::Keys((*pressed.next().unwrap()).to_owned()),
            Request::Hours { .. } => Answer::Open(true),
            Request::Metric { .. } => Answer::Number(1),
            Request::MediaStreaming { .. } => streaming(),
            _ => Answer::Done,
        })
    })
}

fn all_well(_: &Request) -> Option<Answer> {
    None
}

fn salesforce_is_down(request: &Request) -> Option<Answer> {
    matches!(request, Request::InvokeLambda(_)).then(|| Answer::Failed("SalesforceUnavailable".to_owned()))
}

/// An answer for one method.
fn only(name: &str, answer: &Answer) -> impl Fn(&Request) -> Option<Answer> {
    move |request| match request {
        Request::InvokeLambda(it) if method(it) == name => Some(answer.clone()),
        _ => None,
    }
}

fn parameters(played: &Played, name: &str) -> serde_json::Map<String, serde_json::Value> {
    let mut invocations = played.requests.iter().filter_map(|request| match request {
        Request::InvokeLambda(it) if method(it) == name => it.parameters().cloned(),
        _ => None,
    });
    invocations.next_back().unwrap_or_else(|| panic!("{name} was not invoked"))
}

#[test]
fn a_call_comes_in_and_an_omni_flow_routes_it() {
    let played = played("inbound", &[""], all_well);
    insta::assert_snapshot!(played.story());
    assert_eq!(played.state.attributes["voiceCallId"], "0LQ000000000001");
    let Ending::InQueue(queue) = &played.ending else { panic!("{:?}", played.ending) };
    assert!(queue.arn.as_ref().unwrap().ends_with("/queue/omni"));
}

#[test]
fn a_call_comes_in_while_salesforce_is_down() {
    let played = played("inbound", &[], salesforce_is_down);
    insta::assert_snapshot!(played.story());
    // By its name: the ARN in the flow is a placeholder.
    assert_eq!(played.ending, Ending::InQueue(service()));
}

#[test]
fn a_call_comes_in_after_hours() {
    let closed = |request: &Request| matches!(request, Request::Hours { .. }).then_some(Answer::Open(false));
    let played = played("inbound", &[], closed);
    assert!(played.story().contains("say closed"), "{}", played.story());
    assert_eq!(played.ending, Ending::Disconnected);
}

#[test]
fn an_omni_flow_chooses_an_agent() {
    let agent = Answer::Replied(json!({"agent": "arn:aws:connect:us-west-2:1:instance/i/agent/5f0b"}));
    let played = played("omni-routing", &[], only("executeOmniFlow", &agent));
    let Ending::InQueue(queue) = &played.ending else { panic!("{:?}", played.ending) };
    assert!(queue.is_of_agent());
}

#[test]
fn the_queue_is_full_so_the_routing_is_stopped_and_the_caller_called_back() {
    let full =
        |request: &Request| matches!(request, Request::EnterQueue { .. }).then_some(Answer::AtCapacity);
    let played = played("omni-routing", &[], full);
    insta::assert_snapshot!(played.story());
    assert_eq!(parameters(&played, "callbackExecution")["customerCallbackNumber"], "+12065550100");
}

#[test]
fn the_caller_has_an_open_case() {
    let played = played("inbound", &["1"], all_well);
    insta::assert_snapshot!(played.story());
    let linked = parameters(&played, "updateRecord");
    assert_eq!(
        (&linked["recordId"], &linked["RelatedRecordId"]),
        (&"0LQ000000000001".into(), &"500000000000001".into())
    );
    assert_eq!(parameters(&played, "executeOmniFlow")["flowInput-caseId"], "500000000000001");
}

#[test]
fn the_caller_is_unknown_and_gets_a_case() {
    let unknown = Answer::Replied(json!({"found": "false", "count": "0"}));
    let played = played("case-look-up", &[], only("phoneLookup", &unknown));
    insta::assert_snapshot!(played.story());
    insta::assert_json_snapshot!(parameters(&played, "createRecord"));
    assert_eq!(parameters(&played, "updateRecord")["RelatedRecordId"], "500000000000002");
}

#[test]
fn a_number_of_several_contacts_is_nobodys() {
    let several = Answer::Replied(json!({"found": "true", "count": "2", "recordId": "003000000000001"}));
    let played = played("case-look-up", &[], only("phoneLookup", &several));
    assert_eq!(parameters(&played, "createRecord").get("ContactId"), None);
}

#[test]
fn salesforce_goes_down_during_the_look_up() {
    let error =
        Answer::Replied(json!({"success": "false", "errorCode": "OutOfTime", "errorMessage": "later"}));
    let played = played("case-look-up", &[], only("queryRecord", &error));
    insta::assert_snapshot!(played.story());
    assert_eq!(played.state.attributes["errorCode"], "OutOfTime");
    assert!(matches!(played.ending, Ending::InQueue(_)));
}

#[test]
fn the_caller_enters_another_number_to_be_called_back() {
    let mut state = contact_of("contactFlow");
    state.customer_endpoint = Some(Endpoint::phone("anonymous"));
    let runner = Runner::start(&Arc::new(library()), "callback", state).unwrap();
    let mut pressed = ["12#", "2065550111#"].into_iter();
    let played = play(runner, |request| match request {
        Request::Input(_) => Answer::Keys(pressed.next().unwrap().to_owned()),
        Request::InvokeLambda(invocation) => Answer::Replied(reply_of(invocation)),
        other => panic!("asked: {other:?}"),
    });
    insta::assert_snapshot!(played.story());
    assert_eq!(parameters(&played, "callbackExecution")["customerCallbackNumber"], "+12065550111");
}

#[test]
fn amazon_connect_calls_back_when_salesforce_cannot() {
    let played = played("callback", &[], salesforce_is_down);
    insta::assert_snapshot!(played.story());
    let callback = played.requests.iter().find_map(|request| match request {
        Request::Callback(callback) => Some(callback),
        _ => None,
    });
    assert_eq!(callback.unwrap().queue, Some(service()));
}

#[test]
fn the_whisper_that_inbound_sets_has_the_call_transcribed() {
    let played_in = played("inbound", &[""], all_well);
    let whisper =
        Runner::start_hook(&Arc::new(library()), Hook::AgentWhisper, played_in.state).unwrap().unwrap();
    let played = play(whisper, |request| match request {
        Request::MediaStreaming { enabled: true, from_customer: true, to_customer: true } => streaming(),
        Request::InvokeLambda(invocation) => {
            assert_eq!(invocation.time_limit, 3);
            assert_eq!(invocation.event["Details"]["ContactData"]["Attributes"]["languageCode"], "en-US");
            Answer::Replied(reply_of(invocation))
        }
        other => panic!("asked: {other:?}"),
    });
    insta::assert_snapshot!(played.story());
}

#[test]
fn a_call_that_cannot_be_transcribed_is_not_streamed_on() {
    let played = played("agent-whisper-transcription", &[], salesforce_is_down);
    insta::assert_snapshot!(played.story());
    assert!(matches!(played.requests.last(), Some(Request::MediaStreaming { enabled: false, .. })));
}

#[test]
fn the_customer_sees_the_number_of_the_agent() {
    for (flow, number) in [(all_well as fn(&Request) -> _, Some("+12065550111")), (salesforce_is_down, None)]
    {
        let played = played("outbound", &[], flow);
        let Some(Request::CompleteOutboundCall(call)) = played.requests.last() else { panic!() };
        assert_eq!(call.caller_id.as_deref(), number);
        assert_eq!(played.ending, Ending::FlowEnded);
    }
}

#[test]
fn a_call_is_transferred_to_a_queue() {
    let played = played("transfer", &[], all_well);
    insta::assert_snapshot!(played.story());
    let Ending::InQueue(queue) = played.ending else { panic!("{:?}", played.ending) };
    assert_eq!(queue.name.as_deref(), Some("Billing"));
}

#[test]
fn a_call_is_transferred_to_a_closed_queue_without_salesforce() {
    let played = played("transfer", &[], |request| match request {
        Request::Hours { .. } => Some(Answer::Open(false)),
        other => salesforce_is_down(other),
    });
    insta::assert_snapshot!(played.story());
    assert_eq!(played.ending, Ending::InQueue(service()));
}

#[test]
fn a_call_is_transferred_to_an_agent_whether_or_not_salesforce_is_there() {
    for answer in [all_well as fn(&Request) -> _, salesforce_is_down] {
        assert_eq!(played("transfer-agent", &[], answer).ending, Ending::WithAgent);
    }
}

#[test]
fn a_call_is_transferred_by_an_omni_flow_to_whom_the_agent_chose() {
    let mut runner = start("transfer-omni");
    runner.state_mut().attributes.insert("transferTarget".to_owned(), "005000000000001".to_owned());
    let played = play(runner, |request| match request {
        Request::InvokeLambda(invocation) => Answer::Replied(reply_of(invocation)),
        _ => Answer::Done,
    });
    insta::assert_snapshot!(played.story());
    assert_eq!(parameters(&played, "executeOmniFlow")["flowInput-transferTarget"], "005000000000001");
}
