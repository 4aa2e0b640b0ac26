//! What Contact Lens hears of a call and finds in it, leg by leg.

mod stream;
mod words;

use std::time::Duration;

use super::call::{Call, Leg};
use super::callback::by_leg;
use super::fault::{ContactLensFault, Fault};
use super::model::{Action, Category, ContactLens, PointsOfInterest, Step};
use super::speech::{Spoken, Streamed};

pub(crate) use stream::{Entry, entries};
pub(crate) use words::{parts, redacted};

/// The analysis of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// What the script says of it.
    pub settings: ContactLens,
    /// What is heard, one per leg.
    pub legs: Vec<Heard>,
}

/// What Contact Lens hears of a leg.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// From where on it listens, to where, and what is said. All offsets count from its beginning.
    pub audio: Streamed,
    /// The rules that match.
    pub categories: Vec<Matched>,
    /// When the analysis fails, if it does.
    pub fails: Option<Duration>,
}

/// A rule that matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// When, since the ring.
    pub at: Duration,
    /// The category that it puts the call into.
    pub category: Category,
    /// The line that it matches: the last one that was said before.
    pub line: Option<usize>,
}

impl Leg {
    /// When the audio begins that Contact Lens listens to: with the agent, or with the call if no agent answers.
    fn audio_start(&self) -> Duration {
        let answered = self.agent.as_ref().map(|agent| agent.at);
        answered.or(self.connected_to_system).unwrap_or(self.initiated)
    }
}

impl Analysis {
    /// What is heard of a call. What is said while its media is streamed need not be heard here.
    ///
    /// The error is the line of the first step that nobody hears, and why.
    pub(super) fn of(
        settings: &ContactLens,
        call: &Call,
        steps: &[Step],
        streamed: &[Streamed],
    ) -> Result<Self, (u64, String)> {
        let audio = |(number, leg): (usize, &Leg)| Streamed::from(call, number, leg.audio_start(), steps);
        let mut legs: Vec<Heard> = call
            .legs
            .iter()
            .enumerate()
            .map(|leg| Heard { audio: audio(leg), categories: Vec::new(), fails: None })
            .collect();
        for (number, step) in by_leg(steps) {
            let refuse = |why: &str| Err((step.line, why.to_owned()));
            let Some(heard) = legs.get_mut(number) else { continue };
            let listens = heard.audio.from <= step.at && step.at < heard.audio.to;
            match &step.action {
                Action::Says(who, line) if listens => {
                    let said = Spoken::new(*who, step.at, line);
                    heard.audio.take(said).map_err(|why| (step.line, why))?;
                }
                Action::Says(..) if !streamed.is_empty() => {}
                Action::Says(..) => {
                    return refuse("nobody hears this: Contact Lens listens from when an agent has answered");
                }
                Action::Category(_) if !listens => {
                    return refuse("Contact Lens finds nothing before an agent has answered");
                }
                Action::Category(category) => {
                    let line = heard.audio.lines.iter().rposition(|said| said.end() <= step.at);
                    if line.is_none() && category.points_of_interest == PointsOfInterest::Last {
                        return refuse("nothing has been said yet that the category could match");
                    }
                    heard.categories.push(Matched { at: step.at, category: category.clone(), line });
                }
                Action::Fault(Fault::ContactLens(ContactLensFault::Failed)) => heard.fails = Some(step.at),
                _ => {}
            }
        }
        for heard in legs.iter().filter(|_| streamed.is_empty()) {
            if let Some(line) = heard.audio.cut_line(steps) {
                return Err((line, "the leg ends before this is said".to_owned()));
            }
        }
        Ok(Self { settings: settings.clone(), legs })
    }

    /// What is said, as Salesforce is to have it: the parts of the turns, which are told as they are spoken, or the
    /// turns.
    pub(super) fn said(&self, in_parts: bool) -> Vec<Spoken> {
        let mut said: Vec<Spoken> =
            self.legs.iter().flat_map(|heard| heard.audio.lines.iter().cloned()).collect();
        if in_parts {
            said = said.iter().flat_map(parts).collect();
        }
        said.sort_by_key(|said| said.at);
        said
    }
}

#[cfg(test)]
mod tests;
