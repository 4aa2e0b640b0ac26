use lambda_kit::aws::AwsError;
use salesforce::Private;
use salesforce::telephony::{CallKey, MessageBatch, RealtimeEvents};

use super::Call;

/// One request, or a few that belong together.
#[derive(Debug)]
pub(crate) enum Work {
    /// Send messages of one call center.
    Messages { center: Option<String>, batch: MessageBatch, parts: Vec<Part> },
    /// Send signals.
    Signals { call: Call, events: RealtimeEvents, part: Part },
    /// Write the summary of the call into the VoiceCall of the contact.
    Summary { contact: CallKey, center: Option<String>, text: Private, part: Part },
    /// Ask Connect with which contact the conversation began.
    LookUp { lane: usize, instance: String, contact: CallKey },
    /// Send these records (by their position in the batch) to the dead-letter queue.
    Bury { part: Part, queue: Queue, records: Vec<usize>, fault: Fault },
}

/// The first so many items of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) lane: usize,
    pub(crate) count: usize,
}

/// What waits in a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    /// The transcript.
    Messages,
    /// Signals and summaries, which go when no message waits.
    Others,
    /// Both.
    All,
}

/// What became of it.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// It may succeed later.
    Later,
    /// It will never succeed.
    Refused(Fault),
    /// The conversation began with this contact; `None`: nobody can tell.
    FirstContact(Option<CallKey>),
}

/// Why something will never succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The reason code of the dead letter.
    pub(crate) code: &'static str,
    /// The sentence in it.
    pub(crate) reason: String,
    pub(crate) blame: Blame,
}

/// What a refusal is the fault of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    /// Of what was sent, all of it: it must not be sent again.
    Sent,
    /// Of one of the things that were sent, or of the call.
    Unclear,
    /// Of the call: Salesforce does not know it.
    Call,
    /// Of the call center that the contact names, so of everything that the contact has.
    Center,
}

impl Fault {
    /// Of an operation on Salesforce that no repetition can cure.
    pub(crate) fn of(error: &call_centers::Error) -> Self {
        let blame = match error {
            call_centers::Error::UnknownCallCenter(_) => Blame::Center,
            error if error.status() == Some(404) => Blame::Call,
            _ => Blame::Unclear,
        };
        Self { code: error.kind(), reason: error.to_string(), blame }
    }

    /// The same, when it is clear that what was sent is to blame.
    pub(crate) fn of_what_was_sent(self) -> Self {
        Self { blame: Blame::Sent, ..self }
    }

    /// Of a segment that cannot be read.
    pub(crate) fn malformed(reason: String) -> Self {
        Self { code: "MalformedSegment", reason, blame: Blame::Sent }
    }

    /// Of signals of which nobody knows whether Salesforce has them.
    pub(crate) fn unknown_outcome(error: &call_centers::Error) -> Self {
        let reason = format!(
            "{error} Salesforce may have these signals or not, and shows one that is sent twice as two: replay this \
             record if the call lacks them."
        );
        Self { code: "SignalOutcomeUnknown", reason, blame: Blame::Sent }
    }
}

/// Whether Connect will know later what it did not say now.
pub(crate) fn of_look_up(error: &AwsError) -> Outcome {
    if error.is_transient() { Outcome::Later } else { Outcome::FirstContact(None) }
}
