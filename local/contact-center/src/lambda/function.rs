//! What the host knows of a function: what a template says of it.

use std::path::PathBuf;
use std::time::Duration;

use super::Destination;

/// One Lambda function: a name, a binary, and its limits.
#[derive(Debug, Clone)]
pub struct Function {
    /// The name that flows and callers use: the template's logical id, e.g. `InvokeTelephonyIntegrationApiFunction`.
    pub name: String,
    /// The binary, as cargo built it. Its file name works as the function's name, too.
    pub binary: PathBuf,
    /// How long one invocation may take before its process is killed.
    pub timeout: Duration,
    /// The memory size in MB that the function is told. It is reported, not enforced.
    pub memory_mb: u32,
    /// How many execution environments there may be at once: reserved concurrency, or else what Lambda allows an account at first.
    pub max_environments: usize,
    /// The function's own variables. It sees these, what Lambda sets, where Lambda is, and nothing else.
    pub environment: Vec<(String, String)>,
    /// How many times a failed asynchronous invocation is repeated: 0 to 2.
    pub async_retries: u32,
    /// Where the record of an asynchronous invocation goes that failed every time.
    pub on_failure: Option<Destination>,
}

impl Function {
    /// A function with the limits of this project's template: 8 s, 256 MB, two repetitions when asynchronous.
    pub fn new(name: impl Into<String>, binary: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            binary: binary.into(),
            timeout: Duration::from_secs(8),
            memory_mb: 256,
            max_environments: 1000,
            environment: Vec::new(),
            async_retries: 2,
            on_failure: None,
        }
    }

    /// The binary's file name without an extension: the package, e.g. `voice-call`.
    pub(crate) fn package(&self) -> &str {
        self.binary.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
    }
}
