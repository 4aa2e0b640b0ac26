//! What was heard becomes what Salesforce is told. Pure.

use std::iter;

use chrono::{DateTime, TimeDelta, Utc};
use connect::contact_lens::{
    Categories, ParticipantRole, ReadSegment, Said, Segment, Sentiment, SummaryStatus, Transcript, Utterance,
};
use salesforce::Private;
use salesforce::telephony::{
    CallKey, Message, PointOfInterest, RealtimeEvent, SenderType, SignalParticipant, SignalType,
};

use crate::config::{Config, TranscriptSource};

/// When the audio of a contact began, by one of its records: the last thing in it was spoken before it arrived.
///
/// The stream does not say when that was, and no record arrives before what it tells was said. So of all records of
/// a contact the one that says the earliest is the nearest; a record that came late says nothing.
pub(crate) fn audio_start(arrived: DateTime<Utc>, segments: &[ReadSegment]) -> Option<DateTime<Utc>> {
    let last = segments.iter().flatten().filter_map(end_offset).max()?;
    arrived.checked_sub_signed(millis(last))
}

fn end_offset(segment: &Segment) -> Option<u32> {
    match segment {
        Segment::Utterance(utterance) => Some(utterance.end_offset_millis),
        Segment::Transcript(transcript) => Some(transcript.end_offset_millis),
        Segment::Categories(categories) => {
            let details = categories.matched_details.values().flatten();
            details.flat_map(|details| &details.points_of_interest).map(|point| point.end_offset_millis).max()
        }
        Segment::PostContactSummary(_) | Segment::Other(_) => None,
    }
}

/// What times are told by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    /// When the contact's audio began, if anything tells.
    pub(crate) audio_start: Option<DateTime<Utc>>,
    /// When the record arrived.
    pub(crate) arrived: DateTime<Utc>,
}

impl Clock {
    fn at(self, offset: u32) -> DateTime<Utc> {
        self.audio_start.and_then(|start| start.checked_add_signed(millis(offset))).unwrap_or(self.arrived)
    }
}

fn millis(offset: u32) -> TimeDelta {
    TimeDelta::milliseconds(offset.into())
}

/// One thing that Salesforce is told.
#[derive(Debug)]
pub(crate) enum Item {
    /// Of the transcript.
    Line(Line),
    /// A signal.
    Signal(RealtimeEvent),
    /// The summary of the call.
    Summary(Private),
}

/// A message of which it is not said yet in which conversation it is.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) sender_type: SenderType,
    id: String,
    content: Private,
    start_time: DateTime<Utc>,
    end_time: DateTime<Utc>,
}

impl Line {
    /// The message in the conversation that began with this contact.
    pub(crate) fn message(&self, conversation: &CallKey) -> Message {
        let role = match self.sender_type {
            SenderType::EndUser => "END_USER",
            SenderType::Supervisor => "SUPERVISOR",
            _ => "VIRTUAL_AGENT",
        };
        Message {
            participant_id: [conversation.as_str(), role].concat().into(),
            message_id: self.id.clone(),
            start_time: self.start_time,
            end_time: self.end_time,
            content: self.content.clone(),
            sender_type: self.sender_type,
        }
    }
}

/// What Salesforce is told of a segment; or the reason (a metrics dimension) why nothing.
pub(crate) fn items(
    segment: Segment,
    clock: Clock,
    config: &Config,
) -> Result<Vec<Item>, Option<&'static str>> {
    match segment {
        Segment::Utterance(utterance) => match config.source {
            TranscriptSource::Utterance => Ok(vec![Item::Line(of_utterance(utterance, clock)?)]),
            TranscriptSource::Transcript => Err(None),
        },
        Segment::Transcript(transcript) => {
            let signal = config.sentiment_signals.then(|| sentiment(&transcript, clock)).flatten();
            match config.source {
                TranscriptSource::Utterance => Ok(signal.into_iter().collect()),
                TranscriptSource::Transcript => {
                    let line = Item::Line(of_transcript(transcript, clock)?);
                    Ok(iter::once(line).chain(signal).collect())
                }
            }
        }
        Segment::Categories(found) if config.category_signals => Ok(categories(found, clock)),
        Segment::Categories(_) => Err(None),
        Segment::PostContactSummary(summary) => {
            let is_there = summary.status != Some(SummaryStatus::Failed);
            let text = summary.content.map(Said::into_string).filter(|text| is_there && !text.is_empty());
            let text = text.ok_or(Some("no_summary"))?;
            match config.summary_field {
                Some(_) => Ok(vec![Item::Summary(text.into())]),
                None => Err(Some("no_summary_field")),
            }
        }
        Segment::Other(_) => Err(Some("unknown_segment")),
    }
}

fn of_utterance(utterance: Utterance, clock: Clock) -> Result<Line, Option<&'static str>> {
    let Utterance { id, participant_id, participant_role, partial_content, .. } = utterance;
    let role = ParticipantRole::of(participant_role, participant_id.as_deref());
    let offsets = (utterance.begin_offset_millis, utterance.end_offset_millis);
    line(id, &role, partial_content.into_string(), offsets, clock)
}

fn of_transcript(transcript: Transcript, clock: Clock) -> Result<Line, Option<&'static str>> {
    let Transcript { id, participant_id, participant_role, content, .. } = transcript;
    let role = ParticipantRole::of(participant_role, participant_id.as_deref());
    let offsets = (transcript.begin_offset_millis, transcript.end_offset_millis);
    line(id, &role, content.into_string(), offsets, clock)
}

fn line(
    id: String,
    role: &ParticipantRole,
    content: String,
    (begin, end): (u32, u32),
    clock: Clock,
) -> Result<Line, Option<&'static str>> {
    if content.trim().is_empty() {
        return Err(Some("nothing_said"));
    }
    Ok(Line {
        sender_type: match role {
            ParticipantRole::Customer => SenderType::EndUser,
            ParticipantRole::Supervisor => SenderType::Supervisor,
            // The user who the agent is in Salesforce is not known here.
            _ => SenderType::VirtualAgent,
        },
        id,
        content: content.into(),
        start_time: clock.at(begin),
        end_time: clock.at(end.max(begin)),
    })
}

/// A signal for each category, with the first place where it matched, if there is one.
fn categories(categories: Categories, clock: Clock) -> Vec<Item> {
    let signal = |name: &String| {
        let place = categories.points_of_interest(name).first();
        Item::Signal(RealtimeEvent {
            kind: SignalType::Category,
            value: name.clone(),
            start_time: place.map_or(clock.arrived, |place| clock.at(place.begin_offset_millis)),
            participant: None,
            details: place.map(|place| PointOfInterest {
                begin_offset_millis: place.begin_offset_millis.into(),
                end_offset_millis: place.end_offset_millis.into(),
            }),
        })
    };
    categories.matched_categories.iter().map(signal).collect()
}

/// How a turn sounds, if Contact Lens says so and it is one of the two sides that Salesforce knows.
fn sentiment(transcript: &Transcript, clock: Clock) -> Option<Item> {
    let value = match transcript.sentiment.as_ref()? {
        Sentiment::Positive => "1000",
        Sentiment::Neutral | Sentiment::Mixed => "0",
        Sentiment::Negative => "-1000",
        Sentiment::Other(_) => return None,
    };
    let role = ParticipantRole::of(transcript.participant_role.clone(), transcript.participant_id.as_deref());
    let participant = match role {
        ParticipantRole::Customer => SignalParticipant::Customer,
        ParticipantRole::Agent => SignalParticipant::Agent,
        _ => return None,
    };
    Some(Item::Signal(RealtimeEvent {
        kind: SignalType::Sentiment,
        value: value.to_owned(),
        start_time: clock.at(transcript.begin_offset_millis),
        participant: Some(participant),
        details: None,
    }))
}
