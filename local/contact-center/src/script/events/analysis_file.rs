//! The file that Contact Lens writes once a call is over.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::Telling;
use super::contact_lens_event::{categories, role, span};
use crate::script::contact_lens::{Heard, redacted};
use crate::script::model::Speaker;

/// What is before `Analysis/` in the keys of the instance's bucket.
pub(crate) const PREFIX: &str = "connect/callbridge/";

const SIDES: [Speaker; 2] = [Speaker::Agent, Speaker::Customer];

impl Telling<'_> {
    /// The key and the content of the file about a leg. The key has the time at which the audio begins.
    ///
    /// Shape: <https://docs.aws.amazon.com/connect/latest/adminguide/contact-lens-example-output-files.html>, keys:
    /// <https://docs.aws.amazon.com/connect/latest/adminguide/example-contact-lens-output-locations.html>.
    pub(crate) fn analysis_file(&self, number: usize, black: bool) -> (String, Value) {
        let Some(heard) = self.heard(number) else { return (String::new(), Value::Null) };
        let contact_id = self.scene.contact_id(number);
        let start = self.scene.ring + heard.audio.from;
        let (folder, version) = if black { ("Redacted/", "_redacted") } else { ("", "") };
        let key = format!(
            "{PREFIX}Analysis/Voice/{folder}{}/{contact_id}_analysis{version}_{}.json",
            start.format("%Y/%m/%d"),
            start.format("%Y-%m-%dT%H:%M:%SZ"),
        );
        let file = json!({
            "AccountId": self.scene.instance.account_id(),
            "Categories": categories(heard, &heard.categories),
            "Channel": "VOICE",
            "ContentMetadata": content_metadata(black),
            "ConversationCharacteristics": characteristics(heard),
            "CustomModels": [],
            "CustomerMetadata": {
                "ContactId": contact_id,
                "InputS3Uri": format!("s3://{}", self.recording_of(number).unwrap_or_default()),
                "InstanceId": self.scene.instance.id(),
            },
            "JobStatus": "COMPLETED",
            "LanguageCode": self.contact.language,
            "Participants": SIDES.map(|who| json!({"ParticipantId": role(who), "ParticipantRole": role(who)})),
            "Transcript": self.turns(number, heard, black),
            "Version": "1.1.0",
        });
        (key, file)
    }

    fn turns(&self, number: usize, heard: &Heard, black: bool) -> Vec<Value> {
        let turn = |(line, said): (usize, &crate::script::Spoken)| {
            let mut turn = span(heard, said);
            turn["Content"] = if black { redacted(&said.text).into() } else { said.text.as_str().into() };
            turn["Id"] = self.id_of(number, &line.to_string());
            turn["LoudnessScore"] = json!([null, 68.5]);
            turn["ParticipantId"] = role(said.who).into();
            if let Some(sentiment) = said.sentiment.name() {
                turn["Sentiment"] = sentiment.into();
            }
            turn
        };
        heard.audio.lines.iter().enumerate().map(turn).collect()
    }
}

fn content_metadata(black: bool) -> Value {
    match black {
        false => json!({"Output": "Raw"}),
        true => json!({
            "Output": "Redacted",
            "RedactionTypes": ["PII"],
            "RedactionTypesMetadata": {"PII": {"RedactionMaskMode": "PII"}},
        }),
    }
}

fn characteristics(heard: &Heard) -> Value {
    let length = heard.audio.to.saturating_sub(heard.audio.from);
    let talked = |who: Speaker| {
        let lines = heard.audio.lines.iter().filter(move |said| said.who == who);
        lines.map(|said| said.length).sum::<Duration>().as_millis() as u64
    };
    let time = |who| (role(who).to_owned(), json!({"TotalTimeMillis": talked(who)}));
    let total: u64 = SIDES.into_iter().map(talked).sum();
    let scores: Map<String, Value> = SIDES
        .into_iter()
        .filter_map(|who| Some((role(who).to_owned(), overall_sentiment(heard, who)?.into())))
        .collect();
    json!({
        "Sentiment": {"OverallSentiment": scores, "SentimentByPeriod": {}},
        "TalkTime": {"DetailsByParticipant": SIDES.into_iter().map(time).collect::<Map<_, _>>(), "TotalTimeMillis": total},
        "TotalConversationDurationMillis": length.as_millis() as u64,
    })
}

/// The mean of what a side said, with one decimal; none of somebody who said nothing, or where it is not told.
fn overall_sentiment(heard: &Heard, who: Speaker) -> Option<f64> {
    let lines = heard.audio.lines.iter().filter(|said| said.who == who);
    let scores: Vec<f64> = lines.filter_map(|said| said.sentiment.score()).collect();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    (!scores.is_empty()).then(|| (mean * 10.0).round() / 10.0)
}
