//! How far the transcript of a contact is, and which conversation it belongs to.
//!
//! Of a contact all that is one item, of which each writer sets only its own attributes: who delivers, and who learns
//! of the first contact.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;
use tokio::time::{Instant, sleep_until};

use super::{EXPIRES_AT, Marked, PARTITION_KEY, SECRET, StateTable, TTL, call_center, sortable};
use crate::aws::{AwsError, call};

const DELIVERED: &str = "delivered";
const SEGMENTS: &str = "deliveredSegments";
const PARTITION: &str = "partitionKey";
const AUDIO_START: &str = "audioStart";
const FIRST_CONTACT: &str = "firstContact";

const ITEM: &str = "transcript#";
const CALL_CENTER: &str = "call-center#";

/// DynamoDB reads at most 100 items in one request; of each contact there are two.
const CONTACTS_PER_READ: usize = 50;

/// What DynamoDB leaves out of a reply it has no capacity for: it says to wait, and more each time.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// What is known of the transcript of a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TranscriptState {
    /// How far it is delivered.
    pub delivered: Option<Delivered>,
    /// When the contact's audio began, as far as could be told.
    pub audio_start: Option<DateTime<Utc>>,
    /// The first contact of the conversation, which may be the contact itself.
    pub first_contact: Option<String>,
    /// The secret of the call center that serves the contact, where it is not the default.
    pub call_center: Option<String>,
}

/// How far the records of a contact are delivered: everything before this one, and so much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The partition key of the record. The position of a record in the stream means something only among those that
    /// have the same: only those are in order.
    pub partition_key: String,
    /// Its sequence number.
    pub sequence: String,
    /// How many of its segments are delivered.
    pub segments: usize,
}

impl Delivered {
    /// How many segments of the record with this partition key and sequence number are delivered: `usize::MAX` if it
    /// is an earlier one, 0 if it is a later one.
    pub fn of(&self, partition_key: &str, sequence: &str) -> usize {
        if self.partition_key != partition_key {
            return 0;
        }
        match position(sequence).cmp(&position(&self.sequence)) {
            Ordering::Less => usize::MAX,
            Ordering::Equal => self.segments,
            Ordering::Greater => 0,
        }
    }
}

impl StateTable {
    /// What is known of the transcripts of these contacts; of whom nothing is known there is nothing.
    pub async fn transcripts(
        &self,
        contacts: &[&str],
        deadline: Instant,
    ) -> Result<HashMap<String, TranscriptState>, AwsError> {
        let reads =
            contacts.chunks(CONTACTS_PER_READ).map(|contacts| self.read_transcripts(contacts, deadline));
        let items = try_join_all(reads).await?.into_iter().flatten();
        let mut states: HashMap<String, TranscriptState> = HashMap::new();
        for mut item in items {
            let Some(AttributeValue::S(key)) = item.remove(PARTITION_KEY) else { continue };
            if let Some(contact) = key.strip_prefix(ITEM) {
                let state = states.entry(contact.to_owned()).or_default();
                let call_center = state.call_center.take();
                *state = TranscriptState { call_center, ..read(item) };
            } else if let Some(contact) = key.strip_prefix(CALL_CENTER) {
                states.entry(contact.to_owned()).or_default().call_center = text(&mut item, SECRET);
            }
        }
        Ok(states)
    }

    /// Notes how far the transcript of a contact is delivered, and when its audio began; unless it is further already.
    pub async fn mark_delivered(
        &self,
        contact_id: &str,
        delivered: &Delivered,
        audio_start: DateTime<Utc>,
        deadline: Instant,
    ) -> Result<Marked, AwsError> {
        let update = format!(
            "SET {DELIVERED} = :delivered, {SEGMENTS} = :segments, {PARTITION} = :partition, \
             {AUDIO_START} = :start, {EXPIRES_AT} = :expires"
        );
        let condition = format!(
            "attribute_not_exists({DELIVERED}) OR {PARTITION} <> :partition OR {DELIVERED} < :delivered \
             OR ({DELIVERED} = :delivered AND {SEGMENTS} <= :segments)"
        );
        let values = [
            (":delivered", AttributeValue::S(position(&delivered.sequence))),
            (":segments", AttributeValue::N(delivered.segments.to_string())),
            (":partition", AttributeValue::S(delivered.partition_key.clone())),
            (":start", AttributeValue::S(sortable(audio_start))),
            (":expires", expiry()),
        ];
        match self.update_transcript(contact_id, update, Some(condition), values, deadline).await {
            Ok(()) => Ok(Marked::Newest),
            Err(e) if e.is_refusal("ConditionalCheckFailedException") => Ok(Marked::Superseded),
            Err(e) => Err(e),
        }
    }

    /// Notes that the conversation of a contact began with another one, or with this one.
    pub async fn note_first_contact(
        &self,
        contact_id: &str,
        first: &str,
        deadline: Instant,
    ) -> Result<(), AwsError> {
        let update = format!("SET {FIRST_CONTACT} = :first, {EXPIRES_AT} = :expires");
        let values = [(":first", AttributeValue::S(first.to_owned())), (":expires", expiry())];
        self.update_transcript(contact_id, update, None, values, deadline).await
    }

    /// The first contact of the conversation of a contact, if that was noted.
    pub async fn first_contact_of(
        &self,
        contact_id: &str,
        deadline: Instant,
    ) -> Result<Option<String>, AwsError> {
        self.read(transcript(contact_id), FIRST_CONTACT, deadline).await
    }

    async fn update_transcript<const N: usize>(
        &self,
        contact_id: &str,
        update: String,
        condition: Option<String>,
        values: [(&str, AttributeValue); N],
        deadline: Instant,
    ) -> Result<(), AwsError> {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let request = self
            .client()
            .update_item()
            .table_name(&self.name)
            .key(PARTITION_KEY, transcript(contact_id))
            .update_expression(update)
            .set_condition_expression(condition)
            .set_expression_attribute_values(Some(values));
        call("dynamodb:UpdateItem", &self.resource(), deadline, request.send()).await.map(drop)
    }

    /// One read, and further ones for what DynamoDB left out.
    async fn read_transcripts(
        &self,
        contacts: &[&str],
        deadline: Instant,
    ) -> Result<Vec<HashMap<String, AttributeValue>>, AwsError> {
        let keys = contacts.iter().flat_map(|contact| [transcript(contact), call_center(contact)]);
        let mut keys: Vec<_> = keys.map(|key| HashMap::from([(PARTITION_KEY.to_owned(), key)])).collect();
        let (mut items, mut pause) = (Vec::new(), FIRST_PAUSE);
        loop {
            let wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build();
            let wanted = wanted.map_err(|_| self.unread("there are no keys"))?;
            let request = self.client().batch_get_item().request_items(&self.name, wanted);
            let reply = call("dynamodb:BatchGetItem", &self.resource(), deadline, request.send()).await?;
            items.extend(reply.responses.into_iter().flat_map(HashMap::into_values).flatten());
            keys = reply
                .unprocessed_keys
                .into_iter()
                .flat_map(HashMap::into_values)
                .flat_map(|left_out| left_out.keys)
                .collect();
            if keys.is_empty() {
                return Ok(items);
            }
            let next = Instant::now() + pause;
            if next >= deadline {
                return Err(AwsError::out_of_time("dynamodb:BatchGetItem", &self.resource()));
            }
            sleep_until(next).await;
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }

    fn unread(&self, problem: &str) -> AwsError {
        AwsError::unsent("dynamodb:BatchGetItem", &self.resource(), problem)
    }
}

fn read(mut item: HashMap<String, AttributeValue>) -> TranscriptState {
    let delivered = text(&mut item, DELIVERED).and_then(|position| {
        Some(Delivered {
            sequence: position.split_once(':')?.1.to_owned(),
            segments: item.get(SEGMENTS)?.as_n().ok()?.parse().ok()?,
            partition_key: text(&mut item, PARTITION)?,
        })
    });
    TranscriptState {
        delivered,
        audio_start: text(&mut item, AUDIO_START).and_then(|start| start.parse().ok()),
        first_contact: text(&mut item, FIRST_CONTACT),
        call_center: None,
    }
}

fn text(item: &mut HashMap<String, AttributeValue>, attribute: &str) -> Option<String> {
    match item.remove(attribute) {
        Some(AttributeValue::S(text)) => Some(text),
        _ => None,
    }
}

fn transcript(contact_id: &str) -> AttributeValue {
    AttributeValue::S(format!("{ITEM}{contact_id}"))
}

fn expiry() -> AttributeValue {
    AttributeValue::N((Utc::now() + TTL).timestamp().to_string())
}

/// A sequence number with its length before it: the order of these strings is the order of the numbers, which have more
/// digits (up to 129) than any number of DynamoDB.
fn position(sequence: &str) -> String {
    let digits = sequence.trim_start_matches('0');
    format!("{:03}:{digits}", digits.len())
}

#[cfg(test)]
mod tests;
