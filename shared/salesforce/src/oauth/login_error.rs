//! Why Salesforce refuses a login, and what to check then.
//!
//! <https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm>

use crate::classify::is_identifier;
use crate::{Error, Outcome};
use oauth2::basic::BasicErrorResponse;
use std::fmt;
use std::time::Duration;

/// Salesforce refuses the login of the connected app.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("login: Salesforce refused it ({status}{}). {cause}", code.as_deref().map(|code| format!(" {code}")).unwrap_or_default())]
pub struct LoginError {
    /// HTTP status.
    pub status: u16,
    /// OAuth error code, such as `invalid_grant`.
    pub code: Option<String>,
    /// What is behind it.
    pub cause: LoginRefusal,
}

/// What is behind a refused login; its text says what to check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginRefusal {
    /// The assertion is meant for another host.
    WrongAudience,
    /// The user may not use the app.
    UserNotPreAuthorized,
    /// The assertion had expired when it arrived.
    ClockSkew,
    /// The assertion is refused for another reason, nearly always its signature.
    KeyMismatch,
    /// Salesforce does not know the app, or not yet.
    UnknownApp,
    /// The consumer secret is wrong.
    WrongSecret,
    /// The app does not allow this way of logging in.
    FlowNotEnabled,
    /// The client-credentials flow has no user to run as.
    NoRunAsUser,
    /// This host does not serve this flow.
    WrongHost,
    /// The user is inactive or locked.
    InactiveUser,
    /// The org is inactive or locked.
    InactiveOrg,
    /// Too many logins.
    RateLimited,
    /// Something else.
    Other,
}

impl fmt::Display for LoginRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongAudience => {
                "The audience of the assertion is wrong: it is https://login.salesforce.com for a production or \
                 developer org, https://test.salesforce.com for a sandbox, or the URL of the Experience Cloud site."
            }
            Self::UserNotPreAuthorized => {
                "The user is not pre-authorized for the app: under the app's policies set Permitted Users to \
                 'Admin approved users are pre-authorized' and add a profile or permission set of the user."
            }
            Self::ClockSkew => {
                "The assertion had expired when it arrived: check that the clock of this machine is right."
            }
            Self::KeyMismatch => {
                "The assertion is refused, nearly always for its signature: check that the certificate on the app \
                 belongs to the private key in the secret, and that the subject is the user name of a user of this org."
            }
            Self::UnknownApp => {
                "The app is unknown: check the consumer key. An app that was created or changed a moment ago takes \
                 up to ten minutes to become known."
            }
            Self::WrongSecret => "The consumer secret is wrong: check that it was not rotated on the app.",
            Self::FlowNotEnabled => "The app does not allow this flow: enable it in the OAuth settings of the app.",
            Self::NoRunAsUser => {
                "The client-credentials flow has no user: set a Run-As user in the policies of the app."
            }
            Self::WrongHost => {
                "This host does not serve this flow: the token endpoint must be on the org's My Domain \
                 (https://….my.salesforce.com/services/oauth2/token)."
            }
            Self::InactiveUser => "The user is inactive or locked: activate it, or name another one.",
            Self::InactiveOrg => "The org is inactive or locked: ask its administrator.",
            Self::RateLimited => {
                "There were too many logins: check how many functions log in for themselves, and try later."
            }
            Self::Other => {
                "Look at the login history of the user in Salesforce, which names the reason."
            }
        })
    }
}

/// An answer of the token endpoint that is no success.
pub(crate) fn classify(
    operation: &'static str,
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Error {
    let unavailable = |outcome| Error::Unavailable {
        operation,
        status: Some(status),
        code: None,
        outcome,
        retry_after,
        source: None,
    };
    match status {
        429 => Error::Throttled { operation, status, code: None, retry_after },
        300..=399 | 408 | 420 => unavailable(Outcome::NotExecuted),
        500.. => unavailable(Outcome::Unknown),
        _ => Error::Login(refusal(status, body)),
    }
}

/// The description is compared with known phrases and then forgotten: it may name the user.
fn refusal(status: u16, body: &[u8]) -> LoginError {
    let reply = serde_json::from_slice::<BasicErrorResponse>(body).ok();
    let code =
        reply.as_ref().map(|reply| reply.error().as_ref().to_owned()).filter(|code| is_identifier(code));
    let description =
        reply.as_ref().and_then(|reply| reply.error_description()).map(|text| text.to_lowercase());
    let cause = cause(code.as_deref().unwrap_or_default(), description.as_deref().unwrap_or_default());
    LoginError { status, code, cause }
}

fn cause(code: &str, description: &str) -> LoginRefusal {
    // Spelled with two kinds of apostrophe.
    let not_approved = ["hasn't approved", "hasn’t approved", "not approved", "not admin approved"];
    let phrases: [(&[&str], LoginRefusal); 6] = [
        (&["audience"], LoginRefusal::WrongAudience),
        (&not_approved, LoginRefusal::UserNotPreAuthorized),
        (&["no client credentials user"], LoginRefusal::NoRunAsUser),
        (&["not supported on this domain"], LoginRefusal::WrongHost),
        (&["inactive user", "user is inactive"], LoginRefusal::InactiveUser),
        (&["expired"], LoginRefusal::ClockSkew),
    ];
    let known = phrases.iter().find(|(texts, _)| texts.iter().any(|text| description.contains(text)));
    match (code, known) {
        ("inactive_user", _) => LoginRefusal::InactiveUser,
        ("inactive_org", _) => LoginRefusal::InactiveOrg,
        ("rate_limit_exceeded", _) => LoginRefusal::RateLimited,
        (_, Some((_, cause))) => *cause,
        ("invalid_client_id", _) => LoginRefusal::UnknownApp,
        ("invalid_client", _) if description.contains("identifier") => LoginRefusal::UnknownApp,
        ("invalid_client", _) => LoginRefusal::WrongSecret,
        ("invalid_app_access", _) => LoginRefusal::UserNotPreAuthorized,
        ("unsupported_grant_type" | "unauthorized_client", _) => LoginRefusal::FlowNotEnabled,
        ("invalid_grant", _) => LoginRefusal::KeyMismatch,
        _ => LoginRefusal::Other,
    }
}

#[cfg(test)]
mod tests;
