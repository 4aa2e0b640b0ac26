use super::*;

#[test]
fn contact_ids_are_plain() {
    for id in ["1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6", "a", "A_b-9", &"x".repeat(256)] {
        assert_eq!(ContactId::parse(id).unwrap().as_str(), id);
    }
    for text in ["", "c-1/../../x?y=1", "a b", "a%2Fb", "é", "a\n", &"x".repeat(257)] {
        assert_eq!(ContactId::parse(text), Err(InvalidId::Contact), "{text}");
    }
}

#[test]
fn instance_arns_of_any_partition() {
    for arn in [
        "arn:aws:connect:us-west-2:123456789012:instance/6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83",
        "arn:aws-us-gov:connect:us-gov-west-1:123456789012:instance/6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83",
        "arn:aws::connect:us-west-2:123456789012:instance/6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83",
    ] {
        let parsed: InstanceArn = arn.parse().unwrap();
        assert_eq!(parsed.instance_id(), "6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83");
        assert_eq!(parsed.to_string(), arn);
    }
    for text in
        ["", "arn:aws:connect:us-west-2:123456789012:instance/", "instance/x", "arn:x:instance/a/queue/b"]
    {
        assert_eq!(InstanceArn::parse(text), Err(InvalidId::Instance), "{text}");
    }
}

#[test]
fn phone_numbers_are_masked() {
    let shown = |text: &str| format!("{:?}", PhoneNumber::from(text));
    assert_eq!(shown("+12065550100"), "PhoneNumber(***00)");
    assert_eq!(shown("(206) 555-0100"), "PhoneNumber(***00)");
    for text in ["911", "anonymous", "caller@example.com", "sip:12@example.com", "", "+1206555010é"] {
        assert_eq!(shown(text), "PhoneNumber(***)", "{text}");
    }
}

#[test]
fn stream_arns_of_any_partition() {
    for arn in [
        "arn:aws:kinesisvideo:us-west-2:123456789012:stream/support-connect-6f1d0c52-contact-0b7d5c84/1772470000000",
        "arn:aws-cn:kinesisvideo:cn-north-1:123456789012:stream/a_B.c/0",
    ] {
        assert_eq!(StreamArn::parse(arn).unwrap().as_str(), arn);
    }
    for text in [
        "",
        "arn:aws:kinesis:us-west-2:123456789012:stream/support/1",
        "arn:aws:kinesisvideo:us-west-2:123456789012:stream/support",
        "arn:aws:kinesisvideo:us-west-2:123456789012:stream//1",
        "arn:aws:kinesisvideo:us-west-2:123456789012:stream/a/b/1",
        "arn:aws:kinesisvideo:us-west-2:123456789012:stream/a/1x",
        "arn:aws:kinesisvideo:us-west-2:123456789012:channel/a/1",
    ] {
        assert_eq!(StreamArn::parse(text), Err(InvalidId::Stream), "{text}");
    }
}
