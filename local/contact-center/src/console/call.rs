//! What the console knows of a call: everything that was told of it, in order.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use contact_flows::{Flow, Resolved};

use super::path::Path;
use crate::lambda::Invocation;
use crate::script::{Check, Happening, Script, Told, Transcribed};

/// A script, as far as the console tells of it.
#[derive(Debug, Clone, Default)]
pub(super) struct About {
    /// Its name.
    pub(super) script: String,
    /// What it shows.
    pub(super) summary: String,
    /// The contact flows that it may run, first the one that the call begins with.
    pub(super) flows: Vec<Arc<Flow>>,
}

/// A call that was started from the console.
#[derive(Debug)]
pub(super) struct Call {
    /// From 1.
    pub(super) number: usize,
    pub(super) about: About,
    pub(super) state: State,
    /// The script time of what happened last.
    pub(super) at: Duration,
    /// The contact ids of its legs.
    pub(super) contacts: Vec<String>,
    /// The timeline.
    pub(super) entries: Vec<Entry>,
    /// The way through the flows.
    pub(super) path: Path,
    /// The transcript, in the order in which Salesforce got it.
    pub(super) transcript: Vec<Transcribed>,
    /// How often the same event failed in a function.
    failures: HashMap<u64, usize>,
}

/// How far a call is.
#[derive(Debug)]
pub(super) enum State {
    /// Others are played first.
    Waiting,
    /// It is being played.
    Playing,
    /// It was played to its end.
    Ended(Vec<Check>),
    /// It was hung up before it rang.
    Withdrawn,
    /// It could not be played: why.
    Failed(String),
}

/// Something in the timeline.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) happening: Happening,
    /// Of an invocation that repeats one that failed: which try it is, from 2.
    pub(super) again: Option<usize>,
}

impl About {
    pub(super) fn of(script: &Script) -> Self {
        let library = script.flows().library();
        let entry = script.flows().entry().map(|entry| library.resolve(entry, None));
        let first = entry.into_iter().filter_map(|entry| match entry {
            Resolved::Flow(flow) => Some(flow),
            Resolved::Unavailable | Resolved::Unknown => None,
        });
        let flows = first.chain(library.flows().iter().cloned()).collect();
        Self { script: script.name.clone(), summary: script.summary.clone(), flows }
    }
}

impl Call {
    pub(super) fn new(number: usize, about: About) -> Self {
        Self {
            number,
            about,
            state: State::Waiting,
            at: Duration::ZERO,
            contacts: Vec::new(),
            entries: Vec::new(),
            path: Path::default(),
            transcript: Vec::new(),
            failures: HashMap::new(),
        }
    }

    /// Whether it is over, one way or another.
    pub(super) fn is_over(&self) -> bool {
        !matches!(self.state, State::Waiting | State::Playing)
    }

    /// Takes what happened.
    pub(super) fn take(&mut self, happening: Happening) {
        if matches!(self.state, State::Waiting) {
            self.state = State::Playing;
        }
        self.at = self.at.max(happening.at);
        let again = match &happening.what {
            Told::Leg { contact_id, .. } => return self.contacts.push(contact_id.clone()),
            Told::Transcribed(line) => return self.transcript.push(line.clone()),
            Told::Invoked(invocation) => self.again(invocation),
            Told::Passed { passage, .. } => {
                self.path.pass(passage);
                None
            }
            _ => None,
        };
        self.entries.push(Entry { happening, again });
    }

    /// The flows that it came through, in that order; before that, the one that it begins with.
    pub(super) fn flows(&self) -> Vec<&Flow> {
        let entered = self.path.files();
        let flows = self.about.flows.iter().map(Arc::as_ref);
        if entered.is_empty() {
            return flows.take(1).collect();
        }
        entered.into_iter().filter_map(|file| flows.clone().find(|flow| flow.file == file)).collect()
    }

    /// Which try an invocation is, if the same event failed before: flows, streams and Lambda itself repeat it as it was.
    fn again(&mut self, invocation: &Invocation) -> Option<usize> {
        let mut hasher = DefaultHasher::new();
        (&invocation.function, invocation.payload.as_bytes()).hash(&mut hasher);
        let event = hasher.finish();
        let before = self.failures.get(&event).copied().unwrap_or_default();
        if failed(invocation) {
            self.failures.insert(event, before + 1);
        }
        (before > 0).then_some(before + 1)
    }
}

/// Whether an invocation will come again, or should.
pub(super) fn failed(invocation: &Invocation) -> bool {
    match &invocation.reply {
        Err(_) => true,
        Ok(reply) => reply["batchItemFailures"].as_array().is_some_and(|failures| !failures.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::console::samples::{happening, invoked};

    fn tries(replies: &[Result<Value, &str>]) -> Vec<Option<usize>> {
        let mut call = Call::new(1, About::default());
        for reply in replies {
            call.take(happening(1, invoked("voice-call", json!({"a": 1}), reply.clone())));
        }
        call.entries.iter().map(|entry| entry.again).collect()
    }

    #[test]
    fn an_event_that_failed_and_comes_again_is_counted() {
        let good = || Ok(json!({}));
        assert_eq!(tries(&[Err("no"), Err("no"), good()]), [None, Some(2), Some(3)]);
        assert_eq!(tries(&[good(), good()]), [None, None]);
        let redelivered = Ok(json!({"batchItemFailures": [{"itemIdentifier": "1"}]}));
        assert_eq!(tries(&[redelivered, good()]), [None, Some(2)]);
    }

    #[test]
    fn a_call_plays_from_the_first_thing_that_is_told_of_it() {
        let mut call = Call::new(1, About::default());
        assert!(matches!(call.state, State::Waiting) && !call.is_over());
        call.take(happening(0, Told::Leg { leg: 1, contact_id: "c-1".to_owned() }));
        call.take(happening(7, Told::Fault("Salesforce answers 503".to_owned())));
        call.take(happening(3, Told::ContactLens("late".to_owned())));
        assert!(matches!(call.state, State::Playing));
        assert_eq!((call.contacts.len(), call.entries.len(), call.at), (1, 2, Duration::from_secs(7)));
    }
}
