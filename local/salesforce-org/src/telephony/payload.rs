//! Reading request bodies, with the errors that a wrong one gets.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::reply::Refusal;
use crate::state::OrgState;

/// A JSON object. Null counts as absent throughout, and fields that nobody asks for are left alone.
pub(super) struct Payload(Map<String, Value>);

impl FromRequest<Arc<OrgState>> for Payload {
    type Rejection = Refusal;

    async fn from_request(request: Request, org: &Arc<OrgState>) -> Result<Self, Refusal> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if !content_type.is_some_and(|value| value.starts_with("application/json")) {
            let message = "The Content-Type must be application/json";
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
        }
        let body = Bytes::from_request(request, org).await;
        let body = body.map_err(|_| Refusal::bad_request("JSON_PARSER_ERROR", "The body cannot be read"))?;
        match serde_json::from_slice(&body) {
            Ok(fields) => Ok(Self(fields)),
            Err(error) => Err(Refusal::bad_request("JSON_PARSER_ERROR", error.to_string())),
        }
    }
}

impl Payload {
    /// An object inside a body.
    pub(super) fn within(value: &Value, name: &str) -> Result<Self, Refusal> {
        let fields = value.as_object().ok_or_else(|| mistyped(name, "objects"))?;
        Ok(Self(fields.clone()))
    }

    /// Refuses a body that lacks any of these fields, or has an empty text in one.
    pub(super) fn require(&self, names: &[&str]) -> Result<(), Refusal> {
        let missing: Vec<_> =
            names.iter().filter(|name| self.value(name).is_none_or(|value| value == "")).copied().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let message = format!("Required fields are missing: [{}]", missing.join(", "));
        Err(Refusal::bad_request("REQUIRED_FIELD_MISSING", message))
    }

    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        self.read(name, "a string", Value::as_str)
    }

    /// The text of a field that [`Payload::require`] has asked for.
    pub(super) fn required_text(&self, name: &str) -> Result<&str, Refusal> {
        self.require(&[name])?;
        Ok(self.text(name)?.unwrap_or_default())
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.read(name, "a boolean", Value::as_bool)
    }

    /// A whole number of 32 bits that is not negative.
    pub(super) fn count(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let in_range =
            |value: &Value| value.as_i64().filter(|number| (0..=i64::from(i32::MAX)).contains(number));
        self.read(name, "a 32-bit integer that is not negative", in_range)
    }

    /// Milliseconds since 1970.
    pub(super) fn required_millis(&self, name: &str) -> Result<i64, Refusal> {
        self.require(&[name])?;
        Ok(self.read(name, "a 64-bit integer", Value::as_i64)?.unwrap_or_default())
    }

    pub(super) fn time(&self, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let parse = |value: &Value| DateTime::parse_from_rfc3339(value.as_str()?).ok();
        Ok(self.read(name, "an ISO 8601 time", parse)?.map(|time| time.to_utc()))
    }

    pub(super) fn list(&self, name: &str) -> Result<&[Value], Refusal> {
        let list = self.read(name, "an array", Value::as_array)?;
        Ok(list.map(Vec::as_slice).unwrap_or_default())
    }

    /// A text that must be one of these; letter case counts.
    pub(super) fn choice(
        &self,
        name: &str,
        choices: &[&'static str],
    ) -> Result<Option<&'static str>, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match choices.iter().find(|choice| **choice == text) {
            Some(choice) => Ok(Some(choice)),
            None => Err(Refusal::bad_request(
                "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
                format!("{name}: bad value for restricted picklist field: {text}"),
            )),
        }
    }

    fn read<'a, T>(
        &'a self,
        name: &str,
        kind: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let Some(value) = self.value(name) else { return Ok(None) };
        read(value).map(Some).ok_or_else(|| mistyped(name, kind))
    }
}

fn mistyped(name: &str, kind: &str) -> Refusal {
    Refusal::bad_request("JSON_PARSER_ERROR", format!("{name} must be {kind}"))
}
