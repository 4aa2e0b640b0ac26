//! What an analysis says, as signals. Pure.

use std::borrow::Cow;

use analysis_files::AnalysisKey;
use chrono::{DateTime, TimeDelta, Utc};
use connect::analysis::{Analysis, ParticipantRole, Sentiment};
use lambda_kit::contacts::DescribedContact;
use salesforce::telephony::{PostCallEvent, SignalParticipant, SignalType};

/// A signal, in the time of the audio.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    kind: SignalType,
    value: Cow<'static, str>,
    participant: SignalParticipant,
    /// In milliseconds.
    begin: u32,
    /// In milliseconds; `None` is the end of the call.
    end: Option<u32>,
}

/// When a call was, in the world's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallTimes {
    /// What the offsets in its analysis count from.
    pub audio_start: DateTime<Utc>,
    /// When it ended, as far as that is known.
    pub end: DateTime<Utc>,
}

/// The signals of a call in the order of their beginnings, which Salesforce requires.
pub fn signals(analysis: &Analysis<'_>, overall_scores: bool) -> Vec<Signal> {
    let overall = analysis.overall_scores().filter(|_| overall_scores).filter_map(|(role, score)| {
        // Adding zero makes -0 the 0 that it is.
        let value = Cow::Owned((score + 0.0).to_string());
        let kind = SignalType::OverallSentimentScore;
        Some(Signal { kind, value, participant: participant(&role)?, begin: 0, end: None })
    });
    let turns = analysis.turns.iter().filter_map(|turn| {
        Some(Signal {
            kind: SignalType::Sentiment,
            value: Cow::Borrowed(score(turn.sentiment.as_ref()?)?),
            participant: participant(&analysis.role_of(turn))?,
            begin: turn.begin_offset_millis,
            end: Some(turn.end_offset_millis.max(turn.begin_offset_millis)),
        })
    });
    let mut signals: Vec<Signal> = overall.chain(turns).collect();
    signals.sort_by_key(|signal| signal.begin);
    signals
}

impl Signal {
    /// As Salesforce takes it.
    pub fn of_call(&self, times: &CallTimes) -> PostCallEvent {
        let start = times.audio_start;
        let at = |offset: u32| start.checked_add_signed(TimeDelta::milliseconds(offset.into()));
        let start_time = at(self.begin).unwrap_or(start);
        PostCallEvent {
            kind: self.kind,
            value: self.value.clone().into_owned(),
            start_time,
            end_time: self.end.map_or(Some(times.end), at).unwrap_or(start_time),
            participant: self.participant,
        }
    }
}

impl CallTimes {
    /// A call is recorded, and so heard by Contact Lens, from the moment on that an agent takes it: its recording starts
    /// then, and its analysis is even named by that moment. A call that no agent took was heard as long as it was
    /// connected to the contact center. The name of the file has the moment without its milliseconds, so it comes last.
    ///
    /// `None` when Connect knows none of these, and the name of the file does not tell.
    pub fn of(
        contact: &DescribedContact,
        file: &AnalysisKey<'_>,
        duration_millis: Option<u32>,
    ) -> Option<Self> {
        let without_agent = || contact.connected_to_system.or(contact.initiation);
        let audio_start = contact.connected_to_agent.or_else(without_agent).or(file.connected_to_agent)?;
        let heard = TimeDelta::milliseconds(duration_millis.unwrap_or_default().into());
        let end = contact.disconnect.or_else(|| audio_start.checked_add_signed(heard));
        Some(Self { audio_start, end: end.unwrap_or(audio_start).max(audio_start) })
    }
}

/// On the scale of Salesforce, as its own function has it. What this version does not know is no signal.
fn score(sentiment: &Sentiment) -> Option<&'static str> {
    match sentiment {
        Sentiment::Positive => Some("1000"),
        Sentiment::Neutral | Sentiment::Mixed => Some("0"),
        Sentiment::Negative => Some("-1000"),
        Sentiment::Other(_) => None,
    }
}

/// Salesforce knows two sides of a call. Prompts, bots and supervisors are neither.
fn participant(role: &ParticipantRole) -> Option<SignalParticipant> {
    match role {
        ParticipantRole::Agent => Some(SignalParticipant::Agent),
        ParticipantRole::Customer => Some(SignalParticipant::Customer),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
