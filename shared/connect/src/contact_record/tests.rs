use chrono::TimeZone;
use serde_json::json;

use super::*;

fn record(json: serde_json::Value) -> ContactRecord {
    crate::from_value(json).unwrap()
}

#[test]
fn written_as_connect_spells_it() {
    let at = |minute| Utc.with_ymd_and_hms(2026, 3, 2, 17, minute, 5).single();
    let record = ContactRecord {
        aws_account_id: Some("123456789012".to_owned()),
        agent: Some(Agent {
            arn: Some("arn:agent".to_owned()),
            number_of_holds: Some(2),
            connected_to_agent_timestamp: at(5),
            ..Agent::default()
        }),
        channel: Some(Channel::Voice),
        initiation_method: Some(InitiationMethod::WebRtcApi),
        initiation_timestamp: at(4),
        instance_arn: InstanceArn::parse("arn:aws:connect:us-west-2:123456789012:instance/a").ok(),
        queue: Some(QueueInfo {
            arn: Some("arn:queue".to_owned()),
            duration: Some(37),
            ..QueueInfo::default()
        }),
        customer_endpoint: Some(Endpoint::telephone("+12065550100")),
        ..ContactRecord::new(ContactId::parse("c-1").unwrap())
    };
    let expected = json!({
        "AWSAccountId": "123456789012",
        "Agent": {"ARN": "arn:agent", "NumberOfHolds": 2, "ConnectedToAgentTimestamp": "2026-03-02T17:05:05Z"},
        "Channel": "VOICE",
        "ContactId": "c-1",
        "CustomerEndpoint": {"Address": "+12065550100", "Type": "TELEPHONE_NUMBER"},
        "InitiationMethod": "WEBRTC_API",
        "InitiationTimestamp": "2026-03-02T17:04:05Z",
        "InstanceARN": "arn:aws:connect:us-west-2:123456789012:instance/a",
        "Queue": {"ARN": "arn:queue", "Duration": 37},
    });
    assert_eq!(serde_json::to_value(&record).unwrap(), expected);
    assert_eq!(super::tests::record(expected), record);
}

#[test]
fn timestamps_with_and_without_decimals_and_offset() {
    let read =
        |text: &str| record(json!({"ContactId": "a", "InitiationTimestamp": text})).initiation_timestamp;
    let expected = Utc.with_ymd_and_hms(2026, 3, 2, 17, 4, 5).single();
    assert_eq!(read("2026-03-02T17:04:05Z"), expected);
    assert_eq!(read("2026-03-02T17:04:05.000Z"), expected);
    assert_eq!(read("2026-03-02T18:04:05+01:00"), expected);
    assert_eq!(read("2026-03-02T17:04:05.250Z").unwrap().timestamp_subsec_millis(), 250);
    assert_eq!(read(""), None);
}

#[test]
fn only_other_channels_are_not_calls() {
    let is_voice = |channel| record(json!({"ContactId": "a", "Channel": channel})).is_voice();
    for channel in [json!("VOICE"), json!("Voice"), json!(null), json!("")] {
        assert!(is_voice(channel.clone()), "{channel}");
    }
    for channel in ["CHAT", "task", "EMAIL", "FAX"] {
        assert!(!is_voice(json!(channel)), "{channel}");
    }
}

#[test]
fn web_rtc_by_initiation_or_by_subtype() {
    let subtype = json!({"connect:Subtype": {"ValueString": "connect:WebRTC"}});
    assert!(record(json!({"ContactId": "a", "InitiationMethod": "WEBRTC_API"})).is_web_rtc());
    let transferred = json!({"ContactId": "a", "InitiationMethod": "TRANSFER", "SegmentAttributes": subtype});
    assert!(record(transferred).is_web_rtc());
    assert!(!record(json!({"ContactId": "a", "InitiationMethod": "TRANSFER"})).is_web_rtc());
}

#[test]
fn an_empty_list_of_recordings_is_not_null() {
    let recordings = |json| record(json!({"ContactId": "a", "Recordings": json})).recordings;
    assert_eq!(recordings(json!([])), Some(vec![]));
    assert_eq!(recordings(json!(null)), None);
}
