//! The JWT bearer flow (RFC 7523).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::LoginRefused;
use crate::jwt;
use crate::setup::App;
use crate::state::OrgState;

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    #[serde(deserialize_with = "seconds")]
    exp: i64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Seconds since 1970, as a number or, as simple-salesforce sends them, as text.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Seconds {
        Number(i64),
        Text(String),
    }
    match Seconds::deserialize(deserializer)? {
        Seconds::Number(seconds) => Ok(seconds),
        Seconds::Text(seconds) => seconds.parse().map_err(D::Error::custom),
    }
}

impl Audience {
    fn names(&self, accepted: &str) -> bool {
        match self {
            Self::One(name) => name == accepted,
            Self::Several(names) => names.iter().any(|name| name == accepted),
        }
    }
}

/// The user whom the assertion logs in.
pub(super) fn user(
    org: &OrgState,
    form: &HashMap<String, String>,
    now: DateTime<Utc>,
) -> Result<String, LoginRefused> {
    let invalid = || LoginRefused::invalid_grant("invalid assertion");
    let assertion = form.get("assertion").ok_or_else(invalid)?;
    let claimed: Claims = jwt::unverified(assertion).ok_or_else(invalid)?;
    let app = org.directory().apps.get(&claimed.iss).cloned();
    let app = app.ok_or(LoginRefused::new("invalid_client_id", "client identifier invalid"))?;
    let key = app.key.as_ref().ok_or_else(invalid)?;
    let claims: Claims = jwt::verified(assertion, key).ok_or_else(invalid)?;
    check(&claims, &app, &org.url, now)?;
    Ok(claims.sub)
}

fn check(claims: &Claims, app: &App, org_url: &str, now: DateTime<Utc>) -> Result<(), LoginRefused> {
    if claims.exp <= now.timestamp() {
        return Err(LoginRefused::invalid_grant("expired authorization code"));
    }
    let accepted = &app.settings.audiences;
    let known = if accepted.is_empty() {
        claims.aud.names("https://login.salesforce.com") || claims.aud.names(org_url)
    } else {
        accepted.iter().any(|accepted| claims.aud.names(accepted))
    };
    if !known {
        return Err(LoginRefused::invalid_grant("Audience validation failed"));
    }
    if !app.settings.pre_authorized.contains(&claims.sub) {
        return Err(LoginRefused::invalid_grant("user hasn't approved this consumer"));
    }
    Ok(())
}
