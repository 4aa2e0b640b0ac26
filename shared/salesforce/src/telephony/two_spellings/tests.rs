use crate::telephony::{RouteVoiceCall, Telephony};
use crate::testing::{all_sent, call, soon, telephony};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const CALL: &str = "/telephony/v1/voiceCalls/1f9dd2f5-8fd5-4ee8-a38b-05ee2f1c0f1b";

async fn understands(server: &MockServer, verb: &str, at: &str, status: u16) {
    let reply = ResponseTemplate::new(status).set_body_string(r#"{"status":"Success"}"#);
    Mock::given(method(verb)).and(path(at)).respond_with(reply).mount(server).await;
}

async fn lines_sent(server: &MockServer) -> Vec<String> {
    all_sent(server).await.iter().map(|sent| sent.lines().next().unwrap().replace(CALL, "…")).collect()
}

fn target() -> RouteVoiceCall {
    RouteVoiceCall { routing_target: "0F9".to_owned(), fallback_queue: None, flow_input_parameters: None }
}

/// What came of it: the status that Salesforce named, or the HTTP status of the error.
async fn reroute(telephony: &Telephony) -> Result<String, u16> {
    let reply = telephony.reroute(&call(), soon()).await;
    reply.map(|accepted| accepted.status.unwrap()).map_err(|error| error.status().unwrap())
}

#[tokio::test]
async fn the_reference_spelling_goes_first_and_suffices() {
    let (server, telephony, _) = telephony().await;
    understands(&server, "PATCH", &format!("{CALL}/reroute"), 200).await;
    assert_eq!(reroute(&telephony).await.unwrap(), "Success");
    assert_eq!(lines_sent(&server).await, ["PATCH …/reroute"]);
    // once it is known to exist, a 404 means that there is no such call
    server.reset().await;
    understands(&server, "PATCH", &format!("{CALL}/reroute"), 404).await;
    assert_eq!(reroute(&telephony).await.unwrap_err(), 404);
    assert_eq!(lines_sent(&server).await, ["PATCH …/reroute"]);
}

#[tokio::test]
async fn the_documented_spelling_is_tried_next_and_remembered() {
    for absent in [404, 405] {
        let (server, telephony, _) = telephony().await;
        understands(&server, "PATCH", &format!("{CALL}/reroute"), absent).await;
        understands(&server, "POST", &format!("{CALL}/reroute"), 200).await;
        assert_eq!(reroute(&telephony).await.unwrap(), "Success");
        assert_eq!(reroute(&telephony).await.unwrap(), "Success");
        assert_eq!(lines_sent(&server).await, ["PATCH …/reroute", "POST …/reroute", "POST …/reroute"]);
    }
}

#[tokio::test]
async fn route_falls_back_to_another_path_with_the_same_body() {
    let (server, telephony, _) = telephony().await;
    understands(&server, "POST", &format!("{CALL}/routeVoiceCall"), 200).await;
    for _ in 0..2 {
        let accepted = telephony.route(&call(), &target(), soon()).await.unwrap();
        assert_eq!(accepted.status.as_deref(), Some("Success"));
    }
    let id = call();
    assert_eq!(
        lines_sent(&server).await,
        [
            format!("PATCH /telephony/v1/voiceCalls/route/{id}").as_str(),
            "POST …/routeVoiceCall",
            "POST …/routeVoiceCall"
        ]
    );
    let requests = server.received_requests().await.unwrap();
    assert!(requests.iter().all(|request| request.body == requests[0].body));
}

#[tokio::test]
async fn a_call_that_does_not_exist_teaches_nothing() {
    let (server, telephony, _) = telephony().await;
    understands(&server, "PATCH", &format!("{CALL}/reroute"), 404).await;
    understands(&server, "POST", &format!("{CALL}/reroute"), 405).await;
    // the first answer stands
    assert_eq!(reroute(&telephony).await.unwrap_err(), 404);
    server.reset().await;
    understands(&server, "PATCH", &format!("{CALL}/reroute"), 200).await;
    assert_eq!(reroute(&telephony).await.unwrap(), "Success");
    assert_eq!(lines_sent(&server).await, ["PATCH …/reroute"]);
}

#[tokio::test]
async fn another_refusal_of_the_documented_spelling_stands() {
    let (server, telephony, _) = telephony().await;
    understands(&server, "PATCH", &format!("{CALL}/reroute"), 405).await;
    understands(&server, "POST", &format!("{CALL}/reroute"), 400).await;
    assert_eq!(reroute(&telephony).await.unwrap_err(), 400);
}

#[tokio::test]
async fn other_failures_are_no_reason_to_fall_back() {
    for status in [400, 401, 500] {
        let (server, telephony, _) = telephony().await;
        understands(&server, "PATCH", &format!("{CALL}/reroute"), status).await;
        understands(&server, "POST", &format!("{CALL}/reroute"), 200).await;
        assert_eq!(reroute(&telephony).await.unwrap_err(), status);
        assert_eq!(lines_sent(&server).await, ["PATCH …/reroute"]);
    }
}
