use reqwest::Method;
use serde_json::{Value, json};

use super::{Harness, code};
use crate::{Dialect, FlowTarget, Operation, PhoneChannel, RoutingState, Settings};

const NUMBER: &str = "+12065550100";

async fn start() -> Harness {
    let harness = Harness::start().await;
    harness.org.add_queue("Support", "arn:queue").unwrap();
    harness.org.add_agent("agent@example.com", "arn:agent").unwrap();
    harness.org.add_flow("To_Support", FlowTarget::Queue("Support".to_owned()));
    harness.org.add_flow("To_Agent", FlowTarget::Agent("agent@example.com".to_owned()));
    harness.call("c-1").await;
    harness
}

async fn execute(harness: &Harness, body: Value) -> Value {
    let (status, reply) = harness.patch("/voiceCalls/c-1/omniFlow", &body).await;
    assert_eq!(status, 200, "{reply}");
    reply
}

#[tokio::test]
async fn a_flow_answers_with_the_external_id_of_its_target() {
    let harness = start().await;
    let body = json!({"dialedNumber": NUMBER, "flowDevName": "To_Agent", "flowInputParameters": {"a": "b"}});
    assert_eq!(execute(&harness, body).await, json!({"agent": "arn:agent"}));
    let routing = harness.org.routing("c-1").unwrap().unwrap();
    assert_eq!(routing.state, RoutingState::Pending);
    assert_eq!(routing.instructions.flow.as_deref(), Some("To_Agent"));
    assert_eq!(routing.instructions.flow_inputs, json!({"a": "b"}));

    let body = json!({"dialedNumber": NUMBER, "flowDevName": "To_Support"});
    assert_eq!(execute(&harness, body).await, json!({"queue": "arn:queue"}));
    let body = json!({"dialedNumber": NUMBER, "flowDevName": "Gone", "fallbackQueue": "Support"});
    assert_eq!(execute(&harness, body).await, json!({"queue": "arn:queue"}));
    assert_eq!(harness.org.routing("c-1").unwrap().unwrap().instructions.flow, None);
}

#[tokio::test]
async fn the_fallback_queue_may_be_a_record_id() {
    let harness = start().await;
    let id = harness.org.add_queue("Billing", "arn:billing").unwrap();
    for id in [&id[..], &id[..15]] {
        let body = json!({"dialedNumber": NUMBER, "fallbackQueue": id});
        assert_eq!(execute(&harness, body).await, json!({"queue": "arn:billing"}));
    }
}

#[tokio::test]
async fn the_phone_channel_of_the_dialed_number_decides_first() {
    let harness = start().await;
    let fallback_queue = Some("Support".to_owned());
    harness.org.add_phone_channel(PhoneChannel { number: NUMBER.to_owned(), flow: None, fallback_queue });
    let body = json!({"dialedNumber": NUMBER, "flowDevName": "To_Agent"});
    assert_eq!(execute(&harness, body).await, json!({"queue": "arn:queue"}));
}

#[tokio::test]
async fn without_a_target_the_flow_fails_and_routes_nothing() {
    let harness = start().await;
    for body in [json!({"dialedNumber": NUMBER}), json!({"dialedNumber": NUMBER, "fallbackQueue": "Gone"})] {
        let reply = execute(&harness, body).await;
        assert_eq!(reply["errors"].as_array().map(Vec::len), Some(1), "{reply}");
    }
    assert_eq!(harness.org.routing("c-1").unwrap(), None);
    let (status, reply) =
        harness.patch("/voiceCalls/c-1/omniFlow", &json!({"flowDevName": "To_Agent"})).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "REQUIRED_FIELD_MISSING"));
    let (status, _) = harness.patch("/voiceCalls/c-9/omniFlow", &json!({"dialedNumber": NUMBER})).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn routing_is_repeated_and_cleared() {
    let harness = start().await;
    let (status, reply) = harness.patch("/voiceCalls/c-1/reroute", &Value::Null).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "FIELD_INTEGRITY_EXCEPTION"));
    execute(&harness, json!({"dialedNumber": NUMBER, "flowDevName": "To_Support"})).await;
    let success = json!({"status": "Success"});
    assert_eq!(harness.patch("/voiceCalls/c-1/reroute", &Value::Null).await.1, success);
    assert_eq!(harness.org.routing("c-1").unwrap().unwrap().instructions.reroutes, 1);

    // Clearing needs no body, and may be repeated.
    for _ in 0..2 {
        let reply = harness.request(Method::PATCH, "/voiceCalls/c-1/clearRouting").send().await.unwrap();
        assert_eq!(super::read(reply).await.1, success);
        assert_eq!(harness.org.routing("c-1").unwrap().unwrap().state, RoutingState::Cleared);
    }
    assert_eq!(harness.patch("/voiceCalls/c-1/reroute", &Value::Null).await.0, 400);
    assert_eq!(harness.patch("/voiceCalls/c-9/clearRouting", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn a_call_is_routed_to_a_record_a_flow_or_its_fallback() {
    let harness = start().await;
    let agent = harness.org.add_agent("agent@example.com", "arn:agent").unwrap();
    let queue = harness.org.add_queue("Support", "arn:queue").unwrap();
    let gone = crate::ids::record_id("00G", 99);
    for (body, (agent, queue)) in [
        (json!({"routingTarget": agent}), (Some("arn:agent"), None)),
        (json!({"routingTarget": queue}), (None, Some("arn:queue"))),
        (json!({"routingTarget": "To_Agent"}), (Some("arn:agent"), None)),
        (json!({"routingTarget": gone, "fallbackQueue": queue}), (None, Some("arn:queue"))),
    ] {
        let (status, reply) = harness.patch("/voiceCalls/route/c-1", &body).await;
        assert_eq!((status.as_u16(), reply), (200, json!({"status": "Success"})));
        let routing = harness.org.routing("c-1").unwrap().unwrap().instructions;
        assert_eq!((routing.agent.as_deref(), routing.queue.as_deref()), (agent, queue), "{body}");
    }
    let (status, reply) =
        harness.post("/voiceCalls/c-1/routeVoiceCall", &json!({"routingTarget": gone})).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "INVALID_CROSS_REFERENCE_KEY"));
}

#[tokio::test]
async fn each_dialect_understands_only_its_own_verbs_and_paths() {
    let target = json!({"routingTarget": "To_Support"});
    for (dialect, expected) in [
        (Dialect::Reference, [200, 405, 200, 404]),
        (Dialect::Documented, [405, 200, 404, 200]),
        (Dialect::Both, [200; 4]),
    ] {
        let harness = Harness::start_with(Settings { dialect, ..Settings::default() }).await;
        harness.org.add_queue("Support", "arn:queue").unwrap();
        harness.org.add_flow("To_Support", FlowTarget::Queue("Support".to_owned()));
        harness.call("c-1").await;
        execute(&harness, json!({"dialedNumber": NUMBER, "flowDevName": "To_Support"})).await;
        let statuses = [
            harness.patch("/voiceCalls/c-1/reroute", &Value::Null).await.0,
            harness.post("/voiceCalls/c-1/reroute", &Value::Null).await.0,
            harness.patch("/voiceCalls/route/c-1", &target).await.0,
            harness.post("/voiceCalls/c-1/routeVoiceCall", &target).await.0,
        ];
        assert_eq!(statuses.map(|status| status.as_u16()), expected, "{dialect:?}");
        assert_eq!(harness.org.request_count(Operation::Reroute), 2);
    }
}

#[tokio::test]
async fn a_callback_becomes_a_contact_request() {
    let harness = start().await;
    let number = json!({"callbackNumber": "+12065550102"});
    let (status, reply) = harness.post("/voiceCalls/c-1/requestCallback", &number).await;
    assert_eq!(status, 200);
    let [request] = harness.org.callbacks("c-1").unwrap().try_into().unwrap();
    assert_eq!(
        (&reply["recordId"], request.text("PreferredPhone")),
        (&json!(request.id()), Some("+12065550102"))
    );
    let (status, reply) = harness.post("/voiceCalls/c-1/requestCallback", &json!({})).await;
    assert_eq!((status.as_u16(), code(&reply)), (400, "REQUIRED_FIELD_MISSING"));
}
