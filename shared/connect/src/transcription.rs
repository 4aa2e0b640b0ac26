//! The event of transcribe-call: what to transcribe, and how. start-transcription sends it, and transcribe-call itself
//! when it hands a call over to its next invocation.
//!
//! The fields that Salesforce's `kvsConsumerTrigger` sends to its `kvsTranscriber` keep their names and meaning, so either
//! function may be replaced without the other. Everything is optional that theirs does not always send.

mod engine;
mod known;
mod read;
mod setting;
mod wire;
mod write;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ContactId, InstanceArn, PhoneNumber, StreamArn};

pub use engine::{Engine, LanguageChoice, Medical, PersonalData, Standard, VocabularyFilter};
pub use known::{FilterMethod, Language, PersonalDataKind, Specialty, Stability};
pub use setting::InvalidSetting;

const FROM_CUSTOMER: &str = "streamAudioFromCustomer";
const TO_CUSTOMER: &str = "streamAudioToCustomer";

/// The `languageCode` of a call whose language is identified.
const AUTO: &str = "auto";
/// What Transcribe calls personal data.
const PII: &str = "PII";
/// What it calls health data.
const PHI: &str = "PHI";

/// One stretch of live audio of one contact, to be transcribed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "wire::Wire", into = "wire::Wire")]
pub struct TranscriptionJob {
    /// Where the audio is (`streamARN`).
    pub stream: StreamArn,
    /// The first fragment of this contact (`startFragmentNum`): 1 to 128 decimal digits.
    pub start_fragment: String,
    /// When streaming started, in milliseconds since 1970 (`audioStartTimestamp`, as text or as a number).
    pub starts_at_ms: i64,
    /// The customer's number, where the contact has one (`customerPhoneNumber`).
    pub customer: Option<PhoneNumber>,
    /// The contact whose audio it is, the leg of the call (`voiceCallId`).
    pub contact_id: ContactId,
    /// The first contact of the conversation (`conversationId`), under which Salesforce takes messages. The contact
    /// itself, where it is not told.
    pub conversation_id: ContactId,
    /// The Connect instance (`instanceARN`).
    pub instance_arn: Option<InstanceArn>,
    /// Whose words are wanted (`streamAudioFromCustomer`, `streamAudioToCustomer`).
    pub sides: Sides,
    /// What Amazon Transcribe is asked for (`engine`, `languageCode`, `vocabularyName` ...).
    pub engine: Engine,
    /// The secret of the contact's call center, where it is not the default (`secretName`).
    pub secret_name: Option<String>,
    /// Who holds the contact's lease and passes it on to whoever gets this job (`leaseId`). `None` from
    /// functions that know no lease.
    pub lease_id: Option<String>,
    /// Where to go on (`checkpoint`); `None` at the start of the audio.
    pub checkpoint: Option<Checkpoint>,
}

impl TranscriptionJob {
    /// Goes on where `stored` says, unless the job itself knows a later place. A checkpoint from before the audio
    /// started belongs to an earlier stretch of streaming of the same contact, and is none.
    pub fn resume_from(&mut self, stored: Checkpoint) {
        let known_until = self.checkpoint.as_ref().map_or(self.starts_at_ms, |known| known.resume_at_ms);
        if stored.resume_at_ms >= known_until {
            self.checkpoint = Some(stored);
        }
    }
}

/// How far a call is transcribed. As JSON it is also what the contact's lease remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Checkpoint {
    /// The last fragment that is done with: 1 to 128 decimal digits.
    #[serde(deserialize_with = "wire::fragment_number")]
    pub after_fragment: String,
    /// Everything that was said before is delivered: media time, in milliseconds since 1970.
    pub resume_at_ms: i64,
    /// How many invocations have handed the call over.
    pub generation: u32,
}

/// Whose words are wanted. Wanting nobody's is no job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// Both.
    Both,
    /// Only what the customer says.
    Customer,
    /// Only what the customer hears: the agent, and prompts.
    Agent,
}

impl Sides {
    /// The sides that are switched on; `None` if neither is.
    pub fn of(from_customer: bool, to_customer: bool) -> Option<Self> {
        match (from_customer, to_customer) {
            (true, true) => Some(Sides::Both),
            (true, false) => Some(Sides::Customer),
            (false, true) => Some(Sides::Agent),
            (false, false) => None,
        }
    }

    /// Reads the settings `streamAudioFromCustomer` and `streamAudioToCustomer`: on, unless they say `false`.
    ///
    /// # Errors
    /// When both are off.
    pub fn read(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        let is_on = |setting| look_up(setting).is_none_or(|text| !text.trim().eq_ignore_ascii_case("false"));
        Self::of(is_on(FROM_CUSTOMER), is_on(TO_CUSTOMER)).ok_or_else(|| {
            InvalidSetting::new(
                FROM_CUSTOMER,
                format!("is false, and so is {TO_CUSTOMER}: there is nothing to transcribe"),
            )
        })
    }

    fn settings(self) -> [(&'static str, Value); 2] {
        [(FROM_CUSTOMER, self.from_customer().into()), (TO_CUSTOMER, self.to_customer().into())]
    }

    /// Whether the customer's words are wanted.
    pub fn from_customer(self) -> bool {
        self != Sides::Agent
    }

    /// Whether the words to the customer are wanted.
    pub fn to_customer(self) -> bool {
        self != Sides::Customer
    }
}

/// Whether this can be the number of a fragment: 1 to 128 decimal digits.
/// <https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_StartSelector.html>
pub fn is_fragment_number(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
