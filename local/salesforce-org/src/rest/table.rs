//! Finding what a request asks for.

use axum::http::{Method, StatusCode, Uri};

use super::resource::{Asked, Call, Reply, Resource};
use super::{
    User, batch, by_key, changes, collections, composite, describe, query, resources, sobjects, upload,
};
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::Db;

/// All resources. Of the paths that fit a request the first counts.
const TABLE: [&[Resource]; 10] = [
    describe::RESOURCES,
    changes::RESOURCES,
    sobjects::RESOURCES,
    by_key::RESOURCES,
    query::RESOURCES,
    collections::RESOURCES,
    composite::RESOURCES,
    batch::RESOURCES,
    resources::RESOURCES,
    upload::RESOURCES,
];

/// Where in a path things are.
pub(super) struct Place {
    version: String,
    parts: Vec<String>,
}

/// The resource that a request is for, or why there is none.
pub(super) fn find(method: &Method, uri: &Uri) -> Result<(&'static Resource, Place), Refusal> {
    let (version, segments) = split(uri.path()).ok_or_else(Refusal::not_found)?;
    let resources = || TABLE.into_iter().flatten();
    let (path, parts) = resources()
        .find_map(|resource| Some((resource.path, fit(resource.path, &segments)?)))
        .ok_or_else(Refusal::not_found)?;
    let method = asked_method(method, uri);
    let same_path = || resources().filter(|resource| resource.path == path);
    match same_path().find(|resource| resource.method == method) {
        Some(resource) => Ok((resource, Place { version, parts })),
        None => {
            let allowed: Vec<_> = same_path().map(|resource| resource.method.as_str()).collect();
            let message = format!("HTTP Method '{method}' not allowed. Allowed are {}", allowed.join(","));
            Err(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", message))
        }
    }
}

/// Does what a request asks for.
pub(super) fn perform(org: &OrgState, db: &Db<'_>, user: &User, asked: &Asked<'_>) -> Result<Reply, Refusal> {
    let (resource, Place { version, parts }) = find(asked.method, asked.uri)?;
    (resource.run)(&Call { org, db, user, version, parts, asked })
}

/// The version and the decoded segments after it; nothing if the path is not below a version.
fn split(path: &str) -> Option<(String, Vec<String>)> {
    let mut segments = path.strip_prefix("/services/data/")?.split('/').filter(|segment| !segment.is_empty());
    let version = segments.next()?;
    version.strip_prefix('v')?.strip_suffix(".0")?.parse::<u8>().ok()?;
    Some((version.to_owned(), segments.map(decoded).collect()))
}

/// What stands in the places of a resource's path, if these segments are such a path.
fn fit(path: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut pattern = path.split('/').filter(|segment| !segment.is_empty());
    let mut parts = Vec::new();
    for segment in segments {
        match pattern.next()? {
            place if place.starts_with('{') => parts.push(segment.clone()),
            literal if literal.eq_ignore_ascii_case(segment) => {}
            _ => return None,
        }
    }
    pattern.next().is_none().then_some(parts)
}

/// A client that cannot send PATCH posts with `_HttpMethod=PATCH`.
fn asked_method(method: &Method, uri: &Uri) -> Method {
    let instead = || {
        let query = uri.query().unwrap_or_default();
        let mut parameters = url::form_urlencoded::parse(query.as_bytes());
        let (_, instead) = parameters.find(|(name, _)| name == "_HttpMethod")?;
        instead.parse().ok()
    };
    match *method {
        Method::POST => instead().unwrap_or(Method::POST),
        Method::HEAD => Method::GET,
        _ => method.clone(),
    }
}

/// Percent-decoded; `+` stands for itself in a path.
fn decoded(segment: &str) -> String {
    let pair = segment.replace('+', "%2B");
    url::form_urlencoded::parse(format!("={pair}").as_bytes())
        .next()
        .map(|(_, decoded)| decoded.into_owned())
        .unwrap_or_default()
}
