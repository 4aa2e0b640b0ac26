//! What the function reads from its environment, besides credentials, table and queue.

use std::num::{NonZeroU32, NonZeroUsize};
use std::str::FromStr;

use lambda_kit::env::{ConfigError, Env};
use salesforce::FieldName;

/// Eight requests that take 50 ms each carry some thousand messages in a second, more than one shard brings.
const DEFAULT_REQUESTS_AT_ONCE: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// The function's own configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What becomes the transcript (`TRANSCRIPT_SOURCE`).
    pub source: TranscriptSource,
    /// How many requests to Salesforce are under way at once (`REQUESTS_AT_ONCE`).
    pub requests_at_once: NonZeroUsize,
    /// How many messages each environment sends in a second at most (`MESSAGES_PER_SECOND`).
    pub messages_per_second: Option<NonZeroU32>,
    /// Whether the categories that match become signals (`CATEGORY_SIGNALS`).
    pub category_signals: bool,
    /// Whether the sentiment of each turn becomes a signal (`SENTIMENT_SIGNALS`).
    pub sentiment_signals: bool,
    /// The custom field of the VoiceCall that gets the summary of the call (`SUMMARY_FIELD`).
    pub summary_field: Option<FieldName>,
}

/// What becomes the transcript. Never both: a turn says again what its utterances said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TranscriptSource {
    /// Utterances: as they are spoken, as Salesforce's own function does.
    #[default]
    Utterance,
    /// Whole turns: a few seconds later, as Contact Lens finally understands them.
    Transcript,
}

impl FromStr for TranscriptSource {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.to_ascii_lowercase().as_str() {
            "utterance" => Ok(Self::Utterance),
            "transcript" => Ok(Self::Transcript),
            _ => Err("expected utterance or transcript"),
        }
    }
}

impl Config {
    /// Reads the variables; an error names the one that is wrong.
    pub fn from_env(env: &Env<'_>) -> Result<Self, ConfigError> {
        Ok(Self {
            source: env.parsed(
                "TRANSCRIPT_SOURCE",
                "what becomes the transcript",
                TranscriptSource::default(),
            )?,
            requests_at_once: env.parsed(
                "REQUESTS_AT_ONCE",
                "how many requests to Salesforce are under way at once",
                DEFAULT_REQUESTS_AT_ONCE,
            )?,
            messages_per_second: env
                .optional("MESSAGES_PER_SECOND")
                .map(|_| {
                    let purpose = "how many messages each environment sends in a second at most";
                    env.parsed("MESSAGES_PER_SECOND", purpose, NonZeroU32::MIN)
                })
                .transpose()?,
            category_signals: env.parsed(
                "CATEGORY_SIGNALS",
                "whether categories become signals (true or false)",
                true,
            )?,
            sentiment_signals: env.parsed(
                "SENTIMENT_SIGNALS",
                "whether the sentiment of each turn becomes a signal (true or false)",
                false,
            )?,
            summary_field: env.optional("SUMMARY_FIELD").map(|name| custom_field(&name)).transpose()?,
        })
    }
}

/// Other fields of a VoiceCall cannot be set this way.
fn custom_field(name: &str) -> Result<FieldName, ConfigError> {
    let invalid = |reason: &str| {
        let purpose = "the API name of the VoiceCall's custom field for the summary of the call";
        ConfigError::invalid("SUMMARY_FIELD", purpose, reason)
    };
    let field = FieldName::parse(name).map_err(|_| invalid("not the name of a field"))?;
    if field.as_str().ends_with("__c") { Ok(field) } else { Err(invalid("a custom field ends with __c")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let look_up = |variable: &str| {
            variables.iter().find(|(name, _)| *name == variable).map(|(_, value)| (*value).to_owned())
        };
        Config::from_env(&Env::new(&look_up))
    }

    #[test]
    fn without_variables_it_does_what_salesforces_own_function_does() {
        let config = config(&[]).unwrap();
        assert_eq!(config.source, TranscriptSource::Utterance);
        assert!(config.category_signals && !config.sentiment_signals);
        assert_eq!((config.messages_per_second, config.summary_field), (None, None));
    }

    #[test]
    fn each_can_be_set() {
        let config = config(&[
            ("TRANSCRIPT_SOURCE", "Transcript"),
            ("REQUESTS_AT_ONCE", "2"),
            ("MESSAGES_PER_SECOND", "100"),
            ("CATEGORY_SIGNALS", "false"),
            ("SENTIMENT_SIGNALS", "true"),
            ("SUMMARY_FIELD", "Call_Summary__c"),
        ])
        .unwrap();
        assert_eq!(config.source, TranscriptSource::Transcript);
        assert_eq!(config.requests_at_once.get(), 2);
        assert_eq!(config.messages_per_second, NonZeroU32::new(100));
        assert!(!config.category_signals && config.sentiment_signals);
        assert_eq!(config.summary_field.unwrap().as_str(), "Call_Summary__c");
    }

    #[test]
    fn an_error_names_the_variable() {
        for (variable, value) in [
            ("TRANSCRIPT_SOURCE", "both"),
            ("REQUESTS_AT_ONCE", "0"),
            ("MESSAGES_PER_SECOND", "0"),
            ("CATEGORY_SIGNALS", "yes"),
            ("SENTIMENT_SIGNALS", "1"),
            ("SUMMARY_FIELD", "Description"),
            ("SUMMARY_FIELD", "a b__c"),
        ] {
            assert_eq!(config(&[(variable, value)]).unwrap_err().variable, variable, "{value}");
        }
    }
}
