use std::path::Path;
use std::time::Duration;

use super::*;
use crate::script::timeline::{What, timeline};

const TRANSFERRED: &str = r#"
summary: A transfer.
contact:
  from: "+12065550100"
  to: "+18005550199"
  wrap_up: 10s
steps:
  - at: 1s
    flow: { function: voice-call, parameters: { methodName: createVoiceCall } }
  - at: 2s
    queue: Service
  - at: 20s
    answer: agent-1
  - at: 30s
    hold: 15s
  - at: 1m
    transfer: Billing
  - at: 61s
    flow: { function: voice-call, parameters: { methodName: createTransferVC } }
  - at: 70s
    fault: { salesforce: { status: 503, until: 75s } }
  - at: 80s
    answer: agent-2
  - at: 2m
    hang_up: customer
  - at: 5m
    resend: { leg: 2, recording: true }
"#;

pub(super) fn script(yaml: &str) -> Script {
    Script::parse(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/a-call.yaml"), yaml).unwrap()
}

/// The error of a script whose steps these lines are.
fn error(steps: &str) -> String {
    let steps = steps.replace('\n', "\n  ");
    let yaml = format!("summary: s\ncontact:\n  from: \"+12065550100\"\nsteps:\n  {steps}\n");
    Script::parse(Path::new("a-call.yaml"), &yaml).unwrap_err().to_string()
}

pub(super) fn told(script: &Script) -> String {
    let lines = timeline(script.call(), &script.steps, script.analysis()).into_iter().map(|beat| {
        let what = match beat.what {
            What::ContactEvent { leg, kind } => format!("leg {leg} {}", kind.name()),
            What::Flow { leg, step } => format!("leg {leg} flow {}", step.parameters["methodName"]),
            What::FlowStarts { leg, flow } => format!("leg {leg} flow {flow} starts"),
            What::HookStarts { .. } | What::FlowGoesOn { .. } | What::HoldEnds { .. } => {
                unreachable!("only flows bring these about")
            }
            What::Presses(keys) => format!("the customer presses {keys}"),
            What::MediaStreaming { leg, .. } => format!("leg {leg} media streaming"),
            What::Hold { leg, length } => format!("leg {leg} holds for {} s", length.as_secs()),
            What::ContactRecord { leg } => format!("leg {leg} contact record"),
            What::Resend(resend) => format!("leg {} contact record again", resend.leg - 1),
            What::ContactLens { leg, entry } => format!("leg {leg} Contact Lens: {entry:?}"),
            What::AnalysisFile { leg, .. } => format!("leg {leg} analysis file"),
            What::Backfill(_) => "backfill".to_owned(),
            What::Fault(_) => "fault".to_owned(),
            What::FaultEnds(_) => "fault ends".to_owned(),
        };
        format!("{} {what}", time::Clock(beat.at))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_transfer_is_played_as_two_contacts() {
    insta::assert_snapshot!(told(&script(TRANSFERRED)), @r#"
    00:00.0 leg 0 INITIATED
    00:01.0 leg 0 flow "createVoiceCall"
    00:02.0 leg 0 QUEUED
    00:20.0 leg 0 CONNECTED_TO_AGENT
    00:30.0 leg 0 holds for 15 s
    01:00.0 leg 1 INITIATED
    01:00.0 leg 1 QUEUED
    01:01.0 leg 1 flow "createTransferVC"
    01:10.0 fault
    01:15.0 fault ends
    01:20.0 leg 1 CONNECTED_TO_AGENT
    01:20.0 leg 0 DISCONNECTED
    01:30.0 leg 0 COMPLETED
    01:35.0 leg 0 contact record
    02:00.0 leg 1 DISCONNECTED
    02:10.0 leg 1 COMPLETED
    02:15.0 leg 1 contact record
    05:00.0 leg 1 contact record again
    "#);
}

#[test]
fn a_flow_that_hangs_up_leaves_faults_and_contact_records() {
    let mut script = script(TRANSFERRED);
    // The record of the second leg goes with the leg.
    script.steps = cut_off::cut_off(&script.steps, Party::Flow, Duration::from_secs(1));
    script.call = Call::of(&script.contact, &script.steps).unwrap();
    insta::assert_snapshot!(told(&script), @r#"
    00:00.0 leg 0 INITIATED
    00:01.0 leg 0 flow "createVoiceCall"
    00:01.0 leg 0 DISCONNECTED
    00:01.0 leg 0 COMPLETED
    00:06.0 leg 0 contact record
    01:10.0 fault
    01:15.0 fault ends
    "#);
}

#[test]
fn an_outbound_call_is_connected_when_the_customer_answers() {
    let script = script(
        "summary: s
contact: { initiation: outbound, from: '+18005550199', to: '+12065550100' }
steps:
  - { at: 1s, answer: agent-1 }
  - { at: 9s, answer: customer }
  - { at: 2m, hang_up: agent }
",
    );
    insta::assert_snapshot!(told(&script), @r"
    00:00.0 leg 0 INITIATED
    00:01.0 leg 0 CONNECTED_TO_AGENT
    00:09.0 leg 0 CONNECTED_TO_SYSTEM
    02:00.0 leg 0 DISCONNECTED
    02:30.0 leg 0 COMPLETED
    02:35.0 leg 0 contact record
    ");
}

#[test]
fn the_legs_add_up() {
    let script = script(TRANSFERRED);
    let [first, second] = script.call().legs.as_slice() else { panic!("{:?}", script.call()) };
    // The first agent leaves when the second answers; of these 60 s, 15 were hold.
    assert_eq!((first.disconnected.as_secs(), first.interaction().as_secs()), (80, 45));
    assert_eq!((first.disconnect_reason, first.completed().as_secs()), ("AGENT_DISCONNECT", 90));
    assert_eq!((second.initiated.as_secs(), second.interaction().as_secs()), (60, 40));
    assert_eq!(second.queue.as_ref().unwrap().dequeued.as_secs(), 80);
    assert_eq!((second.disconnect_reason, second.completed().as_secs()), ("CUSTOMER_DISCONNECT", 130));
}

#[test]
fn an_abandoned_wait_ends_with_the_call_and_has_no_after_contact_work() {
    let script = script(
        "summary: s
contact: { from: '+12065550100' }
steps:
  - { at: 1s, queue: Service }
  - { at: 95s, hang_up: customer }
",
    );
    let leg = &script.call().legs[0];
    assert_eq!(leg.queue.as_ref().unwrap().dequeued.as_secs(), 95);
    assert_eq!(leg.completed(), leg.disconnected);
}

#[test]
fn an_error_names_file_line_and_what_is_wrong() {
    let errors = [
        error("- { at: 1s, hang_up: nobody }"),
        error("- { at: soon, hang_up: agent }"),
        error("- { at: 1s, hangup: agent }"),
        error("- { at: 1s }"),
        error("- { at: 1s, queue: Service, hang_up: customer }"),
        error("- { at: 1s, queue: Service }"),
        error("- { at: 2s, queue: Service }\n- { at: 1s, hang_up: customer }"),
        error("- { at: 2s, hold: 5s }\n- { at: 3s, hang_up: customer }"),
        error("- { at: 2s, answer: customer }\n- { at: 3s, hang_up: customer }"),
        error("- { at: 2s, hang_up: customer }\n- { at: 3s, answer: agent-1 }"),
        error("- { at: 2s, hang_up: customer }\n- { at: 3s, resend: { leg: 2 } }"),
        error("- { at: 2s, hang_up: customer }\n- { at: 3s, resend: {} }"),
        error("- { at: 2s, hang_up: customer }\n- { at: 1m, resend: { version: 2 } }"),
        error(
            "- { at: 2s, fault: { salesforce: { route: createCall, status: 500 } } }\n- { at: 3s, hang_up: customer }",
        ),
        error("- { at: 2s, flow: { function: voice-call, timeout: 9s } }\n- { at: 3s, hang_up: customer }"),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r"
    a-call.yaml:5: unknown variant `nobody`, expected one of customer, agent, flow, network
    a-call.yaml:5: `soon` is not a time: write it like 90s, 1m30s, 1.5s or 250ms
    a-call.yaml:5: unknown field `hangup`, expected one of at, flow, presses, queue, answer, hold, media_streaming, customer, agent, category, transfer, routing_expires, hang_up, fault, resend, backfill
    a-call.yaml:5: a step has one action, this one has 0: write one of flow, presses, queue, answer, hold, media_streaming, customer, agent, category, transfer, routing_expires, hang_up, fault, resend, backfill
    a-call.yaml:5: a step has one action, this one has 2: write one of flow, presses, queue, answer, hold, media_streaming, customer, agent, category, transfer, routing_expires, hang_up, fault, resend, backfill
    a-call.yaml:5: the call never ends: add a hang_up step
    a-call.yaml:6: steps are written in the order in which they happen: this time is before the step above
    a-call.yaml:5: no agent has answered yet
    a-call.yaml:5: the customer is on the line already: only a dialled customer answers
    a-call.yaml:6: the call is over, and no contact flow of this script queues a callback that could be answered
    a-call.yaml:6: a contact record can be sent again after the call, for one of its legs
    a-call.yaml:6: the contact record is first sent 7 s after the ring
    a-call.yaml:6: there is no version 2 yet: 1 were sent
    a-call.yaml:5: 'createCall' is not an operation of the org; it knows token, restResources, createVoiceCall, updateVoiceCall, executeOmniFlow, clearRouting, reroute, routeVoiceCall, requestCallback, sendMessage, sendMessages, sendRealtimeEvents, sendPostCallEvents, userInfo, revoke, restVersions, describeGlobal, describe, createRecord, readRecord, updateRecord, deleteRecord, upsertRecord, changedRecords, query, queryMore, search, parameterizedSearch, collections, composite, limits, uploadConversations, uploadStatus, unknown
    a-call.yaml:5: an invoke-function block waits 8s at most
    ");
}

#[test]
fn more_voice_calls_than_legs_cannot_be_expected() {
    let yaml = format!("{TRANSFERRED}\nexpect:\n  voice_calls: [{{}}, {{}}, {{}}]\n");
    let error = Script::parse(Path::new("a-call.yaml"), &yaml).unwrap_err().to_string();
    insta::assert_snapshot!(error, @"a-call.yaml:30: voice_calls lists 3 VoiceCalls, but the call has 2 legs");
}

/// The error of a script over a flow, which begins with these lines.
fn flow_error(lines: &str, steps: &str, expect: &str) -> String {
    let steps = steps.replace('\n', "\n  ");
    let yaml = format!(
        "summary: s\n{lines}\ncontact: {{}}\nsteps:\n  {steps}\n  - {{ at: 1m, hang_up: customer }}\nexpect:\n  {expect}\n"
    );
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/a-call.yaml");
    let error = Script::parse(&here, &yaml).unwrap_err().to_string();
    let error = error.replace(&format!("{}/", env!("CARGO_MANIFEST_DIR")), "");
    // Which flows are shipped is not the point here.
    match error.split_once("there are: agent-whisper-transcription, ") {
        Some((problem, _)) => format!("{problem}there are: (flows)"),
        None => error,
    }
}

#[test]
fn what_is_wrong_about_flows_is_said_before_anything_is_played() {
    const FLOWS: &str = "flows: ../../../flows\nflow: inbound";
    let step = "- { at: 1s, presses: '1' }";
    let errors = [
        flow_error("flow: inbound", step, "dead_letters: 0"),
        flow_error("flow: inbound.json", step, "dead_letters: 0"),
        flow_error("flows: nowhere", step, "dead_letters: 0"),
        flow_error("flows: script/tests.rs", step, "dead_letters: 0"),
        flow_error("flows: ../../../flows\naliases: { x: Nothing }", step, "dead_letters: 0"),
        flow_error("flows: ../../../flows\nhooks: { Whisper: inbound }", step, "dead_letters: 0"),
        flow_error("", step, "dead_letters: 0"),
        flow_error(FLOWS, "- { at: 1s, presses: one }", "dead_letters: 0"),
        flow_error(FLOWS, step, "path: [create VoiceCall, make coffee]"),
        flow_error(&format!("{FLOWS}\noutcomes: {{ make tea: failed }}"), step, "dead_letters: 0"),
        flow_error(&format!("{FLOWS}\nhours: never"), step, "dead_letters: 0"),
        flow_error(
            FLOWS,
            "- { at: 1s, answer: agent-1 }\n- { at: 2s, transfer: { flow: else } }",
            "dead_letters: 0",
        ),
        flow_error(FLOWS, "- { at: 1s, transfer: { queue: a, agent: b } }", "dead_letters: 0"),
        flow_error(FLOWS, "- { at: 1s, transfer: {} }", "dead_letters: 0"),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r"
    src/a-call.yaml:2: no contact flow and no file beside the script is called inbound; of flows there are: none
    src/a-call.yaml:2: there is no file src/inbound.json; paths are relative to the script
    src/a-call.yaml:2: cannot read src/nowhere: No such file or directory (os error 2)
    src/a-call.yaml:2: src/script/tests.rs is not JSON; export the flow from Amazon Connect again
    src/a-call.yaml:2: no contact flow and no file beside the script is called Nothing; of flows there are: (flows)
    src/a-call.yaml:2: no contact flow runs at Whisper; the events are AgentHold, AgentWhisper, CustomerHold, CustomerQueue, CustomerRemaining, CustomerWhisper, DefaultAgentUI, DisconnectAgentUI, PauseContact, ResumeContact, OutboundWhisper
    src/a-call.yaml:5: only a contact flow asks for keys: the script needs a `flow`
    src/a-call.yaml:6: `one` are no keys: write digits, * and #, in quotes
    src/a-call.yaml:9: no contact flow of this script has a block make coffee; a block is called by its identifier or its type
    src/a-call.yaml:4: no contact flow of this script has a block make tea; a block is called by its identifier or its type
    src/a-call.yaml:4: unknown variant `never`, expected one of open, closed
    src/a-call.yaml:7: no contact flow and no file beside the script is called else; of flows there are: (flows)
    src/a-call.yaml:6: a transfer leads to a queue or to an agent, not to both
    src/a-call.yaml:6: a transfer needs a queue, an agent, or a flow that finds one
    ");
}

#[test]
fn keys_and_transfers_are_read_in_every_form() {
    let script = script(
        "summary: s
flows: ../../flows
contact: {}
steps:
  - { at: 1s, answer: agent-1 }
  - { at: 2s, transfer: Billing }
  - { at: 3s, answer: agent-2 }
  - { at: 4s, transfer: { agent: agent-1 } }
  - { at: 5s, answer: agent-1 }
  - { at: 6s, transfer: { queue: Service, flow: transfer } }
  - { at: 7s, presses: 12# }
  - { at: 8s, presses: 1 }
  - { at: 9s, hang_up: customer }
",
    );
    let queues: Vec<_> =
        script.call().legs.iter().map(|leg| leg.queue.as_ref().map(|queued| queued.queue.clone())).collect();
    let agent = Target::Agent("agent-1".to_owned());
    // With a flow, the flow decides.
    assert_eq!(queues, [None, Some(Target::Queue("Billing".to_owned())), Some(agent), None]);
    assert!(told(&script).contains("00:06.0 leg 3 flow transfer starts\n00:07.0 the customer presses 12#\n00:08.0 the customer presses 1\n"));
}

#[test]
fn requests_are_expected_of_operations_that_there_are() {
    let yaml = format!("{TRANSFERRED}\nexpect:\n  requests:\n    createCall: 1\n");
    let error = Script::parse(Path::new("a-call.yaml"), &yaml).unwrap_err().to_string();
    assert!(error.starts_with("a-call.yaml:31: 'createCall' is not an operation of the org"), "{error}");
}

#[test]
fn every_script_that_is_shipped_can_be_played() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let script = Script::read(&file).unwrap();
        assert!(!script.summary.is_empty() && script.expect.voice_calls.is_some(), "{}", script.name);
        names.push(script.name);
    }
    names.sort();
    assert_eq!(
        names,
        [
            "abandoned-in-queue",
            "anonymous-caller",
            "backfill",
            "callback",
            "case-look-up",
            "case-opened",
            "case-refused",
            "contact-lens",
            "flow-abandoned",
            "flow-callback",
            "flow-callback-other-number",
            "flow-callback-unanswered",
            "flow-called-back",
            "flow-case-found",
            "flow-case-opened",
            "flow-case-salesforce-fails",
            "flow-closed",
            "flow-fallback-queue",
            "flow-gives-up",
            "flow-gives-up-in-menu",
            "flow-inbound",
            "flow-omni-agent",
            "flow-outbound",
            "flow-queue-full",
            "flow-salesforce-down",
            "flow-transfer-agent",
            "flow-transfer-omni",
            "flow-transfer-queue",
            "flow-webrtc",
            "inbound-answered",
            "keys-rotated",
            "long-call",
            "outbound",
            "post-call",
            "post-call-transfer",
            "resent-contact-record",
            "routing-expired",
            "salesforce-down",
            "secret-deleted",
            "transcribed",
            "transfer",
            "webrtc"
        ]
    );
}
