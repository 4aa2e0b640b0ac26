//! What the function reads from its environment, besides credentials, table and queue.

use std::str::FromStr;

use analysis_files::AnalysisKey;
use lambda_kit::env::{ConfigError, Env};

/// The function's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Which of the two files of a call is read (`ANALYSIS_FILES`).
    pub files: Version,
    /// The only bucket prefix whose files are read, without a slash at its end (`ANALYSIS_PREFIX`); any if absent.
    pub prefix: Option<String>,
    /// Whether the sentiment over the whole call is sent, too (`OVERALL_SCORES`).
    pub overall_scores: bool,
    /// Whose contacts they are, if a file does not say (`CONNECT_INSTANCE_ID`).
    pub instance_id: Option<String>,
}

/// A call whose analysis is redacted has one file or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// With everything that was said.
    Original,
    /// Without names and numbers.
    Redacted,
}

impl FromStr for Version {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "original" => Ok(Self::Original),
            "redacted" => Ok(Self::Redacted),
            _ => Err("expected original or redacted"),
        }
    }
}

impl Config {
    /// Reads the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let files = "which analysis files are read, original or redacted";
        let scores = "whether the sentiment over the whole call is sent, true or false";
        Ok(Self {
            files: env.parsed("ANALYSIS_FILES", files, Version::Original)?,
            prefix: env.optional("ANALYSIS_PREFIX").map(|prefix| prefix.trim_end_matches('/').to_owned()),
            overall_scores: env.parsed("OVERALL_SCORES", scores, true)?,
            instance_id: env.optional("CONNECT_INSTANCE_ID"),
        })
    }

    /// Why this file is not read, as the value of the metrics dimension `reason`; `None` if it is.
    pub(crate) fn declines(&self, file: &AnalysisKey<'_>) -> Option<&'static str> {
        let prefix = file.bucket_prefix.trim_end_matches('/');
        match (self.files, file.redacted) {
            _ if self.prefix.as_deref().is_some_and(|only| only != prefix) => Some("other_prefix"),
            (Version::Original, true) => Some("redacted"),
            (Version::Redacted, false) => Some("original"),
            _ => None,
        }
    }
}
