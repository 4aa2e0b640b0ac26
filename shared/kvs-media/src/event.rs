use std::fmt;
use std::time::Duration;

use bytes::Bytes;

use crate::{Damage, Failure, Fragment, FragmentEnd, Track};

/// What a [`Reader`](crate::Reader) finds, in the order of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A new EBML document begins. Tracks are described anew.
    Document,
    /// A track of the document, before the first frame.
    Track(Track),
    /// The contact whose audio this is, as Connect tags it. May differ from the one before: streams are reused.
    ContactId(String),
    /// Connect has stopped streaming this contact (the tag `STOP_STREAMING` is `true`).
    StopStreaming,
    /// Any other tag.
    Tag(Tag),
    /// The frames that follow belong to this fragment.
    Fragment(Fragment),
    /// One frame of a track.
    Frame(Frame),
    /// Every byte of the fragment has been read. Reading may be resumed after it.
    ///
    /// Absent if anything in the fragment was damaged, or if Kinesis Video reported a failure in it.
    FragmentEnd(FragmentEnd),
    /// Kinesis Video ends the answer because of a failure.
    Failure(Failure),
    /// Bytes that could not be read were skipped.
    Damaged(Damage),
}

/// A tag that Kinesis Video and Connect give no meaning to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// Its value; empty if it has none that is text.
    pub value: String,
}

/// One frame of a track.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// The [`Track::number`](crate::Track::number).
    pub track: u64,
    /// When the frame begins, since the Unix epoch. Exact to [`Fragment::producer_time`], which is in milliseconds;
    /// on the producer's own clock if the fragment does not state that time.
    pub time: Duration,
    /// The data: a part of the chunk that was pushed if the frame lies in one chunk, else a copy.
    pub data: Bytes,
}

impl fmt::Debug for Frame {
    /// The length of the data only: it is somebody's voice.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("track", &self.track)
            .field("time", &self.time)
            .field("bytes", &self.data.len())
            .finish()
    }
}
