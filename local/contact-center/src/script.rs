//! Scripted calls: a YAML file says who calls, which contact flow they reach, who answers and hangs up, and what Salesforce
//! should have in the end.
//!
//! ```text
//! YAML ─► Script ─► Call (the legs, added up) ─► timeline ─► events ─► play ─► Found ─► checks
//!         model     call                         timeline    events    play            expect
//!                   ▲                                                  │ ▲
//!                   │                                                  ▼ │
//!                   └─── what a flow decides is another step ─── the contact flows
//! ```
//! Everything up to the events is computed; only `play` waits and sends.

mod block;
mod call;
mod callback;
mod check;
mod circumstances;
mod contact_lens;
mod cut_off;
mod events;
mod expect;
mod fault;
mod flows;
mod hang_up;
mod happening;
mod model;
mod names;
mod narrative;
mod path;
mod play;
mod records;
mod scene;
mod signals;
mod speech;
mod speed;
mod target;
mod teller;
mod time;
mod timeline;
mod transcript;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use salesforce_org::Operation;
use serde::Deserialize;
use serde_saphyr::Spanned;
use thiserror::Error;

use crate::functions::PERSIST_TRANSCRIPTS;

pub use call::{Answered, Call, CalledBack, Leg, Queued};
pub use check::{Check, Count, Subject};
pub(crate) use check::{instant, plain};
pub use circumstances::{Circumstances, Hours, Metrics, Outcome};
pub use contact_lens::{Analysis, Heard, Matched};
pub(crate) use events::{Audio, BUCKET, PREFIX};
pub use expect::{Expectations, Expected, Found, Routing, check};
pub use fault::{Connection, ContactLensFault, Fault, KinesisVideoFault, SalesforceFault, TranscribeFault};
pub use flows::Flows;
pub(crate) use flows::texts as flow_texts;
pub use hang_up::{HangUp, NeverRang};
pub use happening::{Happening, Tell, Told};
pub use model::{
    Action, Backfill, Callback, Category, Channel, Contact, ContactLens, FlowStep, FunctionSettings,
    Initiation, Line, OnError, Party, PointsOfInterest, Resend, Sentiment, Speaker, Step, Switch,
};
pub(crate) use narrative::fault_in_words;
pub(crate) use path::title;
pub use path::{Passed, Waypoint};
pub(crate) use play::Player;
pub(crate) use records::resolve;
pub use records::{Named, Salesforce, Seed};
pub use scene::{Instance, Scene};
pub use signals::{ExpectedSignal, Finding, Signal, Signals};
pub use speech::{Spoken, Streamed};
pub(crate) use speed::Pace;
pub use speed::Speed;
pub use target::{Target, Transfer};
pub(crate) use time::Clock;
pub use transcript::{ExpectedLine, Transcribed, Transcript};

/// A scripted call.
#[derive(Debug, Clone)]
pub struct Script {
    /// Its name: the file name without the extension.
    pub name: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// What is in the org before the call.
    pub salesforce: Salesforce,
    /// What is otherwise with the functions, by the name of their folder.
    pub functions: BTreeMap<String, FunctionSettings>,
    /// The contact.
    pub contact: Contact,
    /// What happens, in order of time.
    pub steps: Vec<Step>,
    /// What the contact flows find.
    pub circumstances: Circumstances,
    /// What should come of it.
    pub expect: Expectations,
    flows: Flows,
    call: Call,
    streamed: Vec<Streamed>,
    analysis: Option<Analysis>,
}

/// A script that cannot be played.
#[derive(Debug, Error)]
pub enum ScriptError {
    /// The file cannot be read.
    #[error("cannot read the script {}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file does not say what a script must say.
    #[error("{}:{line}: {problem}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong there.
        problem: String,
    },
}

/// The file, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    summary: String,
    #[serde(default)]
    salesforce: Salesforce,
    #[serde(default)]
    functions: BTreeMap<String, FunctionSettings>,
    contact: Contact,
    flow: Option<String>,
    #[serde(default)]
    flows: flows::Files,
    #[serde(default)]
    aliases: BTreeMap<String, String>,
    #[serde(default)]
    hooks: BTreeMap<String, String>,
    #[serde(default)]
    hours: Hours,
    #[serde(default)]
    metrics: Metrics,
    #[serde(default)]
    outcomes: BTreeMap<String, Outcome>,
    steps: Vec<Spanned<model::StepLines>>,
    #[serde(default)]
    expect: Expectations,
}

impl Script {
    /// Reads a script from a file.
    ///
    /// # Errors
    /// When the file cannot be read, or is not a script: file, line, and what is wrong.
    pub fn read(file: &Path) -> Result<Self, ScriptError> {
        let text = std::fs::read_to_string(file)
            .map_err(|source| ScriptError::Unreadable { file: file.to_owned(), source })?;
        Self::parse(file, &text)
    }

    /// Reads a script from its text; the file is for its name and for errors.
    ///
    /// # Errors
    /// When the text is not a script: file, line, and what is wrong.
    pub fn parse(file: &Path, text: &str) -> Result<Self, ScriptError> {
        let wrong = |(line, problem)| ScriptError::Wrong { file: file.to_owned(), line, problem };
        let mut lines: Lines = serde_saphyr::from_str(text).map_err(|error| wrong(located(&error)))?;
        let steps: Vec<Step> = std::mem::take(&mut lines.steps)
            .into_iter()
            .map(model::StepLines::step)
            .collect::<Result<_, _>>()
            .map_err(wrong)?;
        let folder = file.parent().unwrap_or(Path::new(""));
        let flow = lines.flow.as_deref();
        let flows = Flows::read(folder, flow, &lines.flows, &lines.aliases, &lines.hooks, &lines.functions)
            .map_err(|problem| wrong((names::line_of_flows(text), problem)))?;
        callback::check(&steps, &flows).map_err(wrong)?;
        let call = Call::of(&lines.contact, &steps).map_err(wrong)?;
        let settings = lines.contact.contact_lens.as_ref();
        let streamed =
            speech::streamed(&call, &steps, settings.is_some() || !flows.is_empty()).map_err(wrong)?;
        let analysis = settings.map(|settings| Analysis::of(settings, &call, &steps, &streamed));
        let analysis = analysis.transpose().map_err(wrong)?;
        names::check_functions(text, &lines, &steps).map_err(wrong)?;
        names::check_records(text, &lines, &steps).map_err(wrong)?;
        names::check_flows(text, &lines, &steps, &flows).map_err(wrong)?;
        let expected = lines.expect.voice_calls.as_ref().map_or(0, Vec::len);
        if expected > call.legs.len() {
            let problem =
                format!("voice_calls lists {expected} VoiceCalls, but the call has {} legs", call.legs.len());
            return Err(wrong((names::line_under(text, "expect:", "voice_calls"), problem)));
        }
        for operation in lines.expect.requests.keys() {
            let known: Result<Operation, _> = operation.parse();
            known.map_err(|error| {
                wrong((names::line_under(text, "requests:", operation), error.to_string()))
            })?;
        }
        let name = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(Self {
            name,
            summary: lines.summary.trim().to_owned(),
            salesforce: lines.salesforce,
            functions: lines.functions,
            contact: lines.contact,
            steps,
            circumstances: Circumstances {
                hours: lines.hours,
                metrics: lines.metrics,
                outcomes: lines.outcomes,
            },
            expect: lines.expect,
            flows,
            call,
            streamed,
            analysis,
        })
    }

    /// The legs of the call, as the steps add up to them.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// The contact flows that it runs.
    pub fn flows(&self) -> &Flows {
        &self.flows
    }

    /// The queues and agents that it needs.
    pub(crate) fn targets(&self) -> impl Iterator<Item = Target> {
        let named = self.steps.iter().filter_map(|step| match &step.action {
            Action::Queue(queue) | Action::Transfer(Transfer { to: Some(queue), .. }) => Some(queue.clone()),
            Action::Answer(name) if name != model::CUSTOMER => Some(Target::Agent(name.clone())),
            _ => None,
        });
        let numbered = self.salesforce.outbound_numbers.keys().map(|agent| Target::Agent(agent.clone()));
        let named = named.chain(numbered).chain(self.salesforce.omni_flows.values().cloned());
        named.chain(self.flows.queues().into_iter().map(|name| Target::Queue(name.to_owned())))
    }

    /// What can be listened to of it, as far as its steps say so, in the order in which it starts.
    pub fn streamed(&self) -> &[Streamed] {
        &self.streamed
    }

    /// What Contact Lens hears of it.
    pub fn analysis(&self) -> Option<&Analysis> {
        self.analysis.as_ref()
    }

    /// Whether somebody listens while it goes on: then it takes its time.
    pub(crate) fn is_listened_to(&self) -> bool {
        let in_real_time = self.analysis.as_ref().is_some_and(|analysis| analysis.settings.real_time);
        let says = |step: &Step| matches!(step.action, Action::Says(..));
        let may_be_streamed = self.analysis.is_none() && self.steps.iter().any(says);
        in_real_time || !self.streamed.is_empty() || may_be_streamed
    }

    /// What it breaks.
    pub(crate) fn faults(&self) -> impl Iterator<Item = &Fault> {
        self.steps.iter().filter_map(|step| match &step.action {
            Action::Fault(fault) => Some(fault),
            _ => None,
        })
    }

    /// Whether it changes something for the whole contact center, or counts something there: then no other call can be
    /// played meanwhile.
    pub(crate) fn is_played_alone(&self) -> bool {
        let fills_in = |step: &Step| matches!(step.action, Action::Backfill(_));
        let is_changed =
            |settings: &FunctionSettings| settings.timeout.is_some() || !settings.variables.is_empty();
        self.faults().next().is_some()
            || self.steps.iter().any(fills_in)
            || self.functions.values().any(is_changed)
            || self.salesforce != Salesforce::default()
            || !self.expect.records.is_empty()
            || !self.expect.requests.is_empty()
    }

    /// What is said, as Salesforce is to have it, if this is streamed.
    pub(crate) fn said(&self, streamed: &[Streamed]) -> Vec<Spoken> {
        match &self.analysis {
            Some(analysis) if streamed.is_empty() => {
                let variables = self.functions.get(PERSIST_TRANSCRIPTS.package).map(|it| &it.variables);
                let source = variables.and_then(|variables| variables.get("TRANSCRIPT_SOURCE"));
                let in_turns = source.is_some_and(|source| source == "transcript");
                analysis.said(analysis.settings.real_time && !in_turns)
            }
            _ => streamed.iter().flat_map(|stream| stream.lines.clone()).collect(),
        }
    }
}

/// The parser's message without its own location and excerpt, which would say the line twice.
fn located(error: &serde_saphyr::Error) -> (u64, String) {
    let line = error.location().map_or(1, |location| location.line());
    let text = error.without_snippet().to_string();
    let text = text.split(" at line ").next().unwrap_or(&text).trim_start_matches("error: ").to_owned();
    (line, text)
}

#[cfg(test)]
mod tests;
