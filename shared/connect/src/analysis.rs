//! What Contact Lens has found in a call once it is over: its analysis file, one per contact and version (original,
//! redacted).
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/contact-lens-example-output-files.html>
//!
//! The file of a call of hours is megabytes. Only what somebody uses is kept, and texts stay where they are, in the bytes
//! of the file, as far as JSON lets them: reading takes little more memory than the file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

pub use crate::contact_lens::{ParticipantRole, Sentiment};
use crate::{Channel, ContactId, Malformed, from_slice, lenient};

/// An analysis file, as far as it is used.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Analysis<'a> {
    /// What kind of contact was analyzed.
    #[serde(default, deserialize_with = "lenient::blank_as_none")]
    pub channel: Option<Channel>,
    /// Whose contact it is. AWS's own samples do not have it.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub customer_metadata: CustomerMetadata,
    /// What was said, in the order of the file.
    #[serde(borrow, rename = "Transcript", default, deserialize_with = "lenient::null_as_default")]
    pub turns: Vec<Turn<'a>>,
    #[serde(borrow, default, deserialize_with = "lenient::null_as_default")]
    participants: Vec<Participant<'a>>,
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    conversation_characteristics: Characteristics,
}

impl<'a> Analysis<'a> {
    /// Reads a file.
    ///
    /// # Errors
    /// It is not JSON, or a field is not what it should be; the error names the field.
    pub fn read(json: &'a [u8]) -> Result<Self, Malformed> {
        from_slice(json)
    }

    /// Who spoke a turn. A turn names a participant, and the file says once what each of them is; in older files the
    /// name of a participant is the role.
    pub fn role_of(&self, turn: &Turn<'_>) -> ParticipantRole {
        self.role(&turn.participant_id)
    }

    /// The sentiment of each side over the whole call, from -5 to 5, where there is one.
    pub fn overall_scores(&self) -> impl Iterator<Item = (ParticipantRole, f64)> {
        let scores = &self.conversation_characteristics.sentiment.overall_sentiment;
        scores.iter().filter_map(|(who, score)| Some((self.role(who), score.as_f64()?)))
    }

    /// How long the conversation was, in milliseconds.
    pub fn duration_millis(&self) -> Option<u32> {
        self.conversation_characteristics.total_conversation_duration_millis
    }

    fn role(&self, participant_id: &str) -> ParticipantRole {
        match self.participants.iter().find(|participant| participant.participant_id == participant_id) {
            Some(Participant { participant_role: Some(role), .. }) => role.clone(),
            _ => ParticipantRole::from(participant_id),
        }
    }
}

/// Whose contact was analyzed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomerMetadata {
    /// The contact: of a transferred call, the leg.
    #[serde(default, deserialize_with = "lenient::blank_as_none")]
    pub contact_id: Option<ContactId>,
    /// The Connect instance: its id, not its ARN.
    #[serde(default, deserialize_with = "lenient::blank_as_none")]
    pub instance_id: Option<String>,
}

/// What one participant said without a pause.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Turn<'a> {
    /// Unique within the file; the same in the original and the redacted one.
    #[serde(borrow, default, deserialize_with = "text")]
    pub id: Cow<'a, str>,
    /// Who: see [`Analysis::role_of`].
    #[serde(borrow, default, deserialize_with = "text")]
    pub participant_id: Cow<'a, str>,
    /// What.
    #[serde(borrow, default, deserialize_with = "text")]
    pub content: Cow<'a, str>,
    /// From here, in milliseconds from the start of the audio,
    pub begin_offset_millis: u32,
    /// to here.
    pub end_offset_millis: u32,
    /// In which mood. Not every language has sentiment.
    #[serde(default, deserialize_with = "lenient::blank_as_none")]
    pub sentiment: Option<Sentiment>,
}

impl fmt::Debug for Turn<'_> {
    /// What was said is nobody's business.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("id", &self.id)
            .field("participant_id", &self.participant_id)
            .field("begin_offset_millis", &self.begin_offset_millis)
            .field("end_offset_millis", &self.end_offset_millis)
            .field("sentiment", &self.sentiment)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Participant<'a> {
    #[serde(borrow, default, deserialize_with = "text")]
    participant_id: Cow<'a, str>,
    #[serde(default, deserialize_with = "lenient::blank_as_none")]
    participant_role: Option<ParticipantRole>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Characteristics {
    #[serde(default)]
    total_conversation_duration_millis: Option<u32>,
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    sentiment: OverallSentiment,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OverallSentiment {
    /// By role. Of somebody who said nothing there is no score, or null.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    overall_sentiment: BTreeMap<String, Value>,
}

/// A text that stays where it is unless it holds an escape; null is the empty one.
fn text<'de, D: Deserializer<'de>>(from: D) -> Result<Cow<'de, str>, D::Error> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    Ok(Option::<Text<'_>>::deserialize(from)?.map(|text| text.0).unwrap_or_default())
}

#[cfg(test)]
mod tests;
