//! The org and the suite's own client of Salesforce understand each other.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use salesforce::oauth::{Login, LoginRefusal, Session};
use salesforce::rest::Rest;
use salesforce::telephony::{
    CallAttributes, CallKey, CallSubtype, CreateVoiceCall, DisconnectReason, ExecuteOmniFlow,
    InitiationMethod, Message, MessageBatch, Participant, PostCallEvent, PostCallEvents, RealtimeEvent,
    RealtimeEvents, RequestCallback, RouteVoiceCall, SenderType, SignalParticipant, SignalService,
    SignalType, Telephony, UpdateVoiceCall,
};
use salesforce::{Endpoint, Error, Fields, Http, OrgId, RsaKey};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{CENTER, Harness, KEYS, START};
use crate::{ConnectedApp, Dialect, Fault, FlowTarget, KeyPair, Operation, Org, RoutingState, Settings};

const USER: &str = "integration@example.com";

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(7)
}

fn http() -> Http {
    Http::new(Arc::new(|_| {}))
}

fn key(text: &str) -> CallKey {
    CallKey::parse(text).unwrap()
}

fn rsa(keys: &KeyPair) -> RsaKey {
    RsaKey::from_pem(&keys.private_pem_pkcs1().into()).unwrap()
}

fn start_time() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(START).unwrap().to_utc()
}

fn telephony(org: &Org, keys: &KeyPair) -> Telephony {
    let settings = salesforce::telephony::Settings {
        endpoint: Endpoint::parse(&org.scrt_endpoint()).unwrap(),
        org_id: OrgId::parse(org.org_id()).unwrap(),
        call_center_api_name: CENTER.to_owned(),
        private_key: rsa(keys),
    };
    Telephony::new(http(), settings)
}

fn rest(org: &Org, login: Login) -> Rest {
    let session = Session::new(http(), Endpoint::parse(&org.token_endpoint()).unwrap(), login);
    Rest::new(http(), Endpoint::parse(&org.rest_endpoint()).unwrap(), Arc::new(session))
}

fn jwt_bearer(keys: &KeyPair) -> Login {
    Login::JwtBearer {
        consumer_key: "the-consumer-key".to_owned(),
        subject: USER.to_owned(),
        audience: "https://login.salesforce.com".to_owned(),
        private_key: rsa(keys),
    }
}

async fn with_app() -> Harness {
    let harness = Harness::start().await;
    let app = ConnectedApp {
        consumer_key: "the-consumer-key".to_owned(),
        consumer_secret: Some("the-consumer-secret".into()),
        public_key_pem: Some(KEYS[0].public_pem()),
        pre_authorized: vec![USER.to_owned()],
        run_as: Some(USER.to_owned()),
        ..ConnectedApp::default()
    };
    harness.org.add_connected_app(app).unwrap();
    harness
}

fn fields(value: Value) -> Fields {
    Fields(value.as_object().unwrap().clone())
}

fn create(contact: &str, parent: Option<&str>) -> CreateVoiceCall {
    let transfer = parent.is_some();
    CreateVoiceCall {
        vendor_call_key: key(contact),
        to: "+12065550100".into(),
        from: "+12065550101".into(),
        initiation_method: if transfer { InitiationMethod::Transfer } else { InitiationMethod::Inbound },
        parent_voice_call_id: parent.map(key),
        start_time: start_time(),
        participants: vec![Participant::end_user("+12065550101")],
        call_subtype: Some(CallSubtype::Pstn),
        call_origin: None,
        queue: None,
        call_attributes: Some(CallAttributes(fields(json!({"Tier__c": "Gold"})))),
    }
}

fn message(number: i64) -> Message {
    Message {
        participant_id: "c-1END_USER".into(),
        message_id: format!("c-1:{number}"),
        start_time: start_time() + TimeDelta::seconds(number),
        end_time: start_time() + TimeDelta::seconds(number + 1),
        content: "Hello?".into(),
        sender_type: SenderType::EndUser,
    }
}

#[tokio::test]
async fn a_whole_call_goes_through() {
    let harness = Harness::start().await;
    let org = &harness.org;
    org.add_queue("Support", "arn:queue").unwrap();
    org.add_flow("To_Support", FlowTarget::Queue("Support".to_owned()));
    let client = telephony(org, &KEYS[0]);

    let created = client.create_voice_call(&create("c-1", None), deadline()).await.unwrap();
    assert_eq!(created.errors, None);
    assert_eq!(org.voice_call(&created.voice_call_id).unwrap().unwrap().text("Tier__c"), Some("Gold"));

    let flow = ExecuteOmniFlow {
        dialed_number: Some("+12065550100".into()),
        flow_dev_name: Some("To_Support".to_owned()),
        flow_input_parameters: Some(fields(json!({"language": "en"}))),
        ..ExecuteOmniFlow::default()
    };
    let routing = client.execute_omni_flow(&key("c-1"), &flow, deadline()).await.unwrap();
    assert_eq!((routing.queue.as_deref(), routing.agent, routing.errors), (Some("arn:queue"), None, None));
    client.reroute(&key("c-1"), deadline()).await.unwrap();
    client.clear_routing(&key("c-1"), deadline()).await.unwrap();
    let routing = org.routing("c-1").unwrap().unwrap();
    assert_eq!((routing.state, routing.instructions.reroutes), (RoutingState::Cleared, 1));

    client.send_message(&key("c-1"), &message(0), deadline()).await.unwrap();
    let batches = MessageBatch::split((0..12).map(|number| (key("c-1"), message(number))));
    for batch in &batches {
        client.send_messages(batch, deadline()).await.unwrap();
    }
    let deliveries: Vec<_> =
        org.messages("c-1").unwrap().into_iter().map(|message| message.deliveries).collect();
    assert_eq!((batches.len(), deliveries), (3, [&[2][..], &[1; 11]].concat()));

    let transferred = client.create_voice_call(&create("c-2", Some("c-1")), deadline()).await.unwrap();
    assert_eq!(org.voice_call("c-1").unwrap().unwrap()["NextCallId"], transferred.voice_call_id.as_str());
    let callback = RequestCallback { callback_number: "+12065550102".into() };
    let callback = client.request_callback(&key("c-2"), &callback, deadline()).await.unwrap();
    assert_eq!(org.callbacks("c-2").unwrap()[0].id(), callback.record_id);

    let signal = RealtimeEvent {
        kind: SignalType::Category,
        value: "Cancellation".to_owned(),
        start_time: start_time(),
        participant: None,
        details: None,
    };
    let service = SignalService::AmazonConnectContactLens;
    let signals = RealtimeEvents { service, events: vec![signal], persist: Some(false) };
    client.send_realtime_events(&key("c-1"), &signals, deadline()).await.unwrap();

    let update = UpdateVoiceCall {
        start_time: Some(start_time()),
        end_time: Some(start_time() + TimeDelta::seconds(60)),
        disconnect_reason: Some(DisconnectReason {
            value: "CUSTOMER_DISCONNECT".to_owned(),
            is_error: false,
        }),
        ..UpdateVoiceCall::default()
    };
    for contact in ["c-1", "c-2"] {
        let accepted = client.update_voice_call(&key(contact), &update, deadline()).await.unwrap();
        assert_eq!(accepted.status.as_deref(), Some("pending"));
        let call = org.voice_call(contact).unwrap().unwrap();
        assert_eq!(
            (call.text("CallDisposition"), call.number("CallDurationInSeconds")),
            (Some("completed"), Some(60))
        );
    }
    let signal = PostCallEvent {
        kind: SignalType::OverallSentimentScore,
        value: "2.5".to_owned(),
        start_time: start_time(),
        end_time: start_time() + TimeDelta::seconds(60),
        participant: SignalParticipant::Customer,
    };
    let signals = PostCallEvents { service, events: vec![signal] };
    client.send_post_call_events(&key("c-1"), &signals, deadline()).await.unwrap();
    assert_eq!(org.events("c-1").unwrap().len(), 2);
    assert_eq!(org.connections(), 1);
}

#[tokio::test]
async fn both_spellings_of_reroute_and_route_are_found() {
    for dialect in [Dialect::Reference, Dialect::Documented] {
        let harness = Harness::start_with(Settings { dialect, ..Settings::default() }).await;
        harness.call("c-1").await;
        let routing_target = harness.org.add_queue("Support", "arn:queue").unwrap();
        let request = RouteVoiceCall { routing_target, fallback_queue: None, flow_input_parameters: None };
        let client = telephony(&harness.org, &KEYS[0]);
        for _ in 0..2 {
            client.route(&key("c-1"), &request, deadline()).await.unwrap();
            client.reroute(&key("c-1"), deadline()).await.unwrap();
        }
        let tried_both = usize::from(dialect == Dialect::Documented);
        assert_eq!(harness.org.request_count(Operation::Reroute), 2 + tried_both, "{dialect:?}");
    }
}

#[tokio::test]
async fn a_lost_reply_and_a_refusal_end_in_one_call() {
    let harness = Harness::start().await;
    harness.org.faults().add(Fault::lost_reply(Operation::CreateVoiceCall).times(1));
    harness.org.faults().add(Fault::status(Operation::CreateVoiceCall, 503).times(1));
    let client = telephony(&harness.org, &KEYS[0]);
    let created = client.create_voice_call(&create("c-1", None), deadline()).await.unwrap();
    let [call] = harness.org.voice_calls().unwrap().try_into().unwrap();
    assert_eq!(call.id(), created.voice_call_id);
    assert_eq!(harness.org.request_count(Operation::CreateVoiceCall), 3);
}

#[tokio::test]
async fn a_key_that_is_not_the_call_centers_is_told_apart_from_a_bad_request() {
    let harness = Harness::start().await;
    let error = telephony(&harness.org, &KEYS[1]).create_voice_call(&create("c-1", None), deadline()).await;
    let error = error.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { status: 401, .. }), "{error}");
    let client = telephony(&harness.org, &KEYS[0]);
    let error = client.create_voice_call(&create("c-2", Some("c-1")), deadline()).await.unwrap_err();
    assert!(matches!(error, Error::Refused { status: 400, .. }), "{error}");
}

#[tokio::test]
async fn both_logins_open_the_rest_api() {
    let harness = with_app().await;
    let client_credentials = Login::ClientCredentials {
        consumer_key: "the-consumer-key".to_owned(),
        consumer_secret: "the-consumer-secret".into(),
    };
    for login in [jwt_bearer(&KEYS[0]), client_credentials] {
        let resources = rest(&harness.org, login).resources(deadline()).await.unwrap();
        assert!(resources.iter().any(|name| name == "identity"), "{resources:?}");
    }
    assert_eq!(harness.org.request_count(Operation::Token), 2);
}

#[tokio::test]
async fn a_revoked_session_costs_one_more_login() {
    let harness = with_app().await;
    let client = rest(&harness.org, jwt_bearer(&KEYS[0]));
    client.resources(deadline()).await.unwrap();
    client.resources(deadline()).await.unwrap();
    assert_eq!(harness.org.request_count(Operation::Token), 1);
    harness.org.revoke_sessions().unwrap();
    client.resources(deadline()).await.unwrap();
    assert_eq!(harness.org.request_count(Operation::Token), 2);
    assert_eq!(harness.org.request_count(Operation::RestResources), 4);
}

#[tokio::test]
async fn a_refused_login_names_its_cause() {
    let harness = with_app().await;
    let Login::JwtBearer { consumer_key, subject, audience, private_key } = jwt_bearer(&KEYS[0]) else {
        unreachable!("it is made so above")
    };
    let login = |consumer_key: &str, subject: &str, audience: &str, private_key: &RsaKey| Login::JwtBearer {
        consumer_key: consumer_key.to_owned(),
        subject: subject.to_owned(),
        audience: audience.to_owned(),
        private_key: private_key.clone(),
    };
    for (login, cause) in [
        (login(&consumer_key, &subject, &audience, &rsa(&KEYS[1])), LoginRefusal::KeyMismatch),
        (login(&consumer_key, "x@example.com", &audience, &private_key), LoginRefusal::UserNotPreAuthorized),
        (
            login(&consumer_key, &subject, "https://test.salesforce.com", &private_key),
            LoginRefusal::WrongAudience,
        ),
        (login("another", &subject, &audience, &private_key), LoginRefusal::UnknownApp),
    ] {
        let error = rest(&harness.org, login).resources(deadline()).await.unwrap_err();
        assert!(matches!(&error, Error::Login(refused) if refused.cause == cause), "{error:?}");
    }
}
