//! Fragment numbers: decimal numbers of 47 digits, too long for any integer type, that grow from fragment to fragment.

use uuid::Uuid;

/// The digits that all numbers begin with.
const PREFIX: &str = "91343852333";

/// How far apart two numbers are, as in a recorded stream.
const STEP: u128 = 4_951_760_157_141_521_579_715_379_626;

/// The numbers of one stream.
#[derive(Debug)]
pub(super) struct Numbering(u128);

impl Numbering {
    /// Begins where no other stream does.
    pub(super) fn random() -> Numbering {
        Numbering(
            181_432_392_682_062_607_743_920_146_159_169_392 + u128::from(Uuid::new_v4().as_u64_pair().0),
        )
    }

    /// The number of the fragment with this place in the stream, from 0.
    pub(super) fn of(&self, sequence: u64) -> String {
        format!("{PREFIX}{:036}", self.0 + u128::from(sequence) * STEP)
    }
}

/// Whether this can be a fragment number at all.
pub(super) fn is_well_formed(number: &str) -> bool {
    (1..=128).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}
