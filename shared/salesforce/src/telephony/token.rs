//! The JWT that a call center signs for itself (`voice_rest_authorization`).

use crate::auth::bearer_header;
use crate::{OrgId, RsaKey, SettingsError};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::HeaderValue;
use serde::Serialize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How long a token is good for. The API allows 24 hours; a short one limits what a leaked one is worth.
const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// A token this close to its end is not used any more: it has to arrive, and clocks differ.
const RENEW_BEFORE_END: TimeDelta = TimeDelta::seconds(60);

/// No `jti`: Salesforce refuses one that it has seen before, so a token that is used twice must not have any.
/// No `aud`: it is not among the claims of today's page.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    iat: i64,
    exp: i64,
}

/// Signs tokens for one call center, and keeps the last one.
pub(crate) struct TokenSource {
    org_id: OrgId,
    call_center_api_name: String,
    key: RsaKey,
    last: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    bearer: HeaderValue,
    issued_at: DateTime<Utc>,
}

impl Token {
    /// A token from the future means that the clock was set back: Salesforce would not take it.
    fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        self.issued_at <= now && now < self.issued_at + LIFETIME - RENEW_BEFORE_END
    }
}

impl TokenSource {
    pub(crate) fn new(org_id: OrgId, call_center_api_name: String, key: RsaKey) -> Self {
        Self { org_id, call_center_api_name, key, last: Mutex::new(None) }
    }

    pub(crate) fn call_center_api_name(&self) -> &str {
        &self.call_center_api_name
    }

    /// The `Authorization` header for a request at `now`.
    pub(crate) fn bearer(&self, now: DateTime<Utc>) -> Result<HeaderValue, SettingsError> {
        // Held while signing, about a millisecond, so that a crowd signs once.
        let mut last = self.last();
        if let Some(token) = last.as_ref().filter(|token| token.is_fresh(now)) {
            return Ok(token.bearer.clone());
        }
        let claims = Claims {
            iss: self.org_id.short(),
            sub: &self.call_center_api_name,
            iat: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
        };
        let jwt = self.key.sign(&claims)?;
        let bearer = bearer_header(&jwt).ok_or(SettingsError::PrivateKey("signs what is no header"))?;
        *last = Some(Token { bearer: bearer.clone(), issued_at: now });
        Ok(bearer)
    }

    /// Forgets a token that was refused.
    pub(crate) fn put_away(&self, refused: &HeaderValue) {
        let mut last = self.last();
        last.take_if(|token| token.bearer == *refused);
    }

    fn last(&self) -> MutexGuard<'_, Option<Token>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
