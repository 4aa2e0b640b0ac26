//! Who a session belongs to.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::identity_url;
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::records::{USER, by_id};
use crate::{ids, rest};

pub(super) async fn user_info(
    State(org): State<Arc<OrgState>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(about(&org, &headers)?))
}

/// The identity URL tells a user about nobody else.
pub(super) async fn identity(
    State(org): State<Arc<OrgState>>,
    Path((org_id, user_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let about = about(&org, &headers)?;
    let asked = [ids::to_18(&org_id), ids::to_18(&user_id)];
    let own = [ids::to_18(&org.org_id), about["user_id"].as_str().map(str::to_owned)];
    if asked != own { Err(Refusal::not_found()) } else { Ok(Json(about)) }
}

fn about(org: &OrgState, headers: &HeaderMap) -> Result<Value, Refusal> {
    let user = rest::session(org, headers)?;
    let record = org.store.transact(|db| by_id(db, USER, &user.id))?.ok_or_else(Refusal::not_found)?;
    let id = identity_url(org, &user.id);
    Ok(json!({
        "id": id,
        "sub": id,
        "user_id": user.id,
        "organization_id": ids::to_18(&org.org_id),
        "username": user.username,
        "preferred_username": user.username,
        "display_name": record["Name"],
        "name": record["Name"],
        "email": record["Email"],
        "active": record["IsActive"],
        "user_type": "STANDARD",
        "urls": {"rest": format!("{}/services/data/v{{version}}/", org.url)},
    }))
}
