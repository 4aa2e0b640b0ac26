//! Requests to AWS services of which a function uses one operation: signed by hand, over the SDK's own client. The SDK
//! crate of Amazon Connect alone is 46 MB of source.

use std::borrow::Cow;
use std::time::SystemTime;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_dynamodb::error::ErrorMetadata;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::http::Headers;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use serde_json::Value;
use tokio::time::Instant;

use crate::aws::{AwsError, call};
use crate::env::Env;

/// Statuses that tell to come again.
const REPEATABLE: &[u16] = &[429, 500, 502, 503, 504];

/// One AWS service with a JSON interface.
pub struct SignedService {
    name: &'static str,
    endpoint: String,
    sdk: SdkConfig,
}

/// A request to it.
#[derive(Debug, Clone, Copy)]
pub struct SignedRequest<'a> {
    /// The action as IAM policies name it.
    pub action: &'static str,
    /// What it is for, for the error.
    pub resource: &'a str,
    /// The path: [`segment`]s with slashes before them.
    pub path: &'a str,
    /// Headers beside those of every request. The content type is `application/json` unless one of them says otherwise.
    pub headers: &'a [(&'static str, &'static str)],
    /// The JSON; empty for a `GET`.
    pub body: &'a str,
}

impl SignedService {
    /// The service that signatures and hosts call `name`, at the endpoint that `AWS_ENDPOINT_URL_<NAME>` or
    /// `AWS_ENDPOINT_URL` names, else at that of the function's region. No I/O.
    pub fn new(env: &Env<'_>, sdk: &SdkConfig, name: &'static str) -> Self {
        let region = sdk.region().map_or("us-east-1", |region| region.as_ref());
        let domain = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        let endpoint = env
            .optional(&format!("AWS_ENDPOINT_URL_{}", name.to_ascii_uppercase()))
            .or_else(|| sdk.endpoint_url().map(str::to_owned))
            .unwrap_or_else(|| format!("https://{name}.{region}.{domain}"));
        Self { name, endpoint: endpoint.trim_end_matches('/').to_owned(), sdk: sdk.clone() }
    }

    /// Sends a request with `POST` and answers with the body of the reply. What AWS asks to be repeated is.
    ///
    /// # Errors
    /// As AWS says; or there was no reply by the deadline.
    pub async fn post(&self, request: &SignedRequest<'_>, deadline: Instant) -> Result<String, AwsError> {
        Ok(self.exchange(request, deadline).await?.body)
    }

    /// As [`post`](Self::post); answers with the headers of the reply, too.
    pub(crate) async fn exchange(
        &self,
        request: &SignedRequest<'_>,
        deadline: Instant,
    ) -> Result<Reply, AwsError> {
        self.send("POST", request, deadline).await
    }

    /// As [`post`](Self::post), with `GET` and without a body.
    ///
    /// # Errors
    /// As AWS says; or there was no reply by the deadline.
    pub async fn get(&self, request: &SignedRequest<'_>, deadline: Instant) -> Result<String, AwsError> {
        Ok(self.send("GET", request, deadline).await?.body)
    }

    async fn send(
        &self,
        method: &'static str,
        request: &SignedRequest<'_>,
        deadline: Instant,
    ) -> Result<Reply, AwsError> {
        let signed = self.signed(method, request).await?;
        let timeouts = self.sdk.timeout_config().cloned().unwrap_or_else(TimeoutConfig::disabled);
        let mut operation = Operation::builder()
            .service_name(self.name)
            .operation_name(request.action)
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(&self.endpoint)
            .no_auth()
            .standard_retry(&self.sdk.retry_config().cloned().unwrap_or_else(RetryConfig::standard))
            .retry_classifier(HttpStatusCodeClassifier::new_from_codes(REPEATABLE))
            .retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
            .timeout_config(timeouts)
            .serializer(move |()| signed.try_clone().ok_or_else(|| "the body is a stream".into()))
            .deserializer(read);
        if let Some(client) = self.sdk.http_client() {
            operation = operation.http_client(client);
        }
        let operation = operation.build();
        call(request.action, request.resource, deadline, operation.invoke(())).await
    }

    async fn signed(
        &self,
        method: &'static str,
        request: &SignedRequest<'_>,
    ) -> Result<HttpRequest, AwsError> {
        let unsigned = |problem: &str| AwsError::unsent(request.action, request.resource, problem);
        let provider = self.sdk.credentials_provider().ok_or_else(|| unsigned("there are no credentials"))?;
        let credentials =
            provider.provide_credentials().await.map_err(|_| unsigned("the credentials cannot be had"))?;
        let identity = credentials.into();
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.sdk.region().map_or("us-east-1", |region| region.as_ref()))
            .name(self.name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|_| unsigned("it cannot be signed"))?
            .into();
        let url = format!("{}{}", self.endpoint, request.path);
        let body = SignableBody::Bytes(request.body.as_bytes());
        let json = ("content-type", "application/json");
        let json = (!request.headers.iter().any(|(name, _)| *name == json.0)).then_some(json);
        let headers = || request.headers.iter().copied().chain(json);
        let (signature, _) = SignableRequest::new(method, &url, headers(), body)
            .and_then(|signable| sign(signable, &params))
            .map_err(|_| unsigned("it cannot be signed"))?
            .into_parts();
        let mut signed = HttpRequest::new(SdkBody::from(request.body));
        let wrong = |_| unsigned("its address is not one");
        signed.set_method(method).map_err(wrong)?;
        signed.set_uri(url).map_err(wrong)?;
        for (name, value) in headers() {
            signed.headers_mut().insert(name, value);
        }
        for (name, value) in signature.headers() {
            signed.headers_mut().insert(name.to_owned(), value.to_owned());
        }
        Ok(signed)
    }
}

/// A reply that says yes.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) headers: Headers,
    pub(crate) body: String,
}

/// A reply that says yes; else AWS's error code, which stands in a header or in the body.
fn read(reply: &HttpResponse) -> Result<Reply, OrchestratorError<ErrorMetadata>> {
    let body = String::from_utf8_lossy(reply.body().bytes().unwrap_or_default()).into_owned();
    if reply.status().is_success() {
        return Ok(Reply { headers: reply.headers().clone(), body });
    }
    let error: Value = serde_json::from_str(&body).unwrap_or_default();
    let text = |names: [&str; 2]| names.into_iter().find_map(|name| error.get(name)?.as_str());
    let code = reply.headers().get("x-amzn-errortype").or_else(|| text(["__type", "code"]));
    let mut metadata = ErrorMetadata::builder();
    // `com.amazonaws.lambda#TooManyRequestsException`, `TooManyRequestsException:http://…`
    if let Some(code) = code.and_then(|code| code.split(':').next()?.rsplit('#').next()) {
        metadata = metadata.code(code);
    }
    if let Some(message) = text(["message", "Message"]) {
        metadata = metadata.message(message);
    }
    Err(OrchestratorError::operation(metadata.build()))
}

/// A text as one segment of a path.
pub fn segment(text: &str) -> Cow<'_, str> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    if text.bytes().all(|byte| plain(&byte)) {
        return Cow::Borrowed(text);
    }
    let encoded = text.bytes().map(|byte| match plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    Cow::Owned(encoded.collect())
}

#[cfg(test)]
mod tests;
