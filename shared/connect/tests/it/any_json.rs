//! Nothing that arrives may panic, and no error may repeat what arrived.

use std::fmt::Debug;

use connect::contact_event::ContactEvent;
use connect::contact_record::ContactRecord;
use connect::flow::FlowEvent;
use connect::transcription::TranscriptionJob;
use connect::{Malformed, from_slice, from_value};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::sample_files::folder;

const SECRET_TEXT: &str = "+12065550142";
const SECRET_NUMBER: u64 = 12_065_550_142;

fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        Just(json!(SECRET_NUMBER)),
        Just(json!(SECRET_TEXT)),
        Just(json!(format!("\"`{SECRET_TEXT}`, expected {SECRET_TEXT} at line 1\""))),
        Just(json!("")),
        Just(json!("2026-03-02T17:04:05.5+01:00")),
        any::<String>().prop_map(Value::from),
    ]
}

fn any_value() -> impl Strategy<Value = Value> {
    any_leaf().prop_recursive(6, 48, 6, |inner| {
        let name = prop_oneof![
            prop::sample::select(vec![
                "Details",
                "ContactData",
                "Parameters",
                "ContactId",
                "Attributes",
                "Agent",
                "Queue",
                "Recordings",
                "CustomerEndpoint",
                "Address",
                "SegmentAttributes",
                "connect:Subtype",
                "ValueString",
                "MediaStreams",
                "detail",
                "contactId",
                "eventType",
                "routingCriteria",
                "RoutingCriteria",
                "steps",
                "expression",
                "andExpression",
                "attributeCondition",
                "agentInfo",
                "AgentInfo",
                "updatedProperties",
                "tags",
            ])
            .prop_map(str::to_owned),
            "[a-zA-Z-]{0,8}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A sample in which one value, anywhere, is replaced by any other.
fn damaged_sample(of: &'static str) -> impl Strategy<Value = Value> {
    let samples: Vec<Value> = folder(of).into_values().collect();
    (prop::sample::select(samples), any::<prop::sample::Index>(), any_value()).prop_map(
        |(mut sample, at, by)| {
            let mut countdown = at.index(count(&sample));
            replace(&mut sample, &mut countdown, &by);
            sample
        },
    )
}

fn children(value: &mut Value) -> Box<dyn Iterator<Item = &mut Value> + '_> {
    match value {
        Value::Array(list) => Box::new(list.iter_mut()),
        Value::Object(members) => Box::new(members.values_mut()),
        _ => Box::new(std::iter::empty()),
    }
}

fn count(value: &Value) -> usize {
    1 + children(&mut value.clone()).map(|child| count(child)).sum::<usize>()
}

fn replace(value: &mut Value, countdown: &mut usize, by: &Value) -> bool {
    if *countdown == 0 {
        *value = by.clone();
        return true;
    }
    *countdown -= 1;
    children(value).any(|child| replace(child, countdown, by))
}

fn read<T: DeserializeOwned + Serialize + Debug>(json: Value) -> Result<(), TestCaseError> {
    match from_value::<T>(json) {
        Ok(event) => {
            let debug = format!("{event:?}");
            let written =
                serde_json::to_value(&event).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let again: T =
                from_value(written.clone()).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(serde_json::to_value(&again).ok(), Some(written));
            prop_assert!(!debug.is_empty());
        }
        Err(error) => says_nothing(&error)?,
    }
    Ok(())
}

fn says_nothing(error: &Malformed) -> Result<(), TestCaseError> {
    let text = error.to_string();
    prop_assert!(!text.contains(SECRET_TEXT), "{}", text);
    prop_assert!(!text.contains(&SECRET_NUMBER.to_string()), "{}", text);
    Ok(())
}

proptest! {
    #[test]
    fn any_json_at_all(json in any_value()) {
        read::<FlowEvent>(json.clone())?;
        read::<ContactRecord>(json.clone())?;
        read::<TranscriptionJob>(json.clone())?;
        read::<ContactEvent>(json)?;
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(from_slice::<ContactRecord>(&bytes).is_err());
    }

    #[test]
    fn damaged_transcription_job(json in damaged_sample("transcribe-call")) {
        read::<TranscriptionJob>(json)?;
    }

    #[test]
    fn damaged_flow_event(json in damaged_sample("voice-call")) {
        read::<FlowEvent>(json)?;
    }

    #[test]
    fn damaged_contact_record(json in damaged_sample("contact-records")) {
        if let Err(error) = from_slice::<ContactRecord>(json.to_string().as_bytes()) {
            says_nothing(&error)?;
        }
        read::<ContactRecord>(json)?;
    }

    #[test]
    fn damaged_contact_event(json in damaged_sample("contact-events")) {
        read::<ContactEvent>(json)?;
    }
}
