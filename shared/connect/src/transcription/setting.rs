//! Settings by name, as contact flows and the event of transcribe-call have them: texts.

use std::borrow::Cow;

/// A setting that cannot be used: its name, and what it should be. Never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting} {problem}")]
pub struct InvalidSetting {
    setting: &'static str,
    problem: Cow<'static, str>,
}

impl InvalidSetting {
    /// Which one, as flows and the event spell it.
    pub fn setting(&self) -> &'static str {
        self.setting
    }

    pub(super) fn new(setting: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self { setting, problem: problem.into() }
    }
}

/// Settings that somebody has.
pub(super) struct Settings<F>(pub(super) F);

impl<F: Fn(&str) -> Option<String>> Settings<F> {
    /// The text of a setting, unless it is empty: a flow passes what is not set as empty text.
    pub(super) fn text(&self, setting: &str) -> Option<String> {
        (self.0)(setting).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// One of the words that there are, which `expected` tells.
    pub(super) fn word<T>(
        &self,
        setting: &'static str,
        expected: &str,
        named: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, InvalidSetting> {
        let Some(text) = self.text(setting) else { return Ok(None) };
        let unknown = || InvalidSetting::new(setting, format!("is not {expected}"));
        named(&text).map(Some).ok_or_else(unknown)
    }

    /// Several of them, separated by commas.
    pub(super) fn words<T>(
        &self,
        setting: &'static str,
        expected: &str,
        named: fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, InvalidSetting> {
        let unknown = || {
            InvalidSetting::new(setting, format!("is not a list, separated by commas, each item {expected}"))
        };
        self.list(setting).iter().map(|word| named(word).ok_or_else(unknown)).collect()
    }

    /// The name of something that was made in Amazon Transcribe.
    pub(super) fn name(&self, setting: &'static str) -> Result<Option<String>, InvalidSetting> {
        self.text(setting).map(|text| checked_name(setting, text)).transpose()
    }

    /// Several such names, separated by commas.
    pub(super) fn names(&self, setting: &'static str) -> Result<Vec<String>, InvalidSetting> {
        self.list(setting).into_iter().map(|name| checked_name(setting, name)).collect()
    }

    /// Something that is off unless it says `true`, or in Transcribe's own word what it is about.
    pub(super) fn is_on(&self, setting: &'static str, about: &str) -> Result<bool, InvalidSetting> {
        match self.text(setting) {
            None => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case(about) => Ok(true),
            Some(_) => Err(InvalidSetting::new(setting, format!("is neither {about} nor true nor false"))),
        }
    }

    fn list(&self, setting: &str) -> Vec<String> {
        let text = self.text(setting).unwrap_or_default();
        text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
    }
}

/// <https://docs.aws.amazon.com/transcribe/latest/APIReference/API_CreateVocabulary.html>
fn checked_name(setting: &'static str, name: String) -> Result<String, InvalidSetting> {
    const MAX_CHARS: usize = 200;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if name.len() <= MAX_CHARS && name.bytes().all(allowed) {
        Ok(name)
    } else {
        Err(InvalidSetting::new(
            setting,
            "is no name in Amazon Transcribe: expected 1 to 200 letters, digits, dots, hyphens or underscores",
        ))
    }
}
