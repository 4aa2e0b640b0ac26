//! OAuth: the token endpoint, and the tokens that it gives out.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::Utc;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::gate::guard;
use crate::operation::Operation;
use crate::state::OrgState;
use crate::store::records::{USER, by_field};
use crate::store::sessions;

mod assertion;
mod client;
mod identity;

pub(crate) fn routes(org: &Arc<OrgState>) -> Router<Arc<OrgState>> {
    Router::new()
        .route("/services/oauth2/token", guard(org, Operation::Token, post(token)))
        .route("/services/oauth2/revoke", guard(org, Operation::Revoke, post(revoke)))
        .route("/services/oauth2/userinfo", guard(org, Operation::UserInfo, get(identity::user_info)))
        .route("/id/{org}/{user}", guard(org, Operation::UserInfo, get(identity::identity)))
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Where Salesforce tells who a user is: part of every token reply.
pub(crate) fn identity_url(org: &OrgState, user_id: &str) -> String {
    format!("{}/id/{}/{user_id}", org.url, org.org_id)
}

/// A login that fails: always 400, with the two fields of RFC 6749.
#[derive(Debug, PartialEq, Eq)]
struct LoginRefused {
    error: &'static str,
    description: &'static str,
}

impl LoginRefused {
    fn new(error: &'static str, description: &'static str) -> Self {
        Self { error, description }
    }

    fn invalid_grant(description: &'static str) -> Self {
        Self::new("invalid_grant", description)
    }
}

impl IntoResponse for LoginRefused {
    fn into_response(self) -> Response {
        let body = json!({"error": self.error, "error_description": self.description});
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

impl From<rusqlite::Error> for LoginRefused {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the org's database failed");
        Self::new("server_error", "unexpected error")
    }
}

async fn token(
    State(org): State<Arc<OrgState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, LoginRefused> {
    let form: HashMap<_, _> = url::form_urlencoded::parse(&body).into_owned().collect();
    let now = Utc::now();
    let username = match form.get("grant_type").map(String::as_str) {
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer") => assertion::user(&org, &form, now)?,
        Some("client_credentials") => client::user(&org, &headers, &form)?,
        _ => return Err(LoginRefused::new("unsupported_grant_type", "grant type not supported")),
    };
    let token = new_token(&org.org_id);
    let user = org.store.transact(|db| {
        sessions::add(db, &token, &username, now)?;
        by_field(db, USER, "Username", &username)
    })?;
    let user_id = user.first().map(|user| user.id()).unwrap_or_default();
    Ok(Json(json!({
        "access_token": token,
        "scope": "api",
        "instance_url": org.url,
        "id": identity_url(&org, user_id),
        "token_type": "Bearer",
    })))
}

/// Ends a session, or fails for a token that is none.
async fn revoke(State(org): State<Arc<OrgState>>, body: Bytes) -> Result<StatusCode, LoginRefused> {
    let form: HashMap<_, _> = url::form_urlencoded::parse(&body).into_owned().collect();
    let token = form.get("token").map(String::as_str).unwrap_or_default();
    if !org.store.transact(|db| sessions::revoke(db, token))? {
        return Err(LoginRefused::new("invalid_token", "invalid token"));
    }
    Ok(StatusCode::OK)
}

fn new_token(org_id: &str) -> String {
    let random = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
    format!("{org_id}!AQ{}", BASE64_URL_SAFE_NO_PAD.encode(random))
}
