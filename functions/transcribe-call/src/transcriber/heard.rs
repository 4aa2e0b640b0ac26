//! What was heard.

use aws_sdk_transcribestreaming::types::{MedicalResult, Result as StandardResult};
use kvs_media::Side;
use salesforce::Private;

use super::clock::Clock;
use crate::audio::{MediaTime, Sides};

/// A result of a session. `Debug` does not show what was said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Heard {
    /// Who said it.
    pub(crate) side: Side,
    /// When it begins.
    pub(crate) starts: MediaTime,
    /// When it ends.
    pub(crate) ends: MediaTime,
    /// What was said.
    pub(crate) text: Private,
    /// Whether there will be more or better results for the same words.
    pub(crate) is_partial: bool,
}

/// A result as the session has it. `Debug` does not show what was said.
#[derive(Debug)]
pub(crate) struct RawResult {
    channel: Option<String>,
    starts: f64,
    ends: f64,
    text: Private,
    is_partial: bool,
}

impl RawResult {
    /// In times of the call. `None` if nothing was said, or if it is of no channel that there is.
    pub(super) fn placed(self, clock: &Clock, sides: Sides) -> Option<Heard> {
        let channel = match self.channel.as_deref() {
            None => 0,
            Some(channel) => channel.strip_prefix("ch_")?.parse().ok()?,
        };
        let side = *sides.list().get(channel)?;
        let (starts, ends) = (clock.time(self.starts)?, clock.time(self.ends)?);
        let is_empty = self.text.as_str().trim().is_empty();
        let heard =
            Heard { side, starts, ends: ends.max(starts), text: self.text, is_partial: self.is_partial };
        (!is_empty).then_some(heard)
    }
}

impl From<StandardResult> for RawResult {
    fn from(result: StandardResult) -> Self {
        let alternative = result.alternatives.and_then(|all| all.into_iter().next());
        Self {
            channel: result.channel_id,
            starts: result.start_time,
            ends: result.end_time,
            text: alternative.and_then(|first| first.transcript).unwrap_or_default().into(),
            is_partial: result.is_partial,
        }
    }
}

impl From<MedicalResult> for RawResult {
    fn from(result: MedicalResult) -> Self {
        let alternative = result.alternatives.and_then(|all| all.into_iter().next());
        Self {
            channel: result.channel_id,
            starts: result.start_time,
            ends: result.end_time,
            text: alternative.and_then(|first| first.transcript).unwrap_or_default().into(),
            is_partial: result.is_partial,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(channel: Option<&str>, text: &str, sides: Sides) -> Option<Heard> {
        let mut clock = Clock::default();
        clock.give(MediaTime::from_millis(50_000), MediaTime::from_millis(60_000));
        let channel = channel.map(str::to_owned);
        let raw = RawResult { channel, starts: 1.25, ends: 2.0, text: text.into(), is_partial: false };
        raw.placed(&clock, sides)
    }

    #[test]
    fn a_channel_is_a_side() {
        let side = |channel, sides| placed(channel, "hello", sides).map(|heard| heard.side);
        assert_eq!(side(Some("ch_0"), Sides::Both), Some(Side::FromCustomer));
        assert_eq!(side(Some("ch_1"), Sides::Both), Some(Side::ToCustomer));
        assert_eq!(side(Some("ch_2"), Sides::Both), None);
        assert_eq!(side(Some("left"), Sides::Both), None);
        assert_eq!(side(None, Sides::Agent), Some(Side::ToCustomer));
        assert_eq!(placed(None, "  ", Sides::Customer), None);
    }

    #[test]
    fn what_was_said_is_not_shown() {
        let heard = placed(None, "my number is 5550100", Sides::Customer).unwrap();
        assert_eq!((heard.starts.millis(), heard.ends.millis()), (51_250, 52_000));
        assert!(!format!("{heard:?}").contains("5550100"));
    }
}
