use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::Duration;

/// Text that is not a fragment number. Says what is wrong with it, never what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a fragment number: expected 1 to 128 decimal digits")]
pub struct InvalidFragmentNumber;

/// The number of a fragment: 1 to 128 decimal digits, too many for any integer type. Later fragments have larger ones.
///
/// <https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_StartSelector.html>
#[derive(Clone)]
pub struct FragmentNumber(Box<str>);

impl FragmentNumber {
    const MAX_DIGITS: usize = 128;

    /// Checks the text. The error does not repeat it.
    pub fn parse(text: &str) -> Result<Self, InvalidFragmentNumber> {
        let is_number =
            (1..=Self::MAX_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { Ok(Self(text.into())) } else { Err(InvalidFragmentNumber) }
    }

    /// The number as Kinesis Video wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares as the numbers do: without leading zeros, by length, then digit by digit.
    fn magnitude(&self) -> (usize, &str) {
        let digits = self.0.trim_start_matches('0');
        (digits.len(), digits)
    }
}

impl Ord for FragmentNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        self.magnitude().cmp(&other.magnitude())
    }
}

impl PartialOrd for FragmentNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for FragmentNumber {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for FragmentNumber {}

impl Hash for FragmentNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.magnitude().hash(state);
    }
}

impl FromStr for FragmentNumber {
    type Err = InvalidFragmentNumber;

    fn from_str(text: &str) -> Result<Self, InvalidFragmentNumber> {
        Self::parse(text)
    }
}

impl fmt::Display for FragmentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FragmentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FragmentNumber({})", self.0)
    }
}

/// What Kinesis Video says of a fragment before its frames.
/// <https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_GetMedia.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// Its number.
    pub number: FragmentNumber,
    /// When the producer recorded its first frame, since the Unix epoch.
    pub producer_time: Option<Duration>,
    /// When Kinesis Video received it, since the Unix epoch.
    pub server_time: Option<Duration>,
}

/// What Kinesis Video says of a fragment after its frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FragmentEnd {
    /// Its number.
    pub number: FragmentNumber,
    /// What `GetMedia` takes to go on after it (`CONTINUATION_TOKEN`).
    pub continuation_token: Option<String>,
    /// How far it is behind the newest fragment of the stream.
    pub behind_now: Option<Duration>,
}

#[cfg(test)]
mod tests;
