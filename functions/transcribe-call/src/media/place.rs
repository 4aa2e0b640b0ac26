//! Where reading goes on.

use aws_sdk_kinesisvideomedia::primitives::DateTime;
use aws_sdk_kinesisvideomedia::types::{StartSelector, StartSelectorType};
use kvs_media::FragmentNumber;

use super::MediaError;
use crate::audio::MediaTime;

/// A place in a stream.
///
/// What `FRAGMENT_NUMBER` means is told in two ways: after that fragment, or from it on. So what comes is
/// compared with what is wanted. What was wanted and did not come is asked for by its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    number: FragmentNumber,
    is_wanted_itself: bool,
    /// When the fragment begins that is wanted, as far as that is known.
    time: MediaTime,
    by_time: bool,
}

impl Place {
    /// From this fragment on, itself included, which began about at that time.
    pub(crate) fn from(number: FragmentNumber, time: MediaTime) -> Self {
        Self { number, is_wanted_itself: true, time, by_time: false }
    }

    /// After this fragment, which ended at that time.
    pub(crate) fn after(number: FragmentNumber, time: MediaTime) -> Self {
        Self { number, is_wanted_itself: false, time, by_time: false }
    }

    /// Whether a fragment lies behind this place.
    pub(super) fn wants(&self, number: &FragmentNumber) -> bool {
        *number > self.number || (self.is_wanted_itself && *number == self.number)
    }

    /// The first fragment that came is this one. Whether to look what was before it, because the one that was wanted did
    /// not come; once.
    pub(super) fn looks_back(&mut self, first: &FragmentNumber, begins: Option<MediaTime>) -> bool {
        let has_missed = self.is_wanted_itself && *first > self.number && !self.by_time;
        if has_missed {
            // Within the fragment before, which is the wanted one.
            self.time = begins.map_or(self.time, |begins| begins.plus_millis(-1));
            self.by_time = true;
        }
        has_missed
    }

    /// After an error: whether the place can be found by its time instead.
    pub(super) fn falls_back(&mut self, error: &MediaError) -> bool {
        let can = error.is_fragment_missing() && !self.by_time;
        self.by_time |= can;
        can
    }

    /// A connection was closed, perhaps before the first fragment: the wanted one may be the newest there is.
    pub(super) fn came_to_nothing(&mut self, nothing: bool) {
        self.by_time ^= nothing && self.is_wanted_itself;
    }

    /// A frame with this time was read.
    pub(super) fn reaches(&mut self, time: MediaTime) {
        self.time = self.time.max(time);
    }

    /// A fragment was read to its end.
    pub(super) fn passes(&mut self, number: &FragmentNumber) {
        *self = Self::after(number.clone(), self.time);
    }

    pub(super) fn selector(&self) -> Result<StartSelector, MediaError> {
        let selector = match self.by_time {
            true => StartSelector::builder()
                .start_selector_type(StartSelectorType::ProducerTimestamp)
                .start_timestamp(DateTime::from_millis(self.time.millis())),
            false => StartSelector::builder()
                .start_selector_type(StartSelectorType::FragmentNumber)
                .after_fragment_number(self.number.as_str()),
        };
        selector.build().map_err(|e| MediaError::Broken(e.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> FragmentNumber {
        FragmentNumber::parse(text).unwrap()
    }

    fn asks_for(place: &Place) -> String {
        let selector = place.selector().unwrap();
        match (selector.after_fragment_number, selector.start_timestamp) {
            (Some(number), None) => format!("after {number}"),
            (None, Some(time)) => format!("at {}", time.to_millis().unwrap()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_first_fragment_is_looked_for_once_if_a_later_one_came() {
        let mut place = Place::from(number("100"), MediaTime::from_millis(5_000));
        assert_eq!(asks_for(&place), "after 100");
        assert!(place.wants(&number("100")) && !place.wants(&number("99")));
        let mut same = place.clone();
        assert!(!same.looks_back(&number("100"), None));
        assert!(place.looks_back(&number("101"), Some(MediaTime::from_millis(6_000))));
        assert_eq!(asks_for(&place), "at 5999");
        assert!(!place.looks_back(&number("101"), Some(MediaTime::from_millis(6_000))), "only once");
        place.passes(&number("100"));
        assert_eq!(asks_for(&place), "after 100");
        assert!(!place.wants(&number("100")) && place.wants(&number("101")));
        assert!(!place.looks_back(&number("105"), None), "fragments without audio have no numbers");
    }

    #[test]
    fn a_fragment_that_is_gone_is_looked_for_by_its_time() {
        let gone = kvs_media::Failure {
            kind: kvs_media::FailureKind::FragmentNotFound,
            code: String::new(),
            fragment: None,
        };
        let gone = MediaError::Ended(gone);
        let mut place = Place::after(number("7"), MediaTime::from_millis(1_000));
        place.reaches(MediaTime::from_millis(2_000));
        assert!(!gone.may_pass() && place.falls_back(&gone));
        assert_eq!(asks_for(&place), "at 2000");
        assert!(!place.falls_back(&gone), "then it is gone for good");
    }

    #[test]
    fn the_only_fragment_of_a_stream_is_found() {
        let mut place = Place::from(number("1"), MediaTime::from_millis(1_000));
        place.came_to_nothing(true);
        assert_eq!(asks_for(&place), "at 1000");
        place.came_to_nothing(true);
        assert_eq!(asks_for(&place), "after 1");
        let mut place = Place::after(number("1"), MediaTime::from_millis(1_000));
        place.came_to_nothing(true);
        assert_eq!(asks_for(&place), "after 1");
    }
}
