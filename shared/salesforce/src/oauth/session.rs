//! The session of a connected app, shared by all requests.

use super::{Login, LoginError};
use crate::auth::bearer_header;
use crate::{Endpoint, Error, Http, UnreadableProblem};
use oauth2::TokenResponse;
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{Instant, timeout_at};

/// After a refused login the same refusal stands this long without asking again: requests that waited for the login
/// would otherwise each try their luck, and many failed logins lock a user out.
const REFUSAL_STANDS: Duration = Duration::from_secs(1);

/// Logs in when the first request needs it, and again when Salesforce refuses the session: once, however many
/// requests are waiting.
pub struct Session {
    http: Http,
    endpoint: Endpoint,
    login: Login,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    refused: Option<(Instant, LoginError)>,
}

struct Token {
    bearer: HeaderValue,
    signed_in: SignedIn,
}

/// What Salesforce says about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The org's own host, to compare with the configured one. Requests go to the configured one regardless.
    pub instance_url: Option<String>,
    /// What the session may be used for.
    pub scopes: Vec<String>,
}

impl Session {
    /// `endpoint` is `SALESFORCE_AUTH_ENDPOINT`, the whole URL of the token endpoint.
    pub fn new(http: Http, endpoint: Endpoint, login: Login) -> Self {
        Self { http, endpoint, login, state: Mutex::default() }
    }

    /// Logs in, unless that is done, and tells what the session is.
    pub async fn sign_in(&self, deadline: Instant) -> Result<SignedIn, Error> {
        let mut state = self.state(deadline).await?;
        Ok(self.token(&mut state, deadline).await?.signed_in.clone())
    }

    /// The `Authorization` header of the session.
    pub(crate) async fn bearer(&self, deadline: Instant) -> Result<HeaderValue, Error> {
        let mut state = self.state(deadline).await?;
        Ok(self.token(&mut state, deadline).await?.bearer.clone())
    }

    /// Ends a session that was refused. One that came after it stays: the refusal is not about that.
    pub(crate) async fn put_away(&self, refused: &HeaderValue, deadline: Instant) -> Result<(), Error> {
        self.state(deadline).await?.token.take_if(|token| token.bearer == *refused);
        Ok(())
    }

    /// Held during a login, so that all others wait for it instead of logging in as well.
    async fn state(&self, deadline: Instant) -> Result<MutexGuard<'_, State>, Error> {
        timeout_at(deadline, self.state.lock()).await.map_err(|_| Error::OutOfTime { operation: "login" })
    }

    async fn token<'s>(&self, state: &'s mut State, deadline: Instant) -> Result<&'s Token, Error> {
        let token = match state.token.take() {
            Some(token) => token,
            None => {
                if let Some((since, refusal)) = &state.refused
                    && since.elapsed() < REFUSAL_STANDS
                {
                    return Err(refusal.clone().into());
                }
                self.log_in(deadline).await.inspect_err(|error| {
                    if let Error::Login(refusal) = error {
                        state.refused = Some((Instant::now(), refusal.clone()));
                    }
                })?
            }
        };
        Ok(state.token.insert(token))
    }

    /// Boxed, because a request needs a session and a session needs a request.
    fn log_in(&self, deadline: Instant) -> Pin<Box<dyn Future<Output = Result<Token, Error>> + Send + '_>> {
        Box::pin(async move {
            let reply = self.login.request(&self.http, &self.endpoint, deadline).await?;
            let access_token = SecretString::from(reply.access_token().secret().as_str());
            let bearer = bearer_header(&access_token).ok_or(Error::UnreadableReply {
                operation: "login",
                status: 200,
                problem: UnreadableProblem::Field("access_token".to_owned()),
            })?;
            let scopes = reply.scopes().into_iter().flatten().map(|scope| scope.to_string()).collect();
            tracing::debug!("logged in to Salesforce");
            Ok(Token {
                bearer,
                signed_in: SignedIn { instance_url: reply.extra_fields().instance_url.clone(), scopes },
            })
        })
    }
}
