//! Who is calling: a call center, by a JWT that it signed itself.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::records::{CALL_CENTER, Record, by_field};
use crate::store::sessions;
use crate::{ids, jwt, oauth};

/// How far ahead a token may expire.
const LONGEST_LIFE: TimeDelta = TimeDelta::hours(24);
/// How far the caller's clock may be off.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(30);

/// The call center that a request's token speaks for.
pub(super) struct Caller(pub(super) Record);

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    exp: i64,
    jti: Option<String>,
}

impl FromRequestParts<Arc<OrgState>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, org: &Arc<OrgState>) -> Result<Self, Refusal> {
        let token = oauth::bearer(&parts.headers)
            .ok_or_else(|| Refusal::unauthorized("INVALID_AUTH_HEADER", "A bearer token is required"))?;
        let claimed: Claims = jwt::unverified(token).ok_or_else(|| refused("The token is malformed"))?;
        let key = org.directory().call_center_keys.get(&claimed.sub).cloned();
        let key = key.ok_or_else(|| refused("The token's subject is no call center"))?;
        let claims: Claims =
            jwt::verified(token, &key).ok_or_else(|| refused("The token's signature is invalid"))?;
        check(&claims, &org.org_id, Utc::now()).map_err(refused)?;
        org.store.transact(|db| {
            if let Some(jti) = &claims.jti
                && !sessions::use_jti(db, &claims.sub, jti)?
            {
                return Err(refused("The token's jti was used before"));
            }
            let call_center = by_field(db, CALL_CENTER, "InternalName", &claims.sub)?.pop();
            call_center.map(Self).ok_or_else(|| refused("The token's subject is no call center"))
        })
    }
}

fn refused(why: &'static str) -> Refusal {
    Refusal::unauthorized("INVALID_JWT", why)
}

fn check(claims: &Claims, org_id: &str, now: DateTime<Utc>) -> Result<(), &'static str> {
    if ids::to_18(&claims.iss).is_none_or(|issuer| Some(issuer) != ids::to_18(org_id)) {
        return Err("The token's issuer is not this org");
    }
    let expires =
        DateTime::from_timestamp(claims.exp, 0).ok_or("The token's expiry is not a time in seconds")?;
    if expires + CLOCK_SKEW <= now {
        return Err("The token has expired");
    }
    if expires > now + LONGEST_LIFE + CLOCK_SKEW {
        return Err("The token expires more than 24 hours from now");
    }
    Ok(())
}
