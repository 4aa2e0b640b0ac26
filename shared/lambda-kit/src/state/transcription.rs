//! Who transcribes a contact, and how far they are: one at a time, and the next one goes on where the last one was.
//!
//! A lease is held by a token and runs out. It is taken when nobody holds it; it is taken over from its holder by whoever
//! was given the holder's token, that is by the invocation that the holder started. What was noted as
//! checkpoint stays, whoever holds the lease, and after it is released, too.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use tokio::time::Instant;

use super::{EXPIRES_AT, PARTITION_KEY, StateTable, TTL};
use crate::aws::{AwsError, call};

const HOLDER: &str = "leaseHolder";
const UNTIL: &str = "leaseUntil";
const STARTING: &str = "leaseStarting";
const CHECKPOINT: &str = "checkpoint";

const REFUSED: &str = "ConditionalCheckFailedException";

/// What came of wanting a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lease {
    /// It is the caller's, until the time that the caller said.
    Taken,
    /// Somebody else has it.
    Held(Holder),
}

/// Who has a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Their token.
    pub token: String,
    /// When it runs out, unless they renew it. Who waits and sees it move knows that they are alive.
    pub until: DateTime<Utc>,
    /// They have taken it, and nobody has been asked to transcribe yet.
    pub is_starting: bool,
}

/// What came of renewing a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// It is still the caller's.
    Yes,
    /// It ran out or was taken over: the caller must stop.
    Lost,
}

impl StateTable {
    /// Takes the lease of a contact for somebody who is about to start a transcription: if nobody has it at `now`.
    /// Until it is renewed, others see that it is only starting.
    pub async fn take_transcription_lease(
        &self,
        contact_id: &str,
        token: &str,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<Lease, AwsError> {
        let write = Write { token, until, is_starting: true, checkpoint: None };
        self.take(contact_id, write, None, now, deadline).await
    }

    /// Takes the lease of a contact for somebody who transcribes: if nobody has it at `now`, or if it is held by `from`,
    /// the token that they were given.
    pub async fn take_over_transcription_lease(
        &self,
        contact_id: &str,
        token: &str,
        from: Option<&str>,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<Lease, AwsError> {
        let write = Write { token, until, is_starting: false, checkpoint: None };
        self.take(contact_id, write, from, now, deadline).await
    }

    /// Keeps a lease until `until`, and notes a checkpoint in the same write. A lease that has run out and that nobody
    /// took is still the holder's.
    pub async fn renew_transcription_lease(
        &self,
        contact_id: &str,
        token: &str,
        until: DateTime<Utc>,
        checkpoint: Option<&str>,
        deadline: Instant,
    ) -> Result<Renewed, AwsError> {
        let write = Write { token, until, is_starting: false, checkpoint };
        let condition = format!("{HOLDER} = :token");
        Ok(match self.write(contact_id, &write, &condition, HashMap::new(), deadline).await? {
            true => Renewed::Yes,
            false => Renewed::Lost,
        })
    }

    /// Gives a lease back, if it is still the caller's. The checkpoint stays.
    pub async fn release_transcription_lease(
        &self,
        contact_id: &str,
        token: &str,
        deadline: Instant,
    ) -> Result<(), AwsError> {
        self.renew_transcription_lease(contact_id, token, DateTime::UNIX_EPOCH, None, deadline)
            .await
            .map(drop)
    }

    /// What was noted last as checkpoint of a contact, by whomever.
    pub async fn transcription_checkpoint(
        &self,
        contact_id: &str,
        deadline: Instant,
    ) -> Result<Option<String>, AwsError> {
        self.read(key(contact_id), CHECKPOINT, deadline).await
    }

    async fn take(
        &self,
        contact_id: &str,
        write: Write<'_>,
        from: Option<&str>,
        now: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<Lease, AwsError> {
        let mut condition = format!("attribute_not_exists({HOLDER}) OR {UNTIL} <= :now");
        let mut values = HashMap::from([(":now".to_owned(), millis(now))]);
        if let Some(from) = from {
            condition.push_str(&format!(" OR {HOLDER} = :from"));
            values.insert(":from".to_owned(), AttributeValue::S(from.to_owned()));
        }
        loop {
            if self.write(contact_id, &write, &condition, values.clone(), deadline).await? {
                return Ok(Lease::Taken);
            }
            let holder = self.holder(contact_id, deadline).await?;
            // Otherwise it has been released since.
            if holder.until > now {
                return Ok(Lease::Held(holder));
            }
        }
    }

    /// Whether the condition was fulfilled.
    async fn write(
        &self,
        contact_id: &str,
        write: &Write<'_>,
        condition: &str,
        mut values: HashMap<String, AttributeValue>,
        deadline: Instant,
    ) -> Result<bool, AwsError> {
        let mut update = format!(
            "SET {HOLDER} = :token, {UNTIL} = :until, {STARTING} = :starting, {EXPIRES_AT} = :expires"
        );
        values.insert(":token".to_owned(), AttributeValue::S(write.token.to_owned()));
        values.insert(":until".to_owned(), millis(write.until));
        values.insert(":starting".to_owned(), AttributeValue::Bool(write.is_starting));
        values.insert(":expires".to_owned(), AttributeValue::N((Utc::now() + TTL).timestamp().to_string()));
        if let Some(checkpoint) = write.checkpoint {
            update.push_str(&format!(", {CHECKPOINT} = :checkpoint"));
            values.insert(":checkpoint".to_owned(), AttributeValue::S(checkpoint.to_owned()));
        }
        let request = self
            .client()
            .update_item()
            .table_name(&self.name)
            .key(PARTITION_KEY, key(contact_id))
            .update_expression(update)
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values));
        match call("dynamodb:UpdateItem", &self.resource(), deadline, request.send()).await {
            Ok(_) => Ok(true),
            Err(e) if e.is_refusal(REFUSED) => Ok(false),
            Err(e) => Err(e),
        }
    }

    async fn holder(&self, contact_id: &str, deadline: Instant) -> Result<Holder, AwsError> {
        let item = self.item(key(contact_id), deadline).await?;
        let until = item.get(UNTIL).and_then(|until| until.as_n().ok()?.parse().ok());
        Ok(Holder {
            token: item.get(HOLDER).and_then(|token| token.as_s().ok()).cloned().unwrap_or_default(),
            until: until.and_then(DateTime::from_timestamp_millis).unwrap_or_default(),
            is_starting: item.get(STARTING).and_then(|starting| starting.as_bool().ok()) == Some(&true),
        })
    }
}

/// What is written about a lease.
struct Write<'a> {
    token: &'a str,
    until: DateTime<Utc>,
    is_starting: bool,
    checkpoint: Option<&'a str>,
}

fn key(contact_id: &str) -> AttributeValue {
    AttributeValue::S(format!("transcription#{contact_id}"))
}

fn millis(at: DateTime<Utc>) -> AttributeValue {
    AttributeValue::N(at.timestamp_millis().to_string())
}

#[cfg(test)]
mod tests;
