//! EventBridge: what the function gets.

use std::sync::{Arc, Mutex};

use chrono::DateTime;
use contact_center::sources::{Event, EventBridge};
use serde_json::{Value, json};

use crate::{host_of, misbehaving};

#[tokio::test]
async fn an_event_arrives_in_its_envelope() {
    let host = host_of(misbehaving()).await;
    let seen = Arc::new(Mutex::new(Vec::<Value>::new()));
    let sink = Arc::clone(&seen);
    host.observe(move |invocation| sink.lock().unwrap().push(invocation.payload.to_json()));
    let bridge = EventBridge::new(host, "Misbehaving");
    let event = Event {
        source: "aws.connect".into(),
        detail_type: "Amazon Connect Contact Event".into(),
        resources: vec!["arn:aws:connect:us-east-1:123456789012:instance/i".into()],
        time: DateTime::from_timestamp(1_700_000_000, 500_000_000).unwrap(),
        detail: json!({"eventType": "DISCONNECTED"}),
    };
    let id = bridge.put(event).unwrap();
    bridge.drain().await;
    let seen = seen.lock().unwrap();
    assert_eq!(
        seen[0],
        json!({
            "version": "0",
            "id": id,
            "detail-type": "Amazon Connect Contact Event",
            "source": "aws.connect",
            "account": "123456789012",
            "time": "2023-11-14T22:13:20Z",
            "region": "us-east-1",
            "resources": ["arn:aws:connect:us-east-1:123456789012:instance/i"],
            "detail": {"eventType": "DISCONNECTED"},
        })
    );
    assert_eq!(seen.len(), 3, "the function cannot read it, so it was tried three times");
}
