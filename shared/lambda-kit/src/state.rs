//! `CallState`: what functions remember about a contact between invocations, in a DynamoDB table with the
//! partition key `pk` (string) and the TTL attribute `expiresAt` (seconds since the epoch).
//!
//! `pk` is `<kind of item>#<contact id>` (or the name of what else an item is about), so every kind of item has a place of its own in the same table.
//! Reads are consistent, and writes conditional where order matters: two invocations that work on the same contact
//! cannot undo each other.

mod post_call;
mod transcription;
mod transcripts;
mod uploads;

use std::collections::HashMap;
use std::sync::OnceLock;
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, SecondsFormat, Utc};
use tokio::time::Instant;

use crate::aws::{AwsError, call};
use crate::env::{ConfigError, Env};

pub use transcription::{Holder, Lease, Renewed};
pub use transcripts::{Delivered, TranscriptState};
pub use uploads::Uploaded;

const PARTITION_KEY: &str = "pk";
const EXPIRES_AT: &str = "expiresAt";
const LAST_UPDATE: &str = "lastUpdate";

const SECRET: &str = "secret";

/// How long an item is kept. It only has to outlast events that are on their way: a stream keeps them for a day up
/// to a week, the dead-letter queue for two weeks. It need not last for the 24 months in which Connect may send a
/// contact record again, because what it sends then is newer than all before. Replaying a stream with a longer
/// retention from its start applies old versions again, in their order, and ends with the newest one.
const TTL: Duration = Duration::from_secs(30 * 24 * 3600);

/// The table.
pub struct StateTable {
    name: String,
    sdk: SdkConfig,
    client: OnceLock<Client>,
}

/// What [`StateTable::mark_applied`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marked {
    /// No newer version is known: this one is now the last applied.
    Newest,
    /// A newer version has been applied; the mark stays as it was.
    Superseded,
}

impl StateTable {
    /// The table that `STATE_TABLE` names.
    pub fn from_env(env: &Env<'_>, sdk: &SdkConfig) -> Result<Self, ConfigError> {
        let name = env.required("STATE_TABLE", "the name of the DynamoDB table with the state of calls")?;
        Ok(Self { name, sdk: sdk.clone(), client: OnceLock::new() })
    }

    /// The `LastUpdateTimestamp` of the contact record that was applied last for this contact.
    pub async fn applied(
        &self,
        contact_id: &str,
        deadline: Instant,
    ) -> Result<Option<DateTime<Utc>>, AwsError> {
        let last_update = self.read(contact_record(contact_id), LAST_UPDATE, deadline).await?;
        // What is not a timestamp was not written here: as if nothing were known, and overwritten by the next mark.
        Ok(last_update.and_then(|text| text.parse().ok()))
    }

    /// Remembers that the contact record with this `LastUpdateTimestamp` was applied, unless a newer one was.
    /// Marking the same version again answers `Newest` again.
    pub async fn mark_applied(
        &self,
        contact_id: &str,
        at: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<Marked, AwsError> {
        let request = self
            .client()
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item(contact_record(contact_id), (LAST_UPDATE, sortable(at)), Utc::now())))
            .condition_expression("attribute_not_exists(pk) OR lastUpdate <= :new")
            .expression_attribute_values(":new", AttributeValue::S(sortable(at)));
        match call("dynamodb:PutItem", &self.resource(), deadline, request.send()).await {
            Ok(_) => Ok(Marked::Newest),
            Err(e) if e.is_refusal("ConditionalCheckFailedException") => Ok(Marked::Superseded),
            Err(e) => Err(e),
        }
    }

    /// Notes which secret serves a contact, for functions whose events do not say. Of several notes the last one
    /// counts, so this write has no condition.
    pub async fn note_call_center(
        &self,
        contact_id: &str,
        secret: &str,
        deadline: Instant,
    ) -> Result<(), AwsError> {
        let item = item(call_center(contact_id), (SECRET, secret.to_owned()), Utc::now());
        let request = self.client().put_item().table_name(&self.name).set_item(Some(item));
        call("dynamodb:PutItem", &self.resource(), deadline, request.send()).await.map(drop)
    }

    /// Which secret serves a contact, if that was noted.
    pub async fn call_center_of(
        &self,
        contact_id: &str,
        deadline: Instant,
    ) -> Result<Option<String>, AwsError> {
        self.read(call_center(contact_id), SECRET, deadline).await
    }

    /// A text attribute of an item, as the last write left it.
    async fn read(
        &self,
        key: AttributeValue,
        attribute: &str,
        deadline: Instant,
    ) -> Result<Option<String>, AwsError> {
        match self.item(key, deadline).await?.remove(attribute) {
            Some(AttributeValue::S(text)) => Ok(Some(text)),
            _ => Ok(None),
        }
    }

    /// The attributes of an item, as the last write left it; none if there is no such item.
    async fn item(
        &self,
        key: AttributeValue,
        deadline: Instant,
    ) -> Result<HashMap<String, AttributeValue>, AwsError> {
        let request =
            self.client().get_item().table_name(&self.name).key(PARTITION_KEY, key).consistent_read(true);
        let reply = call("dynamodb:GetItem", &self.resource(), deadline, request.send()).await?;
        Ok(reply.item.unwrap_or_default())
    }

    fn client(&self) -> &Client {
        self.client.get_or_init(|| Client::new(&self.sdk))
    }

    fn resource(&self) -> String {
        format!("table {}", self.name)
    }
}

fn contact_record(contact_id: &str) -> AttributeValue {
    AttributeValue::S(format!("contact-record#{contact_id}"))
}

fn call_center(contact_id: &str) -> AttributeValue {
    AttributeValue::S(format!("call-center#{contact_id}"))
}

fn item(
    key: AttributeValue,
    (attribute, text): (&str, String),
    now: DateTime<Utc>,
) -> HashMap<String, AttributeValue> {
    HashMap::from([
        (PARTITION_KEY.to_owned(), key),
        (attribute.to_owned(), AttributeValue::S(text)),
        (EXPIRES_AT.to_owned(), AttributeValue::N((now + TTL).timestamp().to_string())),
    ])
}

/// RFC 3339 in UTC with a fixed number of digits: the order of these strings is the order of the times.
fn sortable(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

#[cfg(test)]
mod tests;
