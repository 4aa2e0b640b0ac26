use std::collections::BTreeMap;
use std::time::Duration;

use insta::assert_snapshot;

use super::*;
use crate::script::cut_off::cut_off;
use crate::script::events::Telling;
use crate::script::model::{Callback, Party};
use crate::script::target::Target;
use crate::script::tests::{script, told};
use crate::script::timeline::EventKind;
use crate::script::{Call, Instance, Scene, Script, ScriptError};

const CALLED_BACK: &str = r#"
summary: The customer answers the second attempt.
flows: ../../flows
flow: callback
contact: { from: "+12065550100", to: "+18005550199", wrap_up: 10s }
steps:
  - { at: 40s, hang_up: customer }
  - { at: 1m, answer: agent-1 }
  - { at: 90s, hang_up: agent }
  - { at: 3m, answer: agent-2 }
  - { at: 190s, answer: customer }
  - { at: 4m, transfer: Billing }
  - { at: 250s, answer: agent-3 }
  - { at: 5m, hang_up: customer }
  - { at: 10m, resend: { leg: 4 } }
"#;

fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What the flow decides 20 s after the ring.
fn queued() -> Step {
    let callback = Callback {
        number: Some("+12065550111".to_owned()),
        caller_id: None,
        flow: None,
        queued: Some((Target::Queue("Service".to_owned()), s(25))),
        retry_delay: s(60),
        attempts: 2,
    };
    Step { at: s(20), line: 0, action: Action::Callback(callback) }
}

/// The script once its flow has decided that.
fn decided() -> Script {
    let mut script = script(CALLED_BACK);
    script.steps.insert(0, queued());
    script.call = Call::of(&script.contact, &script.steps).unwrap();
    script
}

#[test]
fn every_attempt_is_a_contact_that_begins_and_waits_before_the_agent_answers() {
    assert_snapshot!(told(&decided()), @r"
    00:00.0 leg 0 INITIATED
    00:20.0 leg 1 INITIATED
    00:25.0 leg 1 QUEUED
    00:40.0 leg 0 DISCONNECTED
    00:40.0 leg 0 COMPLETED
    00:45.0 leg 0 contact record
    01:00.0 leg 1 CONNECTED_TO_AGENT
    01:30.0 leg 1 DISCONNECTED
    01:30.0 leg 2 INITIATED
    01:40.0 leg 1 COMPLETED
    01:45.0 leg 1 contact record
    02:30.0 leg 2 QUEUED
    03:00.0 leg 2 CONNECTED_TO_AGENT
    03:10.0 leg 2 CONNECTED_TO_SYSTEM
    04:00.0 leg 3 INITIATED
    04:00.0 leg 3 QUEUED
    04:10.0 leg 3 CONNECTED_TO_AGENT
    04:10.0 leg 2 DISCONNECTED
    04:20.0 leg 2 COMPLETED
    04:25.0 leg 2 contact record
    05:00.0 leg 3 DISCONNECTED
    05:10.0 leg 3 COMPLETED
    05:15.0 leg 3 contact record
    10:00.0 leg 3 contact record again
    ");
}

#[test]
fn a_callback_that_no_flow_has_queued_yet_begins_with_the_answer() {
    let script = script(CALLED_BACK);
    let [_, first, second, transferred] = script.call().legs.as_slice() else {
        panic!("{:?}", script.call())
    };
    assert_eq!((first.initiated, &first.queue, second.initiated), (s(60), &None, s(180)));
    assert_eq!((first.disconnect_reason, first.completed()), ("AGENT_DISCONNECT", s(100)));
    assert!(first.connected_to_system.is_none() && second.connected_to_system == Some(s(190)));
    assert!(first.is_callback() && second.is_callback() && transferred.is_transfer());
}

#[test]
fn events_tell_whom_a_callback_calls_and_where_it_came_from() {
    let script = decided();
    let contact_ids: Vec<_> = (1..=4).map(|leg| format!("c-{leg}")).collect();
    let scene = Scene { instance: Instance, ring: "2026-01-31T09:30:00Z".parse().unwrap(), contact_ids };
    let telling = Telling {
        contact: &script.contact,
        call: script.call(),
        scene: &scene,
        analysis: None,
        attributes: &BTreeMap::new(),
        audio: &BTreeMap::new(),
    };
    let event = &telling.contact_event(1, &EventKind::Initiated, s(20))["detail"];
    assert_eq!(
        (&event["initiationMethod"], &event["queueInfo"]),
        (&"CALLBACK".into(), &serde_json::Value::Null)
    );
    let told: Vec<_> = (0..4)
        .map(|leg| telling.contact_record(leg, s(400), false))
        .map(|record| {
            let text = |name: &str| record[name].as_str().unwrap_or("-").to_owned();
            let queue = &record["Queue"];
            format!(
                "{} {} of {} after {} before {}; customer {}, system {}; queued {} for {} s",
                text("ContactId"),
                text("InitiationMethod"),
                text("InitialContactId"),
                text("PreviousContactId"),
                text("NextContactId"),
                record["CustomerEndpoint"]["Address"],
                record["SystemEndpoint"]["Address"],
                queue["EnqueueTimestamp"],
                queue["Duration"],
            )
        })
        .collect();
    assert_snapshot!(told.join("\n"), @r#"
    c-1 INBOUND of - after - before c-2; customer "+12065550100", system "+18005550199"; queued null for null s
    c-2 CALLBACK of c-1 after c-1 before c-3; customer "+12065550111", system null; queued "2026-01-31T09:30:25Z" for 35 s
    c-3 CALLBACK of c-1 after c-2 before c-4; customer "+12065550111", system null; queued "2026-01-31T09:32:30Z" for 30 s
    c-4 TRANSFER of c-1 after c-3 before -; customer "+12065550111", system "+18005550199"; queued "2026-01-31T09:34:00Z" for 10 s
    "#);
}

#[test]
fn a_flow_that_hangs_up_leaves_the_callback() {
    let mut script = decided();
    let transfer = [
        Action::Answer("agent-9".to_owned()),
        Action::Transfer(crate::script::Transfer { to: None, flow: Some("transfer".to_owned()) }),
    ];
    let more = transfer.map(|action| Step { at: s(35), line: 0, action });
    script.steps.splice(1..1, more);
    // Between the first leg and the callback there was to be another one.
    assert_eq!(legs_of(&script.steps), 5);
    let steps = cut_off(&script.steps, Party::Flow, s(20));
    assert_eq!((legs_of(&steps), Call::of(&script.contact, &steps).unwrap().legs.len()), (4, 4));
    assert_eq!(steps[1].action, Action::HangUp(Party::Flow));
    assert_eq!(steps[2].action, Action::Answer("agent-1".to_owned()));
    // It was said of the fourth of five: now that is the third.
    let Some(Action::Resend(resend)) = steps.last().map(|step| &step.action) else { panic!("{steps:?}") };
    assert_eq!(resend.leg, 3);
}

#[test]
fn who_hangs_up_before_or_between_calls_is_not_called_back() {
    let legs = |script: &Script, at| {
        let steps = cut_off(&script.steps, Party::Customer, s(at));
        Call::of(&script.contact, &steps).unwrap().legs.len()
    };
    // Nothing was queued then.
    assert_eq!(legs(&script(CALLED_BACK), 10), 1);
    assert_eq!(legs(&decided(), 30), 4);
    assert_eq!(legs(&decided(), 50), 1);
    // During the first attempt: there is another one. During the second: nobody else gets the call.
    assert_eq!(legs(&decided(), 70), 4);
    assert_eq!(legs(&decided(), 200), 3);
}

#[test]
fn nobody_is_called_back_again_who_has_answered() {
    let again = CALLED_BACK.replace("{ at: 10m, resend: { leg: 4 } }", "{ at: 10m, answer: agent-1 }");
    let nobody = CALLED_BACK.replace("{ at: 1m, answer: agent-1 }", "{ at: 1m, answer: customer }");
    let errors = [again, nobody].map(|yaml| {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/a-call.yaml");
        match Script::parse(&file, &yaml).unwrap_err() {
            ScriptError::Wrong { line, problem, .. } => format!("{line}: {problem}"),
            other => panic!("{other}"),
        }
    });
    assert_snapshot!(errors.join("\n"), @r"
    15: the call is over: the customer was called back, and answered
    8: the call is over: only fault, presses, resend, backfill and the answer to a callback can follow hang_up
    ");
}
