//! The sample flows run to their end, each over a path that the answers choose.

use std::sync::Arc;

use serde_json::json;

use super::support::{EIGHT, Played, contact, play, sample, samples, support_queue};
use crate::{Agent, Answer, Audio, ContactState, Ending, Request, Runner, Said, graph};

fn played(flow: &str, state: ContactState, answer: impl FnMut(&Request) -> Answer) -> Played {
    play(Runner::start(&Arc::new(samples()), flow, state).unwrap(), answer)
}

fn method(request: &Request) -> &str {
    match request {
        Request::InvokeLambda(invocation) => invocation.parameters().unwrap()["methodName"].as_str().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn streaming() -> Answer {
    Answer::Streaming(Audio {
        stream_arn: "arn:aws:kinesisvideo:us-west-2:123456789012:stream/call/1".to_owned(),
        started: 1_571_360_125_131,
        stopped: None,
        first_fragment: "91343852333181432392682062622220590765191907586".to_owned(),
    })
}

#[test]
fn all_are_read_and_every_edge_of_their_graphs_leads_to_a_node() {
    for name in EIGHT {
        let flow = sample(name);
        let graph = graph(&flow);
        assert_eq!(graph.nodes.len(), flow.blocks().len());
        assert_eq!(graph.nodes.iter().filter(|node| node.start).count(), 1);
        assert!(graph.edges.iter().all(|edge| graph.nodes.iter().any(|node| node.id == edge.to)));
        assert!(flow.blocks().iter().all(|block| block.position.is_some()), "{name}");
    }
}

#[test]
fn an_inbound_call_is_routed_by_omni_to_a_queue() {
    let played = played("inbound", contact(), |request| match request {
        Request::InvokeLambda(_) if method(request) == "createVoiceCall" => {
            Answer::Replied(json!({"voiceCallId": "0LQ000000000001"}))
        }
        Request::InvokeLambda(_) => Answer::Replied(json!({"queue": "omni-queue"})),
        Request::Metric { .. } => Answer::Number(0),
        other => panic!("{other:?}"),
    });
    insta::assert_snapshot!(played.story());
    assert_eq!(played.state.attributes["voiceCallId"], "0LQ000000000001");
    assert_eq!(played.state.queue.unwrap().arn.unwrap().rsplit('/').next(), Some("omni-queue"));
    assert_eq!(method(&played.requests[1]), "executeOmniFlow");
}

#[test]
fn an_inbound_call_goes_on_when_no_voice_call_can_be_created() {
    let played = played("inbound", contact(), |request| match request {
        Request::InvokeLambda(invocation) if method(request) == "createVoiceCall" => {
            assert!(invocation.attempt <= 4);
            Answer::Failed("SalesforceUnavailable".to_owned())
        }
        Request::InvokeLambda(_) => Answer::TimedOut,
        Request::Metric { .. } => Answer::Number(1),
        other => panic!("{other:?}"),
    });
    let creations = played.requests.iter().filter(|request| matches!(request, Request::InvokeLambda(_)));
    // Two rounds of the flow's loop, four invocations each, and Omni once.
    assert_eq!(creations.count(), 9);
    assert_eq!(played.state.attributes["error"], "Failed to transfer to callback flow.");
    assert_eq!(played.ending, Ending::Disconnected);
}

#[test]
fn omni_routing_finds_an_agent() {
    let mut state = contact();
    state.attributes.insert("voiceCallId".to_owned(), "0LQ000000000001".to_owned());
    let agent = "arn:aws:connect:us-west-2:123456789012:instance/x/agent/5f0b1c83";
    let played = played("omni-basic-routing-with-case", state, |request| match request {
        Request::InvokeLambda(invocation) => {
            insta::assert_json_snapshot!(invocation.parameters().unwrap());
            Answer::Replied(json!({"agent": agent}))
        }
        Request::Metric { queue, .. } => {
            assert!(queue.is_of_agent());
            Answer::Number(1)
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(played.state.attributes["agentArn"], agent);
    assert_eq!(played.ending, Ending::Disconnected);
}

#[test]
fn the_outbound_whisper_overrides_the_caller_id() {
    let mut state = contact();
    state.agent = Some(Agent { arn: "arn:agent".to_owned(), ..Agent::default() });
    let played = played("outbound-caller-id-override", state, |request| match request {
        Request::InvokeLambda(invocation) => {
            assert_eq!(invocation.parameters().unwrap()["agentARN"], "arn:agent");
            Answer::Replied(json!({"success": "true", "outboundPhoneNumber": "+12065550111"}))
        }
        Request::CompleteOutboundCall(outbound) => {
            assert_eq!(outbound.caller_id.as_deref(), Some("+12065550111"));
            Answer::Done
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(played.ending, Ending::FlowEnded);
    assert_eq!(played.passages[0].flow, "Sample SCV Outbound Flow From Rep With Caller ID Override");
}

#[test]
fn a_call_is_linked_to_a_new_case_of_a_new_contact() {
    let mut created = Vec::new();
    let played = played("rest-link-call-to-case", contact(), |request| {
        let Request::InvokeLambda(invocation) = request else { panic!("{request:?}") };
        let parameters = invocation.parameters().unwrap();
        Answer::Replied(match method(request) {
            "createVoiceCall" => json!({"voiceCallId": "0LQ000000000001"}),
            "queryRecord" => {
                assert!(parameters["soql"].as_str().unwrap().contains("'+12065550100'"));
                json!({"totalSize": "0"})
            }
            "createRecord" => {
                created.push(parameters["objectApiName"].clone());
                json!({"success": "true", "recordId": if created.len() == 1 { "003000000000001" } else { "500000000000001" }})
            }
            "updateRecord" => {
                assert_eq!(parameters["RelatedRecordId"], "500000000000001");
                assert_eq!(parameters["recordId"], "0LQ000000000001");
                json!({"success": "true"})
            }
            other => panic!("{other}"),
        })
    });
    assert_eq!(created, ["Contact", "Case"]);
    insta::assert_snapshot!(played.story());
    let said = played.passages.iter().flat_map(|passage| &passage.shown);
    assert!(
        said.into_iter()
            .any(|said| *said == Said::Text("Case Created Successfully: 500000000000001".to_owned().into()))
    );
}

#[test]
fn a_call_is_linked_to_its_open_case() {
    let played = played("rest-link-call-to-case", contact(), |request| {
        Answer::Replied(match method(request) {
            "createVoiceCall" => json!({"voiceCallId": "0LQ000000000001"}),
            "queryRecord" => json!({"Id": "500000000000009", "totalSize": "1"}),
            "updateRecord" => json!({"success": "true"}),
            other => panic!("{other}"),
        })
    });
    assert_eq!(played.state.attributes["CaseId"], "500000000000009");
    assert_eq!(played.requests.len(), 3);
}

#[test]
fn a_transferred_call_enters_the_queue() {
    let mut state = contact();
    state.queue = Some(support_queue());
    let played = played("transfer-queue", state, |request| match request {
        Request::InvokeLambda(_) => Answer::Replied(json!({"voiceCallId": "0LQ000000000002"})),
        Request::Hours { hours: None, queue } => {
            assert_eq!(queue.as_ref().unwrap().name.as_deref(), Some("Support"));
            Answer::Open(true)
        }
        Request::Metric { .. } => Answer::Number(3),
        Request::EnterQueue { dequeue: false, .. } => Answer::Done,
        other => panic!("{other:?}"),
    });
    insta::assert_snapshot!(played.story());
    assert_eq!(played.ending, Ending::InQueue(support_queue()));
    assert_eq!(played.state.recorded.len(), 2);
    assert_eq!(played.state.analytics.modes, ["RealTime"]);
}

#[test]
fn a_transferred_call_is_told_that_the_center_is_closed() {
    let mut state = contact();
    state.queue = Some(support_queue());
    let played = played("transfer-queue", state, |request| match request {
        Request::InvokeLambda(_) => Answer::Replied(json!({"voiceCallId": "0LQ000000000002"})),
        Request::Hours { .. } => Answer::Open(false),
        other => panic!("{other:?}"),
    });
    assert_eq!(played.ending, Ending::Disconnected);
    let said = Said::Text("The department you are trying to reach is not currently open. Please try your call again later. Goodbye.".to_owned().into());
    assert!(played.passages.iter().any(|passage| passage.shown.contains(&said)));
}

#[test]
fn a_full_queue_is_said() {
    let mut state = contact();
    state.queue = Some(support_queue());
    let played = played("transcription-with-transcribe", state, |_| Answer::AtCapacity);
    assert_eq!(played.state.attributes["error"], "Queue capacity limit exceeded.");
    assert_eq!(played.ending, Ending::Disconnected);
}

#[test]
fn the_agent_whisper_starts_the_transcription() {
    let mut state = contact();
    state.queue = Some(support_queue());
    let played = played("agent-whisper-transcribe", state, |request| match request {
        Request::MediaStreaming { enabled: true, from_customer: true, to_customer: true } => streaming(),
        Request::InvokeLambda(invocation) => {
            assert_eq!(invocation.time_limit, 3);
            let audio = &invocation.event["Details"]["ContactData"]["MediaStreams"]["Customer"]["Audio"];
            assert_eq!(audio["StartTimestamp"], "1571360125131");
            Answer::Replied(json!({"lambdaResult": "Success"}))
        }
        other => panic!("{other:?}"),
    });
    insta::assert_snapshot!(played.story());
    assert_eq!(
        played.passages.iter().flat_map(|passage| &passage.shown).last(),
        Some(&Said::Text("Support".to_owned().into()))
    );
    assert_eq!(played.ending, Ending::FlowEnded);
}

#[test]
fn a_voicemail_is_left() {
    let played = played("voicemail", contact(), |request| match request {
        Request::MediaStreaming { .. } => streaming(),
        Request::Input(input) => {
            assert_eq!((input.first_within, input.stored), (60, false));
            Answer::Keys(String::new())
        }
        other => panic!("{other:?}"),
    });
    insta::assert_snapshot!(played.story());
    assert_eq!(played.state.attributes["vm_from"], "+12065550100");
    assert_eq!(played.ending, Ending::Disconnected);
}
