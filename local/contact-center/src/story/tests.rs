use std::path::Path;

use serde_json::json;

use super::*;
use crate::lambda::{FunctionError, Invocation, Payload};
use crate::script::{Finding, Found, Signal, Speaker};

fn invocation(function: &str, event: Value, reply: Result<Value, &str>, cold: bool) -> Told {
    let error = |text: &str| {
        serde_json::from_value::<FunctionError>(
            json!({"errorType": "Salesforce.Unavailable", "errorMessage": text}),
        )
    };
    Told::Invoked(Box::new(Invocation {
        request_id: "r-1".to_owned(),
        function: function.to_owned(),
        payload: Payload::from(event),
        reply: reply.map_err(|text| error(text).unwrap()),
        cold,
        init: cold.then_some(Duration::from_millis(34)),
        duration: Duration::from_micros(3_240),
        billed: Duration::from_millis(38),
        cpu: None,
        memory_mb: Some(21),
        log: Vec::new(),
    }))
}

fn told(happenings: Vec<(u64, Told)>) -> String {
    let story = Story::new(Style::plain());
    let text = happenings
        .into_iter()
        .map(|(at, what)| story.happening(&Happening { at: Duration::from_secs(at), what }))
        .collect::<String>();
    for line in text.lines() {
        assert!(line.chars().count() <= WIDTH, "{line}");
    }
    text
}

#[test]
fn a_call_reads_line_by_line() {
    let method = |name: &str| json!({"Details": {"Parameters": {"methodName": name}}});
    let voice_call = "InvokeTelephonyIntegrationApiFunction";
    let refusal = "executeOmniFlow: Salesforce answered 503 and asked to come back later, after the time of this invocation";
    let failed = || invocation(voice_call, method("executeOmniFlow"), Err(refusal), false);
    let text = told(vec![
        (0, Told::Call { text: "+12065550100 calls +18005550199".to_owned(), event: Some("INITIATED") }),
        (1, invocation(voice_call, method("createVoiceCall"), Ok(json!({"voiceCallId": "0LQ1"})), true)),
        (2, Told::Fault("Salesforce answers 503".to_owned())),
        (3, failed()),
        (3, failed()),
        (3, failed()),
        (
            3,
            Told::ErrorBranch {
                function: "voice-call".to_owned(),
                reason: "Salesforce.Unavailable after 4 tries".to_owned(),
            },
        ),
        (
            66,
            Told::Transcribed(Transcribed {
                who: Speaker::Agent,
                text: "One moment please, I will have to look that up, and it may take a little longer than usual."
                    .to_owned(),
                start_ms: 61_000,
                end_ms: 65_250,
            }),
        ),
        (70, Told::Call { text: "agent-1 puts the customer on hold for 25 s".to_owned(), event: None }),
        (130, Told::ContactRecord { leg: 2, version: 1 }),
        (
            130,
            invocation(
                "CTRDataSyncFunction",
                json!({"Records": [{}]}),
                Ok(json!({"batchItemFailures": [{"itemIdentifier": "1"}]})),
                true,
            ),
        ),
        (
            130,
            invocation(
                "kvsTranscriber",
                json!({"streamARN": "arn", "checkpoint": {"generation": 2}}),
                Ok(Value::Null),
                true,
            ),
        ),
        (
            131,
            invocation(
                "HandleContactEventsFunction",
                json!({"detail": {"eventType": "DISCONNECTED"}}),
                Ok(Value::Null),
                false,
            ),
        ),
    ]);
    insta::assert_snapshot!(text, @r"
    00:00.0  call    +12065550100 calls +18005550199                                         INITIATED
    00:01.0  invoke  voice-call createVoiceCall                            cold 34 ms + 3.2 ms   21 MB
                     → voiceCallId=0LQ1
    00:02.0  fault   Salesforce answers 503
    00:03.0  invoke  voice-call executeOmniFlow                                    warm 3.2 ms   21 MB
                     ✘ Salesforce.Unavailable: executeOmniFlow: Salesforce answered 503 and asked to
                     come back later, after the time of this invocation
                     and again, 2 times
    00:03.0  flow    voice-call: the flow takes its Error branch: Salesforce.Unavailable after 4 tries
    01:06.0  hears   agent: One moment please, I will have to look that up, and it may take a little
                     longer than usual. (0.8 s later)
    01:10.0  call    agent-1 puts the customer on hold for 25 s
    02:10.0  record  contact record of leg 2, version 1, is put on the stream
    02:10.0  invoke  sync-contact-records 1 contact record                 cold 34 ms + 3.2 ms   21 MB
                     → to be retried
    02:10.0  invoke  transcribe-call from hand-over 2 on                   cold 34 ms + 3.2 ms   21 MB
                     → done
    02:11.0  invoke  contact-events DISCONNECTED                                   warm 3.2 ms   21 MB
                     → done
    ");
}

#[test]
fn a_contact_flow_reads_block_by_block() {
    let flow = json!({"Version": "2019-10-30", "StartAction": "welcome", "Actions": [
        {"Identifier": "welcome", "Type": "MessageParticipant", "Parameters": {"Text": "Good morning. \n Nice that you call us, and that you listen to all of this."},
         "Transitions": {"NextAction": "11111111-1111-4111-8111-111111111111"}},
        {"Identifier": "11111111-1111-4111-8111-111111111111", "Type": "CheckHoursOfOperation", "Parameters": {},
         "Transitions": {"NextAction": "bye", "Errors": [{"ErrorType": "NoMatchingError", "NextAction": "bye"}]}},
        {"Identifier": "bye", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]});
    let mut library = contact_flows::Library::new();
    library.add(contact_flows::Flow::from_value(&flow, "hours.json").unwrap());
    let contact =
        contact_flows::ContactState::new("c-1", "arn:aws:connect:us-east-1:123456789012:instance/i");
    let mut run = contact_flows::Runner::start(&std::sync::Arc::new(library), "hours", contact).unwrap();
    let mut blocks = Vec::new();
    while let contact_flows::Step::Passed(passage) = run.step().unwrap() {
        blocks.push((2, Told::Passed { leg: 1, passage: Box::new(passage) }));
    }
    insta::assert_snapshot!(told(blocks), @r"
    00:02.0  flow    welcome: the caller hears it “Good morning. Nice that you call us, and that you
                     listen to all of this.”
    00:02.0  flow    CheckHoursOfOperation 11111111: no queue is set that could have hours →
                     NoMatchingError
    00:02.0  flow    bye: the flow hangs up
    ");
}

#[test]
fn what_contact_lens_brings_reads_line_by_line() {
    let backfill = "ContactDataSyncFunction";
    let signal = |what| Told::Signal(Signal { what, start_ms: 21_200 });
    let text = told(vec![
        (21, Told::ContactLens("Contact Lens finds the category Cancellation".to_owned())),
        (
            21,
            invocation(
                "ContactLensProcessorFunction",
                json!({"Records": [{}, {}]}),
                Ok(json!({"batchItemFailures": []})),
                true,
            ),
        ),
        (
            21,
            invocation(
                "ContactLensProcessorFunction",
                json!({"Records": [{}]}),
                Ok(json!({"batchItemFailures": []})),
                false,
            ),
        ),
        (22, signal(Finding::Category("Cancellation".to_owned()))),
        (22, signal(Finding::Overall(Speaker::Agent, -2.5))),
        (
            90,
            invocation(
                "PostCallAnalysisTriggerFunction",
                json!({"Records": [{"eventSource": "aws:sqs"}]}),
                Ok(json!({"batchItemFailures": [{"itemIdentifier": "m-1"}]})),
                false,
            ),
        ),
        (
            95,
            invocation(
                backfill,
                json!({"operation": "backfill", "dryRun": true}),
                Ok(json!({"counts": {"no_file": 1, "to_upload": 2}, "contacts": []})),
                false,
            ),
        ),
        (
            96,
            invocation(
                backfill,
                json!({"operation": "backfill", "dryRun": false}),
                Ok(json!({"counts": {}, "contacts": []})),
                false,
            ),
        ),
    ]);
    insta::assert_snapshot!(text, @r"
    00:21.0  lens    Contact Lens finds the category Cancellation
    00:21.0  invoke  persist-transcripts 2 Contact Lens records            cold 34 ms + 3.2 ms   21 MB
                     → taken
    00:22.0  signal  category Cancellation at 00:21.2
    00:22.0  signal  overall sentiment of the agent -2.5 at 00:21.2
    01:30.0  invoke  post-call-analysis analysis file                              warm 3.2 ms   21 MB
                     → to be retried
    01:35.0  invoke  backfill-transcripts backfill, as a dry run                   warm 3.2 ms   21 MB
                     → 1 no file, 2 to upload
    01:36.0  invoke  backfill-transcripts backfill                                 warm 3.2 ms   21 MB
                     → no calls
    ");
}

#[test]
fn the_ending_ticks_what_was_expected_and_tells_what_came_instead() {
    let yaml = "summary: s
contact: { from: '+12065550100' }
steps: [{ at: 1s, hang_up: customer }]
expect:
  voice_calls: [{ CallType: Inbound, QueueName: Service, NumberOfHolds: 2 }]
  error_branches: 0
";
    let script = Script::parse(Path::new("a-call.yaml"), yaml).unwrap();
    let call = json!({
        "Id": "0LQ1", "VendorCallKey": "c-1", "CallType": "Inbound", "QueueName": null, "NumberOfHolds": 1,
        "FromPhoneNumber": "+12065550100",
    });
    let found = Found {
        contact_ids: vec!["c-1".to_owned()],
        voice_calls: vec![call.as_object().unwrap().clone()],
        ..Found::default()
    };
    let checks = crate::script::check(&script.expect, &found);
    let text =
        Story::new(Style::plain()).ending(&script, &Outcome { found, checks }, Duration::from_millis(1240));
    insta::assert_snapshot!(text, @r"
      VoiceCall 0LQ1, as Salesforce has it now
      ✔ CallType         Inbound
        FromPhoneNumber  +12065550100
      ✘ NumberOfHolds    1, expected 2
      ✘ QueueName        nothing, expected Service
        VendorCallKey    c-1

      The call
      ✔ VoiceCalls: 1
      ✔ error branches: 0
      ✔ dead letters: 0

    a-call: 2 of 6 expectations do not hold (1.2 s)
    ");
}
