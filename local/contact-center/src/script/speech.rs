//! What can be listened to of a call: who says what while its media is streamed, and when nobody is heard.

use std::time::Duration;

use serde::Deserialize;

use super::call::Call;
use super::model::{Action, Step};
use super::time;

/// How long a word takes, about: 170 of them a minute.
const PER_WORD: Duration = Duration::from_millis(350);

/// A Start or Stop media streaming block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// Audio is streamed from now on.
    Start,
    /// No longer.
    Stop,
}

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The agent.
    Agent,
}

/// What somebody says: a text, or a text and how long it takes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "LineForm")]
pub struct Line {
    /// The words.
    pub text: String,
    /// How long it takes to say them; left out, as long as so many words take.
    pub length: Duration,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum LineForm {
    Text(String),
    Timed {
        text: String,
        #[serde(deserialize_with = "time::deserialize")]
        length: Duration,
    },
}

impl From<LineForm> for Line {
    fn from(form: LineForm) -> Self {
        match form {
            LineForm::Text(text) => {
                let length = PER_WORD * text.split_whitespace().count() as u32;
                Self { text, length }
            }
            LineForm::Timed { text, length } => Self { text, length },
        }
    }
}

/// The audio of one leg, from the Start media streaming block to its end. Times are since the ring.
#[derive(Debug, Clone, PartialEq)]
pub struct Streamed {
    /// The leg, from 0.
    pub leg: usize,
    /// When it starts.
    pub from: Duration,
    /// When it stops, at the latest when the leg ends.
    pub to: Duration,
    /// What is said, in the order in which it begins.
    pub lines: Vec<Spoken>,
    /// When a speaker is not heard, not even as silence: on hold, and the agent before there is one.
    pub gaps: Vec<(Speaker, Duration, Duration)>,
}

/// Something that somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Who says it.
    pub who: Speaker,
    /// When it begins, since the ring.
    pub at: Duration,
    /// How long it takes.
    pub length: Duration,
    /// The words.
    pub text: String,
}

impl Spoken {
    /// When the last word is said.
    pub fn end(&self) -> Duration {
        self.at + self.length
    }
}

/// What is streamed of a call; the error is the line of the first step that cannot be, and why.
pub(super) fn streamed(call: &Call, steps: &[Step]) -> Result<Vec<Streamed>, (u64, String)> {
    let mut all: Vec<Streamed> = Vec::new();
    let mut leg = 0;
    for step in steps {
        let refuse = |why: &str| Err((step.line, why.to_owned()));
        let running = all.last_mut().filter(|stream| stream.to > step.at);
        match &step.action {
            Action::Transfer(_) => leg += 1,
            Action::MediaStreaming(Switch::Start) => {
                if running.is_some_and(|stream| stream.leg == leg) {
                    return refuse("media streaming is started already");
                }
                all.push(start(call, leg, step.at, steps));
            }
            Action::MediaStreaming(Switch::Stop) => match running {
                Some(stream) => stream.to = step.at,
                None => return refuse("media streaming is not started"),
            },
            Action::Says(who, line) => {
                let Some(stream) = running else {
                    return refuse("nobody listens: a `media_streaming: start` step has to come before");
                };
                let said = Spoken { who: *who, at: step.at, length: line.length, text: line.text.clone() };
                stream.take(said).map_err(|why| (step.line, why))?;
            }
            _ => {}
        }
    }
    for stream in &all {
        let late = stream.lines.iter().find(|said| said.end() > stream.to);
        if let Some(late) = late {
            let is_it = |step: &&Step| {
                step.at == late.at && matches!(step.action, Action::Says(who, _) if who == late.who)
            };
            let line = steps.iter().find(is_it).map_or(1, |step| step.line);
            return Err((line, "media streaming stops before this is said".to_owned()));
        }
    }
    Ok(all)
}

fn start(call: &Call, leg: usize, from: Duration, steps: &[Step]) -> Streamed {
    let to = call.legs.get(leg).map_or(from, |leg| leg.disconnected);
    let mut gaps = Vec::new();
    let answered = call.legs.get(leg).and_then(|leg| leg.agent.as_ref()).map_or(to, |agent| agent.at);
    if answered > from {
        gaps.push((Speaker::Agent, from, answered));
    }
    for step in steps {
        if let Action::Hold(length) = step.action {
            gaps.extend([Speaker::Customer, Speaker::Agent].map(|who| (who, step.at, step.at + length)));
        }
    }
    Streamed { leg, from, to, lines: Vec::new(), gaps }
}

impl Streamed {
    fn take(&mut self, said: Spoken) -> Result<(), String> {
        let unheard = |&(who, from, to): &(Speaker, Duration, Duration)| {
            who == said.who && said.at < to && said.end() > from
        };
        if self.gaps.iter().any(unheard) {
            return Err("nobody hears this: the customer is on hold meanwhile".to_owned());
        }
        if self.lines.iter().any(|other| other.who == said.who && other.end() > said.at) {
            return Err("the same person is still saying something else".to_owned());
        }
        self.lines.push(said);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
