//! What Contact Lens puts on its real-time stream.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Telling;
use crate::script::contact_lens::{Entry, Heard, Matched, parts};
use crate::script::model::{PointsOfInterest, Speaker};
use crate::script::scene::uuid_of;
use crate::script::speech::Spoken;

impl Telling<'_> {
    /// A record of the stream. Something malformed, which has no shape, is null.
    ///
    /// Shape: <https://docs.aws.amazon.com/connect/latest/adminguide/real-time-contact-analysis-segment-streams-data-model.html>.
    pub(crate) fn contact_lens_event(&self, number: usize, entry: &Entry) -> Value {
        let Some(heard) = self.heard(number) else { return Value::Null };
        let (kind, segment) = match entry {
            Entry::Malformed => return Value::Null,
            Entry::Started => ("STARTED", None),
            Entry::Completed => ("COMPLETED", None),
            Entry::Failed => ("FAILED", None),
            Entry::Utterance { line, part } => ("SEGMENTS", self.utterance(number, heard, *line, *part)),
            Entry::Transcript { line } => ("SEGMENTS", self.transcript(number, heard, *line)),
            Entry::Category { number } => {
                ("SEGMENTS", heard.categories.get(*number).map(|matched| category(heard, matched)))
            }
            Entry::Summary => ("SEGMENTS", self.summary()),
        };
        let mut event = json!({
            "Version": "1.0.0",
            "Channel": "VOICE",
            "AccountId": self.scene.instance.account_id(),
            "InstanceId": self.scene.instance.id(),
            "ContactId": self.scene.contact_id(number),
            "LanguageCode": self.contact.language,
            "EventType": kind,
        });
        if let Some(segment) = segment {
            event["Segments"] = json!([segment]);
        }
        event
    }

    fn utterance(&self, number: usize, heard: &Heard, line: usize, part: usize) -> Option<Value> {
        let said = heard.audio.lines.get(line)?;
        let words = parts(said).into_iter().nth(part)?;
        let mut utterance = spoken(heard, &words);
        utterance["Id"] = self.id_of(number, &format!("{line}/{part}"));
        utterance["TranscriptId"] = self.id_of(number, &line.to_string());
        utterance["PartialContent"] = words.text.into();
        Some(json!({ "Utterance": utterance }))
    }

    fn transcript(&self, number: usize, heard: &Heard, line: usize) -> Option<Value> {
        let said = heard.audio.lines.get(line)?;
        let mut transcript = spoken(heard, said);
        transcript["Id"] = self.id_of(number, &line.to_string());
        transcript["Content"] = said.text.as_str().into();
        if let Some(sentiment) = said.sentiment.name() {
            transcript["Sentiment"] = sentiment.into();
        }
        Some(json!({ "Transcript": transcript }))
    }

    fn summary(&self) -> Option<Value> {
        let content = self.analysis?.settings.summary.as_deref()?;
        Some(json!({ "PostContactSummary": { "Content": content, "Status": "COMPLETED" } }))
    }

    /// The same thing has the same id whenever it is told.
    pub(super) fn id_of(&self, number: usize, what: &str) -> Value {
        uuid_of(&format!("{}/said/{what}", self.scene.contact_id(number))).to_string().into()
    }

    pub(super) fn heard(&self, number: usize) -> Option<&Heard> {
        self.analysis?.legs.get(number)
    }
}

/// The categories of a leg that match: their names, and where.
pub(super) fn categories<'h>(heard: &Heard, matched: impl IntoIterator<Item = &'h Matched>) -> Value {
    let (mut names, mut details) = (Vec::new(), Map::new());
    for matched in matched {
        let name = &matched.category.name;
        if !names.contains(name) {
            names.push(name.clone());
        }
        let line = matched.line.and_then(|line| heard.audio.lines.get(line));
        let points = match (matched.category.points_of_interest, line) {
            (PointsOfInterest::Missing, _) => continue,
            (PointsOfInterest::Last, Some(line)) => vec![span(heard, line)],
            (PointsOfInterest::Last, None) | (PointsOfInterest::None, _) => Vec::new(),
        };
        let detail = details.entry(name).or_insert_with(|| json!({ "PointsOfInterest": [] }));
        if let Some(all) = detail["PointsOfInterest"].as_array_mut() {
            all.extend(points);
        }
    }
    json!({ "MatchedCategories": names, "MatchedDetails": details })
}

fn category(heard: &Heard, matched: &Matched) -> Value {
    json!({ "Categories": categories(heard, [matched]) })
}

/// Who says something, and where in the audio.
fn spoken(heard: &Heard, said: &Spoken) -> Value {
    let mut spoken = span(heard, said);
    spoken["ParticipantId"] = role(said.who).into();
    spoken["ParticipantRole"] = role(said.who).into();
    spoken
}

/// Where in the audio something is said.
pub(super) fn span(heard: &Heard, said: &Spoken) -> Value {
    let offset = |at: Duration| at.saturating_sub(heard.audio.from).as_millis() as u64;
    json!({ "BeginOffsetMillis": offset(said.at), "EndOffsetMillis": offset(said.end()) })
}

pub(super) fn role(who: Speaker) -> &'static str {
    match who {
        Speaker::Customer => "CUSTOMER",
        Speaker::Agent => "AGENT",
    }
}
