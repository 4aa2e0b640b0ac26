//! How a GetMedia connection ends before the stream does.

use std::time::Duration;

/// An end for one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interruption {
    /// When it comes.
    pub after: After,
    /// How it comes.
    pub ending: Ending,
}

/// When a connection ends, counted from its own beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// After so many whole fragments.
    Fragments(u64),
    /// After so many bytes, wherever in a fragment that is.
    Bytes(u64),
    /// With the first fragment that begins so long after the first one sent, by the producer's clock.
    StreamTime(Duration),
}

/// How a connection ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// As if everything had been sent.
    Closed,
    /// The connection breaks.
    Broken,
    /// With a document that holds nothing but the reason.
    Error(ErrorTag),
}

/// Why the service stops in the middle of a reply whose status was 200.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorTag {
    /// `AWS_KINESISVIDEO_ERROR_ID`: 3002, 4000, 4500 to 4506, or 5000.
    pub id: u32,
    /// `AWS_KINESISVIDEO_ERROR_CODE`: the same in words.
    pub code: String,
}

impl ErrorTag {
    /// 4000: the fragment to start at is not there, or not any more.
    pub(super) fn fragment_not_found() -> ErrorTag {
        ErrorTag { id: 4000, code: "FRAGMENT_NOT_FOUND".to_owned() }
    }
}
