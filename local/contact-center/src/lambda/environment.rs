//! An execution environment: one process, from its start through its invocations to its end.

use std::time::{Duration, SystemTime};

use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, timeout_at};

use super::process::{Process, Usage};
use super::runtime_api::{Call, Event, RuntimeApi};
use super::site::Site;
use super::variables::variables;
use super::{Function, FunctionError};

/// A process that waits for its next event. Whoever owns it may invoke it; dropped, the process is killed.
#[derive(Debug)]
pub(super) struct Environment {
    api: RuntimeApi,
    process: Process,
    next: oneshot::Sender<Event>,
    /// Processor time that invocations have been charged with.
    charged: Duration,
}

/// A start that led to nothing.
#[derive(Debug)]
pub(super) struct FailedStart {
    pub(super) error: FunctionError,
    pub(super) lines: Vec<String>,
}

/// What an invocation led to.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) reply: Result<serde_json::Value, FunctionError>,
    pub(super) at: Instant,
    pub(super) lines: Vec<String>,
    pub(super) cpu: Option<Duration>,
    pub(super) memory_mb: Option<u32>,
    /// The environment, unless the invocation cost it.
    pub(super) environment: Option<Environment>,
}

impl Ended {
    /// An invocation for which no environment could be started.
    pub(super) fn without_environment(error: FunctionError) -> Self {
        let at = Instant::now();
        Self { reply: Err(error), at, lines: Vec::new(), cpu: None, memory_mb: None, environment: None }
    }
}

/// Why a process no longer counts.
enum Lost {
    Exit(String),
    Timeout,
    InitError(FunctionError),
}

impl Environment {
    /// Starts a process and waits, at most for `limit`, until it asks for its first event.
    pub(super) async fn start(
        function: &Function,
        site: &Site,
        request_id: &str,
        limit: Duration,
    ) -> Result<Self, FailedStart> {
        let failed = |error| FailedStart { error, lines: Vec::new() };
        let deadline = Instant::now() + limit;
        let mut api = RuntimeApi::listen().await.map_err(|error| {
            failed(FunctionError::new("Sandbox.Failure", format!("no Runtime API could be opened: {error}")))
        })?;
        let stream = log_stream();
        let variables = variables(function, site, api.address, &stream);
        let mut process = Process::spawn(&function.binary, variables).map_err(|error| {
            let text = format!(
                "RequestId: {request_id} Error: {} cannot be started: {error}",
                function.binary.display()
            );
            failed(FunctionError::new("Runtime.InvalidEntrypoint", text))
        })?;
        match wait(&mut api, &mut process, deadline, None).await {
            Ok((next, _)) => Ok(Self { api, process, next, charged: Duration::ZERO }),
            Err((lost, _)) => {
                process.kill().await;
                let error = error(lost, request_id, limit);
                Err(FailedStart { error, lines: process.last_lines() })
            }
        }
    }

    /// Whether the process still runs: it may have ended since the last invocation.
    pub(super) fn is_alive(&mut self) -> bool {
        self.process.is_running() && !self.next.is_closed()
    }

    /// What the process wrote outside of an invocation, e.g. while it started.
    pub(super) fn new_lines(&mut self) -> Vec<String> {
        self.process.new_lines()
    }

    /// The same, for the last time.
    pub(super) fn last_lines(&mut self) -> Vec<String> {
        self.process.last_lines()
    }

    /// Ends the process and waits for its end.
    pub(super) async fn kill(&mut self) {
        self.process.kill().await;
    }

    /// Hands an event to the process and waits until it has replied and asked for the next event: only then is
    /// everything written that belongs to this invocation. `limit` is what the function's time-out is called; when
    /// `killed` changes, the process is killed.
    pub(super) async fn invoke(
        self,
        event: Event,
        deadline: Instant,
        limit: Duration,
        killed: watch::Receiver<()>,
    ) -> Ended {
        let Self { mut api, mut process, next, charged } = self;
        let request_id = event.request_id.clone();
        let waited = match next.send(event) {
            Ok(()) => wait(&mut api, &mut process, deadline, Some((&request_id, killed))).await,
            Err(_) => Err((Lost::Exit(process.exited().await), None)),
        };
        let at = Instant::now();
        let Usage { cpu, memory_mb } = process.usage();
        let used = cpu.map(|cpu| cpu.saturating_sub(charged));
        match waited {
            Ok((next, reply)) => {
                let reply =
                    reply.unwrap_or_else(|| Err(FunctionError::exit(&request_id, "no reply was posted")));
                let lines = process.new_lines();
                let environment = Some(Self { api, process, next, charged: cpu.unwrap_or_default() });
                Ended { reply, at, lines, cpu: used, memory_mb, environment }
            }
            Err((lost, reply)) => {
                process.kill().await;
                // A reply that came before the end still counts.
                let reply = reply.unwrap_or_else(|| Err(error(lost, &request_id, limit)));
                Ended { reply, at, lines: process.last_lines(), cpu: used, memory_mb, environment: None }
            }
        }
    }
}

type Reply = Option<Result<serde_json::Value, FunctionError>>;

/// Listens to the process until it asks for the next event, is lost, or runs out of time. Under way is an invocation, by
/// its id, and what changes when it is to be killed.
async fn wait(
    api: &mut RuntimeApi,
    process: &mut Process,
    deadline: Instant,
    mut under_way: Option<(&str, watch::Receiver<()>)>,
) -> Result<(oneshot::Sender<Event>, Reply), (Lost, Reply)> {
    let mut reply = None;
    let listen = async {
        loop {
            // What the process said counts before the news that it has ended.
            let call = tokio::select! {
                biased;
                call = api.calls.recv() => call,
                () = killed(&mut under_way) => {
                    process.kill().await;
                    return Err(Lost::Exit(process.exited().await));
                }
                how = process.exited() => return Err(Lost::Exit(how)),
            };
            match call {
                Some(Call::Next(next)) => return Ok(next),
                Some(Call::InitError(error)) => return Err(Lost::InitError(error)),
                Some(Call::Done { request_id, reply: said, known }) => {
                    let is_known =
                        under_way.as_ref().is_some_and(|(id, _)| *id == request_id) && reply.is_none();
                    if is_known {
                        reply = Some(said);
                    }
                    let _ = known.send(is_known);
                }
                None => return Err(Lost::Exit("the Runtime API was closed".to_owned())),
            }
        }
    };
    match timeout_at(deadline, listen).await.unwrap_or(Err(Lost::Timeout)) {
        Ok(next) => Ok((next, reply)),
        Err(lost) => Err((lost, reply)),
    }
}

/// Returns when the invocation is to be killed.
async fn killed(under_way: &mut Option<(&str, watch::Receiver<()>)>) {
    let told = match under_way {
        Some((_, killed)) => killed.changed().await.is_ok(),
        None => false,
    };
    if !told {
        std::future::pending::<()>().await;
    }
}

fn error(lost: Lost, request_id: &str, limit: Duration) -> FunctionError {
    match lost {
        Lost::Exit(how) => FunctionError::exit(request_id, &how),
        Lost::Timeout => FunctionError::timeout(request_id, limit),
        Lost::InitError(error) => error,
    }
}

/// The name of an environment's log, as Lambda makes them: day, version, 128 random bits.
fn log_stream() -> String {
    let day = chrono::DateTime::<chrono::Utc>::from(SystemTime::now()).format("%Y/%m/%d");
    format!("{day}/[$LATEST]{}", uuid::Uuid::new_v4().simple())
}
