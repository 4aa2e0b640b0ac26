//! Which function an ARN in a flow means.

use std::collections::BTreeMap;

/// The logical ids of this suite's functions that flows invoke, as template.yaml names them.
const OURS: [&str; 3] =
    ["InvokeTelephonyIntegrationApiFunction", "InvokeSalesforceRestApiFunction", "kvsConsumerTrigger"];

/// The longest name that CloudFormation gives a function; it cuts the middle of a longer one.
const LONGEST_NAME: usize = 64;

/// The functions that there are, by their logical ids.
///
/// Flows name accounts, stacks and aliases that are somebody else's. So a function is known by the logical id at the end of its
/// ARN: `…:function:InvokeSalesforceRestApiFunction`, with a prefix (`…:function:Center-InvokeSalesforceRestApiFunction:active`), or as
/// CloudFormation names it (`…:function:stack-InvokeSalesforceRestApiFunction-1179ZKOGVWFZP`), even if it had to cut it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Functions {
    known: Vec<String>,
    overrides: BTreeMap<String, String>,
}

impl Functions {
    /// These functions.
    pub fn new<S: Into<String>>(known: impl IntoIterator<Item = S>) -> Self {
        Self { known: known.into_iter().map(Into::into).collect(), overrides: BTreeMap::new() }
    }

    /// The functions of this suite that flows invoke.
    pub fn of_the_suite() -> Self {
        Self::new(OURS)
    }

    /// What the flow calls `arn` (the whole ARN, or the name in it) is the function `logical_id`.
    #[must_use]
    pub fn with_override(mut self, arn: impl Into<String>, logical_id: impl Into<String>) -> Self {
        self.overrides.insert(arn.into(), logical_id.into());
        self
    }

    /// The logical id of the function that this ARN means; `None` if it is none of these, or could be several.
    pub fn resolve(&self, arn: &str) -> Option<&str> {
        let name = function_name(arn);
        let overridden = self.overrides.get(arn).or_else(|| self.overrides.get(name));
        if let Some(logical_id) = overridden {
            return Some(logical_id);
        }
        let is_named = |known: &&String| is_name_of(name, known);
        self.known.iter().find(is_named).or_else(|| self.cut(name)).map(String::as_str)
    }

    /// The function whose name CloudFormation had to cut.
    fn cut(&self, name: &str) -> Option<&String> {
        let (cut, _) = name.rsplit_once('-').filter(|(_, suffix)| is_random(suffix))?;
        if name.len() < LONGEST_NAME {
            return None;
        }
        let starts = |known: &&String| {
            let mut parts = cut.match_indices('-').map(|(at, _)| &cut[at + 1..]);
            parts.any(|part| part.len() >= 8 && known.starts_with(part))
        };
        let mut found = self.known.iter().filter(starts);
        found.next().filter(|_| found.next().is_none())
    }
}

/// The name in `arn:aws:lambda:region:account:function:name:alias`, or the whole text if it is no ARN.
fn function_name(arn: &str) -> &str {
    let name = arn.split_once(":function:").map_or(arn, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}

fn is_name_of(name: &str, known: &str) -> bool {
    let ends = |text: &str| {
        let prefix = text.strip_suffix(known);
        prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(['-', '_']))
    };
    let stem = name.rsplit_once('-').filter(|(_, suffix)| is_random(suffix)).map(|(stem, _)| stem);
    ends(name) || stem.is_some_and(ends)
}

/// What CloudFormation appends: twelve or thirteen capital letters and digits, in newer stacks small ones, too.
fn is_random(suffix: &str) -> bool {
    suffix.len() >= 8
        && suffix.bytes().all(|b| b.is_ascii_alphanumeric())
        && suffix.bytes().any(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests;
