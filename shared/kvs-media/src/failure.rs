use std::fmt;

use crate::FragmentNumber;

/// Kinesis Video could not go on. It says so in tags of an answer that began with HTTP status 200.
/// <https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_dataplane_GetMedia.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What failed.
    pub kind: FailureKind,
    /// What Kinesis Video calls it; empty if it gives only the number.
    pub code: String,
    /// The fragment at which it failed, if that is stated.
    pub fragment: Option<FragmentNumber>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kinesis Video ended the media: {}", self.kind)
    }
}

impl std::error::Error for Failure {}

/// The failures that GetMedia can report, by their `AWS_KINESISVIDEO_ERROR_ID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FailureKind {
    /// 3002. Read on after the last whole fragment.
    #[error("it could not write to the stream (3002); read on after the last whole fragment")]
    Write,
    /// 4000. The fragment to start from is not there, or no longer.
    #[error("the requested fragment is not in the stream (4000); check its retention, or start from a time")]
    FragmentNotFound,
    /// 4500.
    #[error("access to the stream's KMS key is denied (4500); allow kms:Decrypt to the reader")]
    KeyAccessDenied,
    /// 4501.
    #[error("the stream's KMS key is disabled (4501); enable it")]
    KeyDisabled,
    /// 4502.
    #[error("the stream's KMS key failed validation (4502); check the key of the stream")]
    KeyInvalid,
    /// 4503.
    #[error("the stream's KMS key is unavailable (4503); try again")]
    KeyUnavailable,
    /// 4504.
    #[error("the stream's KMS key is not for encryption and decryption (4504); check the key of the stream")]
    KeyUsage,
    /// 4505.
    #[error("the stream's KMS key is in a state that forbids its use (4505); check the key of the stream")]
    KeyState,
    /// 4506.
    #[error("the stream's KMS key does not exist (4506); check the key of the stream")]
    KeyNotFound,
    /// 5000.
    #[error("internal error (5000); try again")]
    Internal,
    /// A number that this version does not know; `None` if it was not stated, or not a number.
    #[error("for an unknown reason ({})", .0.map_or_else(|| "no number".to_owned(), |id| id.to_string()))]
    Other(Option<u32>),
}

impl FailureKind {
    /// From the text of `AWS_KINESISVIDEO_ERROR_ID`.
    pub(crate) fn from_id(text: &str) -> Self {
        match text.trim().parse().ok() {
            Some(3002) => Self::Write,
            Some(4000) => Self::FragmentNotFound,
            Some(4500) => Self::KeyAccessDenied,
            Some(4501) => Self::KeyDisabled,
            Some(4502) => Self::KeyInvalid,
            Some(4503) => Self::KeyUnavailable,
            Some(4504) => Self::KeyUsage,
            Some(4505) => Self::KeyState,
            Some(4506) => Self::KeyNotFound,
            Some(5000) => Self::Internal,
            other => Self::Other(other),
        }
    }

    /// Whether asking again, as it was asked, may succeed. An unknown failure counts as one that may.
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Write | Self::KeyUnavailable | Self::Internal | Self::Other(_))
    }
}

#[cfg(test)]
mod tests;
