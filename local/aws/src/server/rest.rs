//! The newer services: an address per operation instead of a header, and replies that may be streams.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;

use super::{Services, reply};
use crate::error::AwsError;
use crate::service::Service;
use crate::transcribe::{Kind, drain};

pub(super) fn routes() -> Router<Arc<Services>> {
    Router::new()
        .route("/getDataEndpoint", post(get_data_endpoint))
        .route("/getMedia", post(get_media))
        .route("/stream-transcription", post(start_stream_transcription))
        .route("/medical-stream-transcription", post(start_medical_stream_transcription))
        .route("/contact/attributes", post(update_contact_attributes))
        .route("/contacts/{instance_id}/{contact_id}", get(describe_contact))
}

async fn get_data_endpoint(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let arrived = services.arrive(Service::KinesisVideo, "GetDataEndpoint", &headers);
    let outcome = arrived.and_then(|()| services.video_streams.data_endpoint(&body, &services.url));
    answer(Service::KinesisVideo, outcome)
}

async fn get_media(State(services): State<Arc<Services>>, headers: HeaderMap, body: Bytes) -> Response {
    let arrived = services.arrive(Service::KinesisVideo, "GetMedia", &headers);
    match arrived.and_then(|()| services.video_streams.media(&body)) {
        Ok(media) => {
            let mut response = Response::new(media);
            let media_type = HeaderValue::from_static("application/octet-stream");
            response.headers_mut().insert(header::CONTENT_TYPE, media_type);
            identified(response)
        }
        Err(error) => answer(Service::KinesisVideo, Err(error)),
    }
}

async fn start_stream_transcription(State(services): State<Arc<Services>>, request: Request) -> Response {
    transcribe(&services, Kind::Standard, request)
}

async fn start_medical_stream_transcription(
    State(services): State<Arc<Services>>,
    request: Request,
) -> Response {
    transcribe(&services, Kind::Medical, request)
}

fn transcribe(services: &Services, kind: Kind, request: Request) -> Response {
    let (head, audio) = request.into_parts();
    let arrived = services.arrive(Service::Transcribe, kind.operation(), &head.headers);
    match arrived.and_then(|()| services.transcribe.start(kind, &head)) {
        Ok(started) => identified(started.reply(audio)),
        Err(error) => {
            tokio::spawn(drain(audio));
            answer(Service::Transcribe, Err(error))
        }
    }
}

async fn update_contact_attributes(
    State(services): State<Arc<Services>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let arrived = services.arrive(Service::Connect, "UpdateContactAttributes", &headers);
    answer(Service::Connect, arrived.and_then(|()| services.contacts.update_attributes(&body)))
}

async fn describe_contact(
    State(services): State<Arc<Services>>,
    Path((instance_id, contact_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let arrived = services.arrive(Service::Connect, "DescribeContact", &headers);
    answer(Service::Connect, arrived.and_then(|()| services.contacts.describe(&instance_id, &contact_id)))
}

fn answer(service: Service, outcome: Result<Value, AwsError>) -> Response {
    reply(service, outcome).into_response()
}

/// Every reply has an id that AWS's support would ask for.
fn identified(mut response: Response<Body>) -> Response {
    if let Ok(id) = HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()) {
        response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    response
}
