//! The HTTP side: one address for all services. The older ones are told apart by the `X-Amz-Target` header.

mod rest;
mod s3;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::buckets::Buckets;
use crate::connect::Contacts;
use crate::dynamodb::Tables;
use crate::error::AwsError;
use crate::failures::Failures;
use crate::kinesis::Streams;
use crate::kinesis_video::VideoStreams;
use crate::lock;
use crate::parameters::Parameters;
use crate::queues::Queues;
use crate::secrets::Secrets;
use crate::service::Service;
use crate::signature;
use crate::transcribe::Transcribe;

/// A request that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The name that the service signs as: `connect`, `dynamodb`, `kinesis`, `kinesisvideo`, `s3`, `secretsmanager`, `sqs`,
    /// `ssm` or `transcribe`.
    pub service: &'static str,
    /// The operation, like `GetSecretValue`.
    pub operation: String,
    /// When it arrived.
    pub at: DateTime<Utc>,
}

/// Everything that the stand-ins hold.
#[derive(Debug, Default)]
pub(crate) struct Services {
    /// Where they all are: `http://127.0.0.1:40123`.
    pub(crate) url: String,
    pub(crate) secrets: Secrets,
    pub(crate) parameters: Parameters,
    pub(crate) queues: Queues,
    pub(crate) tables: Tables,
    pub(crate) buckets: Buckets,
    pub(crate) streams: Streams,
    pub(crate) video_streams: VideoStreams,
    pub(crate) transcribe: Arc<Transcribe>,
    pub(crate) contacts: Contacts,
    pub(crate) failures: Failures,
    requests: Mutex<Vec<Request>>,
}

impl Services {
    pub(crate) fn at(url: String) -> Services {
        Services { url, ..Services::default() }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        lock(&self.requests).clone()
    }

    async fn answer(
        &self,
        service: Service,
        operation: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Value, AwsError> {
        self.arrive(service, operation, headers)?;
        match service {
            Service::DynamoDb => self.tables.answer(operation, body),
            Service::Kinesis => self.streams.answer(operation, body),
            Service::SecretsManager => self.secrets.answer(operation, body),
            Service::Sqs => self.queues.answer(operation, body).await,
            Service::Ssm => self.parameters.answer(operation, body),
            Service::Connect | Service::KinesisVideo | Service::S3 | Service::Transcribe => {
                Err(AwsError::unknown_operation(operation))
            }
        }
    }

    /// Notes a request, and refuses it if it is not signed, or if it is to fail.
    fn arrive(&self, service: Service, operation: &str, headers: &HeaderMap) -> Result<(), AwsError> {
        let arrived =
            Request { service: service.signing_name(), operation: operation.to_owned(), at: Utc::now() };
        lock(&self.requests).push(arrived);
        signature::check(service, headers)?;
        match self.failures.next(operation) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }
}

/// Serves the older services at `/`, where AWS clients post to, the newer ones at an address per operation, and S3 at what
/// is left: bucket and key are the address there.
pub(crate) fn router(services: Arc<Services>) -> Router {
    // The services know their own limits; a message of 1 MiB may take six times that as JSON.
    Router::new()
        .route("/", post(respond))
        .merge(rest::routes())
        .merge(s3::routes())
        .layer(DefaultBodyLimit::disable())
        .with_state(services)
}

async fn respond(State(services): State<Arc<Services>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some((service, operation)) = Service::of_target(target) else {
        let error = AwsError::unknown_operation(target);
        return reply(Service::SecretsManager, Err(error));
    };
    let outcome = services.answer(service, operation, &headers, &body).await;
    if let Err(error) = &outcome {
        tracing::debug!(service = service.signing_name(), operation, code = %error.code, "refused");
    }
    reply(service, outcome)
}

fn reply(service: Service, outcome: Result<Value, AwsError>) -> Response {
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    put(header::CONTENT_TYPE, service.media_type());
    put(HeaderName::from_static("x-amzn-requestid"), &Uuid::new_v4().to_string());
    let (status, body) = match outcome {
        Ok(body) => (StatusCode::OK, body),
        Err(error) => {
            put(HeaderName::from_static("x-amzn-errortype"), &error.code);
            if let Some(code) = error.query_code {
                put(HeaderName::from_static("x-amzn-query-error"), &format!("{code};Sender"));
            }
            let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, error.body(service))
        }
    };
    (status, headers, body.to_string()).into_response()
}

#[cfg(test)]
mod tests;
