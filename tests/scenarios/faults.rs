//! Salesforce in every kind of trouble.

use std::time::Duration;

use contact_center::script::Script;
use salesforce_org::{Fault, Operation, Route};
use serde_json::json;

use crate::support::{center, contact_record, create, invoke, play, reply};

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_reply_to_a_create_makes_one_voice_call_and_the_flow_gets_its_id() {
    let center = center().await;
    center.org().faults().add(Fault::lost_reply(Operation::CreateVoiceCall).times(1));
    let reply = reply(&center, create("lost-reply")).await;
    let calls = center.org().voice_calls().unwrap();
    assert_eq!(calls.len(), 1);
    assert_eq!(reply["voiceCallId"].as_str(), Some(calls[0].id()));
    assert_eq!(center.org().request_count(Operation::CreateVoiceCall), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn connects_repetition_of_a_create_in_another_environment_makes_one_voice_call() {
    let center = center().await;
    let first = reply(&center, create("again")).await;
    center.host().recycle(crate::support::VOICE_CALL).unwrap();
    let second = reply(&center, create("again")).await;
    assert_eq!(first, second);
    assert_eq!(center.org().voice_calls().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_salesforce_ends_inside_the_budget_with_an_error_that_says_so() {
    let center = crate::support::center_with(&[("FLOW_BUDGET_MS", "1200")]).await;
    center.org().faults().add(Fault::latency(Route::Any, Duration::from_secs(30)));
    let invocation = invoke(&center, create("slow")).await;
    assert!(invocation.duration < Duration::from_secs(4), "{:?}", invocation.duration);
    let error = invocation.reply.unwrap_err();
    assert_eq!(error.error_type, "SalesforceOutOfTime", "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_outage_is_ridden_out_inside_one_invocation() {
    let center = center().await;
    center.org().faults().add(Fault::status(Route::Any, 503).times(2));
    reply(&center, create("short-outage")).await;
    assert_eq!(center.org().request_count(Operation::CreateVoiceCall), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn salesforce_dies_in_the_middle_of_a_call_and_the_call_is_complete_once_it_is_back() {
    let center = center().await;
    let outcome = play(&center, include_str!("salesforce-dies-mid-call.yaml")).await;
    assert_eq!(outcome.found.dead_letters, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_hangs_up_during_an_outage_is_taken_out_of_routing_afterwards() {
    let center = center().await;
    reply(&center, create("6ed07095-b182-4fac-8376-50c2a1d9e8fb")).await;
    center.org().faults().add(Fault::status(Operation::ClearRouting, 503).times(5));
    let event = crate::support::event("contact-events/disconnected-abandoned.json");
    center.contact_events().deliver(&event).unwrap();
    center.settle().await.unwrap();
    assert!(center.org().request_count(Operation::ClearRouting) > 5);
    assert!(center.dead_letters().is_empty());
}

/// 300 contacts with three versions each, while a fifth of the requests fail in one way or another.
#[tokio::test(flavor = "multi_thread")]
async fn every_contact_record_is_applied_or_in_the_dead_letter_queue_however_salesforce_fails() {
    const CONTACTS: usize = 300;
    let center = center().await;
    let faults = center.org().faults();
    faults.add(Fault::status(Operation::UpdateVoiceCall, 500).rate(0.08));
    faults.add(Fault::status(Operation::UpdateVoiceCall, 429).retry_after(0).rate(0.05));
    faults.add(Fault::reset(Operation::UpdateVoiceCall).rate(0.04));
    faults.add(Fault::lost_reply(Operation::UpdateVoiceCall).rate(0.03));
    let mut records = Vec::new();
    for version in 1..=3 {
        for contact in 0..CONTACTS {
            let id = format!("contact-{contact}");
            let record = contact_record(&id, version, &format!("queue {version}"));
            records.push((id, record.to_string().into_bytes()));
        }
    }
    let malformed = ["", "{", "null", "{\"ContactId\":\"c-1/../../x?y=1\"}", "{\"ContactId\":7}"];
    records.extend(malformed.map(|text| ("malformed".to_owned(), text.as_bytes().to_vec())));
    center.contact_records().put_all(records);
    center.settle().await.unwrap();

    let calls = center.org().voice_calls().unwrap();
    assert_eq!(calls.len(), CONTACTS, "one VoiceCall per contact");
    assert!(calls.iter().all(|call| call["QueueName"] == "queue 3"), "the newest version everywhere");
    assert_eq!(center.dead_letters().len(), malformed.len());
    assert!(center.org().requests().iter().all(|request| !request.path.contains("..")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_stream_delivered_again_changes_nothing() {
    let center = center().await;
    let records: Vec<_> = (0..50)
        .map(|contact| {
            let id = format!("contact-{contact}");
            (id.clone(), contact_record(&id, 1, "Service").to_string().into_bytes())
        })
        .collect();
    center.contact_records().put_all(records.clone());
    center.settle().await.unwrap();
    let updates = center.org().request_count(Operation::UpdateVoiceCall);
    center.contact_records().put_all(records);
    center.settle().await.unwrap();
    assert_eq!((updates, center.org().request_count(Operation::UpdateVoiceCall)), (50, 50));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_record_is_a_dead_letter_that_can_be_replayed_and_does_not_hold_the_others() {
    let center = center().await;
    center.org().faults().add(Fault::status(Operation::UpdateVoiceCall, 400).times(1));
    let refused = contact_record("refused", 1, "Service");
    center.contact_records().put("refused", refused.to_string());
    center.settle().await.unwrap();
    center.contact_records().put("fine", contact_record("fine", 1, "Service").to_string());
    center.settle().await.unwrap();
    assert!(center.org().voice_call("fine").unwrap().is_some());

    let letters = center.dead_letters();
    assert_eq!(letters.len(), 1);
    let letter: serde_json::Value = serde_json::from_str(&letters[0]).unwrap();
    assert_eq!(letter["reason"]["code"], "SalesforceRefused");
    assert_eq!(letter["record"]["encoding"], "text");
    center.contact_records().put("refused", letter["record"]["content"].as_str().unwrap());
    center.settle().await.unwrap();
    assert_eq!(center.org().voice_call("refused").unwrap().unwrap()["QueueName"], json!("Service"));
}

#[test]
fn a_script_that_is_wrong_says_where() {
    let text = include_str!("salesforce-dies-mid-call.yaml").replace("hang_up:", "hangup:");
    let error = Script::parse(std::path::Path::new("wrong.yaml"), &text).unwrap_err();
    assert!(error.to_string().starts_with("wrong.yaml:"), "{error}");
}
