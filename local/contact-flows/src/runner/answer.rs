//! Answers to what blocks ask.

use std::fmt;

use serde_json::Value;

use super::request::Request;
use crate::action::Mode;
use crate::state::Audio;

/// An answer to a [`Request`].
#[derive(Clone, PartialEq)]
pub enum Answer {
    /// `InvokeLambda` (synchronous), `LoadResult`: what the function answered.
    Replied(Value),
    /// `InvokeLambda` (asynchronous): it was accepted, under this id.
    Accepted(String),
    /// `Input`: the keys in the order in which they were pressed, the ending ones included; none, if the caller pressed none.
    Keys(String),
    /// `Converse`: the intent, and what `$.Lex` holds then.
    Intent(String, Value),
    /// `Hours`: whether they are open.
    Open(bool),
    /// `Metric`, `Chance`.
    Number(i64),
    /// `Metrics`: what `$.Metrics` holds then.
    Metrics(Value),
    /// `CallStatus`, `Wait` (the event that ended it), `Service` (what its conditions are compared with).
    Result(String),
    /// `MediaStreaming`: where the audio is, or was.
    Streaming(Audio),
    /// It is done: `Wait` (the time is over), `Listen` (the time is over), `EnterQueue` (the contact is in the queue), `Dial` (the other party
    /// was reached, and has hung up if the flow is to go on), `Callback`, `CompleteOutboundCall`, `Service`, `MediaStreaming`
    /// (there is no audio on this machine).
    Done,
    /// `EnterQueue`: the queue is full.
    AtCapacity,
    /// Any: it failed, for this reason (the type of an error, in a word). `Dial`: the other party was not reached.
    Failed(String),
    /// `InvokeLambda`, `LoadResult`, `Dial`, `Converse`, `Service`: the time limit is over.
    TimedOut,
}

impl Answer {
    /// Whether it answers this question.
    pub fn fits(&self, request: &Request) -> bool {
        use Request as R;
        match self {
            Self::Replied(_) => {
                matches!(request, R::LoadResult { .. })
                    || matches!(request, R::InvokeLambda(it) if it.mode == Mode::Synchronous)
            }
            Self::Accepted(_) => matches!(request, R::InvokeLambda(it) if it.mode == Mode::Asynchronous),
            Self::Keys(_) => matches!(request, R::Input(_)),
            Self::Intent(..) => matches!(request, R::Converse { .. }),
            Self::Open(_) => matches!(request, R::Hours { .. }),
            Self::Number(_) => matches!(request, R::Metric { .. } | R::Chance),
            Self::Metrics(_) => matches!(request, R::Metrics { .. }),
            Self::Result(_) => matches!(request, R::CallStatus | R::Wait { .. } | R::Service { .. }),
            Self::Streaming(_) => matches!(request, R::MediaStreaming { .. }),
            Self::Done => matches!(
                request,
                R::Wait { .. }
                    | R::Listen { .. }
                    | R::EnterQueue { .. }
                    | R::Dial(_)
                    | R::Callback(_)
                    | R::CompleteOutboundCall(_)
                    | R::Service { .. }
                    | R::MediaStreaming { .. }
            ),
            Self::AtCapacity => matches!(request, R::EnterQueue { .. }),
            Self::Failed(_) => true,
            Self::TimedOut => matches!(
                request,
                R::InvokeLambda(_)
                    | R::LoadResult { .. }
                    | R::Dial(_)
                    | R::Converse { .. }
                    | R::Service { .. }
            ),
        }
    }

    /// What kind of answer it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Replied(_) => "Replied",
            Self::Accepted(_) => "Accepted",
            Self::Keys(_) => "Keys",
            Self::Intent(..) => "Intent",
            Self::Open(_) => "Open",
            Self::Number(_) => "Number",
            Self::Metrics(_) => "Metrics",
            Self::Result(_) => "Result",
            Self::Streaming(_) => "Streaming",
            Self::Done => "Done",
            Self::AtCapacity => "AtCapacity",
            Self::Failed(_) => "Failed",
            Self::TimedOut => "TimedOut",
        }
    }
}

/// Shows what kind of answer it is, not what a function or a caller said.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}
