//! Asynchronous invocations: queued, repeated, and told to the on-failure destination.

use std::sync::{Arc, Mutex};

use contact_center::lambda::{Destination, Function, Host, InvokeError, Options};
use serde_json::json;

use crate::{host_of, misbehaving};

#[tokio::test]
async fn more_events_than_environments_wait_for_their_turn() {
    let host = host_of(Function { max_environments: 1, ..misbehaving() }).await;
    let count = Arc::new(Mutex::new(0));
    let sink = Arc::clone(&count);
    host.observe(move |_| *sink.lock().unwrap() += 1);
    for number in 0..5 {
        host.invoke_later("Misbehaving", json!({"echo": number})).unwrap();
    }
    host.settle().await;
    assert_eq!(*count.lock().unwrap(), 5);
}

#[tokio::test]
async fn a_failed_event_is_repeated_twice_and_then_told_to_the_destination() {
    let records = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&records);
    let on_failure = Some(Destination::new(move |record| sink.lock().unwrap().push(record)));
    let host = host_of(Function { on_failure, ..misbehaving() }).await;
    let attempts = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&attempts);
    host.observe(move |invocation| sink.lock().unwrap().push(invocation.request_id.clone()));

    let id = host.invoke_later("Misbehaving", json!({"fail": "never"})).unwrap();
    host.settle().await;

    assert_eq!(*attempts.lock().unwrap(), [&*id, &*id, &*id], "the repetitions keep the request id");
    let records = records.lock().unwrap();
    assert_eq!(records.len(), 1);
    let record = &records[0];
    assert_eq!(record["requestContext"]["requestId"], json!(id));
    assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(record["requestContext"]["approximateInvokeCount"], 3);
    assert_eq!(record["requestPayload"], json!({"fail": "never"}));
    assert_eq!(record["responsePayload"], json!({"errorType": "Refused", "errorMessage": "never"}));
}

#[tokio::test]
async fn retries_can_be_switched_off() {
    let host = host_of(Function { async_retries: 0, ..misbehaving() }).await;
    let count = Arc::new(Mutex::new(0));
    let sink = Arc::clone(&count);
    host.observe(move |_| *sink.lock().unwrap() += 1);
    host.invoke_later("Misbehaving", json!({"exit": 1})).unwrap();
    host.settle().await;
    assert_eq!(*count.lock().unwrap(), 1);
}

#[tokio::test]
async fn what_cannot_be_queued_is_refused_at_once() {
    let host = host_of(misbehaving()).await;
    assert!(matches!(host.invoke_later("Missing", json!({})), Err(InvokeError::NotFound { .. })));
    let large = json!({"echo": "x".repeat(1_100_000)});
    assert!(matches!(host.invoke_later("Misbehaving", large), Err(InvokeError::TooLarge { .. })));
}

#[tokio::test]
async fn one_function_s_events_are_waited_for_without_those_of_another() {
    let slow = Function { name: "Slow".to_owned(), ..misbehaving() };
    let host = Host::start(vec![misbehaving(), slow], Options::default()).await.unwrap();
    host.invoke_later("Slow", json!({"sleep_ms": 60_000})).unwrap();
    host.invoke_later("Misbehaving", json!({"print": "done"})).unwrap();
    host.settle_of("Misbehaving").await.unwrap();
    assert!(host.logs().iter().any(|line| line.text == "done"));
    host.kill("Slow").unwrap();
    assert!(host.settle_of("Nobody").await.is_err());
}
