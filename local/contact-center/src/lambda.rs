//! Hosts function binaries as Lambda does: over the real Runtime API, one process per execution environment.
//!
//! ```text
//! Host ──► Pool (one per function: who may run, who is idle)
//!           └─► Environment (one process, its Runtime API listener, its output)
//! ```
//! An idle environment is used again; without one, a new one is started up to the function's limit; beyond it an
//! invocation is throttled (synchronous) or waits (asynchronous). A process that crashed or ran out of time is
//! replaced. [`Host::url`] speaks Lambda's public Invoke API, so curl, `cargo lambda invoke` and the SDKs work too.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html> and
//! <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>.

mod destination;
mod environment;
mod function;
mod host;
mod invocation;
mod invoke_api;
mod log;
mod options;
mod pool;
mod process;
mod queue;
mod runtime_api;
mod site;
mod variables;

pub use destination::Destination;
pub use function::Function;
pub use host::Host;
pub use invocation::{FunctionError, Invocation, InvokeError, Payload};
pub use log::LogLine;
pub use options::{HostError, Options};
