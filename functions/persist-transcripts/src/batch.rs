//! A batch of the stream, read: which contact has to be told what. Pure.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use connect::ContactId;
use connect::contact_lens::{EventType, ReadSegment, SegmentEvent};
use lambda_kit::kinesis::Record;
use lambda_kit::state::{Delivered, TranscriptState};
use salesforce::telephony::CallKey;

use crate::config::Config;
use crate::ledger::{Ledger, Place};
use crate::mapping::{self, Clock};
use crate::plan::{Lane, Plan};

/// By so much the clock of a call must be better known for a note of its own.
const CLOCK_NEWS: TimeDelta = TimeDelta::milliseconds(100);

/// The records of a batch by contact.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// In the order in which they appear.
    pub(crate) contacts: Vec<Contact>,
    /// The records that are no events of the stream, by their position, and what is wrong with each.
    pub(crate) malformed: Vec<(usize, String)>,
    /// Why nothing is done about other records: a metrics dimension.
    pub(crate) skipped: Vec<&'static str>,
    /// The contacts whose analysis has failed.
    pub(crate) failed: Vec<ContactId>,
}

/// What was heard of a contact.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) id: ContactId,
    instance: Option<String>,
    records: Vec<Heard>,
}

#[derive(Debug)]
struct Heard {
    /// Its position in the batch.
    record: usize,
    arrived: DateTime<Utc>,
    segments: Vec<ReadSegment>,
}

impl Batch {
    /// Reads each record once. `now` stands in for the arrival of a record that does not say when it arrived.
    pub(crate) fn read(records: &[Record], now: DateTime<Utc>) -> Self {
        let mut batch = Self::default();
        let mut known: HashMap<ContactId, usize> = HashMap::new();
        for (index, record) in records.iter().enumerate() {
            let event = match read(record) {
                Ok(event) => event,
                Err(problem) => {
                    batch.malformed.push((index, problem));
                    continue;
                }
            };
            match event.event_type {
                _ if !event.is_voice() => batch.skipped.push("not_voice"),
                EventType::Segments => {
                    let contact = *known.entry(event.contact_id).or_insert_with_key(|id| {
                        let instance = event.instance_id;
                        batch.contacts.push(Contact { id: id.clone(), instance, records: Vec::new() });
                        batch.contacts.len() - 1
                    });
                    let arrived = arrival(record).unwrap_or(now);
                    let heard = Heard { record: index, arrived, segments: event.segments };
                    batch.contacts[contact].records.push(heard);
                }
                EventType::Started | EventType::Completed => {}
                EventType::Failed => {
                    batch.skipped.push("analysis_failed");
                    batch.failed.push(event.contact_id);
                }
                EventType::Other(_) => batch.skipped.push("event_type"),
            }
        }
        batch
    }

    /// What is to be done, given what is known of the contacts; and when the audio of each lane's contact began.
    /// In a replay what was delivered before counts for nothing, since the records behind have been by now.
    pub(crate) fn plan(
        &mut self,
        records: &[Record],
        states: &mut HashMap<String, TranscriptState>,
        replay: bool,
        config: &Config,
    ) -> (Plan, Vec<Option<DateTime<Utc>>>) {
        let mut ledger = Ledger::new(records.len());
        let (mut lanes, mut starts) = (Vec::new(), Vec::new());
        for contact in std::mem::take(&mut self.contacts) {
            let state = states.remove(contact.id.as_str()).unwrap_or_default();
            // The rule of a contact id is that of a call key.
            let Ok(key) = CallKey::parse(contact.id.as_str()) else { continue };
            let first = state.first_contact.and_then(|first| CallKey::parse(&first).ok());
            let mut lane = Lane::new(key, first, state.call_center, contact.instance);
            let starts_of =
                contact.records.iter().map(|heard| mapping::audio_start(heard.arrived, &heard.segments));
            let audio_start = starts_of.flatten().chain(state.audio_start).min();
            // Utterances tell the time better than the turns that are sent instead, which come later.
            let is_news =
                |start: DateTime<Utc>| state.audio_start.is_none_or(|known| start + CLOCK_NEWS <= known);
            if audio_start.is_some_and(is_news) {
                lane.note();
            }
            let mark = state.delivered.filter(|_| !replay);
            for Heard { record, arrived, segments } in contact.records {
                lane.records.push(record);
                ledger.has_segments(record, segments.len());
                let delivered = delivered(mark.as_ref(), &records[record]);
                if delivered >= segments.len() && !segments.is_empty() {
                    self.skipped.push("already_delivered");
                }
                let clock = Clock { audio_start, arrived };
                for (segment, read) in segments.into_iter().enumerate().skip(delivered) {
                    let place = Place { record, segment };
                    match read.map(|read| mapping::items(read, clock, config)) {
                        Ok(Ok(items)) => items.into_iter().for_each(|item| {
                            ledger.expect(place);
                            lane.push(place, item);
                        }),
                        Ok(Err(reason)) => self.skipped.extend(reason),
                        Err(malformed) => {
                            ledger.expect(place);
                            lane.push_unreadable(place, malformed.to_string());
                        }
                    }
                }
            }
            lanes.push(lane);
            starts.push(audio_start);
        }
        (Plan::new(lanes, ledger), starts)
    }
}

fn read(record: &Record) -> Result<SegmentEvent<ReadSegment>, String> {
    let json = record.data().map_err(|e| e.to_string())?;
    SegmentEvent::read(&json).map_err(|e| e.to_string())
}

fn delivered(mark: Option<&Delivered>, record: &Record) -> usize {
    mark.map_or(0, |mark| mark.of(&record.kinesis.partition_key, record.sequence_number()))
}

fn arrival(record: &Record) -> Option<DateTime<Utc>> {
    let millis = (record.kinesis.approximate_arrival_timestamp * 1000.0).round() as i64;
    DateTime::from_timestamp_millis(millis).filter(|_| millis > 0)
}
