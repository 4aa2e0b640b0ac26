use chrono::TimeZone;
use serde_json::{Value, json};

use super::*;

fn detail(more: Value) -> Detail {
    let mut sent = json!({"eventType": "DISCONNECTED", "contactId": "c-1"});
    sent.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    crate::from_value(sent).unwrap()
}

#[test]
fn both_spellings_are_the_same_event() {
    let agent = "arn:aws:connect:us-west-2:123456789012:instance/a/agent/b";
    let connected = "2026-03-02T17:05:10.402Z";
    let camel: Detail = crate::from_value(json!({
        "eventType": "CONNECTED_TO_AGENT", "contactId": "c-1", "channel": "VOICE", "initiationMethod": "INBOUND",
        "instanceArn": "arn:aws:connect:us-west-2:123456789012:instance/a",
        "agentInfo": {"agentArn": agent, "connectedToAgentTimestamp": connected},
        "queueInfo": {"queueArn": "arn:queue", "queueType": "STANDARD", "enqueueTimestamp": connected},
        "customerEndpoint": {"address": "+12065550100", "type": "TELEPHONE_NUMBER"},
    }))
    .unwrap();
    let pascal: Detail = crate::from_value(json!({
        "EventType": "CONNECTED_TO_AGENT", "ContactId": "c-1", "Channel": "Voice", "InitiationMethod": "INBOUND",
        "InstanceARN": "arn:aws:connect:us-west-2:123456789012:instance/a",
        "AgentInfo": {"AgentArn": agent, "ConnectedToAgentTimestamp": connected},
        "QueueInfo": {"QueueArn": "arn:queue", "QueueType": "STANDARD", "EnqueueTimestamp": connected},
        "CustomerEndpoint": {"Address": "+12065550100", "Type": "TELEPHONE_NUMBER"},
    }))
    .unwrap();
    assert_eq!(camel, pascal);
    assert!(camel.is_voice());
    assert_eq!(camel.agent_info.unwrap().agent_arn.as_deref(), Some(agent));
}

#[test]
fn written_in_camel_case_with_milliseconds() {
    let event = ContactEvent {
        version: Some("0".to_owned()),
        id: None,
        detail_type: Some(DETAIL_TYPE.to_owned()),
        source: Some("aws.connect".to_owned()),
        account: None,
        time: Utc.with_ymd_and_hms(2026, 3, 2, 17, 4, 5).single(),
        region: None,
        resources: vec!["arn:instance".to_owned()],
        detail: Detail {
            initiation_timestamp: Utc.with_ymd_and_hms(2026, 3, 2, 17, 4, 5).single(),
            updated_properties: vec![ROUTING_STEP_STATUS.to_owned()],
            ..Detail::new(EventType::ContactDataUpdated, ContactId::parse("c-1").unwrap())
        },
    };
    let expected = json!({
        "version": "0",
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "time": "2026-03-02T17:04:05Z",
        "resources": ["arn:instance"],
        "detail": {
            "eventType": "CONTACT_DATA_UPDATED",
            "contactId": "c-1",
            "initiationTimestamp": "2026-03-02T17:04:05.000Z",
            "updatedProperties": ["RoutingCriteria.Step.Status"],
        },
    });
    assert_eq!(serde_json::to_value(&event).unwrap(), expected);
}

#[test]
fn the_first_millisecond_of_1970_means_never() {
    let agent =
        detail(json!({"agentInfo": {"connectedToAgentTimestamp": "1970-01-01T00:00:00.001Z"}})).agent_info;
    assert_eq!(agent, Some(AgentInfo::default()));
}

#[test]
fn only_calls_are_voice() {
    for channel in [json!("CHAT"), json!("TASK"), json!("EMAIL"), json!(null), json!("SOMETHING_NEW")] {
        assert!(!detail(json!({ "channel": channel })).is_voice(), "{channel}");
    }
}

#[test]
fn unknown_values_are_kept() {
    let event = detail(json!({"initiationMethod": "TELEPATHY"}));
    assert_eq!(event.initiation_method, Some(InitiationMethod::Other("TELEPATHY".to_owned())));
    assert_eq!(serde_json::to_value(&event).unwrap()["initiationMethod"], "TELEPATHY");
}
