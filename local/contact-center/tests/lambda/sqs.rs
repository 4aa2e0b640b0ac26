//! SQS: what the function gets, how often, and what becomes of what it never settles.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use contact_center::lambda::{Destination, Function};
use contact_center::sources::{Event, EventBridge, Redrive, SqsSource};
use serde_json::{Value, json};

use crate::{host_of, misbehaving};

type Seen = Arc<Mutex<Vec<Value>>>;

/// A queue that gives up after four times, what the function got of it, and what was given up.
async fn queue(visibility_timeout: Duration) -> (SqsSource, Seen, Seen) {
    // One process: it knows what it has met before.
    let host = host_of(Function { max_environments: 1, ..misbehaving() }).await;
    let (seen, letters) = (Seen::default(), Seen::default());
    let sink = Arc::clone(&seen);
    host.observe(move |invocation| sink.lock().unwrap().push(invocation.payload.to_json()));
    let sink = Arc::clone(&letters);
    let redrive = Redrive {
        visibility_timeout,
        max_receives: 4,
        dead_letters: Destination::new(move |body| sink.lock().unwrap().push(body)),
    };
    (SqsSource::new(host, "Misbehaving", "files", redrive).unwrap(), seen, letters)
}

/// How often the function got a message with this body, by the count that it was told.
fn receives(seen: &Seen, body: &str) -> Vec<String> {
    let of_body = |event: &Value| event["Records"][0]["body"] == format!("\"{body}\"");
    let count = |event: &Value| event["Records"][0]["attributes"]["ApproximateReceiveCount"].clone();
    let seen = seen.lock().unwrap();
    seen.iter()
        .filter(|event| of_body(event))
        .map(|event| count(event).as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn what_is_not_settled_comes_again_and_in_the_end_is_given_up() {
    let (queue, seen, letters) = queue(Duration::from_millis(1)).await;
    for body in ["good", "flaky", "bad", "poison"] {
        queue.send(&json!(body));
    }
    queue.drain().await;
    assert_eq!(receives(&seen, "good"), ["1"]);
    assert_eq!(receives(&seen, "flaky"), ["1", "2"]);
    assert_eq!(receives(&seen, "bad"), ["1", "2", "3", "4"], "it was reported each time");
    assert_eq!(receives(&seen, "poison"), ["1", "2", "3", "4"], "the function failed each time");
    let mut letters = letters.lock().unwrap().clone();
    letters.sort_by_key(Value::to_string);
    assert_eq!(letters, ["bad", "poison"]);
}

#[tokio::test]
async fn what_waits_is_tried_but_not_settled() {
    let (queue, seen, letters) = queue(Duration::from_secs(3600)).await;
    queue.send(&json!("flaky"));
    queue.tried().await;
    assert_eq!(receives(&seen, "flaky"), ["1"]);
    let settled = tokio::time::timeout(Duration::from_millis(50), queue.drain()).await;
    assert!(settled.is_err() && letters.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_rule_can_send_to_a_queue() {
    let (queue, seen, _letters) = queue(Duration::from_millis(1)).await;
    let bridge = EventBridge::into_queue(queue);
    let id = bridge
        .put(Event {
            source: "aws.s3".into(),
            detail_type: "Object Created".into(),
            resources: Vec::new(),
            time: chrono::DateTime::UNIX_EPOCH,
            detail: json!({}),
        })
        .unwrap();
    bridge.drain().await;
    let event = seen.lock().unwrap()[0].clone();
    let record = &event["Records"][0];
    let arn = "arn:aws:sqs:us-east-1:123456789012:files";
    assert_eq!(
        (&record["eventSource"], &record["eventSourceARN"], &record["awsRegion"]),
        (&json!("aws:sqs"), &json!(arn), &json!("us-east-1"))
    );
    let body: Value = serde_json::from_str(record["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["id"], &body["source"]), (&json!(id), &json!("aws.s3")));
}
