//! The REST API: its front door, and the table of what is behind it.

use std::sync::Arc;

use axum::Router;
use axum::body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use chrono::Utc;

use crate::operation::Operation;
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::records::{USER, by_field};
use crate::store::sessions;
use crate::{gate, oauth};

mod batch;
mod by_key;
mod changes;
mod collections;
mod composite;
mod describe;
mod multipart;
mod parts;
mod placeholders;
mod query;
mod resource;
mod resources;
mod sobjects;
mod table;
mod upload;

use resource::{Asked, Reply};

/// Of a request's URI, and of URI and headers together, in bytes.
const LONGEST_HEAD: usize = 16_384;
/// Of a conversation upload, the largest request that there is, in bytes.
const LARGEST_BODY: usize = 512 * 1024 * 1024;

pub(crate) fn routes(org: &Arc<OrgState>) -> Router<Arc<OrgState>> {
    let paths = ["/services/data", "/services/data/", "/services/data/{*resource}"];
    paths
        .into_iter()
        .fold(Router::new(), |router, path| router.route(path, gate::guard_each(org, operation, any(answer))))
}

/// Who is asking.
#[derive(Debug, Clone)]
pub(crate) struct User {
    /// 18 characters.
    pub(crate) id: String,
    pub(crate) username: String,
}

/// The user whose session a request carries.
pub(crate) fn session(org: &OrgState, headers: &HeaderMap) -> Result<User, Refusal> {
    let token = oauth::bearer(headers).unwrap_or_default();
    let lifetime = *org.session_lifetime();
    let user = org.store.transact(|db| match sessions::touch(db, token, lifetime, Utc::now())? {
        Some(username) => by_field(db, USER, "Username", &username),
        None => Ok(Vec::new()),
    })?;
    let expired = || Refusal::unauthorized("INVALID_SESSION_ID", "Session expired or invalid");
    let user = user.first().ok_or_else(expired)?;
    Ok(User { id: user.id().to_owned(), username: user.text("Username").unwrap_or_default().to_owned() })
}

fn operation(method: &Method, uri: &Uri) -> Operation {
    table::find(method, uri).map_or(Operation::Unknown, |(resource, _)| resource.operation)
}

async fn answer(State(org): State<Arc<OrgState>>, request: Request) -> Response {
    if let Some(status) = too_large(request.uri(), request.headers()) {
        return status.into_response();
    }
    let (head, body) = request.into_parts();
    // A body left unread would make the server close the connection.
    let body = body::to_bytes(body, LARGEST_BODY).await;
    if resources::is_versions(&head.uri) {
        return resources::versions().into_response();
    }
    let user = match session(&org, &head.headers) {
        Ok(user) => user,
        Err(refusal) => return refusal.into_response(),
    };
    let outcome = count(&org).and_then(|()| {
        let body = body.map_err(|_| Refusal::bad_request("JSON_PARSER_ERROR", "The body cannot be read"))?;
        let asked = Asked { method: &head.method, uri: &head.uri, headers: &head.headers, body: &body };
        org.store.transact_as(&user.id, |db| table::perform(&org, db, &user, &asked))
    });
    let mut response = outcome.map(Reply::into_response).unwrap_or_else(Refusal::into_response);
    let usage = *org.api_usage();
    if let Ok(usage) = HeaderValue::from_str(&format!("api-usage={}/{}", usage.used, usage.allowed)) {
        response.headers_mut().insert("Sforce-Limit-Info", usage);
    }
    response
}

/// What Salesforce's edge answers to a request whose head is too long for it; nothing to all others.
fn too_large(uri: &Uri, headers: &HeaderMap) -> Option<StatusCode> {
    let uri = uri.to_string().len();
    let headers: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    match () {
        () if uri > LONGEST_HEAD => Some(StatusCode::URI_TOO_LONG),
        () if uri + headers > LONGEST_HEAD => Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
        () => None,
    }
}

/// Counts one request of the day's allowance.
fn count(org: &OrgState) -> Result<(), Refusal> {
    let mut usage = org.api_usage();
    if usage.used >= usage.allowed {
        let message = "TotalRequests Limit exceeded.";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "REQUEST_LIMIT_EXCEEDED", message));
    }
    usage.used += 1;
    Ok(())
}
