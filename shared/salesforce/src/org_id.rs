//! The id of a Salesforce org.

use crate::SettingsError;

/// An org id: `00D`, then 12 letters or digits, then optionally the 3 that make it case-insensitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgId(String);

impl OrgId {
    /// Accepts both spellings, 15 and 18 characters, and surrounding white space.
    ///
    /// # Errors
    /// [`SettingsError::OrgId`] for anything else.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let text = text.trim();
        let well_formed = matches!(text.len(), 15 | 18)
            && text.starts_with("00D")
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if well_formed { Ok(Self(text.to_owned())) } else { Err(SettingsError::OrgId) }
    }

    /// As it was configured.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 15 characters that identify the org; the other three only repeat their case.
    ///
    /// This is the form in every example of the Telephony Integration API, hence the one that goes on the wire.
    pub fn short(&self) -> &str {
        &self.0[..15]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_name_the_same_org() {
        for text in ["00D5e000000abcD", "00D5e000000abcDEA2", " 00D5e000000abcD\n"] {
            assert_eq!(OrgId::parse(text).unwrap().short(), "00D5e000000abcD");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "00D",
            "0055e000000abcD",
            "00D5e000000abcD1",
            "00D5e000000abc/",
            "00D5e000000abcDEA2X",
            "00D5e00000äbcD",
        ] {
            assert!(OrgId::parse(text).is_err(), "{text} was accepted");
        }
    }
}
