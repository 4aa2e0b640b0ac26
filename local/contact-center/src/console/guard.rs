//! Who may talk to the console: browsers on this machine, and forms of the console's own page.
//!
//! A page of another site can have a browser send requests here. It cannot choose what the browser says of them: `Host`
//! names the address that was asked for (so a name that some other site points to 127.0.0.1 gives itself away), and `Origin`
//! the site that a POST comes from.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Nothing is loaded from elsewhere, nothing runs that is not a file of the console, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // With `no-referrer` browsers would say `Origin: null` of the console's own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Refuses what comes from elsewhere, and puts the headers on every answer.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let mut response = match refusal(request.method(), request.headers()) {
        Some(reason) => (StatusCode::FORBIDDEN, reason).into_response(),
        None => next.run(request).await,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Why a request is refused.
fn refusal(method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(host) = text(header::HOST).filter(|host| is_loopback(host)) else {
        return Some("The console answers only to 127.0.0.1 and localhost.\n");
    };
    if method == Method::GET || method == Method::HEAD {
        return None;
    }
    let is_own = text(header::ORIGIN).and_then(|origin| origin.strip_prefix("http://")) == Some(host);
    (!is_own).then_some("The console takes this only from its own page: the Origin header must name it.\n")
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    ["127.0.0.1", "localhost"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(method: Method, headers: &[(HeaderName, &'static str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        refusal(&method, &headers.collect()).is_some()
    }

    #[test]
    fn a_name_that_leads_here_from_elsewhere_is_refused() {
        for (host, refused) in [
            ("127.0.0.1:9001", false),
            ("localhost:9001", false),
            ("console.example:9001", true),
            ("127.0.0.1.example:9001", true),
            ("", true),
        ] {
            assert_eq!(is_refused(Method::GET, &[(header::HOST, host)]), refused, "{host}");
        }
        assert!(is_refused(Method::GET, &[]));
    }

    #[test]
    fn a_post_must_come_from_the_page_itself() {
        let host = (header::HOST, "127.0.0.1:9001");
        let from = |origin| is_refused(Method::POST, &[host.clone(), (header::ORIGIN, origin)]);
        assert!(!from("http://127.0.0.1:9001"));
        for origin in ["http://127.0.0.1:9002", "http://localhost:9001", "https://site.example", "null", ""] {
            assert!(from(origin), "{origin}");
        }
        assert!(is_refused(Method::POST, std::slice::from_ref(&host)));
        assert!(is_refused(Method::DELETE, &[host]));
    }
}
