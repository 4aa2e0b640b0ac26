//! What of a batch is settled, segment by segment. Pure.

/// A segment of a batch: which record, by its position in the batch, and which of its segments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) record: usize,
    pub(crate) segment: usize,
}

/// What is still to be done for each segment of each record.
#[derive(Debug)]
pub(crate) struct Ledger(Vec<Entry>);

#[derive(Clone, Debug, Default)]
struct Entry {
    /// How much is to be done for each segment.
    outstanding: Vec<u32>,
    is_dead_letter: bool,
}

impl Ledger {
    /// Of a batch of so many records, with nothing to do yet.
    pub(crate) fn new(records: usize) -> Self {
        Self(vec![Entry::default(); records])
    }

    /// A record has so many segments.
    pub(crate) fn has_segments(&mut self, record: usize, segments: usize) {
        self.0[record].outstanding.resize(segments, 0);
    }

    /// One thing more is to be done for this segment.
    pub(crate) fn expect(&mut self, place: Place) {
        self.0[place.record].outstanding[place.segment] += 1;
    }

    /// One thing is done.
    pub(crate) fn settle(&mut self, place: Place) {
        let outstanding = &mut self.0[place.record].outstanding[place.segment];
        *outstanding = outstanding.saturating_sub(1);
    }

    /// This record is in the dead-letter queue.
    pub(crate) fn is_dead_letter_now(&mut self, record: usize) {
        self.0[record].is_dead_letter = true;
    }

    pub(crate) fn is_dead_letter(&self, record: usize) -> bool {
        self.0[record].is_dead_letter
    }

    /// The first record for which something is to be done.
    pub(crate) fn first_unsettled(&self) -> Option<usize> {
        self.0.iter().position(|entry| entry.outstanding.iter().any(|outstanding| *outstanding > 0))
    }

    /// How far these records (of one contact, in their order) are settled without a gap: the last one of which anything is,
    /// and how many of its segments are.
    pub(crate) fn progress(&self, records: &[usize]) -> Option<(usize, usize)> {
        let mut progress = None;
        for record in records {
            let outstanding = &self.0[*record].outstanding;
            let settled = outstanding.iter().take_while(|outstanding| **outstanding == 0).count();
            if settled > 0 {
                progress = Some((*record, settled));
            }
            if settled < outstanding.len() {
                break;
            }
        }
        progress
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(record: usize, segment: usize) -> Place {
        Place { record, segment }
    }

    /// Three records with two segments each, all of which are to be delivered.
    fn ledger() -> Ledger {
        let mut ledger = Ledger::new(3);
        for record in 0..3 {
            ledger.has_segments(record, 2);
            ledger.expect(place(record, 0));
            ledger.expect(place(record, 1));
        }
        ledger
    }

    #[test]
    fn progress_ends_at_the_first_gap() {
        let mut ledger = ledger();
        assert_eq!((ledger.first_unsettled(), ledger.progress(&[0, 1, 2])), (Some(0), None));
        ledger.settle(place(0, 1));
        ledger.settle(place(1, 0));
        assert_eq!((ledger.first_unsettled(), ledger.progress(&[0, 1, 2])), (Some(0), None));
        ledger.settle(place(0, 0));
        assert_eq!((ledger.first_unsettled(), ledger.progress(&[0, 1, 2])), (Some(1), Some((1, 1))));
        ledger.settle(place(2, 0));
        ledger.settle(place(2, 1));
        assert_eq!(ledger.progress(&[0, 1, 2]), Some((1, 1)));
        assert_eq!(ledger.progress(&[0, 2]), Some((2, 2)), "another contact's records");
        ledger.settle(place(1, 1));
        assert_eq!((ledger.first_unsettled(), ledger.progress(&[0, 1, 2])), (None, Some((2, 2))));
    }

    #[test]
    fn a_segment_is_settled_when_everything_about_it_is() {
        let mut ledger = Ledger::new(1);
        ledger.has_segments(0, 1);
        ledger.expect(place(0, 0));
        ledger.expect(place(0, 0));
        ledger.settle(place(0, 0));
        assert_eq!((ledger.first_unsettled(), ledger.progress(&[0])), (Some(0), None));
        ledger.settle(place(0, 0));
        assert_eq!((ledger.first_unsettled(), ledger.progress(&[0])), (None, Some((0, 1))));
    }

    #[test]
    fn nothing_to_do_is_settled() {
        let mut ledger = Ledger::new(2);
        ledger.has_segments(0, 3);
        assert_eq!((ledger.first_unsettled(), ledger.progress(&[0, 1])), (None, Some((0, 3))));
    }
}
