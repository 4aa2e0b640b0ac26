//! Which results are news. Pure.

use crate::audio::{MediaTime, PerSide};
use crate::transcriber::Heard;

/// A final result that ends this close to where the audio was cut off may be cut off, too. In milliseconds.
const TORN: i64 = 300;

/// A result may end a little later than its audio. In milliseconds.
const OVERHANG: i64 = 200;

/// Passes on each final result once, and only of audio that is the contact's own.
#[derive(Debug)]
pub(crate) struct Results {
    /// Up to when each side's words were passed on.
    passed_on: PerSide<MediaTime>,
    /// Up to when the audio is known to be the contact's: fragments may say only at their end whose they are.
    ours_until: MediaTime,
    /// Final results of later audio.
    waiting: Vec<Heard>,
    /// Where the audio was cut off while somebody may have been speaking.
    torn_at: Option<MediaTime>,
    /// What begins here or later is the next invocation's.
    left_from: Option<MediaTime>,
}

impl Results {
    /// Everything is news that each side says after these times.
    pub(crate) fn after(passed_on: PerSide<MediaTime>) -> Self {
        Self { passed_on, ours_until: MediaTime::MIN, waiting: Vec::new(), torn_at: None, left_from: None }
    }

    /// The audio up to that time is the contact's own.
    pub(crate) fn confirm(&mut self, until: MediaTime) {
        self.ours_until = self.ours_until.max(until);
    }

    /// The audio ends here although somebody may be speaking: whoever goes on hears those words whole.
    pub(crate) fn tear(&mut self, at: MediaTime) {
        self.torn_at = Some(at);
    }

    /// Whoever goes on begins here, where nobody speaks: what begins later is heard whole there, and perhaps not here.
    pub(crate) fn leave_from(&mut self, at: MediaTime) {
        self.left_from = Some(at);
    }

    /// Takes a final result.
    pub(crate) fn hear(&mut self, heard: Heard) {
        self.waiting.push(heard);
    }

    /// The results that are news and the contact's own, in the order in which they came. Each comes once.
    pub(crate) fn news(&mut self) -> Vec<Heard> {
        let (ours, waiting): (Vec<Heard>, Vec<Heard>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|heard| self.is_ours(heard));
        self.waiting = waiting;
        ours.into_iter().filter(|heard| self.is_news(heard)).collect()
    }

    fn is_news(&mut self, heard: &Heard) -> bool {
        let is_torn = self.torn_at.is_some_and(|at| heard.ends.plus_millis(TORN) > at);
        let is_left = self.left_from.is_some_and(|at| heard.starts >= at);
        let middle = heard.starts.plus_millis(heard.ends.millis_since(heard.starts) / 2);
        let passed_on = &mut self.passed_on[heard.side];
        // A new session may find slightly other limits for what an earlier one has understood.
        let is_news = !is_torn && !is_left && middle >= *passed_on;
        if is_news {
            *passed_on = (*passed_on).max(heard.ends);
        }
        is_news
    }

    /// Whether a partial result is of words that were not passed on, and the contact's own.
    pub(crate) fn is_new_partial(&self, heard: &Heard) -> bool {
        heard.starts >= self.passed_on[heard.side] && self.is_ours(heard)
    }

    fn is_ours(&self, heard: &Heard) -> bool {
        heard.ends <= self.ours_until.plus_millis(OVERHANG)
    }
}

#[cfg(test)]
mod tests {
    use kvs_media::Side;

    use super::*;

    fn heard(side: Side, starts: i64, ends: i64) -> Heard {
        Heard {
            side,
            starts: MediaTime::from_millis(starts),
            ends: MediaTime::from_millis(ends),
            text: "words".into(),
            is_partial: false,
        }
    }

    fn results() -> Results {
        let mut results = Results::after(PerSide::both(MediaTime::from_millis(0)));
        results.confirm(MediaTime::from_millis(10_000));
        results
    }

    fn news(results: &mut Results, all: &[Heard]) -> Vec<(i64, i64)> {
        all.iter().for_each(|one| results.hear(one.clone()));
        results.news().iter().map(|heard| (heard.starts.millis(), heard.ends.millis())).collect()
    }

    #[test]
    fn each_side_says_something_once() {
        let mut results = results();
        let (customer, agent) = (Side::FromCustomer, Side::ToCustomer);
        let all = [heard(customer, 1_000, 2_000), heard(agent, 500, 1_500), heard(agent, 1_600, 1_900)];
        assert_eq!(news(&mut results, &all), [(1_000, 2_000), (500, 1_500), (1_600, 1_900)]);
        // A new session heard the end of it again, and found other limits.
        let again =
            [heard(customer, 1_010, 2_020), heard(customer, 1_900, 2_050), heard(customer, 1_990, 3_000)];
        assert_eq!(news(&mut results, &again), [(1_990, 3_000)]);
    }

    #[test]
    fn nobody_elses_words_are_passed_on() {
        let mut results = results();
        let side = Side::FromCustomer;
        assert!(news(&mut results, &[heard(side, 9_500, 10_201)]).is_empty());
        assert!(!results.is_new_partial(&heard(side, 9_500, 10_201)));
        results.confirm(MediaTime::from_millis(11_000));
        results.confirm(MediaTime::from_millis(10_500));
        assert_eq!(news(&mut results, &[]), [(9_500, 10_201)]);
        assert!(news(&mut results, &[]).is_empty());
    }

    #[test]
    fn what_was_cut_off_is_left_to_whoever_hears_it_whole() {
        let mut results = results();
        results.tear(MediaTime::from_millis(8_000));
        let all = [heard(Side::FromCustomer, 5_000, 7_600), heard(Side::ToCustomer, 7_000, 8_000)];
        assert_eq!(news(&mut results, &all), [(5_000, 7_600)]);
        assert_eq!(results.passed_on.agent.millis(), 0);
    }

    #[test]
    fn what_begins_after_the_next_invocation_does_is_left_to_it() {
        let mut results = results();
        results.leave_from(MediaTime::from_millis(8_000));
        let all = [heard(Side::FromCustomer, 5_000, 7_900), heard(Side::ToCustomer, 8_050, 8_150)];
        assert_eq!(news(&mut results, &all), [(5_000, 7_900)]);
    }
}
