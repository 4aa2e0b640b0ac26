//! What happens while a script is played, as it is told.

use std::sync::Arc;
use std::time::Duration;

use contact_flows::Passage;

use super::signals::Signal;
use super::transcript::Transcribed;
use crate::lambda::Invocation;

/// Something that happened while a script was played.
#[derive(Debug)]
pub struct Happening {
    /// Script time: since the ring.
    pub at: Duration,
    /// What happened.
    pub what: Told,
}

/// What happened.
#[derive(Debug)]
pub enum Told {
    /// A leg begins.
    Leg {
        /// Which, from 1.
        leg: usize,
        /// Its contact id.
        contact_id: String,
    },
    /// Something in the call, and the contact event that says so.
    Call {
        /// In words.
        text: String,
        /// The `eventType` of the contact event, if there is one.
        event: Option<&'static str>,
    },
    /// A contact record was put on the stream.
    ContactRecord {
        /// The leg, from 1.
        leg: usize,
        /// The version, from 1.
        version: usize,
    },
    /// Something that Contact Lens does, in words.
    ContactLens(String),
    /// Salesforce has another line of the transcript.
    Transcribed(Transcribed),
    /// Salesforce has another signal about the call.
    Signal(Signal),
    /// A function was invoked, by a contact flow or by an event source.
    Invoked(Box<Invocation>),
    /// A contact flow passed a block, and left it by a branch.
    Passed {
        /// The leg that the flow runs for, from 1.
        leg: usize,
        /// The block, what happened there, and the branch.
        passage: Box<Passage>,
    },
    /// A function that a step of the script invokes failed, so that its block would take the Error branch.
    ErrorBranch {
        /// The function.
        function: String,
        /// Why, in a sentence.
        reason: String,
    },
    /// Something broke.
    Fault(String),
    /// It works again.
    Mended(String),
}

/// Takes what happens, as it happens.
pub type Tell = Arc<dyn Fn(Happening) + Send + Sync>;
