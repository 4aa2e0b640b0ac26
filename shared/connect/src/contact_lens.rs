//! What Contact Lens hears while a call goes on, as its real-time stream tells it: one event is one Kinesis record.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/real-time-contact-analysis-segment-streams-data-model.html>

mod said;
mod segment;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::open_enum::open_enum;
use crate::{Channel, ContactId, Malformed, lenient};

pub use said::Said;
pub use segment::{
    Categories, MatchedDetails, ParticipantRole, PointOfInterest, PostContactSummary, Segment, Sentiment,
    SummaryStatus, Transcript, Utterance,
};

/// One event of the analysis of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SegmentEvent<S = Segment> {
    /// `1.0.0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The channel. Chats have other segments, and may come through the same stream.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// The AWS account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    /// The Connect instance: its id, not its ARN.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// The contact: of a transferred call, the leg.
    pub contact_id: ContactId,
    /// The language that is spoken, such as `en-US`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
    /// What kind of event this is.
    pub event_type: EventType,
    /// What was heard, in order; empty unless this is [`EventType::Segments`].
    #[serde(
        default = "Vec::new",
        deserialize_with = "lenient::null_as_default",
        bound(deserialize = "S: Deserialize<'de>"),
        skip_serializing_if = "Vec::is_empty"
    )]
    pub segments: Vec<S>,
}

/// A segment, or why it cannot be read.
pub type ReadSegment = Result<Segment, Malformed>;

impl SegmentEvent<ReadSegment> {
    /// Reads an event. A segment that cannot be read does not take the others with it.
    ///
    /// # Errors
    /// It is not an event of the stream: not even the contact is known.
    pub fn read(json: &[u8]) -> Result<Self, Malformed> {
        // Nearly always all is well, and then the text is read once, into what it is.
        match serde_json::from_slice::<SegmentEvent<Segment>>(json) {
            Ok(event) => Ok(event.map(Ok)),
            Err(_) => Ok(crate::from_slice::<SegmentEvent<Value>>(json)?.map(crate::from_value)),
        }
    }
}

impl<S> SegmentEvent<S> {
    /// Whether this is about a call. An event without a channel is: the stream began with calls.
    pub fn is_voice(&self) -> bool {
        self.channel.as_ref().is_none_or(|channel| *channel == Channel::Voice)
    }

    fn map<T>(self, read: impl FnMut(S) -> T) -> SegmentEvent<T> {
        let Self {
            version,
            channel,
            account_id,
            instance_id,
            contact_id,
            language_code,
            event_type,
            segments,
        } = self;
        let segments = segments.into_iter().map(read).collect();
        SegmentEvent {
            version,
            channel,
            account_id,
            instance_id,
            contact_id,
            language_code,
            event_type,
            segments,
        }
    }
}

open_enum! {
    /// The kinds of events: one `STARTED`, then `SEGMENTS`, in the end one `COMPLETED` or `FAILED`.
    EventType {
        /// The analysis begins.
        Started = "STARTED",
        /// Something was heard.
        Segments = "SEGMENTS",
        /// The analysis has come to its end.
        Completed = "COMPLETED",
        /// The analysis has ended before its time: nothing more will be heard of this contact.
        Failed = "FAILED",
    }
}

#[cfg(test)]
mod tests;
