//! Transcript messages and intelligence signals: `voice_rest_voicecalls_transcript_bulk`,
//! `voice_rest_voicecalls_realtime_conversation`, `voice_rest_post-call_conversation_event`.

use super::CallKey;
use crate::private::Private;
use chrono::serde::ts_milliseconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One utterance of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Who spoke: `{first contact id}END_USER` and the like, or the user id (005…) of a human agent.
    pub participant_id: Private,
    /// Unique within the conversation. Must be the same when the utterance is sent again.
    pub message_id: String,
    /// Epoch milliseconds on the wire; must lie inside the conversation.
    #[serde(with = "ts_milliseconds")]
    pub start_time: DateTime<Utc>,
    /// Epoch milliseconds on the wire.
    #[serde(with = "ts_milliseconds")]
    pub end_time: DateTime<Utc>,
    /// What was said.
    pub content: Private,
    /// In which role.
    pub sender_type: SenderType,
}

/// The role of a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SenderType {
    /// The customer.
    EndUser,
    /// A partner's own participant.
    ExternalUser,
    /// An agent with a Salesforce user.
    HumanAgent,
    /// A supervisor.
    Supervisor,
    /// A bot, or the agent's side of the line when the user is not known.
    VirtualAgent,
}

/// Messages of several calls in one request, within the API's limits.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct MessageBatch {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    vendor_call_key: CallKey,
    messages: Vec<Message>,
}

impl MessageBatch {
    /// The API's limit of voice calls in one request. Entries are counted, not distinct calls: the page's own
    /// example repeats a call in two entries, and does not say which of the two is meant.
    pub const MAX_CALLS: usize = 5;
    /// The API's limit of messages for one voice call in one request, over all of its entries.
    pub const MAX_MESSAGES_PER_CALL: usize = 5;

    /// Adds a message, unless the request is full for it: then it comes back and belongs into the next batch.
    ///
    /// An entry holds one participant only, because the API keeps the order within one side of a conversation.
    ///
    /// # Errors
    /// The message itself, when a limit is reached.
    pub fn try_push(&mut self, key: &CallKey, message: Message) -> Result<(), Message> {
        let of_this_call: usize = self
            .entries
            .iter()
            .filter(|entry| entry.vendor_call_key == *key)
            .map(|entry| entry.messages.len())
            .sum();
        if of_this_call == Self::MAX_MESSAGES_PER_CALL {
            return Err(message);
        }
        let is_full = self.entries.len() == Self::MAX_CALLS;
        match self.entries.iter_mut().rfind(|entry| entry.vendor_call_key == *key) {
            Some(entry) if entry.is_from(&message) => entry.messages.push(message),
            _ if is_full => return Err(message),
            _ => self.entries.push(Entry { vendor_call_key: key.clone(), messages: vec![message] }),
        }
        Ok(())
    }

    /// As many batches as it takes, in the order given.
    pub fn split(messages: impl IntoIterator<Item = (CallKey, Message)>) -> Vec<Self> {
        let mut batches: Vec<Self> = Vec::new();
        for (key, message) in messages {
            let refused = match batches.last_mut() {
                Some(batch) => batch.try_push(&key, message).err(),
                None => Some(message),
            };
            if let Some(message) = refused {
                batches.push(Self { entries: vec![Entry { vendor_call_key: key, messages: vec![message] }] });
            }
        }
        batches
    }

    /// How many messages it holds.
    pub fn len(&self) -> usize {
        self.entries.iter().map(|entry| entry.messages.len()).sum()
    }

    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Entry {
    fn is_from(&self, message: &Message) -> bool {
        self.messages.last().is_some_and(|last| {
            last.sender_type == message.sender_type && last.participant_id == message.participant_id
        })
    }
}

/// Signals about a running call, ascending by start time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RealtimeEvents {
    /// Where the signals come from.
    pub service: SignalService,
    /// The signals.
    pub events: Vec<RealtimeEvent>,
    /// In an example of the page only; the reference function sends `false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persist: Option<bool>,
}

/// One signal about a running call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RealtimeEvent {
    /// What it signals.
    #[serde(rename = "type")]
    pub kind: SignalType,
    /// Name of the category, or the sentiment from -1000 to 1000 as text.
    pub value: String,
    /// Epoch milliseconds on the wire.
    #[serde(with = "ts_milliseconds")]
    pub start_time: DateTime<Utc>,
    /// Whose sentiment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant: Option<SignalParticipant>,
    /// First place in the audio that matched; sent by the reference function, not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<PointOfInterest>,
}

/// A place in the audio, in milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PointOfInterest {
    /// From here,
    pub begin_offset_millis: i64,
    /// to here.
    pub end_offset_millis: i64,
}

/// Signals about a finished call, ascending by start time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PostCallEvents {
    /// Where the signals come from.
    pub service: SignalService,
    /// The signals; at most [`PostCallEvents::MAX_EVENTS`].
    pub events: Vec<PostCallEvent>,
}

impl PostCallEvents {
    /// What the reference function sends in one request at most; the page names no limit.
    pub const MAX_EVENTS: usize = 25;
}

/// One signal about a finished call.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PostCallEvent {
    /// What it signals.
    #[serde(rename = "type")]
    pub kind: SignalType,
    /// Sentiment from -1000 to 1000 as text, or an overall score from -5 to 5.
    pub value: String,
    /// Epoch milliseconds on the wire.
    #[serde(with = "ts_milliseconds")]
    pub start_time: DateTime<Utc>,
    /// Epoch milliseconds on the wire.
    #[serde(with = "ts_milliseconds")]
    pub end_time: DateTime<Utc>,
    /// Whose.
    pub participant: SignalParticipant,
}

/// The service that signals come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SignalService {
    /// Contact Lens.
    AmazonConnectContactLens,
}

/// What a signal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum SignalType {
    /// A Contact Lens category matched.
    #[serde(rename = "IntelligenceSignal__Category")]
    Category,
    /// Sentiment of one utterance.
    #[serde(rename = "IntelligenceSignal__Sentiment")]
    Sentiment,
    /// Sentiment over the whole call; sent by the reference function, not documented.
    #[serde(rename = "IntelligenceSignal__OverallSentimentScore")]
    OverallSentimentScore,
}

/// The side of the call that a signal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SignalParticipant {
    /// The agent.
    Agent,
    /// The customer.
    Customer,
}

#[cfg(test)]
mod tests;
