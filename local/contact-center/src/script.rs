//! Scripted calls: a YAML file says who calls, what the contact flow does, who answers and hangs up, and what Salesforce
//! should have in the end.
//!
//! ```text
//! YAML ─► Script ─► Call (the legs, added up) ─► timeline ─► events ─► play ─► Found ─► checks
//!         model     call                         timeline    events    play            expect
//! ```
//! Everything up to the events is computed; only `play` waits and sends.

mod block;
mod call;
mod events;
mod expect;
mod fault;
mod model;
mod narrative;
mod play;
mod records;
mod scene;
mod speech;
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

pub use call::{Answered, Call, Leg, Queued};
pub(crate) use events::Audio;
pub use expect::{Check, Count, Expectations, Expected, Found, Routing, Subject, check};
pub(crate) use expect::{instant, plain};
pub use fault::{Connection, Fault, KinesisVideoFault, SalesforceFault, TranscribeFault};
pub use model::{
    Action, Channel, Contact, FlowStep, FunctionSettings, Initiation, OnError, Party, Resend, Step,
};
pub use play::{Happening, Speed, Tell, Told};
pub(crate) use play::{Pace, Player};
pub(crate) use records::resolve;
pub use records::{Named, Salesforce, Seed};
pub use scene::{Instance, Scene};
pub use speech::{Line, Speaker, Spoken, Streamed, Switch};
pub(crate) use time::Clock;
pub use transcript::{ExpectedLine, Transcribed, Transcript};

/// A scripted call.
#[derive(Debug, Clone, PartialEq)]
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
    /// What should come of it.
    pub expect: Expectations,
    call: Call,
    streamed: Vec<Streamed>,
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
        let lines: Lines = serde_saphyr::from_str(text).map_err(|error| wrong(located(&error)))?;
        let steps: Vec<Step> =
            lines.steps.into_iter().map(model::StepLines::step).collect::<Result<_, _>>().map_err(wrong)?;
        let call = Call::of(&lines.contact, &steps).map_err(wrong)?;
        let streamed = speech::streamed(&call, &steps).map_err(wrong)?;
        let expected = lines.expect.voice_calls.as_ref().map_or(0, Vec::len);
        if expected > call.legs.len() {
            let problem =
                format!("voice_calls lists {expected} VoiceCalls, but the call has {} legs", call.legs.len());
            return Err(wrong((line_of(text, "voice_calls:"), problem)));
        }
        for operation in lines.expect.requests.keys() {
            let known: Result<Operation, _> = operation.parse();
            known.map_err(|error| wrong((line_of(text, &format!("{operation}:")), error.to_string())))?;
        }
        let name = file.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(Self {
            name,
            summary: lines.summary.trim().to_owned(),
            salesforce: lines.salesforce,
            functions: lines.functions,
            contact: lines.contact,
            steps,
            expect: lines.expect,
            call,
            streamed,
        })
    }

    /// The legs of the call, as the steps add up to them.
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// What can be listened to of it, in the order in which it starts.
    pub fn streamed(&self) -> &[Streamed] {
        &self.streamed
    }
}

/// The parser's message without its own location and excerpt, which would say the line twice.
fn located(error: &serde_saphyr::Error) -> (u64, String) {
    let line = error.location().map_or(1, |location| location.line());
    let text = error.without_snippet().to_string();
    let text = text.split(" at line ").next().unwrap_or(&text).trim_start_matches("error: ").to_owned();
    (line, text)
}

fn line_of(text: &str, start: &str) -> u64 {
    text.lines()
        .zip(1..)
        .find(|(line, _)| line.trim_start().starts_with(start))
        .map_or(1, |(_, number)| number)
}

#[cfg(test)]
mod tests;
