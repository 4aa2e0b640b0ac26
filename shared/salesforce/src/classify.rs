//! From an HTTP answer that is no success to an [`Error`]. Pure.

use crate::{Error, Outcome};
use serde_json::Value;
use std::time::Duration;

/// The API that answered; a 403 means different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Telephony,
    Rest,
}

/// Codes that pass although their status says that the request is wrong.
/// They all mean that nothing was done: the transaction was rolled back, or never began.
const PASSING_CODES: [&str; 3] =
    ["UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "FUNCTIONALITY_TEMPORARILY_UNAVAILABLE"];

/// `401` replies to a session that is as good as any: a new one would be refused the same way, for ever.
const NOT_CURED_BY_LOGIN: [&str; 2] =
    ["Connected app is not attached to Agent", "This session is not valid for use with the REST API"];

pub(crate) fn classify(
    operation: &'static str,
    api: Api,
    status: u16,
    retry_after: Option<Duration>,
    body: &[u8],
) -> Error {
    let SalesforceError { code, mut fields } = SalesforceError::read(body);
    if api == Api::Telephony {
        // Undocumented, so nobody knows that they are names of fields.
        fields.clear();
    }
    let passes = code.as_deref().is_some_and(|code| PASSING_CODES.contains(&code));
    let limit = code.as_deref() == Some("REQUEST_LIMIT_EXCEEDED");
    let unavailable = |outcome, code| Error::Unavailable {
        operation,
        status: Some(status),
        code,
        outcome,
        retry_after,
        source: None,
    };
    match status {
        429 => Error::Throttled { operation, status, code, retry_after },
        _ if limit => Error::Throttled { operation, status, code, retry_after },
        _ if passes => unavailable(Outcome::NotExecuted, code),
        401 => Error::Unauthorized { operation, status, code },
        // What the Telephony API answers to a token it does not like is not documented. It has no rights to refuse
        // but those of the call center itself.
        403 if api == Api::Telephony => Error::Unauthorized { operation, status, code },
        // Several records have the external id of the request; the body lists them.
        300 if api == Api::Rest => Error::Refused { operation, status, code, fields },
        300..=399 | 408 | 420 => unavailable(Outcome::NotExecuted, code),
        501 => Error::Refused { operation, status, code, fields },
        503 if retry_after.is_some() => unavailable(Outcome::NotExecuted, code),
        500.. => unavailable(Outcome::Unknown, code),
        _ => Error::Refused { operation, status, code, fields },
    }
}

/// Whether a new session can cure this 401.
pub(crate) fn cured_by_login(status: u16, body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    status == 401 && !NOT_CURED_BY_LOGIN.iter().any(|phrase| text.contains(phrase))
}

/// What may be repeated of an error in Salesforce's words: its code and the names of fields, never a sentence.
#[derive(Default)]
pub(crate) struct SalesforceError {
    pub(crate) code: Option<String>,
    pub(crate) fields: Vec<String>,
}

impl SalesforceError {
    /// In a list of errors as the REST API writes it, the first of them, or in one object.
    fn read(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return Self::default() };
        match &body {
            Value::Array(errors) => errors.first().map(Self::from).unwrap_or_default(),
            other => Self::from(other),
        }
    }
}

impl From<&Value> for SalesforceError {
    /// The Telephony API documents no error body at all, so only what looks like a code is taken for one: anything
    /// else could be a sentence about a person. In a list of saved records the code is called `statusCode`.
    fn from(error: &Value) -> Self {
        let code = ["errorCode", "statusCode", "error", "code"]
            .iter()
            .filter_map(|name| error.get(name)?.as_str())
            .find(|code| is_identifier(code))
            .map(str::to_owned);
        let names = error.get("fields").and_then(Value::as_array).into_iter().flatten();
        let fields =
            names.filter_map(Value::as_str).filter(|name| is_identifier(name)).map(str::to_owned).collect();
        Self { code, fields }
    }
}

/// `[A-Za-z][A-Za-z0-9_.-]{0,79}`.
pub(crate) fn is_identifier(text: &str) -> bool {
    text.len() <= 80
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests;
