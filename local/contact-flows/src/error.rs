//! Why a file is not a flow that can be run.

use std::fmt::Write;

use thiserror::Error;

use crate::place::Place;

/// One thing that is wrong in a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What is wrong there, and what was expected. Never what the file has there instead.
    pub what: String,
}

/// A file that cannot be read as a flow.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file is not JSON.
    #[error("{file} is not JSON; export the flow from Amazon Connect again")]
    NotJson {
        /// The file.
        file: String,
        /// Where its JSON breaks off.
        source: serde_json::Error,
    },
    /// The file is JSON, but parts of it are not understood: all of them, not the first only.
    #[error("{}", listed(.0))]
    Problems(Vec<Problem>),
}

impl ReadError {
    /// What is wrong, place by place; empty if the file is not even JSON.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::NotJson { .. } => &[],
            Self::Problems(problems) => problems,
        }
    }
}

fn listed(problems: &[Problem]) -> String {
    match problems {
        [only] => only.to_string(),
        problems => problems.iter().fold(format!("{} problems:", problems.len()), |mut text, problem| {
            // Writing to a String cannot fail.
            let _ = write!(text, "\n  {problem}");
            text
        }),
    }
}
