use serde_json::json;

use super::*;

fn attributes(json: Value) -> Attributes {
    serde_json::from_value(json).unwrap()
}

#[test]
fn every_value_becomes_text() {
    let read = attributes(json!({
        "text": "a", "empty": "", "number": 10, "fraction": 1.5, "flag": true, "null": null, "nested": {"a": [1]}
    }));
    let all: Vec<_> = read.iter().collect();
    assert_eq!(
        all,
        [
            ("empty", ""),
            ("flag", "true"),
            ("fraction", "1.5"),
            ("nested", r#"{"a":[1]}"#),
            ("number", "10"),
            ("text", "a")
        ]
    );
    assert_eq!((read.get("empty"), read.non_empty("empty"), read.get("null")), (Some(""), None, None));
}

#[test]
fn absent_is_not_empty() {
    assert!(attributes(json!({})).is_present());
    assert!(attributes(json!(null)).is_absent());
    assert!(Attributes::default().is_absent());
    assert!(Attributes::from_iter([("a", "b")]).is_present());
}

#[test]
fn only_prefixed_attributes_are_for_the_voice_call() {
    let read =
        attributes(json!({"sfdc-Reason__c": "x", "sfdc-": "no name", "sfd-a": "1", "SFDC-b": "2", "c": "3"}));
    assert_eq!(read.salesforce_fields().collect::<Vec<_>>(), [("Reason__c", "x")]);
}

#[test]
fn debug_shows_names_only() {
    assert_eq!(format!("{:?}", attributes(json!({"callback": "+12065550100"}))), r#"{"callback"}"#);
}

#[test]
fn subtype_in_either_spelling() {
    for spelling in ["ValueString", "valueString"] {
        let read: SegmentAttributes =
            serde_json::from_value(json!({"connect:Subtype": {spelling: "connect:WebRTC"}})).unwrap();
        assert!(read.is_web_rtc());
    }
    for other in [json!({}), json!(null), json!({"connect:Subtype": {"ValueString": "connect:Telephony"}})] {
        assert!(!serde_json::from_value::<SegmentAttributes>(other).unwrap().is_web_rtc());
    }
    assert!(SegmentAttributes::of_subtype(SegmentAttributes::WEB_RTC).is_web_rtc());
}
