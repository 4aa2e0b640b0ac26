//! The id of a call in a request path.

use serde::Serialize;
use std::fmt;

/// What names a call: the contact id in Amazon Connect, or where the API allows it the VoiceCall's record id.
///
/// 1 to 256 of `A-Z a-z 0-9 _ -`, so that it can never change the path of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CallKey(String);

/// The text is no id of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a call: a contact id or VoiceCall id is 1 to 256 letters, digits, '-' or '_'")]
pub struct InvalidCallKey;

impl CallKey {
    /// Checks an id that came from outside.
    ///
    /// # Errors
    /// [`InvalidCallKey`] if it is empty, too long, or has a character that no id has.
    pub fn parse(text: &str) -> Result<Self, InvalidCallKey> {
        let well_formed = (1..=256).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidCallKey) }
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
