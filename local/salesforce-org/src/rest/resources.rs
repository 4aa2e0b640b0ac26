//! What the API says about itself: versions, resources, limits.

use axum::http::{Method, Uri};
use serde_json::{Map, Value, json};

use super::resource::{Call, Reply, Resource};
use crate::oauth;
use crate::operation::Operation;
use crate::reply::Refusal;

pub(super) const RESOURCES: &[Resource] = &[
    Resource { method: Method::GET, path: "/", operation: Operation::RestResources, run: root },
    Resource { method: Method::GET, path: "/limits", operation: Operation::Limits, run: limits },
];

/// The versions that the org names; it answers to any.
const VERSIONS: std::ops::RangeInclusive<u32> = 31..=67;

/// Whether a request is for the list of versions, for which nobody needs a session.
pub(super) fn is_versions(uri: &Uri) -> bool {
    uri.path().trim_end_matches('/') == "/services/data"
}

pub(super) fn versions() -> Reply {
    let versions = VERSIONS.map(|version| {
        json!({
            "label": edition(version),
            "url": format!("/services/data/v{version}.0"),
            "version": format!("{version}.0"),
        })
    });
    Reply::ok(versions.collect::<Value>())
}

/// Version 66.0 came with Spring '26, and there are three a year.
fn edition(version: u32) -> String {
    let season = ["Spring", "Summer", "Winter"][(version % 3) as usize];
    format!("{season} '{}", 4 + (version + 1) / 3)
}

fn root(call: &Call<'_>) -> Result<Reply, Refusal> {
    let known =
        ["composite", "connect", "limits", "parameterizedSearch", "query", "queryAll", "search", "sobjects"];
    let mut resources: Map<_, _> =
        known.into_iter().map(|name| (name.to_owned(), call.path(&format!("/{name}")).into())).collect();
    let identity = oauth::identity_url(call.org, &call.user.id);
    resources.insert("identity".to_owned(), identity.into());
    Ok(Reply::ok(Value::Object(resources)))
}

fn limits(call: &Call<'_>) -> Result<Reply, Refusal> {
    let usage = *call.org.api_usage();
    let remaining = usage.allowed.saturating_sub(usage.used);
    Ok(Reply::ok(json!({"DailyApiRequests": {"Max": usage.allowed, "Remaining": remaining}})))
}
