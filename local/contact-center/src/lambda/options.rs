//! How a host is set up, and what it refuses.

use std::io;
use std::time::Duration;

use thiserror::Error;

use super::variables::reserved;
use super::{Function, InvokeError};

/// Settings that all functions of a host share.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port of the public Invoke API on 127.0.0.1; 0 takes any free one.
    pub invoke_port: u16,
    /// The region that functions are told, e.g. `us-east-1`.
    pub region: String,
    /// The account number in resource names.
    pub account: String,
    /// How long a failed asynchronous invocation waits before its first and its second repetition. Lambda waits one
    /// minute, then two.
    pub retry_delays: [Duration; 2],
    /// How long a start may take before it is tried once more within the invocation. Lambda gives it 10 s.
    pub init_limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            invoke_port: 0,
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
            retry_delays: [Duration::from_millis(50); 2],
            init_limit: Duration::from_secs(10),
        }
    }
}

/// Why a host could not start.
#[derive(Debug, Error)]
pub enum HostError {
    /// The Invoke API's port is taken, or may not be used.
    #[error("the Invoke API cannot listen on 127.0.0.1:{port}; choose another port, or 0 for any")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// Lambda would refuse the function's configuration.
    #[error("{function} may not set {variable}: Lambda sets it itself and refuses it in a template")]
    ReservedVariable {
        /// The function's name.
        function: String,
        /// The variable's name.
        variable: String,
    },
    /// There is no such function to be deployed again.
    #[error(transparent)]
    NoFunction(#[from] InvokeError),
}

/// Refuses what Lambda would refuse.
pub(super) fn check(function: &Function) -> Result<(), HostError> {
    match reserved(function) {
        Some(variable) => Err(HostError::ReservedVariable {
            function: function.name.clone(),
            variable: variable.to_owned(),
        }),
        None => Ok(()),
    }
}
