use std::time::Duration;

/// A time of the call's media: milliseconds since the Unix epoch, on the clock of whoever recorded them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaTime(i64);

impl MediaTime {
    /// Before every other.
    pub const MIN: Self = Self(i64::MIN);

    /// So many milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// So long since the epoch, to the nearest millisecond: as frames and fragments say it.
    pub fn since_epoch(time: Duration) -> Self {
        Self(i64::try_from((time + Duration::from_micros(500)).as_millis()).unwrap_or(i64::MAX))
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// So many milliseconds later, or earlier if negative.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// How many milliseconds this is later than `earlier`; negative if it is earlier.
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}
