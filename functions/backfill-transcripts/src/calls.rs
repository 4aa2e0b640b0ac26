//! Calls and their conversations, as Salesforce has them.
//!
//! No query tells whether a call has a transcript: Salesforce keeps those off its platform, where SOQL does not reach
//! (<https://developer.salesforce.com/docs/service/messaging-object-model/guide/messaging-object-model-access-data.html>),
//! and the API that reads them one by one takes 1,000 requests an hour. So a query finds the calls, and what functions
//! have noted about their own doing tells which of them have one.

use std::collections::HashMap;

use call_centers::CallCenters;
use chrono::{DateTime, Utc};
use connect::ContactId;
use salesforce::rest::Rest;
use salesforce::soql::{Soql, Template};
use salesforce::{Fields, RecordId};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::error::HandlerError;
use crate::request::{Backfill, Cursor, date_time};

/// The first calls of conversations; the legs that follow are looked up with their conversation.
const FIRST_CALLS: &str = "SELECT Id, ConversationId, CallStartDateTime FROM VoiceCall \
    WHERE CallCenter.InternalName = {center:text} AND PreviousCallId = null AND ConversationId != null \
    AND CallStartDateTime >= {from:date} AND CallStartDateTime < {to:date} \
    ORDER BY CallStartDateTime, Id LIMIT {limit}";

/// The same behind a cursor.
const FURTHER_CALLS: &str = "SELECT Id, ConversationId, CallStartDateTime FROM VoiceCall \
    WHERE CallCenter.InternalName = {center:text} AND PreviousCallId = null AND ConversationId != null \
    AND CallStartDateTime >= {from:date} AND CallStartDateTime < {to:date} \
    AND (CallStartDateTime > {started:date} OR (CallStartDateTime = {started:date} AND Id > {last:id})) \
    ORDER BY CallStartDateTime, Id LIMIT {limit}";

const CALLS_OF_CONVERSATIONS: &str = "SELECT Id, VendorCallKey, ConversationId, CallStartDateTime, \
    CallAcceptDateTime, CallEndDateTime, Conversation.ConversationIdentifier, Conversation.StartTime, \
    Conversation.EndTime FROM VoiceCall WHERE ConversationId IN {conversations:id} ORDER BY CallStartDateTime, Id";

const CALLS_OF_CONTACTS: &str = "SELECT Id, VendorCallKey, ConversationId, CallStartDateTime, \
    CallAcceptDateTime, CallEndDateTime, Conversation.ConversationIdentifier, Conversation.StartTime, \
    Conversation.EndTime FROM VoiceCall WHERE CallCenter.InternalName = {center:text} \
    AND VendorCallKey IN {contacts:text} ORDER BY CallStartDateTime, Id";

const UNREADABLE: HandlerError = HandlerError::Query("a row of a query is not what was asked for");

/// A conversation, as far as its calls were asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conversation {
    /// Its first contact.
    pub(crate) identifier: ContactId,
    pub(crate) started: Option<DateTime<Utc>>,
    /// `None` while it goes on.
    pub(crate) ended: Option<DateTime<Utc>>,
    /// In the order in which they started.
    pub(crate) calls: Vec<Call>,
}

/// What one contact, that is one leg, is in Salesforce.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) contact_id: ContactId,
    /// What its transcript belongs to: its VoiceCall.
    pub(crate) related_records: Vec<RecordId>,
    pub(crate) started: DateTime<Utc>,
    /// When an agent accepted it.
    pub(crate) accepted: Option<DateTime<Utc>>,
    pub(crate) ended: Option<DateTime<Utc>>,
}

/// The first call of a conversation, whose place in the order is where work can stop.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct First {
    id: String,
    conversation_id: String,
    call_start_date_time: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    id: String,
    vendor_call_key: Option<String>,
    conversation_id: Option<String>,
    call_start_date_time: Option<String>,
    call_accept_date_time: Option<String>,
    call_end_date_time: Option<String>,
    conversation: Option<Of>,
}

/// Its conversation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Of {
    conversation_identifier: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
}

/// The VoiceCalls of one call center.
pub(crate) struct Calls<'a> {
    pub(crate) call_centers: &'a CallCenters,
    pub(crate) secret_name: Option<&'a str>,
    pub(crate) call_center: &'a str,
    pub(crate) deadline: Instant,
}

impl Calls<'_> {
    /// Up to `limit` conversations of the time that is asked for, behind the cursor if there is one; each with the place
    /// that it has in the order. Fewer than `limit` are the last.
    pub(crate) async fn of_time(
        &self,
        asked: &Backfill,
        after: Option<&Cursor>,
        limit: usize,
    ) -> Result<Vec<(Cursor, Option<Conversation>)>, HandlerError> {
        let template = if after.is_some() { FURTHER_CALLS } else { FIRST_CALLS };
        let query = bound(template, |name| match name {
            "center" => Some(self.call_center.to_owned()),
            "from" => Some(date_time(asked.from)),
            "to" => Some(date_time(asked.to)),
            "limit" => Some(limit.to_string()),
            "started" => Some(date_time(after?.started)),
            "last" => Some(after?.id.to_string()),
            _ => None,
        })?;
        let firsts: Vec<First> = self.rows(&query).await?;
        if firsts.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = firsts.iter().map(|first| first.conversation_id.as_str()).collect();
        let query = bound(CALLS_OF_CONVERSATIONS, |_| Some(json!(ids).to_string()))?;
        let mut conversations = by_conversation(self.rows(&query).await?);
        let placed = |first: First| {
            let started = time(&first.call_start_date_time).ok_or(UNREADABLE)?;
            let id = RecordId::parse(&first.id).map_err(|_| UNREADABLE)?;
            Ok((Cursor { started, id }, conversations.remove(&first.conversation_id)))
        };
        firsts.into_iter().map(placed).collect()
    }

    /// The conversations of these contacts, with these contacts only.
    pub(crate) async fn of_contacts(&self, contacts: &[&str]) -> Result<Vec<Conversation>, HandlerError> {
        let query = bound(CALLS_OF_CONTACTS, |name| match name {
            "center" => Some(self.call_center.to_owned()),
            "contacts" => Some(json!(contacts).to_string()),
            _ => None,
        })?;
        let mut conversations: Vec<_> = by_conversation(self.rows(&query).await?).into_values().collect();
        conversations.sort_by_key(|conversation| conversation.calls.first().map(|call| call.started));
        Ok(conversations)
    }

    /// What a query finds.
    async fn rows<T: for<'de> Deserialize<'de>>(&self, query: &Soql) -> Result<Vec<T>, HandlerError> {
        let found = self.call_centers.rest(self.secret_name, self.deadline, async |rest: &Rest| {
            let mut page = rest.query(query, self.deadline).await?;
            let mut found = page.records;
            while let Some(next) = page.next {
                page = rest.next_page(&next, self.deadline).await?;
                found.append(&mut page.records);
            }
            Ok(found)
        });
        // Leaving out what is not understood would leave out calls.
        let row = |Fields(row): Fields| serde_json::from_value(Value::Object(row)).map_err(|_| UNREADABLE);
        found.await?.into_iter().map(row).collect()
    }
}

fn bound(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<Soql, HandlerError> {
    let template = Template::parse(template).map_err(|_| HandlerError::Query("a query cannot be read"))?;
    template.bind(value).map_err(|_| HandlerError::Query("a query cannot be bound"))
}

/// Rows, in the order of their start, by the id of their conversation.
fn by_conversation(rows: Vec<Row>) -> HashMap<String, Conversation> {
    let mut conversations: HashMap<String, Conversation> = HashMap::new();
    for row in rows {
        let Some((call, conversation_id, of)) = call(row) else { continue };
        let conversation = conversations.entry(conversation_id).or_insert_with(|| {
            let told = |text: &Option<String>| text.as_deref().and_then(time);
            let identifier = of.conversation_identifier.as_deref().and_then(|id| ContactId::parse(id).ok());
            // Without one it is a call that belongs to no conversation, and so its own.
            Conversation {
                started: told(&of.start_time).or(identifier.is_none().then_some(call.started)),
                ended: told(&of.end_time).or(identifier.is_none().then_some(call.ended).flatten()),
                identifier: identifier.unwrap_or_else(|| call.contact_id.clone()),
                calls: Vec::new(),
            }
        });
        // Several VoiceCalls may have the key of one contact: its words belong to all of them.
        match conversation.calls.iter_mut().find(|known| known.contact_id == call.contact_id) {
            Some(known) => known.related_records.extend(call.related_records),
            None => conversation.calls.push(call),
        }
    }
    conversations
}

/// `None` for a VoiceCall that is of no contact, or never started.
fn call(row: Row) -> Option<(Call, String, Of)> {
    let call = Call {
        contact_id: ContactId::parse(&row.vendor_call_key?).ok()?,
        related_records: vec![RecordId::parse(&row.id).ok()?],
        started: time(&row.call_start_date_time?)?,
        accepted: row.call_accept_date_time.as_deref().and_then(time),
        ended: row.call_end_date_time.as_deref().and_then(time),
    };
    Some((call, row.conversation_id.unwrap_or(row.id), row.conversation.unwrap_or_default()))
}

/// `2026-03-02T17:04:00.000+0000`, as Salesforce writes it, or with a colon in the offset.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let salesforce = || DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").ok();
    text.parse().ok().or_else(|| Some(salesforce()?.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, contact: &str, conversation: Option<Value>) -> Row {
        serde_json::from_value(json!({
            "Id": id,
            "VendorCallKey": contact,
            "ConversationId": conversation.is_some().then_some("0dw5e0000000001AAA"),
            "CallStartDateTime": "2026-03-02T17:04:00.000+0000",
            "CallAcceptDateTime": null,
            "CallEndDateTime": "2026-03-02T17:09:00.000+0000",
            "Conversation": conversation,
        }))
        .unwrap()
    }

    #[test]
    fn every_query_is_one() {
        for template in [FIRST_CALLS, FURTHER_CALLS, CALLS_OF_CONVERSATIONS, CALLS_OF_CONTACTS] {
            Template::parse(template).unwrap();
        }
    }

    #[test]
    fn legs_belong_to_their_conversation_and_a_call_without_one_is_its_own() {
        let of = || {
            Some(json!({
                "ConversationIdentifier": "c-1",
                "StartTime": "2026-03-02T17:03:59.000+0000",
                "EndTime": null,
            }))
        };
        let rows = vec![
            row("0LQ5e0000000001GAA", "c-1", of()),
            row("0LQ5e0000000002GAA", "c-2", of()),
            row("0LQ5e0000000003GAA", "c-2", of()),
            row("0LQ5e0000000004GAA", "c-9", None),
            row("0LQ5e0000000005GAA", "not a contact", None),
        ];
        let conversations = by_conversation(rows);
        assert_eq!(conversations.len(), 2);
        let conversation = &conversations["0dw5e0000000001AAA"];
        assert_eq!((conversation.identifier.as_str(), conversation.ended), ("c-1", None));
        assert_eq!(conversation.started, time("2026-03-02T17:03:59Z"));
        let legs: Vec<_> = conversation
            .calls
            .iter()
            .map(|call| (call.contact_id.as_str(), call.related_records.len()))
            .collect();
        assert_eq!(legs, [("c-1", 1), ("c-2", 2)]);
        let alone = &conversations["0LQ5e0000000004GAA"];
        assert_eq!((alone.identifier.as_str(), alone.ended), ("c-9", time("2026-03-02T17:09:00Z")));
    }
}
