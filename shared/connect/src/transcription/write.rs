//! What was asked for, as settings by name: what the event of transcribe-call carries.

use serde_json::Value;

use super::engine::{Engine, LanguageChoice, Medical, PersonalData, Standard, VocabularyFilter};
use super::known::Language;
use super::{AUTO, PHI, PII};

/// Settings with a value.
type Written = Vec<(&'static str, Value)>;

impl Engine {
    /// The settings that [`Engine::read`] reads this engine from.
    pub(super) fn settings(&self) -> Written {
        let mut settings = Written::new();
        match self {
            Engine::Standard(standard) => standard.write(&mut settings),
            Engine::Medical(medical) => medical.write(&mut settings),
        }
        settings.retain(|(_, value)| value.as_array().is_none_or(|items| !items.is_empty()));
        settings
    }
}

impl Standard {
    fn write(&self, to: &mut Written) {
        to.push(("engine", "standard".into()));
        match &self.language {
            LanguageChoice::One { language, vocabulary, model } => {
                to.push(("languageCode", language.as_str().into()));
                to.extend(vocabulary.clone().map(|name| ("vocabularyName", name.into())));
                to.extend(model.clone().map(|name| ("languageModelName", name.into())));
            }
            LanguageChoice::Auto { options, preferred, vocabularies } => {
                to.push(("languageCode", AUTO.into()));
                to.push(("languageOptions", list(options.iter().map(|language| language.as_str()))));
                to.extend(preferred.map(|language| ("preferredLanguage", language.as_str().into())));
                to.push(("vocabularyNames", list(vocabularies.clone())));
            }
        }
        if let Some(VocabularyFilter { names, method }) = &self.filter {
            match &self.language {
                LanguageChoice::One { .. } => {
                    to.extend(names.first().map(|name| ("vocabularyFilterName", name.clone().into())));
                }
                LanguageChoice::Auto { .. } => to.push(("vocabularyFilterNames", list(names.clone()))),
            }
            to.push(("vocabularyFilterMethod", method.as_str().into()));
        }
        if let Some(personal_data) = &self.personal_data {
            let (name, kinds) = match personal_data {
                PersonalData::Redact(kinds) => ("contentRedaction", kinds),
                PersonalData::Identify(kinds) => ("contentIdentification", kinds),
            };
            to.push((name, PII.into()));
            to.push(("piiEntityTypes", list(kinds.iter().map(|kind| kind.as_str()))));
        }
        to.extend(self.stability.map(|stability| ("partialResultsStability", stability.as_str().into())));
    }
}

impl Medical {
    fn write(&self, to: &mut Written) {
        to.push(("engine", "medical".into()));
        to.push(("languageCode", Language::EN_US.as_str().into()));
        to.push(("specialty", self.specialty.as_str().into()));
        to.extend(self.vocabulary.clone().map(|name| ("vocabularyName", name.into())));
        to.extend(self.identify_health_data.then(|| ("contentIdentification", PHI.into())));
    }
}

fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    items.into_iter().map(Into::into).collect()
}
