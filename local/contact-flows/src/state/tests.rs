use serde_json::json;

use super::{Agent, Audio, ContactState, Endpoint, Queue};
use crate::text::Text;

const INSTANCE: &str = "arn:aws:connect:us-west-2:123456789012:instance/6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83";

fn known() -> ContactState {
    let mut state = ContactState::new("1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6", INSTANCE);
    state.customer_endpoint = Some(Endpoint::phone("+12065550100"));
    state.system_endpoint = Some(Endpoint::phone("+12065550199"));
    state.attributes.insert("isTranscribed".to_owned(), "true".to_owned());
    state.queue = Some(Queue {
        arn: Some(format!("{INSTANCE}/queue/b3c1a7d4-52e0-4f6b-8a19-7c0d2e9f4a65")),
        name: Some("Support".to_owned()),
        outbound_caller_id: Some(Endpoint::phone("+12065550199")),
    });
    state.audio = Some(Audio {
        stream_arn: "arn:aws:kinesisvideo:us-west-2:123456789012:stream/call/1571360125131".to_owned(),
        started: 1_571_360_125_131,
        stopped: Some(1_571_360_126_131),
        first_fragment: "91343852333181432392682062622220590765191907586".to_owned(),
    });
    state.references.insert("case".to_owned(), json!({"Type": "URL", "Value": "https://example.com"}));
    state
        .segment_attributes
        .insert("connect:Subtype".to_owned(), json!({"ValueString": "connect:Telephony"}));
    state.tags.insert("aws:connect:systemEndpoint".to_owned(), "+12065550199".to_owned());
    state
}

#[test]
fn the_event_is_what_amazon_connect_sends() {
    let parameters = json!({"methodName": "createVoiceCall"}).as_object().unwrap().clone();
    insta::assert_json_snapshot!(known().event(parameters.clone()));
    // A call from an app, before anything is set.
    insta::assert_json_snapshot!(
        ContactState::new("1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6", INSTANCE).event(parameters)
    );
}

#[test]
fn every_documented_path_leads_somewhere() {
    let mut state = known();
    state.agent = Some(Agent {
        arn: "arn:agent".to_owned(),
        user_name: "agent.one".to_owned(),
        first_name: "Agent".to_owned(),
        last_name: "One".to_owned(),
    });
    state.stored_input = Some("42".to_owned());
    state.invocation_id = Some("request-1".to_owned());
    state.external = Some(json!({"a": "b", "n": 7, "t": true, "z": null, "list": [{"id": "x"}]}));
    state.metrics = Some(json!({"Queue": {"Size": 3}}));
    state.flow_attributes.insert("x".to_owned(), "y".to_owned());
    state.other.insert("Media".to_owned(), json!({"Sip": {"Headers": {"P-Charge-Info": "info"}}}));
    for (path, value) in [
        ("$.Attributes.isTranscribed", "true"),
        ("$.Attributes['isTranscribed']", "true"),
        ("$.Attributes.['isTranscribed']", "true"),
        ("$['Attributes'][\"isTranscribed\"]", "true"),
        ("$.External.a", "b"),
        ("$.External.n", "7"),
        ("$.External.t", "true"),
        ("$.External.z", ""),
        ("$.External.list.0.id", "x"),
        ("$.External.list", r#"[{"id":"x"}]"#),
        ("$.LambdaInvocation.ResultData.a", "b"),
        ("$.LambdaInvocation.InvocationId", "request-1"),
        ("$.CustomerEndpoint.Address", "+12065550100"),
        ("$.SystemEndpoint.Type", "TELEPHONE_NUMBER"),
        ("$.CustomerCallbackNumber", "+12065550100"),
        ("$.Queue.Name", "Support"),
        ("$.Queue.OutboundCallerId.Address", "+12065550199"),
        ("$.Agent.ARN", "arn:agent"),
        ("$.Agent.UserName", "agent.one"),
        ("$.StoredCustomerInput", "42"),
        ("$.MediaStreams.Customer.Audio.StopTimestamp", "1571360126131"),
        ("$.Media.Sip.Headers.P-Charge-Info", "info"),
        ("$.Metrics.Queue.Size", "3"),
        ("$.FlowAttributes.x", "y"),
        ("$.SegmentAttributes['connect:Subtype'].ValueString", "connect:Telephony"),
        ("$.References.case.Value", "https://example.com"),
        ("$.Tags['aws:connect:systemEndpoint']", "+12065550199"),
        ("$.ContactData.Queue.Name", "Support"),
        ("$.ContactId", "1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6"),
        ("$.Channel", "VOICE"),
        ("$.LanguageCode", "en-US"),
        ("$.Attributes.none", ""),
        ("$.Attributes", ""),
        ("$.ContactId.more", ""),
        ("$.Nothing.at.all", ""),
    ] {
        let text = Text::new(path);
        assert!(text.reference().is_some(), "{path}");
        assert_eq!(state.fill(&text), value, "{path}");
    }
}

#[test]
fn texts_keep_what_is_no_reference() {
    let state = known();
    for (text, filled) in [
        ("'$.CustomerEndpoint.Address' AND", "'+12065550100' AND"),
        ("$.Queue.Name.", "Support."),
        ("It costs $5 or $.50", "It costs $5 or $.50"),
        ("$", "$"),
        ("$.Attributes['open", "$.Attributes['open"),
        ("$.Queue.Name$.Channel", "SupportVOICE"),
    ] {
        let expected = if text == "$.Attributes['open" { "['open" } else { filled };
        assert_eq!(state.fill(&Text::new(text)), expected, "{text}");
    }
}
