//! S3: buckets in the path of the address, raw content, and XML around everything else.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::Services;
use crate::error::AwsError;
use crate::service::Service;
use crate::xml::escaped;

type Parameters = BTreeMap<String, String>;

/// What a client may send along with an object. Anything else in S3's own headers is meant to have an effect.
const PUT_HEADERS: [&str; 6] = [
    "x-amz-checksum-crc32",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-user-agent",
];

/// What makes of a read something that the stand-in does not do.
const GET_CONDITIONS: [&str; 5] =
    ["range", "if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];

/// Addresses that no other service has.
pub(super) fn routes() -> Router<Arc<Services>> {
    Router::new()
        .route("/{bucket}", any(bucket))
        .route("/{bucket}/", any(bucket))
        .route("/{bucket}/{*key}", any(object))
}

async fn bucket(
    State(services): State<Arc<Services>>,
    Path(bucket): Path<String>,
    Query(query): Query<Parameters>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let operation = if method == Method::GET { "ListObjectsV2" } else { "unknown" };
    let listed = arrive(&services, operation, &headers).and_then(|()| match operation {
        "ListObjectsV2" => services.buckets.list(&bucket, query),
        _ => Err(AwsError::not_implemented(&format!("{method} of a bucket"))),
    });
    match listed {
        Ok(xml) => respond(StatusCode::OK, &[(header::CONTENT_TYPE, "application/xml")], xml.into()),
        Err(error) => refuse(&error, &format!("/{bucket}")),
    }
}

async fn object(
    State(services): State<Arc<Services>>,
    Path((bucket, key)): Path<(String, String)>,
    Query(mut query): Query<Parameters>,
    method: Method,
    headers: HeaderMap,
    content: Bytes,
) -> Response {
    query.remove("x-id");
    let answered = match (&method, query.into_keys().next()) {
        (_, Some(option)) => arrive(&services, "unknown", &headers)
            .and(Err(AwsError::not_implemented(&format!("{method} of an object with '{option}'")))),
        (&Method::GET, None) => get(&services, &bucket, &key, &headers),
        (&Method::PUT, None) => put(&services, &bucket, &key, &headers, content),
        _ => arrive(&services, "unknown", &headers)
            .and(Err(AwsError::not_implemented(&format!("{method} of an object")))),
    };
    answered.unwrap_or_else(|error| refuse(&error, &format!("/{bucket}/{key}")))
}

fn get(services: &Services, bucket: &str, key: &str, headers: &HeaderMap) -> Result<Response, AwsError> {
    arrive(services, "GetObject", headers)?;
    if let Some(condition) = GET_CONDITIONS.into_iter().find(|name| headers.contains_key(*name)) {
        return Err(AwsError::not_implemented(&format!("GetObject with '{condition}'")));
    }
    let object = services.buckets.get(bucket, key)?;
    let modified = object.modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let headers = [
        (header::CONTENT_TYPE, "binary/octet-stream"),
        (header::ETAG, &object.etag),
        (header::LAST_MODIFIED, &modified),
    ];
    Ok(respond(StatusCode::OK, &headers, object.content.into()))
}

fn put(
    services: &Services,
    bucket: &str,
    key: &str,
    headers: &HeaderMap,
    content: Bytes,
) -> Result<Response, AwsError> {
    arrive(services, "PutObject", headers)?;
    let known = |name: &str| !name.starts_with("x-amz-") || PUT_HEADERS.contains(&name);
    if let Some(name) = headers.keys().find(|name| !known(name.as_str())) {
        return Err(AwsError::not_implemented(&format!("PutObject with '{name}'")));
    }
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    if encoding.is_some_and(|encoding| encoding.contains("aws-chunked")) {
        return Err(AwsError::not_implemented("PutObject of a stream"));
    }
    let object = services.buckets.put(bucket, key, content)?;
    Ok(respond(StatusCode::OK, &[(header::ETAG, &object.etag)], Body::empty()))
}

/// As [`Services::arrive`]; S3 wants one header more, with a digest of the content or a word instead of it.
fn arrive(services: &Services, operation: &str, headers: &HeaderMap) -> Result<(), AwsError> {
    services.arrive(Service::S3, operation, headers)?;
    if headers.contains_key("x-amz-content-sha256") {
        return Ok(());
    }
    Err(AwsError::refused("InvalidRequest", "Missing required header for this request: x-amz-content-sha256"))
}

fn refuse(error: &AwsError, resource: &str) -> Response {
    tracing::debug!(service = "s3", code = %error.code, "refused");
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Error><Code>{}</Code><Message>{}</Message><Resource>{}</Resource></Error>",
        escaped(&error.code),
        escaped(&error.message),
        escaped(resource),
    );
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    respond(status, &[(header::CONTENT_TYPE, "application/xml")], xml.into())
}

fn respond(status: StatusCode, headers: &[(HeaderName, &str)], body: Body) -> Response {
    let mut response = (status, body).into_response();
    let request_id = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
    let request_id = (HeaderName::from_static("x-amz-request-id"), &request_id[..16]);
    for (name, value) in headers.iter().cloned().chain([request_id]) {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
