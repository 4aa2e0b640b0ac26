//! The REST API: so far its front door, which lets in only those who hold a session.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::get;
use axum::{Json, Router};
use chrono::Utc;
use serde_json::{Value, json};

use crate::gate::guard;
use crate::oauth;
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::sessions;

pub(crate) fn routes(org: &Arc<OrgState>) -> Router<Arc<OrgState>> {
    Router::new()
        .route("/services/data/{version}", guard(org, Operation::RestResources, get(resources)))
        .route("/services/data/{version}/", guard(org, Operation::RestResources, get(resources)))
}

pub(crate) async fn no_such_resource() -> Refusal {
    let message = "The requested resource does not exist".to_owned();
    Refusal { status: StatusCode::NOT_FOUND, code: "NOT_FOUND", message }
}

/// The user whose session a request carries.
struct SessionUser(String);

impl FromRequestParts<Arc<OrgState>> for SessionUser {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, org: &Arc<OrgState>) -> Result<Self, Refusal> {
        let token = oauth::bearer(&parts.headers).unwrap_or_default();
        let lifetime = *org.session_lifetime();
        let user = org.store.transact(|db| sessions::touch(db, token, lifetime, Utc::now()))?;
        user.map(Self)
            .ok_or_else(|| Refusal::unauthorized("INVALID_SESSION_ID", "Session expired or invalid"))
    }
}

async fn resources(
    State(org): State<Arc<OrgState>>,
    SessionUser(username): SessionUser,
    Path(version): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let number = version.strip_prefix('v').and_then(|version| version.strip_suffix(".0"));
    if number.and_then(|number| number.parse::<u8>().ok()).is_none() {
        return Err(no_such_resource().await);
    }
    Ok(Json(json!({"identity": oauth::identity_url(&org, &username)?})))
}
