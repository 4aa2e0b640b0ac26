use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::Said;
use crate::lenient;
use crate::open_enum::open_enum;

/// One thing that was heard or found: an object with one member, whose name says what it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Segment {
    /// Words as they are spoken; a turn comes in several of these.
    Utterance(Utterance),
    /// A whole turn. It says again what its utterances said.
    Transcript(Transcript),
    /// Rules that matched.
    Categories(Categories),
    /// What the call was about, once it is over.
    PostContactSummary(PostContactSummary),
    /// Something that this version does not know: its name.
    Other(String),
}

/// Words as they are spoken: part of a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Utterance {
    /// The utterance.
    pub id: String,
    /// The turn that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript_id: Option<String>,
    /// Who speaks, by id: in calls the role again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant_id: Option<String>,
    /// Who speaks.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub participant_role: Option<ParticipantRole>,
    /// The words.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub partial_content: Said,
    /// Where it begins, in milliseconds from the start of the contact's audio.
    pub begin_offset_millis: u32,
    /// Where it ends.
    pub end_offset_millis: u32,
}

/// A whole turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Transcript {
    /// The turn.
    pub id: String,
    /// Who speaks, by id: in calls the role again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant_id: Option<String>,
    /// Who speaks.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub participant_role: Option<ParticipantRole>,
    /// The words.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub content: Said,
    /// Where it begins, in milliseconds from the start of the contact's audio.
    pub begin_offset_millis: u32,
    /// Where it ends.
    pub end_offset_millis: u32,
    /// How it sounds; absent in languages in which Contact Lens does not tell.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<Sentiment>,
}

/// Rules that matched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Categories {
    /// The names of the categories.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub matched_categories: Vec<String>,
    /// Where they matched, by name; not every category that matched is in it.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub matched_details: BTreeMap<String, Option<MatchedDetails>>,
}

impl Categories {
    /// The places in the audio where a category matched: none for rules about sentiment.
    pub fn points_of_interest(&self, category: &str) -> &[PointOfInterest] {
        let details = self.matched_details.get(category).and_then(Option::as_ref);
        details.map(|details| details.points_of_interest.as_slice()).unwrap_or_default()
    }
}

/// Where a category matched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MatchedDetails {
    /// The places in the audio.
    #[serde(default, deserialize_with = "lenient::null_as_default")]
    pub points_of_interest: Vec<PointOfInterest>,
    /// The rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule_id: Option<String>,
}

/// A place in the audio, in milliseconds from its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PointOfInterest {
    /// From here,
    pub begin_offset_millis: u32,
    /// to here.
    pub end_offset_millis: u32,
}

/// What the call was about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PostContactSummary {
    /// The summary, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Said>,
    /// Whether there is one.
    #[serde(default, deserialize_with = "lenient::blank_as_none", skip_serializing_if = "Option::is_none")]
    pub status: Option<SummaryStatus>,
    /// Why there is none: `QUOTA_EXCEEDED`, `INSUFFICIENT_CONVERSATION_CONTENT`, ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_code: Option<String>,
}

open_enum! {
    /// Whether there is a summary.
    SummaryStatus {
        /// There is.
        Completed = "COMPLETED",
        /// There is none.
        Failed = "FAILED",
    }
}

open_enum! {
    /// Who speaks.
    ParticipantRole {
        /// The customer.
        Customer = "CUSTOMER",
        /// The agent.
        Agent = "AGENT",
        /// A supervisor who has joined.
        Supervisor = "SUPERVISOR",
        /// The contact center: prompts and announcements.
        System = "SYSTEM",
        /// A bot.
        CustomBot = "CUSTOM_BOT",
    }
}

impl ParticipantRole {
    /// The role of a speaker of whom an event tells this; older events tell only the id, which is the role.
    pub fn of(role: Option<Self>, participant_id: Option<&str>) -> Self {
        role.unwrap_or_else(|| participant_id.unwrap_or_default().into())
    }
}

open_enum! {
    /// How it sounds.
    Sentiment {
        /// Good.
        Positive = "POSITIVE",
        /// Neither.
        Neutral = "NEUTRAL",
        /// Both.
        Mixed = "MIXED",
        /// Bad.
        Negative = "NEGATIVE",
    }
}

impl<'de> Deserialize<'de> for Segment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OneMember)
    }
}

struct OneMember;

impl<'de> Visitor<'de> for OneMember {
    type Value = Segment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a segment: an object with one member")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<Segment, M::Error> {
        let mut found = None;
        while let Some(Name(name)) = members.next_key()? {
            let segment = match name {
                Kind::Utterance => members.next_value::<Option<_>>()?.map(Segment::Utterance),
                Kind::Transcript => members.next_value::<Option<_>>()?.map(Segment::Transcript),
                Kind::Categories => members.next_value::<Option<_>>()?.map(Segment::Categories),
                Kind::PostContactSummary => {
                    members.next_value::<Option<_>>()?.map(Segment::PostContactSummary)
                }
                Kind::Other(name) => {
                    members.next_value::<Option<IgnoredAny>>()?.map(|_| Segment::Other(name))
                }
            };
            found = match (found, segment) {
                (None | Some(Segment::Other(_)), Some(segment)) => Some(segment),
                (found, None | Some(Segment::Other(_))) => found,
                (Some(_), Some(_)) => {
                    return Err(de::Error::custom("a segment that is several things at once"));
                }
            };
        }
        found.ok_or_else(|| de::Error::custom("an empty segment"))
    }
}

/// The name of a segment's member.
struct Name(Kind);

enum Kind {
    Utterance,
    Transcript,
    Categories,
    PostContactSummary,
    Other(String),
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl Visitor<'_> for NameVisitor {
    type Value = Name;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a segment")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Name, E> {
        Ok(Name(match name {
            "Utterance" => Kind::Utterance,
            "Transcript" => Kind::Transcript,
            "Categories" => Kind::Categories,
            "PostContactSummary" => Kind::PostContactSummary,
            other => Kind::Other(other.to_owned()),
        }))
    }
}

impl Serialize for Segment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Segment::Utterance(utterance) => map.serialize_entry("Utterance", utterance)?,
            Segment::Transcript(transcript) => map.serialize_entry("Transcript", transcript)?,
            Segment::Categories(categories) => map.serialize_entry("Categories", categories)?,
            Segment::PostContactSummary(summary) => map.serialize_entry("PostContactSummary", summary)?,
            Segment::Other(name) => map.serialize_entry(name, &BTreeMap::<String, String>::new())?,
        }
        map.end()
    }
}
