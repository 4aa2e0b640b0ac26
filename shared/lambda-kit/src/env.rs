//! Configuration from a look-up function, so that tests need no process environment.

use std::fmt::Display;
use std::str::FromStr;

/// The environment of a function: a look-up from the name of a variable to its value.
///
/// Values are trimmed, and an empty value counts as absent: CloudFormation writes an empty string
/// where a parameter was left out.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    look_up: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Env<'a> {
    /// An environment over `look_up`.
    pub fn new(look_up: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { look_up }
    }

    /// The environment of this process.
    pub fn of_process() -> Env<'static> {
        Env { look_up: &|variable| std::env::var(variable).ok() }
    }

    /// The value of `variable`, if it has one.
    pub fn optional(&self, variable: &str) -> Option<String> {
        (self.look_up)(variable).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The value of `variable`; `purpose` says in the error what it is for ("the URL of ...").
    pub fn required(&self, variable: &'static str, purpose: &'static str) -> Result<String, ConfigError> {
        self.optional(variable).ok_or(ConfigError { variable, purpose, problem: Problem::Missing })
    }

    /// The value of `variable` as a `T`, or `default` where it is absent.
    pub fn parsed<T>(
        &self,
        variable: &'static str,
        purpose: &'static str,
        default: T,
    ) -> Result<T, ConfigError>
    where
        T: FromStr,
        T::Err: Display,
    {
        match self.optional(variable) {
            None => Ok(default),
            Some(value) => value.parse().map_err(|e: T::Err| ConfigError::invalid(variable, purpose, e)),
        }
    }
}

/// A variable of the function's configuration that is missing or cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "environment variable {variable} {problem}; it holds {purpose}: correct the function's configuration"
)]
pub struct ConfigError {
    /// The name of the variable.
    pub variable: &'static str,
    purpose: &'static str,
    problem: Problem,
}

impl ConfigError {
    /// The variable has a value that cannot be used. `reason` must not repeat the value: somebody may have
    /// put a secret in the wrong place.
    pub fn invalid(variable: &'static str, purpose: &'static str, reason: impl Display) -> Self {
        Self { variable, purpose, problem: Problem::Invalid(reason.to_string()) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Problem {
    #[error("is not set")]
    Missing,
    #[error("cannot be used ({0})")]
    Invalid(String),
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    const PURPOSE: &str = "how many records are sent at once";

    fn look_up(variable: &str) -> Option<String> {
        match variable {
            "NAME" => Some("  value\n".into()),
            "EMPTY" => Some(" ".into()),
            "SIXTEEN" => Some("16".into()),
            "ZERO" => Some("0".into()),
            _ => None,
        }
    }

    #[test]
    fn values_are_trimmed_and_an_empty_one_is_absent() {
        let env = Env::new(&look_up);
        assert_eq!(env.optional("NAME").as_deref(), Some("value"));
        assert_eq!(env.optional("EMPTY"), None);
        assert_eq!(env.required("NAME", PURPOSE).unwrap(), "value");
        let default = NonZeroUsize::MIN;
        assert_eq!(env.parsed("SIXTEEN", PURPOSE, default).unwrap().get(), 16);
        assert_eq!(env.parsed("EMPTY", PURPOSE, default).unwrap(), default);
    }

    #[test]
    fn an_error_names_the_variable_its_purpose_and_what_to_do() {
        let env = Env::new(&look_up);
        insta::assert_snapshot!(
            env.required("EMPTY", PURPOSE).unwrap_err(),
            @"environment variable EMPTY is not set; it holds how many records are sent at once: correct the function's configuration"
        );
        insta::assert_snapshot!(
            env.parsed("ZERO", PURPOSE, NonZeroUsize::MIN).unwrap_err(),
            @"environment variable ZERO cannot be used (number would be zero for non-zero type); it holds how many records are sent at once: correct the function's configuration"
        );
    }
}
