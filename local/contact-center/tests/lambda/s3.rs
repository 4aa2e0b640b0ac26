//! S3: what it tells of a new object.

use std::sync::{Arc, Mutex};

use contact_center::sources::{EventBridge, S3Source};
use local_aws::LocalAws;
use serde_json::{Value, json};

use crate::{host_of, misbehaving};

#[tokio::test]
async fn a_new_object_is_told_of() {
    let host = host_of(misbehaving()).await;
    let seen = Arc::new(Mutex::new(Vec::<Value>::new()));
    let sink = Arc::clone(&seen);
    host.observe(move |invocation| sink.lock().unwrap().push(invocation.payload.to_json()));
    let aws = LocalAws::start().await.unwrap();
    let bucket = S3Source::new(aws.clone(), "calls", EventBridge::new(host, "Misbehaving"));
    let id = bucket.put("a/b c.json", "{}").unwrap();
    bucket.drain().await;
    assert_eq!(aws.objects("calls")["a/b c.json"].as_ref(), b"{}");
    let event = seen.lock().unwrap()[0].clone();
    assert_eq!((&event["id"], &event["source"]), (&json!(id), &json!("aws.s3")));
    assert_eq!(
        (&event["detail-type"], &event["resources"]),
        (&json!("Object Created"), &json!(["arn:aws:s3:::calls"]))
    );
    let detail = &event["detail"];
    assert_eq!((&detail["bucket"]["name"], &detail["reason"]), (&json!("calls"), &json!("PutObject")));
    // As it is: in these events keys are not URL-encoded.
    assert_eq!((&detail["object"]["key"], &detail["object"]["size"]), (&json!("a/b c.json"), &json!(2)));
}
