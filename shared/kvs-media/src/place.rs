use crate::damage::Fault;
use crate::ebml::id;

/// Where in a document the reader is, and at which byte of the stream the elements around it end. An element of
/// unknown size (`None`) ends where an element stands that cannot be in it (RFC 8794, section 6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Outside,
    Segment { end: Option<u64> },
    Cluster { end: Option<u64>, segment_end: Option<u64> },
}

/// Where an element belongs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Root,
    InSegment,
    InCluster,
    Anywhere,
    Unknown,
}

impl Level {
    fn of(id: u32) -> Self {
        match id {
            id::EBML | id::SEGMENT => Self::Root,
            id::SEEK_HEAD | id::INFO | id::TRACKS | id::TAGS | id::CLUSTER => Self::InSegment,
            id::CUES | id::CHAPTERS | id::ATTACHMENTS => Self::InSegment,
            id::TIMESTAMP | id::SIMPLE_BLOCK | id::BLOCK_GROUP => Self::InCluster,
            id::VOID | id::CRC_32 => Self::Anywhere,
            _ => Self::Unknown,
        }
    }
}

impl Place {
    /// The byte after which nothing can follow here.
    pub(crate) fn end(self) -> Option<u64> {
        match self {
            Self::Outside => None,
            Self::Segment { end } => end,
            Self::Cluster { end, segment_end } => end.or(segment_end),
        }
    }

    /// Where to go on at a byte of the stream, if what is around it ends there.
    pub(crate) fn left_at(self, position: u64) -> Option<Self> {
        if self.end().is_none_or(|end| position < end) {
            return None;
        }
        match self {
            Self::Cluster { segment_end, .. } => {
                let segment = Self::Segment { end: segment_end };
                Some(segment.left_at(position).unwrap_or(segment))
            }
            Self::Segment { .. } | Self::Outside => Some(Self::Outside),
        }
    }

    /// Where an element that begins here belongs, if it ends what is around it.
    pub(crate) fn left_for(self, id: u32) -> Result<Option<Self>, Fault> {
        match (self, Level::of(id)) {
            (Self::Cluster { .. }, Level::InCluster)
            | (Self::Segment { .. }, Level::InSegment)
            | (Self::Outside, Level::Root)
            | (Self::Segment { .. } | Self::Cluster { .. }, Level::Unknown)
            | (_, Level::Anywhere) => Ok(None),
            (Self::Segment { end: None }, Level::Root) => Ok(Some(Self::Outside)),
            (Self::Cluster { end: None, segment_end }, Level::Root | Level::InSegment) => {
                let segment = Self::Segment { end: segment_end };
                Ok(Some(segment.left_for(id)?.unwrap_or(segment)))
            }
            (Self::Outside, Level::Unknown) => Err(Fault::NoElement),
            _ => Err(Fault::Misplaced),
        }
    }
}

#[cfg(test)]
mod tests;
