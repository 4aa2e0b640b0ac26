//! The eight sample flows that contact centers run, with our functions answering. They lie beside the repository.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use contact_center::script::{HangUp, Happening, Script, Speed, Tell, Told};

use crate::support::{center, root};

fn scripts(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.filter(|file| file.extension().is_some_and(|it| it == "yaml")).collect();
    files.sort();
    files
}

#[tokio::test(flavor = "multi_thread")]
async fn all_eight_run_to_their_end_over_the_paths_that_scripts_choose() {
    let entered: Arc<Mutex<BTreeSet<String>>> = Arc::default();
    for file in scripts(&root().join("tests/scenarios/eight-flows")) {
        let script = Script::read(&file).unwrap();
        // Each in a contact center of its own: what one call breaks is no part of the next.
        let center = center().await;
        let tell = {
            let entered = Arc::clone(&entered);
            move |happening: Happening| {
                if let Told::Passed { passage, .. } = happening.what {
                    entered.lock().unwrap().insert(passage.place.file);
                }
            }
        };
        let outcome = center.play_and_tell(&script, Speed::Max, Arc::new(tell)).await.unwrap();
        assert!(outcome.failures().is_empty(), "{}: {:#?}", script.name, outcome.failures());
    }
    assert_eq!(entered.lock().unwrap().len(), 8, "{entered:?}");
}

/// A call that begins in `event-flows/later.json`.
fn call(more: &str, steps: &str, expect: &str) -> Script {
    call_to("later", more, steps, expect)
}

/// A call that begins in this one of `event-flows`.
fn call_to(flow: &str, more: &str, steps: &str, expect: &str) -> Script {
    let yaml = format!(
        "summary: s\nflows: event-flows\nflow: {flow}\n{more}contact: {{ from: '+12065550150', to: '+18005550199' }}\n\
         steps:\n{steps}expect:\n{expect}"
    );
    Script::parse(&root().join("tests/scenarios/a-call.yaml"), &yaml).unwrap_or_else(|e| panic!("{e}"))
}

const RENAMED: &str = "functions: { voice-call: { arn: telephony-of-old } }\n";

#[tokio::test(flavor = "multi_thread")]
async fn flows_run_at_the_events_of_a_call() {
    let script = call(
        RENAMED,
        "  - { at: 30s, answer: agent-1 }\n  - { at: 40s, hold: 10s }\n  - { at: 1m, hang_up: agent }\n  \
           - { at: 64s, presses: '5' }\n",
        "  path: [create VoiceCall later, wait -> WaitCompleted, load, transfer to queue, music -> MessagesInterrupted, next queue, \
           sorry, ask, bye]\n  \
           not_path: [end, hold over, hang up]\n  \
           attributes: { voiceCallId: present, survey: '5' }\n  \
           voice_calls:\n    - { QueueName: Billing, CallQueuedDateTime: ring+22s, CallAcceptDateTime: ring+30s, NumberOfHolds: 1 }\n",
    );
    let outcome = center().await.play(&script).await.unwrap();
    assert!(outcome.failures().is_empty(), "{:#?}", outcome.failures());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_is_left_when_an_agent_answers() {
    let script = call(
        RENAMED,
        "  - { at: 10s, answer: agent-1 }\n  - { at: 1m, hang_up: customer }\n",
        "  not_path: [music, next queue, ask]\n  voice_calls:\n    - { QueueName: Service, CallAcceptDateTime: ring+10s }\n",
    );
    let outcome = center().await.play(&script).await.unwrap();
    assert!(outcome.failures().is_empty(), "{:#?}", outcome.failures());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_the_flow_does_not_allow_is_stopped_where_it_is_wrong() {
    let cases = [
        (
            RENAMED,
            "  - { at: 1s, answer: agent-1 }\n  - { at: 1m, hang_up: customer }\n",
            "line 7: agent-1 cannot answer yet: the contact is still at",
        ),
        (
            "",
            "  - { at: 10s, answer: agent-1 }\n  - { at: 1m, hang_up: customer }\n",
            "later.json: InvokeLambdaFunction create VoiceCall later (at Actions[0]): no function here is known as \
             arn:aws:lambda:us-west-2:123456789012:function:telephony-of-old; say which one is meant",
        ),
        (
            "outcomes: { transfer to queue: closed }\nfunctions: { voice-call: { arn: telephony-of-old } }\n",
            "  - { at: 1m, hang_up: customer }\n",
            "`closed` cannot come of transfer to queue, which asks for enter a queue; write full or failed",
        ),
    ];
    let center = center().await;
    for (more, steps, expected) in cases {
        let error = center.play(&call(more, steps, "  dead_letters: 0\n")).await.unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains(expected), "{error}");
    }
}

/// Hangs up as soon as somebody waits in a queue.
fn hangs_up_in_queue(hang_up: &HangUp) -> Tell {
    let hang_up = hang_up.clone();
    Arc::new(move |happening| {
        if matches!(happening.what, Told::Call { event: Some("QUEUED"), .. }) {
            hang_up.now();
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_hung_up_from_outside_at_any_speed() {
    let script = Script::read(&root().join("local/scenarios/flow-abandoned.yaml")).unwrap();
    let center = center().await;
    for speed in [Speed::Max, Speed::Times(20.0)] {
        let hang_up = HangUp::new();
        let tell = hangs_up_in_queue(&hang_up);
        let outcome = center.play_until_hung_up(&script, speed, tell, &hang_up).await.unwrap();
        let call = &outcome.found.voice_calls[0];
        assert_eq!(call["DisconnectReason"], "CUSTOMER_DISCONNECT");
        // It would have waited for more than a minute.
        let seconds = call["CallDurationInSeconds"].as_f64().unwrap();
        assert!(seconds < 30.0, "{seconds}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_with_a_flow_of_its_own_waits_where_that_says() {
    // The flow hangs up before anybody answers, so that the first transfer never takes place.
    let script = call_to(
        "ask",
        "",
        "  - { at: 20s, answer: agent-3 }\n  - { at: 30s, transfer: Service }\n  - { at: 1m, hang_up: customer }\n  \
           - { at: 2m, answer: agent-1 }\n  - { at: 130s, answer: customer }\n  - { at: 3m, transfer: Billing }\n  \
           - { at: 190s, answer: agent-2 }\n  - { at: 4m, hang_up: agent }\n",
        "  path: [set whisper, ask for callback, hang up, where from, wait a little -> WaitCompleted, wait for agent, say callback]\n  \
           not_path: [give up]\n  \
           attributes: { method: CALLBACK, number: '+12065550159', shown: '+12065550189', queue: Service }\n  \
           voice_calls:\n    - { CallType: Inbound, CallEndDateTime: ring, NextCallId: present }\n    \
             - { CallType: Callback, CallStartDateTime: ring, CallQueuedDateTime: ring+10s, CallAcceptDateTime: ring+2m, \
                 QueueName: Billing, ToPhoneNumber: '+12065550159', PreviousCallId: present }\n    \
             - { CallType: Transfer, FromPhoneNumber: '+12065550159', PreviousCallId: present, CallEndDateTime: ring+4m }\n",
    );
    let told: Arc<Mutex<(Vec<String>, Vec<String>)>> = Arc::default();
    let tell = {
        let told = Arc::clone(&told);
        move |happening: Happening| match happening.what {
            Told::Leg { contact_id, .. } => told.lock().unwrap().0.push(contact_id),
            Told::Call { event: Some(event), .. } => {
                told.lock().unwrap().1.push(format!("{} {event}", happening.at.as_secs()));
            }
            _ => {}
        }
    };
    let outcome = center().await.play_and_tell(&script, Speed::Max, Arc::new(tell)).await.unwrap();
    assert!(outcome.failures().is_empty(), "{:#?}", outcome.failures());
    let (contact_ids, events) = told.lock().unwrap().clone();
    assert_eq!(contact_ids, outcome.found.contact_ids);
    assert_eq!(
        events.join(", "),
        "0 INITIATED, 0 INITIATED, 0 DISCONNECTED, 0 COMPLETED, 10 QUEUED, 120 CONNECTED_TO_AGENT, 130 CONNECTED_TO_SYSTEM, \
         180 INITIATED, 180 QUEUED, 190 CONNECTED_TO_AGENT, 190 DISCONNECTED, 220 COMPLETED, 240 DISCONNECTED, 270 COMPLETED"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_runs_the_flow_that_its_block_names() {
    let yaml = "summary: s\nflows: event-flows\nflow: called-back\nhooks: { AgentWhisper: whisper, CustomerWhisper: survey, \
                CustomerQueue: queue, OutboundWhisper: hold }\n\
                contact: { initiation: callback, from: '+18005550199', to: '+12065550151' }\nsteps:\n  \
                - { at: 50s, answer: agent-1 }\n  - { at: 1m, answer: customer }\n  - { at: 2m, hang_up: customer }\n\
                expect:\n  path: [where from, wait for agent, say callback, sorry]\n  not_path: [give up, music, ask]\n  \
                attributes: { method: CALLBACK, number: '+12065550151' }\n  voice_calls:\n    \
                - { CallType: Callback, CallQueuedDateTime: ring+10s, CallAcceptDateTime: ring+50s, QueueName: Billing }\n";
    let script = Script::parse(&root().join("tests/scenarios/a-call.yaml"), yaml).unwrap();
    let outcome = center().await.play(&script).await.unwrap();
    assert!(outcome.failures().is_empty(), "{:#?}", outcome.failures());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_answered_when_it_waits_and_no_sooner() {
    const OVER: &str = "  - { at: 1m, hang_up: customer }\n";
    let attempt =
        |at: &str| format!("  - {{ at: {at}, answer: agent-1 }}\n  - {{ at: {at}, hang_up: agent }}\n");
    let cases = [
        (
            "later",
            RENAMED,
            attempt("2m"),
            "line 8: agent-1 cannot answer: no contact flow has queued a callback",
        ),
        ("ask", "", attempt("61s"), ""),
        (
            "ask",
            "outcomes: { wait for agent: full }\n",
            attempt("2m"),
            "line 8: agent-1 cannot answer: the callback is in no queue",
        ),
        (
            "ask",
            "",
            attempt("2m") + &attempt("150s"),
            "line 9: agent-1 cannot answer: the callback does not wait in its queue before 03:00.0",
        ),
        (
            "ask",
            "",
            attempt("2m") + &attempt("4m") + &attempt("6m"),
            "line 11: agent-1 cannot answer: the contact flow has the customer called back 2 times at most",
        ),
    ];
    let center = center().await;
    for (flow, more, steps, expected) in cases {
        let script = call_to(flow, more, &format!("{OVER}{steps}"), "  dead_letters: 0\n");
        let played = center.play(&script).await.map_err(|error| format!("{error:#}"));
        match expected {
            "" => assert!(played.unwrap().failures().is_empty()),
            expected => assert!(played.is_err_and(|error| error.contains(expected)), "{expected}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_hangs_up_while_a_callback_waits_does_not_see_it_answered() {
    let script = call_to(
        "ask",
        "",
        "  - { at: 1m, hang_up: customer }\n  - { at: 2m, answer: agent-1 }\n  - { at: 3m, hang_up: agent }\n",
        "  path: [wait for agent]\n  not_path: [say callback]\n  voice_calls:\n    - { CallType: Inbound }\n",
    );
    let hang_up = HangUp::new();
    let (center, tell) = (center().await, hangs_up_in_queue(&hang_up));
    let outcome = center.play_until_hung_up(&script, Speed::Times(60.0), tell, &hang_up).await.unwrap();
    assert!(outcome.failures().is_empty(), "{:#?}", outcome.failures());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_streamed_any_more_when_a_call_cannot_be_played_on() {
    let script = call(
        RENAMED,
        "  - { at: 500ms, media_streaming: start }\n  - { at: 1500ms, answer: agent-1 }\n  - { at: 2m, hang_up: customer }\n",
        "  dead_letters: 0\n",
    );
    let contact: Arc<Mutex<String>> = Arc::default();
    let tell = {
        let contact = Arc::clone(&contact);
        move |happening: Happening| {
            if let Told::Leg { contact_id, .. } = happening.what {
                *contact.lock().unwrap() = contact_id;
            }
        }
    };
    let center = center().await;
    let error = center.play_and_tell(&script, Speed::Times(20.0), Arc::new(tell)).await.unwrap_err();
    assert!(format!("{error:#}").contains("cannot answer yet"), "{error:#}");
    let name = format!("callbridge-connect-local-contact-{}", contact.lock().unwrap());
    let streamed = || center.aws().video_stream(&name).next_fragment_number();
    let then = streamed();
    // A fragment holds a second or more, of which twenty pass in one here.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(streamed(), then);
}
