use serde_json::json;

use super::*;
use crate::script::Finding;

fn expectations(yaml: &str) -> Expectations {
    serde_saphyr::from_str(yaml).unwrap()
}

fn found() -> Found {
    let call = |key: &str, fields: Value| {
        let mut record = fields.as_object().unwrap().clone();
        record.insert("VendorCallKey".to_owned(), key.into());
        record
    };
    Found {
        ring: "2026-01-31T09:30:00Z".parse().unwrap(),
        contact_ids: vec!["c-1".to_owned(), "c-2".to_owned()],
        voice_calls: vec![
            // Not in the order of the legs: the contact id decides.
            call("c-2", json!({"CallType": "Transfer", "NumberOfHolds": 2})),
            call(
                "c-1",
                json!({
                    "CallType": "Inbound",
                    "CallStartDateTime": "2026-01-31T09:30:00.000+0000",
                    "CallEndDateTime": "2026-01-31T09:31:30Z",
                    "CallAcceptDateTime": null,
                }),
            ),
        ],
        records: [(
            "Case".to_owned(),
            vec![json!({"Subject": "Bill", "ContactId": "003000000000001AAA"}).as_object().unwrap().clone()],
        )]
        .into(),
        named: [("caller".to_owned(), "003000000000001AAA".to_owned())].into(),
        routing: Some(Routing::Cleared),
        messages: 0,
        transcript: Vec::new(),
        said: Vec::new(),
        signals: vec![Signal { what: Finding::Category("Cancellation".to_owned()), start_ms: 0 }],
        dead_letters: 0,
        passed: Vec::new(),
        error_branches: 1,
        invocations: [("voice-call".to_owned(), 3)].into(),
        requests: [("createVoiceCall".to_owned(), 1)].into(),
        attributes: [("voiceCallId".to_owned(), "0LQ1".to_owned())].into(),
    }
}

#[test]
fn what_came_as_expected_holds() {
    let checks = check(
        &expectations(
            r"
            voice_calls:
              - { CallType: Inbound, CallStartDateTime: ring, CallEndDateTime: ring+1m30s, CallAcceptDateTime: absent }
              - { CallType: Transfer, NumberOfHolds: 2, QueueName: absent }
            records: { Case: [{ Subject: Bill, ContactId: '@caller' }], Task: [] }
            routing: cleared
            messages: 0
            signals: [{ category: Cancellation, at: 0s }]
            error_branches: 1
            invocations: { voice-call: { at_least: 2 }, contact-events: 0 }
            requests: { createVoiceCall: 1, updateVoiceCall: 0 }
            attributes: { voiceCallId: present, other: absent }
            ",
        ),
        &found(),
    );
    assert_eq!(checks.len(), 23);
    let wrong: Vec<String> = checks.iter().filter(|check| !check.holds()).map(Check::to_string).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_came_otherwise_is_told_with_what_was_found_instead() {
    let checks = check(
        &expectations(
            r"
            voice_calls:
              - { CallType: Outbound, CallStartDateTime: ring+1s, CallAcceptDateTime: present, CallEndDateTime: absent }
            records: { Case: [{ Subject: Card }, {}], Task: [{}] }
            routing: pending
            messages: 1
            signals: 2
            error_branches: 2
            dead_letters: 3
            invocations: { voice-call: 2, contact-events: { at_least: 1 } }
            requests: { createVoiceCall: 2 }
            attributes: { voiceCallId: 0LQ2, other: present }
            ",
        ),
        &found(),
    );
    assert!(checks.iter().all(|check| !check.holds()), "{checks:#?}");
    let told: Vec<String> = checks.iter().map(Check::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    CallAcceptDateTime: present, but found nothing
    CallEndDateTime: absent, but found 2026-01-31T09:31:30Z
    CallStartDateTime: 2026-01-31T09:30:01Z (ring + 1 s), but found 2026-01-31T09:30:00.000+0000
    CallType: Outbound, but found Inbound
    VoiceCalls: 1, but found 2
    Case records: 2, but found 1
    Subject of Case 1: Card, but found Bill
    Task records: 1, but found 0
    routing: pending, but found cleared
    messages: 1, but found 0
    signals: 2, but found 1
    error branches: 2, but found 1
    invocations of contact-events: at least 1, but found 0
    invocations of voice-call: 2, but found 3
    requests for createVoiceCall: 2, but found 1
    attribute other: present, but found nothing
    attribute voiceCallId: 0LQ2, but found 0LQ1
    dead letters: 3, but found 0
    ");
}

#[test]
fn a_leg_without_its_voice_call_is_told() {
    let mut found = found();
    found.voice_calls.remove(0);
    let checks = check(&expectations("voice_calls: [{ CallType: Inbound }, { CallType: Transfer }]"), &found);
    let told: Vec<String> = checks.iter().filter(|check| !check.holds()).map(Check::to_string).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    VendorCallKey of leg 2: the leg's contact id, but found no such VoiceCall
    VoiceCalls: 2, but found 1
    ");
}

#[test]
fn an_unsaid_dead_letter_is_never_accepted() {
    let found = Found { dead_letters: 1, ..found() };
    let checks = check(&Expectations::default(), &found);
    assert_eq!(checks.iter().map(Check::to_string).collect::<Vec<_>>(), ["dead letters: 0, but found 1"]);
}
