use std::collections::BTreeSet;
use std::fmt::Debug;

use connect::contact_event::{ContactEvent, DETAIL_TYPE};
use connect::contact_record::ContactRecord;
use connect::flow::FlowEvent;
use connect::transcription::TranscriptionJob;
use connect::{from_slice, from_value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::sample_files::{folder, records};

/// Reads the sample, writes it again, and checks that nothing was respelled, invented, or shown by `Debug`.
fn check<T>(name: &str, sent: &Value) -> T
where
    T: DeserializeOwned + Serialize + PartialEq + Debug,
{
    // What these respell is checked where the types are.
    const RESPELLED: [&str; 6] = [
        "inbound-awkward",
        "disconnected-answered-pascal-agent-info",
        "routing-expired-array",
        "routing-expired-pascal-case",
        "routing-joined",
        "switches-are-booleans",
    ];
    let event: T = from_value(sent.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = serde_json::to_value(&event).unwrap();
    if !RESPELLED.contains(&name) {
        assert_part_of(&written, sent, name);
        assert!(from_value::<T>(written).unwrap() == event, "{name} changes when written and read again");
    }
    for secret in ["2065550", "agent.seven", "Order status", "web-visitor", "about my order", "caller@"] {
        assert!(!format!("{event:?}").contains(secret), "{name}: Debug shows {secret}");
    }
    event
}

fn assert_part_of(written: &Value, sent: &Value, at: &str) {
    match (written, sent) {
        (Value::Object(written), Value::Object(sent)) => {
            for (name, value) in written {
                let sent = sent.get(name).unwrap_or_else(|| panic!("{at}.{name} was not sent"));
                assert_part_of(value, sent, &format!("{at}.{name}"));
            }
        }
        (Value::Array(written), Value::Array(sent)) => {
            assert_eq!(written.len(), sent.len(), "{at}");
            for (index, (written, sent)) in written.iter().zip(sent).enumerate() {
                assert_part_of(written, sent, &format!("{at}[{index}]"));
            }
        }
        _ => assert_eq!(written, sent, "{at}"),
    }
}

#[test]
fn flow_events() {
    let mut methods = BTreeSet::new();
    let folders = ["voice-call", "salesforce-rest", "start-transcription"];
    for (name, sent) in folders.into_iter().flat_map(folder) {
        match name.as_str() {
            "warm-up" => assert_eq!(sent["detail-type"], "Scheduled Event"),
            "create-voice-call-hostile-contact-id" => {
                let error = from_value::<FlowEvent>(sent).unwrap_err();
                assert_eq!(error.path(), "Details.ContactData.ContactId");
                assert!(!error.to_string().contains(".."), "{error}");
            }
            name => {
                let event: FlowEvent = check(name, &sent);
                methods.extend(event.details.parameter("methodName").map(|method| method.into_owned()));
            }
        }
    }
    let every_method = [
        "SFSPhoneCallFlowQuery",
        "callbackExecution",
        "cancelOmniFlowExecution",
        "createRecord",
        "createTransferVC",
        "createVoiceCall",
        "deleteRecord",
        "executeOmniFlow",
        "fetchAgentPhoneNumber",
        "fetchDefaultVoicemailGreetingUrl",
        "fetchOutboundPhoneNumber",
        "fetchUploadIdsStatus",
        "parameterizedSearch",
        "phoneLookup",
        "queryRecord",
        "queryRecords",
        "readRecord",
        "realtimeAlertEvent",
        "rerouteFlowExecution",
        "routeVoiceCall",
        "searchRecord",
        "sendMessage",
        "updateCache",
        "updateRecord",
        "updateVoiceCall",
        "uploadTranscript",
        "upsertRecord",
    ];
    for method in every_method {
        assert!(methods.contains(method), "no sample for {method}");
    }
}

#[test]
fn transcription_jobs() {
    for (name, sent) in folder("transcribe-call") {
        match name.as_str() {
            "no-stream" => {
                let error = from_value::<TranscriptionJob>(sent).unwrap_err();
                assert!(error.problem().contains("streamARN"), "{error}");
            }
            "unknown-engine" => {
                let error = from_value::<TranscriptionJob>(sent).unwrap_err();
                assert!(error.problem().contains("engine is neither"), "{error}");
            }
            // Without what it does not know: the job is its own conversation.
            "from-salesforces-trigger" => {
                let job: TranscriptionJob = from_value(sent).unwrap();
                assert_eq!(job.conversation_id, job.contact_id);
            }
            // No job, but what a job could not do.
            "undelivered" => drop(from_value::<TranscriptionJob>(sent).unwrap_err()),
            name => drop(check::<TranscriptionJob>(name, &sent)),
        }
    }
}

#[test]
fn contact_records() {
    for (name, sent) in folder("contact-records") {
        check::<ContactRecord>(&name, &sent);
    }
}

#[test]
fn contact_events() {
    for (name, sent) in folder("contact-events") {
        let problem = match name.as_str() {
            "hostile-contact-id" => Some("detail.contactId"),
            "no-contact-id" | "other-detail-type" => Some("detail"),
            _ => None,
        };
        match problem {
            Some(path) => assert_eq!(from_value::<ContactEvent>(sent).unwrap_err().path(), path, "{name}"),
            None => {
                assert_eq!(check::<ContactEvent>(&name, &sent).detail_type.unwrap(), DETAIL_TYPE, "{name}")
            }
        }
    }
}

#[test]
fn kinesis_records_are_the_plain_contact_records() {
    let plain: Vec<Value> = folder("contact-records").into_values().collect();
    let mut used = BTreeSet::new();
    for (name, batch) in folder("sync-contact-records") {
        let records = records(&batch);
        assert!(records.is_sorted_by(|a, b| a.sequence_number < b.sequence_number), "{name}");
        for (index, record) in records.iter().enumerate() {
            let read = record.data.as_deref().map(from_slice::<ContactRecord>);
            if record.partition_key.starts_with("malformed") {
                assert!(!matches!(read, Some(Ok(_))), "{name}: record {index} should not be readable");
                continue;
            }
            let contact = read.unwrap().unwrap_or_else(|error| panic!("{name}: record {index}: {error}"));
            assert_eq!(record.partition_key, contact.contact_id.as_str(), "{name}: record {index}");
            let content: Value = serde_json::from_slice(record.data.as_deref().unwrap()).unwrap();
            let same = plain.iter().position(|plain| *plain == content);
            used.insert(same.unwrap_or_else(|| panic!("{name}: record {index} has no plain file")));
        }
    }
    assert_eq!(used.len(), plain.len(), "a contact record is in no batch");
}
