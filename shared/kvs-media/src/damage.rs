/// A part of the stream that could not be read and was skipped. Reading went on after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("skipped {skipped} bytes of Kinesis Video media: {fault}")]
pub struct Damage {
    /// What was wrong where the part begins.
    pub fault: Fault,
    /// Bytes that were passed over without being read.
    pub skipped: u64,
}

/// What was wrong with the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No element starts where one must.
    #[error("no Matroska element starts where one must")]
    NoElement,
    /// The size of an element takes more than eight bytes.
    #[error("the size of an element is not one")]
    InvalidSize,
    /// An element other than Segment and Cluster has no size.
    #[error("an element that must state its size does not")]
    UnknownSize,
    /// An element is larger than [`Limits`](crate::Limits) allow.
    #[error("an element is larger than the limit; if it is meant to be, raise the limit")]
    TooLarge,
    /// An element goes on after the end of the one that holds it.
    #[error("an element goes on after the end of the one that holds it")]
    Overrun,
    /// A known element where it cannot be.
    #[error("an element stands where it cannot")]
    Misplaced,
    /// The data of an element is not of its type, or lacks what it must have.
    #[error("the data of an element is malformed")]
    MalformedElement,
    /// A frame in a cluster that has not stated its time.
    #[error("a frame comes before the time of its cluster")]
    NoTime,
    /// A block that packs several frames into one. Connect sends none.
    #[error("a block packs several frames into one (lacing), which is not supported")]
    Laced,
}
