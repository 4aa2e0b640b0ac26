//! The execution environments of one function: who may run, who is idle, and how an invocation goes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use super::environment::{Ended, Environment, FailedStart};
use super::log::{LogBook, end_line, init_report_line, report_line, start_line, timeout_line};
use super::runtime_api::Event;
use super::site::Site;
use super::{Function, FunctionError, Invocation, InvokeError, Payload};

#[derive(Debug)]
pub(super) struct Pool {
    pub(super) function: Function,
    site: Site,
    /// How long a start may take before it gets a second try inside the invocation.
    init_limit: Duration,
    log: Arc<LogBook>,
    /// One permit per environment that there may be; an invocation holds one while it runs.
    permits: Arc<Semaphore>,
    /// Changes when the processes that are at work are to be killed.
    killed: watch::Sender<()>,
    idle: Mutex<Idle>,
}

#[derive(Debug, Default)]
struct Idle {
    environments: Vec<Environment>,
    /// Counts the recyclings: an environment started before the last one is not used again.
    generation: u64,
}

/// What an invocation starts from.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) id: String,
    pub(super) payload: Payload,
    pub(super) client_context: Option<String>,
}

impl Request {
    pub(super) fn new(payload: Payload) -> Self {
        Self { id: uuid::Uuid::new_v4().to_string(), payload, client_context: None }
    }
}

impl Pool {
    pub(super) fn new(function: Function, site: Site, init_limit: Duration, log: Arc<LogBook>) -> Self {
        let permits = Arc::new(Semaphore::new(function.max_environments));
        let killed = watch::Sender::default();
        Self { function, site, init_limit, log, permits, killed, idle: Mutex::default() }
    }

    pub(super) fn arn(&self) -> String {
        self.site.function_arn(&self.function.name)
    }

    /// A place to run at once, or `Throttled`.
    pub(super) fn place(&self) -> Result<OwnedSemaphorePermit, InvokeError> {
        use tokio::sync::TryAcquireError::{Closed, NoPermits};
        let function = self.function.name.clone();
        Arc::clone(&self.permits).try_acquire_owned().map_err(|error| match error {
            NoPermits => InvokeError::Throttled { function },
            Closed => InvokeError::Stopped { function },
        })
    }

    /// A place to run as soon as there is one, first come, first served.
    pub(super) async fn place_when_free(&self) -> Result<OwnedSemaphorePermit, InvokeError> {
        let stopped = |_| InvokeError::Stopped { function: self.function.name.clone() };
        Arc::clone(&self.permits).acquire_owned().await.map_err(stopped)
    }

    /// Runs one invocation in an idle environment, or in a new one.
    pub(super) async fn run(&self, request: Request, place: OwnedSemaphorePermit) -> Invocation {
        let run = Run { pool: self, request, log: Vec::new(), init: None, cold: false };
        let (idle, generation) = self.idle_environment();
        let invocation = match idle {
            Some(environment) => run.warm(environment, generation).await,
            None => run.cold(generation).await,
        };
        // The environment is back among the idle ones before its place is free: so there are never too many.
        drop(place);
        invocation
    }

    /// Ends idle environments now, busy ones after their invocation.
    pub(super) fn recycle(&self) {
        for environment in self.empty() {
            self.retire(environment);
        }
    }

    /// Kills the processes that are in the middle of an invocation.
    pub(super) fn kill(&self) {
        self.killed.send_replace(());
    }

    /// Takes no more invocations and ends what is idle.
    pub(super) async fn close(&self) {
        self.permits.close();
        for mut environment in self.empty() {
            environment.kill().await;
            self.retire(environment);
        }
    }

    fn empty(&self) -> Vec<Environment> {
        let mut idle = self.lock();
        idle.generation += 1;
        std::mem::take(&mut idle.environments)
    }

    /// The idle environment that was used last and still lives.
    fn idle_environment(&self) -> (Option<Environment>, u64) {
        let mut idle = self.lock();
        while let Some(mut environment) = idle.environments.pop() {
            if environment.is_alive() {
                return (Some(environment), idle.generation);
            }
            self.retire(environment);
        }
        (None, idle.generation)
    }

    fn put_back(&self, environment: Environment, generation: u64) {
        let mut idle = self.lock();
        if idle.generation == generation {
            idle.environments.push(environment);
        } else {
            self.retire(environment);
        }
    }

    /// Drops an environment, which ends it; what it wrote after its last invocation is kept.
    fn retire(&self, mut environment: Environment) {
        self.log.write(&self.function.name, None, &environment.last_lines());
    }

    fn lock(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One invocation under way.
struct Run<'a> {
    pool: &'a Pool,
    request: Request,
    log: Vec<String>,
    init: Option<Duration>,
    cold: bool,
}

impl Run<'_> {
    async fn warm(mut self, mut environment: Environment, generation: u64) -> Invocation {
        let started = Instant::now();
        self.take_lines(None, environment.new_lines());
        self.invoke(environment, generation, started).await
    }

    /// A start before the clock of the invocation runs; if it fails, one more on that clock.
    async fn cold(mut self, generation: u64) -> Invocation {
        self.cold = true;
        let before = Instant::now();
        match self.start(self.pool.init_limit).await {
            Ok(environment) => {
                self.init = Some(before.elapsed());
                self.invoke(environment, generation, Instant::now()).await
            }
            Err(failed) => {
                self.note_failed_start("init", before.elapsed(), failed);
                let started = Instant::now();
                match self.start(self.pool.function.timeout).await {
                    Ok(environment) => self.invoke(environment, generation, started).await,
                    Err(failed) => {
                        let error = self.note_failed_start("invoke", started.elapsed(), failed);
                        self.finish(Ended::without_environment(error), generation, started)
                    }
                }
            }
        }
    }

    async fn start(&mut self, limit: Duration) -> Result<Environment, FailedStart> {
        let pool = self.pool;
        let mut environment = Environment::start(&pool.function, &pool.site, &self.request.id, limit).await?;
        let lines = environment.new_lines();
        self.take_lines(None, lines);
        Ok(environment)
    }

    fn note_failed_start(&mut self, phase: &str, took: Duration, failed: FailedStart) -> FunctionError {
        let mut lines = failed.lines;
        lines.push(init_report_line(phase, took, &failed.error));
        self.take_lines(None, lines);
        failed.error
    }

    async fn invoke(self, environment: Environment, generation: u64, started: Instant) -> Invocation {
        let deadline = started + self.pool.function.timeout;
        let event = Event {
            request_id: self.request.id.clone(),
            payload: self.request.payload.clone().into_bytes(),
            deadline: SystemTime::now() + deadline.saturating_duration_since(Instant::now()),
            function_arn: self.pool.arn(),
            client_context: self.request.client_context.clone(),
        };
        let killed = self.pool.killed.subscribe();
        let ended = environment.invoke(event, deadline, self.pool.function.timeout, killed).await;
        self.finish(ended, generation, started)
    }

    fn finish(mut self, ended: Ended, generation: u64, started: Instant) -> Invocation {
        let duration = ended.at - started;
        let id = self.request.id.clone();
        if let Some(environment) = ended.environment {
            self.pool.put_back(environment, generation);
        }
        let mut invocation = Invocation {
            request_id: id.clone(),
            function: self.pool.function.name.clone(),
            payload: self.request.payload.clone(),
            reply: ended.reply,
            cold: self.cold,
            init: self.init,
            duration,
            billed: whole_millis(self.init.unwrap_or_default() + duration),
            cpu: ended.cpu,
            memory_mb: ended.memory_mb,
            log: Vec::new(),
        };
        let mut lines = vec![start_line(&id)];
        lines.extend(ended.lines);
        if invocation.reply.as_ref().is_err_and(FunctionError::is_timeout) {
            lines.push(timeout_line(SystemTime::now().into(), &id, self.pool.function.timeout));
        }
        lines.push(end_line(&id));
        lines.push(report_line(&invocation, self.pool.function.memory_mb));
        self.take_lines(Some(&id), lines);
        invocation.log = self.log;
        invocation
    }

    /// Puts lines into the host's log and into the invocation's.
    fn take_lines(&mut self, request_id: Option<&str>, lines: Vec<String>) {
        self.pool.log.write(&self.pool.function.name, request_id, &lines);
        self.log.extend(lines);
    }
}

fn whole_millis(duration: Duration) -> Duration {
    Duration::from_millis(duration.as_nanos().div_ceil(1_000_000) as u64)
}
