//! What can be listened to of a call: who says what while its media is streamed, and when nobody is heard.

use std::time::Duration;

use super::call::Call;
use super::callback::by_leg;
use super::model::{Action, Line, Sentiment, Speaker, Step, Switch};

/// The audio of one leg, as far as somebody listens: from the Start media streaming block on, or to Contact Lens. Times
/// are since the ring.
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
    /// How it sounds.
    pub sentiment: Sentiment,
}

impl Spoken {
    pub(super) fn new(who: Speaker, at: Duration, line: &Line) -> Self {
        Self { who, at, length: line.length, text: line.text.clone(), sentiment: line.sentiment }
    }

    /// When the last word is said.
    pub fn end(&self) -> Duration {
        self.at + self.length
    }
}

/// What is streamed of a call. Unless somebody else listens, too, nothing may be said that is not: Contact Lens, or what a contact
/// flow will start.
///
/// The error is the line of the first step that cannot be, and why.
pub(super) fn streamed(
    call: &Call,
    steps: &[Step],
    heard_otherwise: bool,
) -> Result<Vec<Streamed>, (u64, String)> {
    let mut all: Vec<Streamed> = Vec::new();
    for (leg, step) in by_leg(steps) {
        let refuse = |why: &str| Err((step.line, why.to_owned()));
        let running = all.last_mut().filter(|stream| stream.to > step.at);
        match &step.action {
            Action::MediaStreaming(Switch::Start) => {
                if running.is_some_and(|stream| stream.leg == leg) {
                    return refuse("media streaming is started already");
                }
                all.push(Streamed::from(call, leg, step.at, steps));
            }
            Action::MediaStreaming(Switch::Stop) => match running {
                Some(stream) => stream.to = step.at,
                None => return refuse("media streaming is not started"),
            },
            Action::Says(who, line) => {
                let Some(stream) = running else {
                    if heard_otherwise {
                        continue;
                    }
                    return refuse(
                        "nobody listens: a `media_streaming: start` step has to come before, or the contact has \
                         `contact_lens: true`",
                    );
                };
                stream.take(Spoken::new(*who, step.at, line)).map_err(|why| (step.line, why))?;
            }
            _ => {}
        }
    }
    for stream in &all {
        if let Some(line) = stream.cut_line(steps) {
            return Err((line, "media streaming stops before this is said".to_owned()));
        }
    }
    Ok(all)
}

impl Streamed {
    /// What can be heard of a leg from a time on: nothing is said yet.
    pub(super) fn from(call: &Call, leg: usize, from: Duration, steps: &[Step]) -> Self {
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
        Self { leg, from, to, lines: Vec::new(), gaps }
    }

    /// One more line, or why nobody hears it.
    pub(super) fn take(&mut self, said: Spoken) -> Result<(), String> {
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

    /// Where the script has the first line that is not over when the audio is.
    pub(super) fn cut_line(&self, steps: &[Step]) -> Option<u64> {
        let late = self.lines.iter().find(|said| said.end() > self.to)?;
        let is_it = |step: &&Step| {
            step.at == late.at && matches!(step.action, Action::Says(who, _) if who == late.who)
        };
        Some(steps.iter().find(is_it).map_or(1, |step| step.line))
    }
}

#[cfg(test)]
mod tests;
