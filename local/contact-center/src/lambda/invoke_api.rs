//! Lambda's public Invoke API: what curl, `cargo lambda invoke` and the AWS SDKs call.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::host::{Host, WeakHost};
use super::pool::Request;
use super::{Invocation, InvokeError, Payload};

/// How much of an invocation's log `X-Amz-Log-Type: Tail` asks for, in bytes: 4 KB.
const TAIL: usize = 4 * 1024;

pub(super) fn serve(listener: TcpListener, host: WeakHost) -> JoinHandle<()> {
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new()
        .route("/2015-03-31/functions/{function}/invocations", post(invoke))
        .layer(DefaultBodyLimit::disable())
        .with_state(host);
    tokio::spawn(async move {
        // It ends only with its task: accepting is retried inside.
        let _ = axum::serve(listener, router).await;
    })
}

async fn invoke(
    State(host): State<WeakHost>,
    Path(function): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(host) = host.upgrade() else { return StatusCode::GONE.into_response() };
    let header = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let name = function_name(&function);
    let body = if body.is_empty() { Bytes::from_static(b"{}") } else { body };
    if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
        let text = format!("Could not parse request body into json: {error}");
        return refusal(StatusCode::BAD_REQUEST, "InvalidRequestContentException", &text);
    }
    let client_context =
        header("x-amz-client-context").and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok());
    let request = Request { client_context, ..Request::new(Payload::from(body)) };
    match header("x-amz-invocation-type").unwrap_or("RequestResponse") {
        "RequestResponse" => match host.invoke_request(name, request).await {
            Ok(invocation) => replied(&invocation, header("x-amz-log-type") == Some("Tail")),
            Err(error) => refused(&host, &error),
        },
        "Event" => match host.enqueue_request(name, request) {
            Ok(id) => with_headers(StatusCode::ACCEPTED, &[("x-amzn-requestid", &id)], Bytes::new()),
            Err(error) => refused(&host, &error),
        },
        "DryRun" => match host.pool(name) {
            Ok(_) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => refused(&host, &error),
        },
        other => {
            let text = format!(
                "Value '{other}' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value \
                 set: [Event, RequestResponse, DryRun]"
            );
            refusal(StatusCode::BAD_REQUEST, "InvalidParameterValueException", &text)
        }
    }
}

/// The bare name in a name, a name with a version or alias, or a full or partial ARN.
fn function_name(given: &str) -> &str {
    let mut parts = given.split(':');
    match given.contains(":function:") {
        true => parts.skip_while(|part| *part != "function").nth(1).unwrap_or(given),
        false => parts.next().unwrap_or(given),
    }
}

fn replied(invocation: &Invocation, with_log: bool) -> Response {
    let body = match &invocation.reply {
        Ok(reply) => reply.to_string(),
        Err(error) => json!(error).to_string(),
    };
    let tail = if with_log { log_tail(&invocation.log) } else { String::new() };
    let mut headers = vec![
        ("content-type", "application/json"),
        ("x-amzn-requestid", invocation.request_id.as_str()),
        ("x-amz-executed-version", "$LATEST"),
    ];
    if invocation.reply.is_err() {
        headers.push(("x-amz-function-error", "Unhandled"));
    }
    if with_log {
        headers.push(("x-amz-log-result", &tail));
    }
    with_headers(StatusCode::OK, &headers, body.into())
}

/// The last 4 KB of a log, in base64.
fn log_tail(lines: &[String]) -> String {
    let log = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    STANDARD.encode(&log.as_bytes()[log.len().saturating_sub(TAIL)..])
}

fn refused(host: &Host, error: &InvokeError) -> Response {
    match error {
        InvokeError::NotFound { name, .. } => {
            let text = format!("Function not found: {}", host.site().function_arn(name));
            refusal(StatusCode::NOT_FOUND, "ResourceNotFoundException", &text)
        }
        InvokeError::Throttled { .. } => {
            let body = json!({
                "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
                "Type": "User",
                "message": "Rate Exceeded.",
            });
            error_response(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException", &body)
        }
        InvokeError::TooLarge { limit, .. } => {
            let text = format!("Request must be smaller than {limit} bytes for the InvokeFunction operation");
            refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestTooLargeException", &text)
        }
        InvokeError::Stopped { .. } => {
            let body = json!({ "Type": "Service", "Message": error.to_string() });
            error_response(StatusCode::INTERNAL_SERVER_ERROR, "ServiceException", &body)
        }
    }
}

fn refusal(status: StatusCode, error_type: &str, message: &str) -> Response {
    error_response(status, error_type, &json!({ "Type": "User", "Message": message, "message": message }))
}

fn error_response(status: StatusCode, error_type: &str, body: &Value) -> Response {
    let headers = [("content-type", "application/json"), ("x-amzn-errortype", error_type)];
    with_headers(status, &headers, body.to_string().into())
}

fn with_headers(status: StatusCode, headers: &[(&'static str, &str)], body: Bytes) -> Response {
    let mut response = (status, body).into_response();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_under_every_form_of_its_name() {
        let forms = [
            "Answer",
            "Answer:live",
            "123456789012:function:Answer",
            "arn:aws:lambda:us-east-1:123456789012:function:Answer",
            "arn:aws:lambda:us-east-1:123456789012:function:Answer:live",
        ];
        for form in forms {
            assert_eq!(function_name(form), "Answer", "{form}");
        }
    }

    #[test]
    fn the_log_tail_is_cut_at_its_beginning() {
        let tail = STANDARD.decode(log_tail(&["x".repeat(5000), "last".to_owned()])).unwrap();
        assert_eq!(tail.len(), TAIL);
        assert!(tail.ends_with(b"x\nlast\n"));
    }
}
