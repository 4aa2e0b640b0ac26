use std::time::Duration;

/// Turns the times of a document into times since the Unix epoch. Everything inside is in nanoseconds, which `i64`
/// holds until the year 2262; what is beyond is damaged, and kept within the type.
///
/// A cluster's time is whatever the producer counts from: the epoch, or the start of its own session. The producer
/// time of the fragment is always since the epoch, and is that of the cluster's start: the difference is what is
/// added to all times.
#[derive(Debug)]
pub(crate) struct Clock {
    per_tick: i64,
    /// Of a fragment whose first cluster has not come yet.
    producer_time: Option<i64>,
    to_epoch: i64,
    /// Of the cluster that is being read, since the epoch.
    cluster: Option<i64>,
}

impl Default for Clock {
    fn default() -> Self {
        Self { per_tick: Self::DEFAULT_SCALE as i64, producer_time: None, to_epoch: 0, cluster: None }
    }
}

impl Clock {
    /// Nanoseconds per tick of a document that does not state them: a tick is a millisecond.
    pub(crate) const DEFAULT_SCALE: u64 = 1_000_000;

    /// The document states its `TimestampScale`. Zero is not allowed.
    pub(crate) fn set_scale(&mut self, nanos_per_tick: u64) {
        self.per_tick = clamped(if nanos_per_tick == 0 { Self::DEFAULT_SCALE } else { nanos_per_tick });
    }

    /// A fragment begins; its first cluster follows.
    pub(crate) fn fragment_begins(&mut self, producer_time: Option<Duration>) {
        self.producer_time = producer_time.map(|time| clamped(time.as_nanos()));
    }

    /// A cluster begins; its time follows.
    pub(crate) fn cluster_begins(&mut self) {
        self.cluster = None;
    }

    /// The time of the cluster.
    pub(crate) fn cluster_time(&mut self, ticks: u64) {
        let nanos = clamped(ticks).saturating_mul(self.per_tick);
        if let Some(producer_time) = self.producer_time.take() {
            self.to_epoch = producer_time.saturating_sub(nanos);
        }
        self.cluster = Some(nanos.saturating_add(self.to_epoch));
    }

    /// The time of a frame, `ticks` after its cluster's. `None` if the cluster has not stated its own.
    pub(crate) fn frame_time(&self, ticks: i16) -> Option<Duration> {
        let nanos = self.cluster?.saturating_add(self.per_tick.saturating_mul(ticks.into()));
        Some(Duration::from_nanos(u64::try_from(nanos).unwrap_or(0)))
    }
}

fn clamped<T>(nanos: T) -> i64
where
    i64: TryFrom<T>,
{
    i64::try_from(nanos).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
