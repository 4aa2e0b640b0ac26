use super::*;
use crate::testing::{call, only_sent, soon, telephony};
use crate::{Fields, Private};
use chrono::{DateTime, Utc};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn answers(server: &MockServer, body: &str) {
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_string(body)).mount(server).await;
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => Fields(fields),
        other => panic!("{other}"),
    }
}

fn creation() -> CreateVoiceCall {
    CreateVoiceCall {
        vendor_call_key: call(),
        to: "+12065550199".into(),
        from: "+12065550100".into(),
        initiation_method: InitiationMethod::Inbound,
        parent_voice_call_id: None,
        start_time: at("2026-11-22T10:00:00.250Z"),
        participants: vec![Participant::end_user("+12065550100")],
        call_subtype: Some(CallSubtype::Pstn),
        call_origin: None,
        queue: None,
        call_attributes: Some(CallAttributes(fields(json!({"Language": "Ü"})))),
    }
}

fn message() -> Message {
    Message {
        participant_id: format!("{}END_USER", call()).into(),
        message_id: "m-1".to_owned(),
        start_time: at("2026-11-22T10:00:01.5Z"),
        end_time: at("2026-11-22T10:00:02Z"),
        content: "I would like to speak to somebody".into(),
        sender_type: SenderType::EndUser,
    }
}

#[tokio::test]
async fn create_voice_call() {
    let (server, telephony, attempts) = telephony().await;
    answers(&server, r#"{"voiceCallId":"0LQ5e0000000001","errors":[]}"#).await;
    let created = telephony.create_voice_call(&creation(), soon()).await.unwrap();
    assert_eq!(created, VoiceCallCreated { voice_call_id: "0LQ5e0000000001".to_owned(), errors: None });
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    POST /telephony/v1/voiceCalls
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"callAttributes":"{\"Language\":\"Ü\"}","callCenterApiName":"AcmeConnect","callSubtype":"PSTN","from":"+12065550100","initiationMethod":"Inbound","participants":[{"participantKey":"+12065550100","type":"END_USER"}],"startTime":"2026-11-22T10:00:00.250Z","to":"+12065550199","vendorCallKey":"1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b"}
    "#);
    assert_eq!(attempts.story(), "createVoiceCall 1: 200 accepted");
}

#[tokio::test]
async fn create_a_transferred_leg() {
    let (server, telephony, _) = telephony().await;
    answers(&server, r#"{"voiceCallId":"0LQ5e0000000002"}"#).await;
    let request = CreateVoiceCall {
        initiation_method: InitiationMethod::Transfer,
        parent_voice_call_id: Some(CallKey::parse("c-0").unwrap()),
        call_subtype: Some(CallSubtype::WebRtc),
        call_origin: Some("Preview".to_owned()),
        queue: Some("arn:aws:connect:eu-central-1:111122223333:instance/i/queue/q".to_owned()),
        call_attributes: None,
        start_time: at("2026-11-22T10:00:00Z"),
        ..creation()
    };
    telephony.create_voice_call(&request, soon()).await.unwrap();
    insta::assert_snapshot!(only_sent(&server).await.lines().last().unwrap(), @r#"{"callCenterApiName":"AcmeConnect","callOrigin":"Preview","callSubtype":"WebRTC","from":"+12065550100","initiationMethod":"Transfer","parentVoiceCallId":"c-0","participants":[{"participantKey":"+12065550100","type":"END_USER"}],"queue":"arn:aws:connect:eu-central-1:111122223333:instance/i/queue/q","startTime":"2026-11-22T10:00:00Z","to":"+12065550199","vendorCallKey":"1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b"}"#);
}

#[tokio::test]
async fn update_voice_call() {
    let (server, telephony, _) = telephony().await;
    answers(&server, r#"{"status":"pending"}"#).await;
    let request = UpdateVoiceCall {
        start_time: Some(at("2026-11-22T10:00:00Z")),
        end_time: Some(at("2026-11-22T10:05:00Z")),
        from_number: Some("+12065550100".into()),
        to_number: Some("+12065550199".into()),
        parent_call_identifier: Some(CallKey::parse("c-0").unwrap()),
        initiation_method: Some("INBOUND".to_owned()),
        call_sub_type: Some(CallSubtype::Pstn),
        number_of_holds: Some(2),
        is_active_call: Some(false),
        disconnect_reason: Some(DisconnectReason {
            value: "CUSTOMER_DISCONNECT".to_owned(),
            is_error: false,
        }),
        call_attributes: Some(CallAttributes::default()),
        ..UpdateVoiceCall::default()
    };
    let accepted = telephony.update_voice_call(&call(), &request, soon()).await.unwrap();
    assert_eq!(accepted.status.as_deref(), Some("pending"));
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    PATCH /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"callAttributes":"{}","callCenterApiName":"AcmeConnect","callSubType":"PSTN","disconnectReason":{"isError":false,"value":"CUSTOMER_DISCONNECT"},"endTime":"2026-11-22T10:05:00Z","fromNumber":"+12065550100","initiationMethod":"INBOUND","isActiveCall":false,"numberOfHolds":2,"parentCallIdentifier":"c-0","startTime":"2026-11-22T10:00:00Z","toNumber":"+12065550199"}
    "#);
}

#[tokio::test]
async fn an_update_carries_other_fields_but_typed_ones_win() {
    let (server, telephony, _) = telephony().await;
    answers(&server, "").await;
    let other = json!({"numberOfHolds": "7", "anything": {"at": ["all"]}, "callCenterApiName": "Another"});
    let request =
        UpdateVoiceCall { other: fields(other), number_of_holds: Some(2), ..UpdateVoiceCall::default() };
    telephony.update_voice_call(&call(), &request, soon()).await.unwrap();
    insta::assert_snapshot!(only_sent(&server).await.lines().last().unwrap(), @r#"{"anything":{"at":["all"]},"callCenterApiName":"AcmeConnect","numberOfHolds":2}"#);
}

#[tokio::test]
async fn execute_omni_flow() {
    let (server, telephony, _) = telephony().await;
    answers(&server, r#"{"queue":"arn:q"}"#).await;
    let request = ExecuteOmniFlow {
        dialed_number: Some("+12065550199".into()),
        flow_dev_name: Some("Route_Calls".to_owned()),
        fallback_queue: Some("Support".to_owned()),
        flow_input_parameters: Some(fields(json!({"tier": "gold"}))),
        transfer_target: None,
    };
    let routing = telephony.execute_omni_flow(&call(), &request, soon()).await.unwrap();
    assert_eq!(routing, Routing { queue: Some("arn:q".to_owned()), ..Routing::default() });
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    PATCH /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b/omniFlow
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"dialedNumber":"+12065550199","fallbackQueue":"Support","flowDevName":"Route_Calls","flowInputParameters":{"tier":"gold"}}
    "#);
}

#[tokio::test]
async fn clear_routing() {
    let (server, telephony, _) = telephony().await;
    answers(&server, "").await;
    assert_eq!(telephony.clear_routing(&call(), soon()).await.unwrap(), Accepted::default());
    insta::assert_snapshot!(only_sent(&server).await, @"
    PATCH /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b/clearRouting
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    null
    ");
}

#[tokio::test]
async fn reroute() {
    let (server, telephony, _) = telephony().await;
    answers(&server, r#"{"status":"Success"}"#).await;
    telephony.reroute(&call(), soon()).await.unwrap();
    insta::assert_snapshot!(only_sent(&server).await, @"
    PATCH /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b/reroute
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    null
    ");
}

#[tokio::test]
async fn route() {
    let (server, telephony, _) = telephony().await;
    answers(&server, r#"{"status":"Success"}"#).await;
    let request = RouteVoiceCall {
        routing_target: "0F9".to_owned(),
        fallback_queue: Some("00G".to_owned()),
        flow_input_parameters: Some(fields(json!({"tier": "gold"}))),
    };
    telephony.route(&call(), &request, soon()).await.unwrap();
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    PATCH /telephony/v1/voiceCalls/route/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"fallbackQueue":"00G","flowInputParameters":{"tier":"gold"},"routingTarget":"0F9"}
    "#);
}

#[tokio::test]
async fn request_callback() {
    let (server, telephony, _) = telephony().await;
    answers(&server, r#"{"recordId":"0CR1"}"#).await;
    let request = RequestCallback { callback_number: "+12065550100".into() };
    let requested = telephony.request_callback(&call(), &request, soon()).await.unwrap();
    assert_eq!(requested.record_id, "0CR1");
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    POST /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b/requestCallback
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    {"callbackNumber":"+12065550100"}
    "#);
}

#[tokio::test]
async fn send_message() {
    let (server, telephony, _) = telephony().await;
    answers(&server, "{}").await;
    telephony.send_message(&call(), &message(), soon()).await.unwrap();
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    POST /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b/messages
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"callCenterApiName":"AcmeConnect","content":"I would like to speak to somebody","endTime":1795341602000,"messageId":"m-1","participantId":"1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1bEND_USER","senderType":"END_USER","startTime":1795341601500}
    "#);
}

#[tokio::test]
async fn send_messages() {
    let (server, telephony, _) = telephony().await;
    answers(&server, r#"{"result":"Accepted"}"#).await;
    let batches = MessageBatch::split([(call(), message())]);
    let accepted = telephony.send_messages(&batches[0], soon()).await.unwrap();
    assert_eq!(accepted.status.as_deref(), Some("Accepted"));
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    POST /telephony/v1/voiceCalls/messages
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"entries":[{"messages":[{"content":"I would like to speak to somebody","endTime":1795341602000,"messageId":"m-1","participantId":"1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1bEND_USER","senderType":"END_USER","startTime":1795341601500}],"vendorCallKey":"1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b"}]}
    "#);
}

#[tokio::test]
async fn send_realtime_events() {
    let (server, telephony, _) = telephony().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(202)).mount(&server).await;
    let event = |kind, value: &str, participant, details| RealtimeEvent {
        kind,
        value: value.to_owned(),
        start_time: at("2026-11-22T10:00:01.5Z"),
        participant,
        details,
    };
    let place = PointOfInterest { begin_offset_millis: 1000, end_offset_millis: 2000 };
    let events = RealtimeEvents {
        service: SignalService::AmazonConnectContactLens,
        events: vec![
            event(SignalType::Category, "Escalation", None, Some(place)),
            event(SignalType::Sentiment, "-1000", Some(SignalParticipant::Customer), None),
        ],
        persist: Some(false),
    };
    telephony.send_realtime_events(&call(), &events, soon()).await.unwrap();
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    POST /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b/realtimeConversationEvents
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"events":[{"details":{"BeginOffsetMillis":1000,"EndOffsetMillis":2000},"startTime":1795341601500,"type":"IntelligenceSignal__Category","value":"Escalation"},{"participant":"CUSTOMER","startTime":1795341601500,"type":"IntelligenceSignal__Sentiment","value":"-1000"}],"persist":false,"service":"AmazonConnectContactLens"}
    "#);
}

#[tokio::test]
async fn send_post_call_events() {
    let (server, telephony, _) = telephony().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(202)).mount(&server).await;
    let events = PostCallEvents {
        service: SignalService::AmazonConnectContactLens,
        events: vec![PostCallEvent {
            kind: SignalType::OverallSentimentScore,
            value: "2.5".to_owned(),
            start_time: at("2026-11-22T10:00:01Z"),
            end_time: at("2026-11-22T10:05:00Z"),
            participant: SignalParticipant::Agent,
        }],
    };
    telephony.send_post_call_events(&call(), &events, soon()).await.unwrap();
    insta::assert_snapshot!(only_sent(&server).await, @r#"
    POST /telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b/postConversationEvents
    accept: application/json
    authorization: Bearer (valid)
    content-type: application/json
    telephony-provider-name: amazon-connect
    {"events":[{"endTime":1795341900000,"participant":"AGENT","startTime":1795341601000,"type":"IntelligenceSignal__OverallSentimentScore","value":"2.5"}],"service":"AmazonConnectContactLens"}
    "#);
}

#[test]
fn ids_that_could_change_a_path_are_refused() {
    for text in ["", "c-1/../../x?y=1", "..", "a b", "a/b", "ä", "a%2Fb", "a\n", &"x".repeat(257)] {
        assert_eq!(CallKey::parse(text), Err(InvalidCallKey), "{text}");
    }
    for text in ["0LQ5e0000000001", "1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b", "a_b", &"x".repeat(256)] {
        assert_eq!(CallKey::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn debug_hides_numbers_words_and_values() {
    let update = UpdateVoiceCall {
        from_number: Some("+12065550100".into()),
        to_number: Some("+12065550199".into()),
        agent: Some("agent@example.com".into()),
        other: fields(json!({"note": "+12065550100"})),
        call_attributes: Some(CallAttributes(fields(json!({"Number": "+12065550100"})))),
        ..UpdateVoiceCall::default()
    };
    let flow = ExecuteOmniFlow {
        dialed_number: Some("+12065550199".into()),
        flow_input_parameters: Some(fields(json!({"Number": "+12065550100"}))),
        ..ExecuteOmniFlow::default()
    };
    let callback = RequestCallback { callback_number: "+12065550100".into() };
    let batch = MessageBatch::split([(call(), message())]);
    let all = format!("{:?} {update:?} {flow:?} {callback:?} {:?} {batch:?}", creation(), message());
    for secret in ["5550100", "5550199", "agent@", "speak to", "Ü"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    // but what helps to find a fault is there
    for shown in ["Language", "note", "m-1", call().as_str(), "Inbound"] {
        assert!(all.contains(shown), "{shown} not in {all}");
    }
    assert_eq!(format!("{:?}", Private::from("+12065550100")), "[private]");
}
