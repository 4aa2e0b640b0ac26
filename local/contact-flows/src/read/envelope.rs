//! What is around a flow: nothing in an export, an object with its name and ARN where it was printed by
//! `aws connect describe-contact-flow`.
//!
//! <https://docs.aws.amazon.com/connect/latest/APIReference/API_ContactFlow.html>

use std::borrow::Cow;

use serde_json::Value;

use crate::error::ReadError;

/// A flow, and what its envelope says of it.
pub(super) struct Envelope<'v> {
    pub(super) content: Cow<'v, Value>,
    pub(super) name: Option<String>,
    pub(super) arn: Option<String>,
    pub(super) kind: Option<String>,
}

impl<'v> Envelope<'v> {
    pub(super) fn open(value: &'v Value, file: &str) -> Result<Self, ReadError> {
        let described =
            ["ContactFlow", "ContactFlowModule"].iter().find_map(|name| value.get(name)).unwrap_or(value);
        let Some(content) = described.get("Content").and_then(Value::as_str) else {
            return Ok(Self { content: Cow::Borrowed(value), name: None, arn: None, kind: None });
        };
        let content = serde_json::from_str(content)
            .map_err(|source| ReadError::NotJson { file: format!("{file} (Content)"), source })?;
        let own = |name| described.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(Self { content: Cow::Owned(content), name: own("Name"), arn: own("Arn"), kind: own("Type") })
    }
}
