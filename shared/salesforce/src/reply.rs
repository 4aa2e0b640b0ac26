//! A successful reply, on its way to a type.

use crate::{Error, UnreadableProblem};
use serde::de::DeserializeOwned;

/// What Salesforce answered to a request that it accepted (2xx).
pub(crate) struct Reply {
    pub(crate) operation: &'static str,
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn is_empty(&self) -> bool {
        self.body.trim_ascii().is_empty()
    }

    /// The body as JSON. The error names the field, and nothing of the body: serde's own text would quote it.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        if self.is_empty() {
            return Err(self.unreadable(UnreadableProblem::Empty));
        }
        let json = &mut serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(json).map_err(|error| {
            let problem = match error.inner().classify() {
                serde_json::error::Category::Data => UnreadableProblem::Field(field(&error)),
                _ if self.body.trim_ascii().starts_with(b"<") => UnreadableProblem::Html,
                _ => UnreadableProblem::NotJson,
            };
            self.unreadable(problem)
        })
    }

    pub(crate) fn unreadable(&self, problem: UnreadableProblem) -> Error {
        Error::UnreadableReply { operation: self.operation, status: self.status, problem }
    }
}

/// For a missing field serde reports the object that lacks it, and names the field in its text only: the one text
/// of serde that quotes our own type instead of the body.
fn field(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let path = error.path().to_string();
    let text = error.inner().to_string();
    let missing =
        text.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')).map(|(name, _)| name);
    match (path.as_str(), missing) {
        (".", Some(name)) => name.to_owned(),
        (path, Some(name)) => format!("{path}.{name}"),
        (".", None) => "at its top level".to_owned(),
        (path, None) => path.to_owned(),
    }
}

#[cfg(test)]
mod tests;
