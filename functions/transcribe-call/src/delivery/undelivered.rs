//! Messages that were given up. In the dead-letter queue they are an event of this function, which delivers them when
//! it is invoked with it.

use connect::{ContactId, Malformed};
use salesforce::telephony::Message;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The event.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Undelivered {
    operation: Operation,
    /// The first contact, under which Salesforce takes messages.
    pub(crate) conversation_id: ContactId,
    /// The secret of the call center, where it is not the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) secret_name: Option<String>,
    /// In their order.
    pub(crate) messages: Vec<Message>,
}

#[derive(Serialize, Deserialize)]
enum Operation {
    #[serde(rename = "deliverMessages")]
    DeliverMessages,
}

impl Undelivered {
    pub(crate) fn new(conversation_id: ContactId, secret_name: Option<&str>, messages: &[Message]) -> Self {
        Self {
            operation: Operation::DeliverMessages,
            conversation_id,
            secret_name: secret_name.map(str::to_owned),
            messages: messages.to_vec(),
        }
    }

    /// The messages in an event; `None` if it is a job.
    pub(crate) fn read(event: &Value) -> Option<Result<Self, Malformed>> {
        event.get("operation").map(|_| connect::from_value(event.clone()))
    }
}
