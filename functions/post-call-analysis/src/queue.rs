//! Messages of the queue into which EventBridge puts its events.
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

use connect::Malformed;
use serde::Deserialize;
use serde_json::Value;

/// A message that was received so many times is given up when it fails again.
///
/// It comes every half an hour (the queue's visibility timeout), so that is after five hours. The file of a call's first
/// leg is there while the others still talk, and no call goes on for that long after its first transfer; most troubles of
/// Salesforce are over by then, too. The queue itself gives a message up later than that, without a reason.
pub(crate) const MAX_RECEIVES: u32 = 11;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    pub(crate) message_id: String,
    body: String,
    attributes: Attributes,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attributes {
    /// A number, written as a text.
    approximate_receive_count: String,
}

impl Message {
    /// The event in it. What is no JSON is no event of S3 either, and is skipped like one that is not.
    pub(crate) fn event(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether it must be settled now, one way or the other.
    pub(crate) fn is_last_try(&self) -> bool {
        self.attributes.approximate_receive_count.parse().is_ok_and(|count: u32| count >= MAX_RECEIVES)
    }
}

/// The messages that the function is invoked with; `None` if it is not the queue that invokes it.
pub(crate) fn messages(input: &Value) -> Option<Result<Vec<Message>, Malformed>> {
    let records = input.get("Records")?;
    let is_of_queue = records.pointer("/0/eventSource")? == "aws:sqs";
    is_of_queue.then(|| connect::from_value(records.clone()))
}
