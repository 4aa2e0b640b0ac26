//! What a block needs to know, and of whom.

use serde_json::{Map, Value};

use super::passage::Said;
use crate::action::{Metric, Mode, ResponseType, ServiceKind};
use crate::hidden::Hidden;
use crate::state::Queue;

/// A question. [`Answer`](super::Answer) says what answers what.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Invoke a function.
    InvokeLambda(Invocation),
    /// What did the function answer that was invoked asynchronously?
    LoadResult {
        /// The id that the invocation was given.
        invocation_id: String,
        /// What is accepted.
        response: ResponseType,
    },
    /// Which keys does the caller press?
    Input(Input),
    /// What comes of the caller's talk with the bot?
    Converse {
        /// The bot's alias ARN or name.
        bot: String,
        /// What is said first.
        prompt: Option<Said>,
        /// What the bot is told.
        session_attributes: Hidden<Vec<(String, String)>>,
    },
    /// Are the hours of operation open?
    Hours {
        /// The hours' id or ARN; those of the queue, if the flow names none.
        hours: Option<String>,
        /// The contact's queue.
        queue: Option<Queue>,
    },
    /// What is this figure of the queue?
    Metric {
        /// Which. [`Metric::OldestContact`] is answered in milliseconds.
        metric: Metric,
        /// Of which queue.
        queue: Queue,
    },
    /// What are all figures of the queue?
    Metrics {
        /// Of which queue.
        queue: Queue,
        /// `Voice` or `Chat`.
        channel: Option<String>,
    },
    /// A number from 1 to 100, please.
    Chance,
    /// What answered the outbound call? `CallAnswered`, `VoicemailBeep`, `VoicemailNoBeep` or `NotDetected`.
    CallStatus,
    /// Time passes, unless one of the events happens first.
    Wait {
        /// How many seconds.
        seconds: u64,
        /// The events.
        until: Vec<String>,
    },
    /// The caller listens, over and over.
    Listen {
        /// To what.
        messages: Vec<Said>,
        /// For how many seconds; until the contact leaves the flow, if the flow does not say.
        seconds: Option<u64>,
    },
    /// Start or stop streaming the caller's audio.
    MediaStreaming {
        /// Start, or stop.
        enabled: bool,
        /// Whether what the caller says is streamed.
        from_customer: bool,
        /// Whether what the caller hears is streamed.
        to_customer: bool,
    },
    /// Put the contact into this queue. When it is there, the flow is over.
    EnterQueue {
        /// Which queue.
        queue: Queue,
        /// Whether it waits in a queue already, and leaves that one.
        dequeue: bool,
    },
    /// Call somebody outside and connect the caller.
    Dial(Dialled),
    /// Queue a callback.
    Callback(Callback),
    /// Dial the customer, of an outbound call.
    CompleteOutboundCall(Outbound),
    /// Do what this action of another Amazon service does.
    Service {
        /// Which.
        kind: ServiceKind,
        /// Its parameters.
        parameters: Hidden<Value>,
    },
}

/// An invocation of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// The function, as the flow names it; [`Functions`](crate::Functions) says which that is.
    pub function_arn: String,
    /// The event.
    pub event: Hidden<Value>,
    /// Seconds for this invocation and its repetitions together, from the first on.
    pub time_limit: u64,
    /// Whether the flow waits for the answer.
    pub mode: Mode,
    /// What is accepted as an answer.
    pub response: ResponseType,
    /// Which invocation it is for the block, from 1 to [`MOST_INVOCATIONS`](crate::MOST_INVOCATIONS).
    pub attempt: u32,
}

impl Invocation {
    /// The block's parameters, from the event.
    pub fn parameters(&self) -> Option<&Map<String, Value>> {
        self.event.get("Details")?.get("Parameters")?.as_object()
    }
}

/// Keys that the caller shall press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What is said; the first key cuts it off.
    pub prompt: Option<Said>,
    /// Seconds until the first key.
    pub first_within: u64,
    /// Seconds between two keys.
    pub between: u64,
    /// How many keys at most; the input ends with the last of them.
    pub most: usize,
    /// The keys that end the input; none in a menu.
    pub terminator: Option<String>,
    /// Whether `*` deletes what was pressed before it.
    pub cancel: bool,
    /// Whether the input is kept, rather than compared.
    pub stored: bool,
}

/// A call to somebody outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Dialled {
    /// The number; none where a voice connector is called.
    pub number: Hidden<Option<String>>,
    /// Seconds to wait for an answer.
    pub time_limit: Option<u64>,
    /// Keys that are pressed once the other party has answered.
    pub keys: Hidden<Option<String>>,
    /// The number that the called one sees.
    pub caller_id: Hidden<Option<String>>,
    /// The name that the called one sees.
    pub caller_name: Hidden<Option<String>>,
    /// Whether the flow goes on when the other party has hung up.
    pub continues: bool,
}

/// A callback.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// The number that is called.
    pub number: Hidden<Option<String>>,
    /// The queue that the callback waits in.
    pub queue: Option<Queue>,
    /// Seconds before it is queued.
    pub initial_delay: u64,
    /// Seconds between two attempts.
    pub retry_delay: u64,
    /// How many attempts.
    pub attempts: u64,
    /// The flow that it runs first, by id or ARN.
    pub flow: Option<String>,
    /// The number that the called one sees.
    pub caller_id: Hidden<Option<String>>,
}

/// The customer's end of an outbound call.
#[derive(Clone, Debug, PartialEq)]
pub struct Outbound {
    /// The number that the customer sees; the queue's, if the flow sets none.
    pub caller_id: Hidden<Option<String>>,
    /// The name that the customer sees.
    pub caller_name: Hidden<Option<String>>,
    /// Seconds to wait for an answer.
    pub time_limit: Option<u64>,
}

impl Request {
    /// What is asked, in a word or two, for traces and errors.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::InvokeLambda(_) => "invoke a function",
            Self::LoadResult { .. } => "load a function's answer",
            Self::Input(_) => "keys",
            Self::Converse { .. } => "a talk with a bot",
            Self::Hours { .. } => "hours of operation",
            Self::Metric { .. } => "a figure of a queue",
            Self::Metrics { .. } => "the figures of a queue",
            Self::Chance => "a number from 1 to 100",
            Self::CallStatus => "what answered the call",
            Self::Wait { .. } => "wait",
            Self::Listen { .. } => "listen",
            Self::MediaStreaming { .. } => "media streaming",
            Self::EnterQueue { .. } => "enter a queue",
            Self::Dial(_) => "call somebody outside",
            Self::Callback(_) => "queue a callback",
            Self::CompleteOutboundCall(_) => "dial the customer",
            Self::Service { .. } => "an action of another service",
        }
    }
}
