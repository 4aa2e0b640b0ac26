//! The one way to Salesforce: authorization, timeouts, repetition, body limits, errors.

mod observer;

pub use observer::{Attempt, AttemptOutcome, Observer};

use crate::api_usage::UsageMemory;
use crate::auth::Auth;
use crate::classify::{classify, cured_by_login};
use crate::oauth::login_error;
use crate::reply::Reply;
use crate::retry::{self, Decision, Replay};
use crate::{ApiUsage, Error, Outcome, SettingsError, UnreadableProblem};
use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Method, Response};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use url::Url;

/// Salesforce closes idle connections, and a frozen Lambda environment does not notice: such a connection resets the
/// next request. An idle one is not kept longer than this.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Time to connect: long enough for one lost packet (sent again after 1 s) and a TLS handshake, short enough for a
/// second try within the time of a contact flow.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Few replies come near this; who asks for more says so. In bytes.
const REPLY_LIMIT: usize = 1024 * 1024;

/// Enough for a list of errors; of a longer one the beginning. In bytes.
const ERROR_LIMIT: usize = 64 * 1024;

/// The HTTP client, one for the process: clones share its connections.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    observer: Observer,
    /// Built with the first request: loading the certificate authorities takes a millisecond from a file and several
    /// from a directory (times ten on a small Lambda), and not every invocation asks Salesforce anything.
    https: OnceCell<Client>,
    /// The same for plain http, which is for this machine only: without proxy, and without certificates.
    http: OnceCell<Client>,
}

/// One request, as often as it takes.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    /// From [`Endpoint::join`](crate::Endpoint), so that the bearer cannot go anywhere else.
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    /// Shared by all attempts: however large, it is there once.
    pub(crate) body: Option<Bytes>,
    pub(crate) auth: Auth<'a>,
    pub(crate) replay: Replay,
    pub(crate) reading: Reading,
    /// Where to note what the reply says of the org's API requests.
    pub(crate) usage: Option<&'a UsageMemory>,
    pub(crate) deadline: Instant,
}

/// How a reply is read.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    /// Longest reply, in bytes.
    pub(crate) limit: usize,
    /// Takes the answer out of a successful reply.
    pub(crate) open: Open,
}

/// The status and body that count. Some replies are envelopes (200) around an answer that may be a refusal: that is
/// then judged, and the request repeated, as if it had come by itself.
pub(crate) type Open = fn(Reply) -> Result<(u16, Vec<u8>), Error>;

impl Default for Reading {
    fn default() -> Self {
        Self { limit: REPLY_LIMIT, open: |reply| Ok((reply.status, reply.body)) }
    }
}

struct Failed {
    error: Error,
    cured_by_login: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, cured_by_login: false }
    }
}

impl std::fmt::Debug for Http {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Http")
    }
}

impl Http {
    /// Costs nothing yet: the connections and certificates come with the first request.
    pub fn new(observer: Observer) -> Self {
        Self { inner: Arc::new(Inner { observer, https: OnceCell::new(), http: OnceCell::new() }) }
    }

    /// Sends a request until it is accepted, repetition is pointless, or the time is over.
    pub(crate) async fn send(&self, call: &Call<'_>) -> Result<Reply, Error> {
        let mut number = 0;
        let mut had_new_session = false;
        loop {
            number += 1;
            let bearer = call.auth.bearer(call.deadline).await?;
            let started = Instant::now();
            let time_left = call.deadline.saturating_duration_since(started);
            if time_left.is_zero() {
                return Err(Error::OutOfTime { operation: call.operation });
            }
            let mut api_usage = None;
            let result = self.attempt(call, bearer.as_ref(), time_left, &mut api_usage).await;
            if let (Some(memory), Some(usage)) = (call.usage, api_usage) {
                memory.note(usage);
            }
            let elapsed = started.elapsed();
            let observe = |status, outcome| {
                (self.inner.observer)(&Attempt {
                    operation: call.operation,
                    number,
                    status,
                    elapsed,
                    api_usage,
                    outcome,
                });
            };
            let failed = match result {
                Ok(reply) => {
                    observe(Some(reply.status), AttemptOutcome::Accepted);
                    return Ok(reply);
                }
                Err(failed) => failed,
            };
            let mut decision = self.decide(call, &failed.error, number);
            if let (true, false, Some(refused)) = (failed.cured_by_login, had_new_session, &bearer)
                && call.auth.put_away(refused, call.deadline).await
            {
                // A refused session executed nothing, so this is right for every request; but only once.
                had_new_session = true;
                decision = Decision::RetryAfter(Duration::ZERO);
            }
            let status = failed.error.status();
            match decision {
                Decision::RetryAfter(pause) => {
                    observe(status, AttemptOutcome::WillRetry(pause));
                    tracing::debug!(
                        operation = call.operation,
                        attempt = number,
                        pause_ms = pause.as_millis(),
                        kind = failed.error.kind(),
                        status,
                        "Salesforce is asked again"
                    );
                    tokio::time::sleep(pause).await;
                }
                Decision::GiveUp => {
                    observe(status, AttemptOutcome::Failed);
                    return Err(failed.error);
                }
            }
        }
    }

    fn decide(&self, call: &Call<'_>, error: &Error, number: u32) -> Decision {
        let time_left = call.deadline.saturating_duration_since(Instant::now());
        // Every RandomState has other keys, so hashing nothing with a new one is a random number.
        let spread = RandomState::new().hash_one(()) as f64 / u64::MAX as f64;
        retry::decide(error, number, call.replay, time_left, spread)
    }

    async fn attempt(
        &self,
        call: &Call<'_>,
        bearer: Option<&HeaderValue>,
        time_left: Duration,
        api_usage: &mut Option<ApiUsage>,
    ) -> Result<Reply, Failed> {
        let operation = call.operation;
        let timeout = retry::attempt_timeout(call.replay, time_left);
        match tokio::time::timeout(timeout, self.exchange(call, bearer, api_usage)).await {
            Ok(result) => result,
            Err(_) if timeout == time_left => Err(Error::OutOfTime { operation }.into()),
            Err(elapsed) => Err(no_answer(operation, Outcome::Unknown, Box::new(elapsed)).into()),
        }
    }

    async fn exchange(
        &self,
        call: &Call<'_>,
        bearer: Option<&HeaderValue>,
        api_usage: &mut Option<ApiUsage>,
    ) -> Result<Reply, Failed> {
        let operation = call.operation;
        let mut request = self
            .client(&call.url)
            .await?
            .request(call.method.clone(), call.url.clone())
            .headers(call.headers.clone());
        if let Some(bearer) = bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        let mut response = request.send().await.map_err(|error| broken(operation, error))?;
        *api_usage = ApiUsage::read(response.headers());
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let retry_after = retry_after.and_then(|value| retry::retry_after(value, chrono::Utc::now()));
        let status = response.status();
        let (status, body) = if status.is_success() {
            let Reading { limit, open } = call.reading;
            let (body, whole) = read(&mut response, limit).await.map_err(|error| broken(operation, error))?;
            let reply = Reply { operation, status: status.as_u16(), body };
            if !whole {
                return Err(reply.unreadable(UnreadableProblem::TooLong(limit)).into());
            }
            open(reply)?
        } else {
            // A reply that breaks off still has its status; what it says beyond that is only a help.
            let body = read(&mut response, ERROR_LIMIT).await.map(|(body, _)| body).unwrap_or_default();
            (status.as_u16(), body)
        };
        if (200..300).contains(&status) {
            return Ok(Reply { operation, status, body });
        }
        let error = match call.auth.api() {
            Some(api) => classify(operation, api, status, retry_after, &body),
            None => login_error::classify(operation, status, retry_after, &body),
        };
        Err(Failed { error, cured_by_login: cured_by_login(status, &body) })
    }

    async fn client(&self, url: &Url) -> Result<&Client, Error> {
        let plain = url.scheme() == "http";
        let cell = if plain { &self.inner.http } else { &self.inner.https };
        let client = cell
            .get_or_try_init(|| async move {
                let builder = Client::builder()
                    .user_agent(concat!("callbridge/", env!("CARGO_PKG_VERSION")))
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(CONNECT_TIMEOUT)
                    .pool_idle_timeout(POOL_IDLE_TIMEOUT);
                let builder = if plain { builder.no_proxy().tls_certs_only([]) } else { builder };
                builder.build().map_err(SettingsError::HttpClient)
            })
            .await?;
        Ok(client)
    }
}

/// Reads a body up to a limit. Whether that was all of it.
async fn read(response: &mut Response, limit: usize) -> Result<(Vec<u8>, bool), reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > limit {
            body.extend_from_slice(&chunk[..limit - body.len()]);
            return Ok((body, false));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body, true))
}

/// Without its URL, which may hold what was asked for.
fn broken(operation: &'static str, error: reqwest::Error) -> Error {
    let outcome = if error.is_connect() { Outcome::NotExecuted } else { Outcome::Unknown };
    no_answer(operation, outcome, Box::new(error.without_url()))
}

fn no_answer(
    operation: &'static str,
    outcome: Outcome,
    source: Box<dyn std::error::Error + Send + Sync>,
) -> Error {
    Error::Unavailable {
        operation,
        status: None,
        code: None,
        outcome,
        retry_after: None,
        source: Some(source),
    }
}

#[cfg(test)]
mod tests;
