//! What the caller hears and presses.
//!
//! <https://docs.aws.amazon.com/connect/latest/devguide/participant-actions.html>

use super::Count;
use crate::text::Text;

/// Something to hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Text, spoken by the contact's voice.
    Text(Text),
    /// The same in SSML.
    Ssml(Text),
    /// A prompt of the instance, by id or ARN.
    Prompt(Text),
    /// An audio file in S3, by URI.
    Media(Text),
}

/// `MessageParticipant`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/participant-actions-messageparticipant.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageParticipant {
    /// What is said.
    pub message: Message,
}

/// `MessageParticipantIteratively`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/participant-actions-messageparticipantiteratively.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageParticipantIteratively {
    /// What is said, in turn, until the contact leaves.
    pub messages: Vec<Message>,
    /// After so many seconds the flow goes on by the condition `MessagesInterrupted`.
    pub interrupt_after: Option<Count>,
}

/// `GetParticipantInput`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/participant-actions-getparticipantinput.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetParticipantInput {
    /// What is said; the first key cuts it off.
    pub message: Option<Message>,
    /// Seconds until the first key.
    pub time_limit: Count,
    /// What happens with the keys.
    pub mode: InputMode,
    /// How the keypad works.
    pub keypad: Keypad,
}

/// What happens with the keys that were pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputMode {
    /// One key, compared with the conditions (`StoreInput` False).
    Menu,
    /// Kept as `$.StoredCustomerInput` (`StoreInput` True).
    Store {
        /// What is accepted.
        validation: Validation,
        /// Whether Amazon Connect would encrypt it with a key of the instance.
        encrypted: bool,
    },
}

/// What input is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validation {
    /// At most so many keys.
    Custom {
        /// How many.
        most: Count,
    },
    /// A phone number with its country code.
    International,
    /// A phone number of this country (two letters), without the country code, which is added.
    Local {
        /// ISO 3166 code.
        country: Text,
    },
}

/// How the keypad works: `DTMFConfiguration`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keypad {
    /// The keys that end the input, one to five; `#` if the flow says nothing.
    pub terminator: String,
    /// Whether `*` deletes what was pressed before it, as it does unless `DisableCancelKey` is set.
    pub cancel: bool,
    /// Seconds between two keys; 5 if the flow says nothing.
    pub between: Count,
}

/// `ConnectParticipantWithLexBot`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/participant-actions-connectparticipantwithlexbot.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectParticipantWithLexBot {
    /// What is said first.
    pub message: Option<Message>,
    /// The alias ARN of the bot, or the name of a bot of the first version.
    pub bot: Text,
    /// What the bot is told.
    pub session_attributes: Vec<(Text, Text)>,
}
