//! The client-credentials flow (RFC 6749, section 4.4).

use std::collections::HashMap;

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::LoginRefused;
use crate::state::OrgState;

struct Credentials {
    id: String,
    secret: SecretString,
}

/// The user that the app's client-credentials flow runs as.
pub(super) fn user(
    org: &OrgState,
    headers: &HeaderMap,
    form: &HashMap<String, String>,
) -> Result<String, LoginRefused> {
    let credentials = from_header(headers).or_else(|| from_form(form));
    let credentials = credentials.ok_or(LoginRefused::new("invalid_client", "client credentials missing"))?;
    let app = org.directory().apps.get(&credentials.id).cloned();
    let app = app.ok_or(LoginRefused::new("invalid_client_id", "client identifier invalid"))?;
    let known = app.settings.consumer_secret.as_ref().map(ExposeSecret::expose_secret);
    if known != Some(credentials.secret.expose_secret()) {
        return Err(LoginRefused::new("invalid_client", "invalid client credentials"));
    }
    let run_as = app.settings.run_as.clone();
    run_as.ok_or(LoginRefused::invalid_grant("no client credentials user enabled"))
}

fn from_form(form: &HashMap<String, String>) -> Option<Credentials> {
    let secret = form.get("client_secret")?.as_str();
    Some(Credentials { id: form.get("client_id")?.clone(), secret: secret.into() })
}

/// `Authorization: Basic`, each half form-encoded before the whole is put in Base64 (RFC 6749, section 2.3.1).
fn from_header(headers: &HeaderMap) -> Option<Credentials> {
    let encoded = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some(Credentials { id: form_decoded(id)?, secret: form_decoded(secret)?.into() })
}

fn form_decoded(text: &str) -> Option<String> {
    let pair = format!("={text}");
    let (_, decoded) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
    Some(decoded.into_owned())
}
