//! The id of a record.

use serde::Serialize;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A record id: 15 letters and digits whose case counts, or these and 3 more that make them case-insensitive.
///
/// Both spellings of an id are equal.
/// <https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/field_types.htm>
#[derive(Clone, Eq, Serialize)]
#[serde(transparent)]
pub struct RecordId(String);

/// The text is no record id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a record id: expected 15 letters and digits, or 18 of which the last 3 fit the case of the others (an id \
     whose case was changed on the way does not)"
)]
pub struct InvalidRecordId;

impl RecordId {
    /// Checks an id that came from outside.
    ///
    /// # Errors
    /// [`InvalidRecordId`] says what is expected, and does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, InvalidRecordId> {
        let characters = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let well_formed = match text.len() {
            15 => characters,
            18 => characters && text[15..] == checksum(&text[..15]),
            _ => false,
        };
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidRecordId) }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The 15 characters that identify the record.
    pub fn fifteen(&self) -> &str {
        &self.0[..15]
    }

    /// The first three characters: the same for all records of an object, e.g. `003` for contacts.
    pub fn key_prefix(&self) -> &str {
        &self.0[..3]
    }
}

/// One character for every five: which of them are capitals, as a number from 0 to 31, from the right.
fn checksum(fifteen: &str) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    let digit = |five: &[u8]| {
        let capitals =
            five.iter().rev().fold(0, |bits, byte| bits << 1 | usize::from(byte.is_ascii_uppercase()));
        char::from(DIGITS[capitals])
    };
    fifteen.as_bytes().chunks(5).map(digit).collect()
}

impl PartialEq for RecordId {
    fn eq(&self, other: &Self) -> bool {
        self.fifteen() == other.fifteen()
    }
}

impl Hash for RecordId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fifteen().hash(state);
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    #[test]
    fn both_spellings_name_the_same_record() {
        // Pairs from the pages of the REST API guide.
        for eighteen in
            ["001D000000IqhSLIAZ", "001D000000IRFmaIAH", "003xx000004TmiQAAS", "a0D30000001n7PiEAI"]
        {
            let (long, short) =
                (RecordId::parse(eighteen).unwrap(), RecordId::parse(&eighteen[..15]).unwrap());
            assert_eq!((&long, long.as_str()), (&short, eighteen));
            assert_eq!([&long, &short].into_iter().collect::<HashSet<_>>().len(), 1);
        }
        assert_eq!(RecordId::parse("003xx000004TmiQ").unwrap().key_prefix(), "003");
        assert_ne!(RecordId::parse("003xx000004TmiQ").unwrap(), RecordId::parse("003xx000004Tmiq").unwrap());
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "003",
            "003xx000004TmiQAA",
            "003xx000004TmiQAAT",
            "003XX000004TMIQAAS",
            "003xx000004TmiQ/..",
            "003xx000004Tm' OR",
            "003xx000004Tmié",
            "003xx000004TmiQAASx",
        ] {
            assert_eq!(RecordId::parse(text), Err(InvalidRecordId), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,20}") {
            if let Ok(id) = RecordId::parse(&text) {
                prop_assert_eq!((id.as_str(), id.fifteen().len(), id.key_prefix().len()), (text.as_str(), 15, 3));
            }
        }

        #[test]
        fn a_lost_case_is_noticed(fifteen in "[A-Za-z0-9]{15}") {
            let eighteen = format!("{fifteen}{}", checksum(&fifteen));
            prop_assert!(RecordId::parse(&eighteen).is_ok());
            for changed in [eighteen.to_ascii_lowercase(), eighteen.to_ascii_uppercase()] {
                prop_assert_eq!(RecordId::parse(&changed).is_ok(), changed == eighteen);
            }
        }
    }
}
