use serde_json::json;

use super::*;

fn details(json: Value) -> Details {
    crate::from_value(json).unwrap()
}

#[test]
fn a_parameter_as_text() {
    let details = details(json!({"Parameters": {
        "text": "a", "number": 5, "flag": false, "empty": "", "null": null, "list": ["a"], "object": {}
    }}));
    let parameter = |name| details.parameter(name).map(Cow::into_owned);
    assert_eq!(parameter("text").as_deref(), Some("a"));
    assert_eq!(parameter("number").as_deref(), Some("5"));
    assert_eq!(parameter("flag").as_deref(), Some("false"));
    for name in ["empty", "null", "list", "object", "missing"] {
        assert_eq!(parameter(name), None, "{name}");
    }
}

#[test]
fn parameters_by_prefix_keep_their_type() {
    let details = details(json!({"Parameters": {"flowInput-a": 1, "flowInput-": 2, "flowinput-b": 3}}));
    let found: Vec<_> = details.parameters_with_prefix("flowInput-").collect();
    assert_eq!(found, [("a", &json!(1))]);
}

#[test]
fn null_and_nothing_are_the_same() {
    let everything_null = json!({"ContactData": null, "Parameters": null});
    assert_eq!(details(everything_null), details(json!({})));

    let nulls: ContactData = crate::from_value(json!({
        "Attributes": null, "Channel": null, "ContactId": null, "InitialContactId": "", "CustomerEndpoint": null,
        "SystemEndpoint": null, "InitiationMethod": null, "InstanceARN": null, "MediaStreams": null, "Queue": null,
        "References": null, "SegmentAttributes": null, "Tags": null
    }))
    .unwrap();
    assert_eq!(nulls, ContactData::default());
    assert_eq!(serde_json::to_value(&nulls).unwrap(), json!({}));
}

#[test]
fn web_rtc_by_initiation_or_by_subtype() {
    let is_web_rtc = |json| crate::from_value::<ContactData>(json).unwrap().is_web_rtc();
    let subtype = |subtype| json!({"connect:Subtype": {"ValueString": subtype}});
    assert!(is_web_rtc(json!({"InitiationMethod": "WEBRTC_API"})));
    assert!(is_web_rtc(
        json!({"InitiationMethod": "TRANSFER", "SegmentAttributes": subtype("connect:WebRTC")})
    ));
    assert!(!is_web_rtc(
        json!({"InitiationMethod": "INBOUND", "SegmentAttributes": subtype("connect:Telephony")})
    ));
    assert!(!is_web_rtc(json!({"InitiationMethod": "INBOUND"})));
}

#[test]
fn live_audio_is_text_throughout() {
    let contact: ContactData = crate::from_value(json!({"MediaStreams": {"Customer": {"Audio": {
        "StreamARN": "arn:stream", "StartTimestamp": "1772471047250", "StopTimestamp": null,
        "StartFragmentNumber": "91343852333181469813289274412097650478312965023"
    }}}}))
    .unwrap();
    let audio = contact.customer_audio().unwrap();
    let fragment = audio.start_fragment_number.as_deref();
    assert_eq!(fragment, Some("91343852333181469813289274412097650478312965023"));
    assert_eq!(audio.stop_timestamp, None);
}

#[test]
fn a_wrong_id_names_its_field_not_its_value() {
    let sent = json!({"Details": {"ContactData": {"ContactId": "+1206 555 0100"}}});
    let error = crate::from_value::<FlowEvent>(sent).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot read the event: at Details.ContactData.ContactId: \
         not a contact id: expected 1 to 256 letters, digits, hyphens or underscores"
    );
}
