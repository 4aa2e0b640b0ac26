//! One invocation: what went in, what came out, what it cost.

use std::fmt;
use std::time::Duration;

use axum::body::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

use super::log::timeout_text;

const TIMEOUT: &str = "Sandbox.Timedout";
const EXIT: &str = "Runtime.ExitError";

/// The event of an invocation, as the bytes that the function receives.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload(Bytes);

impl Payload {
    /// The bytes as they go to the function.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The event as JSON; `Null` if it is none.
    pub fn to_json(&self) -> Value {
        serde_json::from_slice(&self.0).unwrap_or_default()
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.0
    }
}

/// An event holds phone numbers and names: only its size is shown.
impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Payload({} bytes)", self.0.len())
    }
}

impl From<Value> for Payload {
    fn from(event: Value) -> Self {
        Self::from(&event)
    }
}

impl From<&Value> for Payload {
    fn from(event: &Value) -> Self {
        Self(event.to_string().into())
    }
}

impl From<Bytes> for Payload {
    fn from(event: Bytes) -> Self {
        Self(event)
    }
}

impl From<Vec<u8>> for Payload {
    fn from(event: Vec<u8>) -> Self {
        Self(event.into())
    }
}

impl From<&str> for Payload {
    fn from(event: &str) -> Self {
        Self(Bytes::copy_from_slice(event.as_bytes()))
    }
}

/// A finished invocation.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// Lambda's id of this invocation; the repetitions of an asynchronous one share it.
    pub request_id: String,
    /// The function's name.
    pub function: String,
    /// The event.
    pub payload: Payload,
    /// The function's reply, or why there is none.
    pub reply: Result<Value, FunctionError>,
    /// Whether an execution environment was started for it.
    pub cold: bool,
    /// How long that start took, from spawning the process until it asked for its first event.
    pub init: Option<Duration>,
    /// How long the function took, without the start.
    pub duration: Duration,
    /// What Lambda bills: start and duration, rounded up to whole milliseconds.
    pub billed: Duration,
    /// Processor time used, with the start's if it was cold. `None` where the system does not tell.
    pub cpu: Option<Duration>,
    /// The most memory that the process has used so far, in MB. `None` where the system does not tell.
    pub memory_mb: Option<u32>,
    /// What the function and the platform wrote meanwhile, line by line.
    pub log: Vec<String>,
}

/// Why an invocation has no reply: the error document that Lambda answers with.
///
/// `Sandbox.Timedout`, `Runtime.ExitError` and `Function.ResponseSizeTooLarge` come from the platform, the rest from
/// the function.
#[derive(Debug, Clone, PartialEq, Error, Serialize, Deserialize)]
#[error("{error_type}: {error_message}")]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// The kind of error, which flows and alarms tell apart.
    #[serde(default)]
    pub error_type: String,
    /// The error in words.
    #[serde(default)]
    pub error_message: String,
    /// Whatever else the document holds, e.g. `stackTrace`.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl FunctionError {
    pub(crate) fn new(error_type: &str, error_message: impl Into<String>) -> Self {
        Self { error_type: error_type.to_owned(), error_message: error_message.into(), other: Map::new() }
    }

    /// The invocation took longer than the function may.
    pub(crate) fn timeout(request_id: &str, limit: Duration) -> Self {
        Self::new(TIMEOUT, format!("RequestId: {request_id} Error: {}", timeout_text(limit)))
    }

    /// The process ended; `how` is what Lambda says of it.
    pub(crate) fn exit(request_id: &str, how: &str) -> Self {
        Self::new(EXIT, format!("RequestId: {request_id} Error: {how}"))
    }

    pub(crate) fn is_timeout(&self) -> bool {
        self.error_type == TIMEOUT
    }

    /// Whether the error cost the function its execution environment.
    pub(crate) fn is_fatal(&self) -> bool {
        self.error_type == TIMEOUT || self.error_type == EXIT
    }
}

/// Why an invocation was not taken on at all.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvokeError {
    /// The host has no function of that name.
    #[error("no function is called {name}; there are: {known}")]
    NotFound {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// Every execution environment that the function may have is busy. Try again, or raise `max_environments`.
    #[error("{function} is throttled: all its execution environments are busy")]
    Throttled {
        /// The function's name.
        function: String,
    },
    /// The event is larger than Lambda takes.
    #[error("the event has {size} bytes; Lambda takes at most {limit} here")]
    TooLarge {
        /// The event's size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The host was shut down meanwhile.
    #[error("the Lambda host was shut down before the invocation of {function} had ended")]
    Stopped {
        /// The function's name.
        function: String,
    },
}
