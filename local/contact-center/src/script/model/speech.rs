//! What people say, and when it can be listened to, as a script writes it.

use std::time::Duration;

use serde::Deserialize;

use super::contact_lens::Sentiment;
use crate::script::time;

/// How long a word takes, about: 170 of them a minute.
const PER_WORD: Duration = Duration::from_millis(350);

/// How long it takes to say this.
pub(in crate::script) fn length_of(text: &str) -> Duration {
    PER_WORD * text.split_whitespace().count() as u32
}

/// A Start or Stop media streaming block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// Audio is streamed from now on.
    Start,
    /// No longer.
    Stop,
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The agent.
    Agent,
}

/// What somebody says: a text, or a text, how long it takes and how it sounds.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "LineForm")]
pub struct Line {
    /// The words.
    pub text: String,
    /// How long it takes to say them; left out, as long as so many words take.
    pub length: Duration,
    /// How it sounds to Contact Lens.
    pub sentiment: Sentiment,
}

#[derive(Deserialize)]
#[serde(
    untagged,
    deny_unknown_fields,
    expecting = "what somebody says is a text, or {text, length, sentiment}"
)]
enum LineForm {
    Text(String),
    Detailed {
        text: String,
        #[serde(default, deserialize_with = "time::deserialize_option")]
        length: Option<Duration>,
        #[serde(default)]
        sentiment: Sentiment,
    },
}

impl From<LineForm> for Line {
    fn from(form: LineForm) -> Self {
        let (text, length, sentiment) = match form {
            LineForm::Text(text) => (text, None, Sentiment::default()),
            LineForm::Detailed { text, length, sentiment } => (text, length, sentiment),
        };
        let length = length.unwrap_or_else(|| length_of(&text));
        Self { text, length, sentiment }
    }
}
