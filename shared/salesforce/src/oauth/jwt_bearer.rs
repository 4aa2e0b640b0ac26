//! RFC 7523, which the `oauth2` crate lacks: a form post beside it.

use super::{TokenReply, post};
use crate::{Endpoint, Error, Http, RsaKey};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;
use serde::Serialize;
use tokio::time::Instant;
use url::form_urlencoded;

/// What Salesforce recommends at most.
const LIFETIME: TimeDelta = TimeDelta::minutes(3);

/// No `jti`: Salesforce does not ask for one, and each assertion is used once anyway.
#[derive(Serialize)]
pub(super) struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    exp: i64,
}

impl<'a> Claims<'a> {
    pub(super) fn new(
        consumer_key: &'a str,
        subject: &'a str,
        audience: &'a str,
        now: DateTime<Utc>,
    ) -> Self {
        Self { iss: consumer_key, sub: subject, aud: audience, exp: (now + LIFETIME).timestamp() }
    }
}

pub(super) async fn request(
    http: &Http,
    endpoint: &Endpoint,
    claims: &Claims<'_>,
    key: &RsaKey,
    deadline: Instant,
) -> Result<TokenReply, Error> {
    let assertion = key.sign(claims)?;
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .append_pair("assertion", assertion.expose_secret())
        .finish();
    post(http, endpoint, form.into_bytes(), deadline).await?.json()
}
