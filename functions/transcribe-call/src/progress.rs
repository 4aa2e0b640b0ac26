//! How far a call is transcribed: what the next invocation has to know.

use connect::transcription::Checkpoint;
use kvs_media::{FragmentNumber, Side};
use serde::{Deserialize, Serialize};

use crate::audio::{MediaTime, PerSide};

/// How far a call is transcribed. As JSON it is a [`Checkpoint`] that knows more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    after_fragment: FragmentNumber,
    resume_at: MediaTime,
    settled: PerSide<MediaTime>,
    generation: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    #[serde(flatten)]
    checkpoint: Checkpoint,
    #[serde(default)]
    customer_until_ms: Option<i64>,
    #[serde(default)]
    agent_until_ms: Option<i64>,
}

impl Progress {
    /// Somebody who goes on reads after this fragment and needs the audio from that time on, of each side what it says
    /// later than what is settled.
    pub(crate) fn new(
        after_fragment: FragmentNumber,
        resume_at: MediaTime,
        settled: PerSide<MediaTime>,
    ) -> Self {
        Self { after_fragment, resume_at, settled, generation: 0 }
    }

    /// From a checkpoint, which somebody may have changed.
    pub(crate) fn of(checkpoint: &Checkpoint) -> Option<Self> {
        let resume_at = MediaTime::from_millis(checkpoint.resume_at_ms);
        let after_fragment = FragmentNumber::parse(&checkpoint.after_fragment).ok()?;
        let progress = Self::new(after_fragment, resume_at, PerSide::both(resume_at));
        Some(progress.in_generation(checkpoint.generation))
    }

    /// What was noted, if it can be read.
    pub(crate) fn parse(stored: &str) -> Option<Self> {
        let stored: Stored = serde_json::from_str(stored).ok()?;
        let mut progress = Self::of(&stored.checkpoint)?;
        let until = |millis: Option<i64>| millis.map_or(progress.resume_at, MediaTime::from_millis);
        progress.settled =
            PerSide { customer: until(stored.customer_until_ms), agent: until(stored.agent_until_ms) };
        Some(progress)
    }

    /// The same, by that many invocations.
    pub(crate) fn in_generation(self, generation: u32) -> Self {
        Self { generation, ..self }
    }

    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            after_fragment: self.after_fragment.as_str().to_owned(),
            resume_at_ms: self.resume_at.millis(),
            generation: self.generation,
        }
    }

    /// As JSON.
    pub(crate) fn to_json(&self) -> String {
        // A side that is not transcribed has nothing settled.
        let until = |side| Some(self.settled[side].max(self.resume_at).millis());
        let stored = Stored {
            checkpoint: self.checkpoint(),
            customer_until_ms: until(Side::FromCustomer),
            agent_until_ms: until(Side::ToCustomer),
        };
        serde_json::to_string(&stored).unwrap_or_default()
    }

    pub(crate) fn after_fragment(&self) -> &FragmentNumber {
        &self.after_fragment
    }

    pub(crate) fn resume_at(&self) -> MediaTime {
        self.resume_at
    }

    pub(crate) fn settled(&self) -> PerSide<MediaTime> {
        self.settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_noted_is_a_checkpoint_that_knows_more() {
        let at = MediaTime::from_millis;
        let settled = PerSide { customer: at(2_000), agent: MediaTime::MIN };
        let progress = Progress::new(
            FragmentNumber::parse("91343852333181432387730302044767688728495783936").unwrap(),
            at(1_000),
            settled,
        );
        let noted = progress.in_generation(3).to_json();
        insta::assert_snapshot!(
            noted,
            @r#"{"afterFragment":"91343852333181432387730302044767688728495783936","resumeAtMs":1000,"generation":3,"customerUntilMs":2000,"agentUntilMs":1000}"#
        );
        let checkpoint: Checkpoint = serde_json::from_str(&noted).unwrap();
        assert_eq!((checkpoint.resume_at_ms, checkpoint.generation), (1_000, 3));
        let read = Progress::parse(&noted).unwrap();
        assert_eq!(read.settled(), PerSide { customer: at(2_000), agent: at(1_000) });
        assert_eq!(read.checkpoint(), checkpoint);
    }

    #[test]
    fn what_cannot_be_read_is_no_progress() {
        for stored in ["", "{}", "null", r#"{"afterFragment":"x","resumeAtMs":1,"generation":0}"#] {
            assert_eq!(Progress::parse(stored), None);
        }
    }
}
