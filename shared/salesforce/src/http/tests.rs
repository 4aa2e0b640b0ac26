use super::*;
use crate::telephony::{CallKey, ExecuteOmniFlow, UpdateVoiceCall};
use crate::testing::{answer, call, raw_server, read_request, reset, soon, telephony, telephony_at, within};
use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn answers(server: &MockServer, reply: ResponseTemplate) {
    Mock::given(any()).respond_with(reply).mount(server).await;
}

async fn answers_once(server: &MockServer, reply: ResponseTemplate) {
    Mock::given(any()).respond_with(reply).up_to_n_times(1).with_priority(1).mount(server).await;
}

fn status(status: u16) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_string("{}")
}

fn flow() -> ExecuteOmniFlow {
    ExecuteOmniFlow::default()
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text += &format!(": {inner}");
        source = inner.source();
    }
    text
}

#[tokio::test]
async fn ten_calls_cost_ten_requests_one_connection_and_one_signature() {
    let connections = Arc::new(AtomicUsize::new(0));
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let (connected, seen) = (connections.clone(), tokens.clone());
    let base = raw_server(move |_, mut stream| {
        connected.fetch_add(1, Ordering::Relaxed);
        let seen = seen.clone();
        async move {
            while let Some(request) = read_request(&mut stream).await {
                let token =
                    request.lines().find(|line| line.starts_with("authorization: ")).unwrap().to_owned();
                seen.lock().unwrap().push(token);
                answer(&mut stream, "200 OK", r#"{"status":"pending"}"#).await;
            }
        }
    })
    .await;
    let (telephony, attempts) = telephony_at(&base);
    for _ in 0..10 {
        telephony.update_voice_call(&call(), &UpdateVoiceCall::default(), soon()).await.unwrap();
    }
    let tokens = tokens.lock().unwrap().clone();
    assert_eq!((tokens.len(), tokens.iter().collect::<HashSet<_>>().len()), (10, 1));
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    assert_eq!(attempts.list().len(), 10);
}

#[tokio::test]
async fn trouble_that_passes_is_not_noticed() {
    let (server, telephony, attempts) = telephony().await;
    answers_once(&server, status(503)).await;
    answers(&server, status(200)).await;
    telephony.clear_routing(&call(), soon()).await.unwrap();
    assert_eq!(attempts.story(), "clearRouting 1: 503 again\nclearRouting 2: 200 accepted");
    let pause = match attempts.list()[0].outcome {
        AttemptOutcome::WillRetry(pause) => pause,
        other => panic!("{other:?}"),
    };
    assert!((100..=200).contains(&pause.as_millis()), "{pause:?}");
}

#[tokio::test]
async fn what_may_have_been_executed_is_repeated_only_if_that_is_safe() {
    let (server, telephony, attempts) = telephony().await;
    answers(&server, status(500)).await;
    let error = telephony.execute_omni_flow(&call(), &flow(), soon()).await.unwrap_err();
    assert!(
        matches!(error, Error::Unavailable { status: Some(500), outcome: Outcome::Unknown, .. }),
        "{error}"
    );
    assert_eq!(attempts.story(), "executeOmniFlow 1: 500 failed");
}

#[tokio::test]
async fn four_attempts_are_enough() {
    let (server, telephony, attempts) = telephony().await;
    answers(&server, status(503)).await;
    let error = telephony.clear_routing(&call(), soon()).await.unwrap_err();
    assert_eq!((error.status(), error.is_permanent()), (Some(503), false));
    assert_eq!(attempts.list().len(), 4);
    assert_eq!(attempts.list()[3].outcome, AttemptOutcome::Failed);
}

#[tokio::test]
async fn retry_after_is_honoured_for_every_operation() {
    let (server, telephony, attempts) = telephony().await;
    answers_once(&server, status(429).insert_header("retry-after", "1")).await;
    answers(&server, status(200)).await;
    let started = Instant::now();
    telephony.execute_omni_flow(&call(), &flow(), soon()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(attempts.story(), "executeOmniFlow 1: 429 again\nexecuteOmniFlow 2: 200 accepted");
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_left_to_the_caller() {
    let (server, telephony, attempts) = telephony().await;
    answers(&server, status(429).insert_header("retry-after", "30")).await;
    let started = Instant::now();
    let error = telephony.clear_routing(&call(), soon()).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(3));
    assert!(
        matches!(&error, Error::Throttled { retry_after: Some(wait), .. } if wait.as_secs() == 30),
        "{error}"
    );
    assert_eq!(attempts.story(), "clearRouting 1: 429 failed");
}

#[tokio::test]
async fn a_refusal_is_final() {
    let (server, telephony, attempts) = telephony().await;
    let body = r#"[{"message":"+12065550100 is no number","errorCode":"INVALID_FIELD"}]"#;
    answers(&server, ResponseTemplate::new(400).set_body_string(body)).await;
    let error = telephony.clear_routing(&call(), soon()).await.unwrap_err();
    assert_eq!((error.code(), error.is_permanent()), (Some("INVALID_FIELD"), true));
    assert!(!chain(&error).contains("5550100") && !format!("{error:?}").contains("5550100"));
    assert_eq!(attempts.story(), "clearRouting 1: 400 failed");
}

#[tokio::test]
async fn a_refused_token_is_reported() {
    let (server, telephony, attempts) = telephony().await;
    answers(&server, status(401)).await;
    let error = telephony.clear_routing(&call(), soon()).await.unwrap_err();
    assert!(matches!(error, Error::Unauthorized { status: 401, .. }), "{error}");
    assert_eq!((error.is_permanent(), attempts.story().as_str()), (false, "clearRouting 1: 401 failed"));
}

#[tokio::test]
async fn a_reset_connection_is_replaced_if_the_request_may_be_repeated() {
    let base = raw_server(|number, mut stream| async move {
        while read_request(&mut stream).await.is_some() {
            if number == 0 {
                return reset(stream);
            }
            answer(&mut stream, "200 OK", "{}").await;
        }
    })
    .await;
    let (telephony, attempts) = telephony_at(&base);
    telephony.clear_routing(&call(), soon()).await.unwrap();
    assert_eq!(attempts.story(), "clearRouting 1: no answer again\nclearRouting 2: 200 accepted");
}

#[tokio::test]
async fn a_reset_connection_is_an_unknown_outcome_otherwise() {
    let base = raw_server(|_, mut stream| async move {
        read_request(&mut stream).await;
        reset(stream);
    })
    .await;
    let (telephony, attempts) = telephony_at(&base);
    let error = telephony.execute_omni_flow(&call(), &flow(), soon()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { status: None, outcome: Outcome::Unknown, .. }), "{error}");
    assert_eq!(attempts.story(), "executeOmniFlow 1: no answer failed");
    assert!(!chain(&error).contains("127.0.0.1"), "{}", chain(&error));
}

#[tokio::test]
async fn a_reply_that_breaks_off_is_an_unknown_outcome_too() {
    let base = raw_server(|_, mut stream| async move {
        use tokio::io::AsyncWriteExt;
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{").await.unwrap();
    })
    .await;
    let (telephony, _) = telephony_at(&base);
    let error = telephony.execute_omni_flow(&call(), &flow(), soon()).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { outcome: Outcome::Unknown, .. }), "{error}");
}

#[tokio::test]
async fn no_connection_means_not_executed_so_every_request_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let (telephony, attempts) = telephony_at(&base);
    let error = telephony.execute_omni_flow(&call(), &flow(), within(600)).await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { outcome: Outcome::NotExecuted, .. }), "{error}");
    assert!(attempts.list().len() > 1);
}

#[tokio::test]
async fn a_slow_answer_ends_at_the_deadline() {
    let (server, telephony, attempts) = telephony().await;
    answers(&server, status(200).set_delay(Duration::from_secs(20))).await;
    for repeatable in [true, false] {
        let started = Instant::now();
        let error = match repeatable {
            true => telephony.clear_routing(&call(), within(300)).await.unwrap_err(),
            false => telephony.execute_omni_flow(&call(), &flow(), within(300)).await.unwrap_err(),
        };
        assert!(matches!(error, Error::OutOfTime { .. }), "{error}");
        assert!((300..1_500).contains(&started.elapsed().as_millis()));
    }
    assert_eq!(attempts.story(), "clearRouting 1: no answer failed\nexecuteOmniFlow 1: no answer failed");
}

#[tokio::test]
async fn a_lost_answer_leaves_time_for_a_second_attempt() {
    let (server, telephony, attempts) = telephony().await;
    answers_once(&server, status(200).set_delay(Duration::from_secs(20))).await;
    answers(&server, status(200)).await;
    // half of this is left for the second
    telephony.clear_routing(&call(), within(4_100)).await.unwrap();
    assert_eq!(attempts.story(), "clearRouting 1: no answer again\nclearRouting 2: 200 accepted");
}

#[tokio::test]
async fn after_the_deadline_nothing_is_sent() {
    let (server, telephony, attempts) = telephony().await;
    let error = telephony.clear_routing(&call(), Instant::now()).await.unwrap_err();
    assert!(matches!(error, Error::OutOfTime { .. }));
    assert!(server.received_requests().await.unwrap().is_empty() && attempts.list().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_bearer_stays() {
    let elsewhere = MockServer::start().await;
    for code in [301, 302, 307, 308] {
        let (server, telephony, _) = telephony().await;
        answers(&server, status(code).insert_header("location", elsewhere.uri())).await;
        let error = telephony.clear_routing(&call(), soon()).await.unwrap_err();
        assert!(error.to_string().contains("redirects"), "{error}");
        assert!(!error.is_permanent());
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn replies_that_make_no_sense_are_named() {
    let table = [
        ("", "it is empty"),
        ("<html><body>maintenance</body></html>", "it is a web page"),
        (r#"{"agent": 7}"#, "the field agent"),
    ];
    for (body, problem) in table {
        let (server, telephony, attempts) = telephony().await;
        answers(&server, ResponseTemplate::new(200).set_body_string(body)).await;
        let error = telephony.execute_omni_flow(&call(), &flow(), soon()).await.unwrap_err();
        assert!(error.to_string().contains(problem), "{error}");
        assert_eq!(attempts.list().len(), 1);
    }
}

#[tokio::test]
async fn no_more_than_a_megabyte_is_read() {
    let (server, telephony, _) = telephony().await;
    let body = format!(r#"{{"status":"{}"}}"#, "x".repeat(REPLY_LIMIT));
    answers(&server, ResponseTemplate::new(200).set_body_string(body)).await;
    let error = telephony.clear_routing(&call(), soon()).await.unwrap_err();
    assert!(error.to_string().contains("longer than 1048576 bytes"), "{error}");

    let (server, telephony, _) = crate::testing::telephony().await;
    answers(&server, ResponseTemplate::new(400).set_body_string("x".repeat(5_000_000))).await;
    let error = telephony.clear_routing(&call(), soon()).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(400), None));
}

#[tokio::test]
async fn a_crowd_signs_once() {
    let (server, telephony, _) = telephony().await;
    answers(&server, status(200)).await;
    let telephony = Arc::new(telephony);
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..50 {
        let telephony = telephony.clone();
        crowd.spawn(async move {
            let call = CallKey::parse(&format!("c-{number}")).unwrap();
            telephony.clear_routing(&call, soon()).await.unwrap();
        });
    }
    crowd.join_all().await;
    let requests = server.received_requests().await.unwrap();
    let tokens: HashSet<_> =
        requests.iter().map(|request| request.headers["authorization"].clone()).collect();
    assert_eq!((requests.len(), tokens.len()), (50, 1));
}
