//! One shard: its records in order, for as long as the stream keeps them.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::iterator::Position;
use super::{StreamRecord, invalid};
use crate::error::AwsError;

/// How long a stream keeps its records unless it is told to keep them longer.
const RETENTION: TimeDelta = TimeDelta::hours(24);

/// How many bytes one read gives at most, unless its first record has more.
const MOST_BYTES: usize = 10 * 1024 * 1024;

#[derive(Default)]
pub(super) struct Shard {
    records: VecDeque<StreamRecord>,
    /// The number of the last record that it ever had.
    last: Option<String>,
}

impl Shard {
    pub(super) fn put(&mut self, record: StreamRecord) {
        self.expire(record.arrived - RETENTION);
        self.last = Some(record.sequence_number.clone());
        self.records.push_back(record);
    }

    /// Forgets what arrived before this time.
    pub(super) fn expire(&mut self, before: DateTime<Utc>) {
        while self.records.front().is_some_and(|record| record.arrived < before) {
            self.records.pop_front();
        }
    }

    pub(super) fn first_sequence_number(&self) -> &str {
        self.records.front().map_or("0", |record| &record.sequence_number)
    }

    /// Up to `limit` records from a place on.
    pub(super) fn from(&self, position: &Position, limit: usize) -> Vec<&StreamRecord> {
        let mut bytes = 0;
        let fits = |record: &&StreamRecord| {
            bytes += record.data.len();
            bytes <= MOST_BYTES || bytes == record.data.len()
        };
        let from = self.records.iter().skip_while(|record| !position.precedes(&record.sequence_number));
        from.take(limit).take_while(fits).collect()
    }

    /// How much later than what comes next at this place the newest record arrived; nothing if nothing comes.
    pub(super) fn behind(&self, position: &Position) -> TimeDelta {
        let next = self.from(position, 1).first().map(|record| record.arrived);
        let behind = next.zip(self.records.back()).map(|(next, newest)| newest.arrived - next);
        // Something is to come, and a client stops at zero.
        behind.map_or(TimeDelta::zero(), |behind| behind.max(TimeDelta::milliseconds(1)))
    }

    /// The place behind everything.
    pub(super) fn end(&self) -> Position {
        self.last.as_deref().map_or_else(Position::start, Position::after)
    }

    /// The place before the first record that arrived at this time or later.
    pub(super) fn at_time(&self, time: DateTime<Utc>) -> Position {
        let mut records = self.records.iter();
        let first = records.find(|record| record.arrived >= time);
        let at = first.and_then(|record| Position::at(&record.sequence_number).ok());
        at.unwrap_or_else(|| self.end())
    }

    /// Refuses a place that is at no record the shard ever had. (Of those that expired it knows only where they were.)
    pub(super) fn known(&self, position: Position) -> Result<Position, AwsError> {
        if self.last.as_deref().is_some_and(|last| position.precedes(last)) {
            return Ok(position);
        }
        Err(invalid("The StartingSequenceNumber is invalid because it did not come from this stream."))
    }
}
