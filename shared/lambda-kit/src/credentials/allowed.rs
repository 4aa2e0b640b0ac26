use super::CredentialError;
use crate::env::{ConfigError, Env};

/// How much of a name from outside goes into an error text.
const SHOWN_CHARACTERS: usize = 80;

/// Which secrets a contact may choose from: the default, and what matches a pattern.
pub(super) struct AllowedSecrets {
    default: String,
    patterns: Vec<String>,
}

impl AllowedSecrets {
    pub(super) fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        let default =
            env.required("SECRET_NAME", "the name of the secret with the credentials of the call center")?;
        let patterns = env.optional("ALLOWED_SECRETS").unwrap_or_default();
        Ok(Self { default, patterns: patterns.split(',').map(|pattern| pattern.trim().to_owned()).collect() })
    }

    /// The secret to use for a contact that asks for `requested`.
    pub(super) fn choose<'a>(&'a self, requested: Option<&'a str>) -> Result<&'a str, CredentialError> {
        let name = requested.map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&self.default);
        if name == self.default || self.patterns.iter().any(|pattern| matches(pattern, name)) {
            Ok(name)
        } else {
            Err(CredentialError::NotAllowed { requested: shown(name) })
        }
    }
}

fn shown(name: &str) -> String {
    let cut: String = name.chars().take(SHOWN_CHARACTERS).collect();
    format!("{cut:?}")
}

/// Whether `name` matches `pattern`, in which `*` stands for any text, as in IAM policies.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        // The leftmost place leaves the most room for what follows.
        match name.find(part) {
            Some(at) => name = &name[at + part.len()..],
            None => return false,
        }
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(patterns: &'static str) -> AllowedSecrets {
        let look_up = move |variable: &str| match variable {
            "SECRET_NAME" => Some("main-salesforce-secret".to_owned()),
            "ALLOWED_SECRETS" => Some(patterns.to_owned()),
            _ => None,
        };
        AllowedSecrets::from_env(&Env::new(&look_up)).unwrap()
    }

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, name, expected) in [
            ("sales", "sales", true),
            ("sales", "sales2", false),
            ("sales*", "sales2", true),
            ("*-secret", "sales-secret", true),
            ("*-secret", "sales-secret2", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "a1b2b3c", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("a**b", "ab", true),
            ("*", "anything at all", true),
            ("", "x", false),
            ("sales.", "salesx", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn without_a_wish_the_default_is_taken_and_it_needs_no_pattern() {
        let allowed = allowed("");
        for nothing in [None, Some(""), Some("  "), Some("main-salesforce-secret")] {
            assert_eq!(allowed.choose(nothing).unwrap(), "main-salesforce-secret");
        }
        assert!(allowed.choose(Some("other")).is_err());
    }

    #[test]
    fn a_wish_must_match_one_of_the_patterns() {
        let allowed = allowed("sales-*, support-*");
        assert_eq!(allowed.choose(Some("support-emea")).unwrap(), "support-emea");
        insta::assert_snapshot!(
            allowed.choose(Some("production\n/db-password")).unwrap_err(),
            @r#"the contact asks for the secret "production\n/db-password", which ALLOWED_SECRETS does not allow: correct `secretName` in the contact flow, or allow it in ALLOWED_SECRETS and in the policy of the function's role"#
        );
        let long = "x".repeat(1_000_000);
        assert!(allowed.choose(Some(&long)).unwrap_err().to_string().len() < 400);
    }
}
