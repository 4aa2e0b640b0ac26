//! Who a request comes from.

use crate::Error;
use crate::classify::Api;
use crate::oauth::Session;
use crate::telephony::TokenSource;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

pub(crate) enum Auth<'a> {
    /// A call center, by a JWT that it signs itself.
    Telephony(&'a TokenSource),
    /// The connected app, by a session that it logs in for.
    Session(&'a Session),
    /// The request for such a session: it carries its own proof.
    Login,
}

impl Auth<'_> {
    /// The value of the `Authorization` header.
    pub(crate) async fn bearer(&self, deadline: Instant) -> Result<Option<HeaderValue>, Error> {
        match self {
            Self::Telephony(source) => source.bearer(chrono::Utc::now()).map(Some).map_err(Error::from),
            Self::Session(session) => session.bearer(deadline).await.map(Some),
            Self::Login => Ok(None),
        }
    }

    /// Puts a refused bearer away, so that the next one is another. Whether that makes a repetition worth while.
    pub(crate) async fn put_away(&self, refused: &HeaderValue, deadline: Instant) -> bool {
        match self {
            // Signed with the same key it would be refused again; but should the clock have been wrong when
            // it was signed, the next call must not suffer for it.
            Self::Telephony(source) => {
                source.put_away(refused);
                false
            }
            Self::Session(session) => session.put_away(refused, deadline).await.is_ok(),
            Self::Login => false,
        }
    }

    /// The API that is asked; a login explains its refusals itself.
    pub(crate) fn api(&self) -> Option<Api> {
        match self {
            Self::Telephony(_) => Some(Api::Telephony),
            Self::Session(_) => Some(Api::Rest),
            Self::Login => None,
        }
    }
}

/// `Bearer …`, marked so that no HTTP library prints it. None when the token has characters that no header may have.
pub(crate) fn bearer_header(token: &SecretString) -> Option<HeaderValue> {
    let text = SecretString::from(format!("Bearer {}", token.expose_secret()));
    let mut header = HeaderValue::from_str(text.expose_secret()).ok()?;
    header.set_sensitive(true);
    Some(header)
}
