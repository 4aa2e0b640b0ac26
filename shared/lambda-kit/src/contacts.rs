//! What Amazon Connect knows about a contact.
//!
//! <https://docs.aws.amazon.com/connect/latest/APIReference/API_DescribeContact.html>

use aws_config::SdkConfig;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::aws::AwsError;
use crate::env::Env;
use crate::signed::{SignedRequest, SignedService, segment};

const ACTION: &str = "connect:DescribeContact";

/// The contacts of Connect's instances in the account.
pub struct Contacts(SignedService);

/// A contact. Ids are as Connect sends them; empty ones are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DescribedContact {
    /// The first contact of the conversation; absent when that is this one.
    pub initial_contact_id: Option<String>,
    /// The contact that was transferred into this one.
    pub previous_contact_id: Option<String>,
    /// `VOICE`, `CHAT`, ...
    pub channel: Option<String>,
    /// `INBOUND`, `TRANSFER`, ...
    pub initiation_method: Option<String>,
    /// When the contact began.
    pub initiation: Option<DateTime<Utc>>,
    /// When the customer's end was connected to Connect.
    pub connected_to_system: Option<DateTime<Utc>>,
    /// When the agent accepted the contact; absent when none did.
    pub connected_to_agent: Option<DateTime<Utc>>,
    /// When the contact ended; absent while it goes on.
    pub disconnect: Option<DateTime<Utc>>,
}

impl Contacts {
    /// No I/O.
    pub fn new(env: &Env<'_>, sdk: &SdkConfig) -> Self {
        Self(SignedService::new(env, sdk, "connect"))
    }

    /// Asks Connect about a contact. Connect answers about two of these questions in a second, of all who ask in the
    /// account: ask seldom, and keep the answer.
    ///
    /// # Errors
    /// As AWS says; or there was no reply by the deadline.
    pub async fn describe(
        &self,
        instance_id: &str,
        contact_id: &str,
        deadline: Instant,
    ) -> Result<DescribedContact, AwsError> {
        let resource = format!("contact {contact_id}");
        let path = format!("/contacts/{}/{}", segment(instance_id), segment(contact_id));
        let request =
            SignedRequest { action: ACTION, resource: &resource, path: &path, headers: &[], body: "" };
        let reply = self.0.get(&request, deadline).await?;
        let reply: Reply = serde_json::from_str(&reply)
            .map_err(|_| AwsError::unsent(ACTION, &resource, "the reply is not understood"))?;
        Ok(reply.contact.into())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reply {
    contact: Contact,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct Contact {
    initial_contact_id: Option<String>,
    previous_contact_id: Option<String>,
    channel: Option<String>,
    initiation_method: Option<String>,
    initiation_timestamp: Value,
    connected_to_system_timestamp: Value,
    disconnect_timestamp: Value,
    agent_info: Option<AgentInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct AgentInfo {
    connected_to_agent_timestamp: Value,
}

impl From<Contact> for DescribedContact {
    fn from(contact: Contact) -> Self {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Self {
            initial_contact_id: given(contact.initial_contact_id),
            previous_contact_id: given(contact.previous_contact_id),
            channel: given(contact.channel),
            initiation_method: given(contact.initiation_method),
            initiation: timestamp(&contact.initiation_timestamp),
            connected_to_system: timestamp(&contact.connected_to_system_timestamp),
            connected_to_agent: contact
                .agent_info
                .and_then(|agent| timestamp(&agent.connected_to_agent_timestamp)),
            disconnect: timestamp(&contact.disconnect_timestamp),
        }
    }
}

/// Seconds since the epoch with fraction, which is what this API writes, or RFC 3339. What is neither is as if Connect
/// had not told.
fn timestamp(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Number(seconds) => {
            let millis = seconds.as_f64()? * 1e3;
            DateTime::from_timestamp_millis(millis.round() as i64)
        }
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
