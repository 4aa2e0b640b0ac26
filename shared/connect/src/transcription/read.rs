//! Settings by name, into what they mean.

use super::engine::{Engine, LanguageChoice, Medical, PersonalData, Standard, VocabularyFilter};
use super::known::{FilterMethod, Language, PersonalDataKind, Specialty, Stability};
use super::setting::{InvalidSetting, Settings};
use super::{AUTO, PHI, PII};

/// Transcribe takes no fewer.
const MIN_LANGUAGES: usize = 2;

impl Engine {
    /// Reads the settings `engine`, `languageCode`, `languageOptions`, `preferredLanguage`, `languageModelName`,
    /// `vocabularyName`, `vocabularyNames`, `vocabularyFilterName`, `vocabularyFilterNames`, `vocabularyFilterMethod`,
    /// `specialty`, `contentRedaction`, `contentIdentification`, `piiEntityTypes` and `partialResultsStability`.
    ///
    /// A setting that the engine or the choice of language has no use for is ignored, as it has always been: a flow
    /// may pass all of them and choose the language for each call. Only redaction is never silently left out.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn read(look_up: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSetting> {
        let settings = Settings(look_up);
        match settings.text("engine") {
            None => standard(&settings).map(Engine::Standard),
            Some(name) if name.eq_ignore_ascii_case("standard") => standard(&settings).map(Engine::Standard),
            Some(name) if name.eq_ignore_ascii_case("medical") => medical(&settings).map(Engine::Medical),
            Some(_) => Err(InvalidSetting::new("engine", "is neither standard nor medical")),
        }
    }
}

fn standard(settings: &Settings<impl Fn(&str) -> Option<String>>) -> Result<Standard, InvalidSetting> {
    let language = language(settings)?;
    let is_auto = matches!(language, LanguageChoice::Auto { .. });
    let personal_data = personal_data(settings)?;
    if is_auto && matches!(personal_data, Some(PersonalData::Redact(_))) {
        return Err(InvalidSetting::new(
            "contentRedaction",
            "needs one language: languageCode cannot be auto",
        ));
    }
    Ok(Standard {
        language,
        filter: filter(settings, is_auto)?,
        personal_data,
        stability: settings.word("partialResultsStability", Stability::EXPECTED, Stability::named)?,
    })
}

fn language(settings: &Settings<impl Fn(&str) -> Option<String>>) -> Result<LanguageChoice, InvalidSetting> {
    match settings.text("languageCode") {
        Some(code) if code.eq_ignore_ascii_case(AUTO) => {
            let options = settings.words("languageOptions", Language::EXPECTED, Language::named)?;
            let preferred = settings.word("preferredLanguage", Language::EXPECTED, Language::named)?;
            check_candidates(&options, preferred)?;
            Ok(LanguageChoice::Auto { options, preferred, vocabularies: settings.names("vocabularyNames")? })
        }
        code => {
            let unknown = || {
                InvalidSetting::new("languageCode", format!("is neither {AUTO} nor {}", Language::EXPECTED))
            };
            let language =
                code.map_or(Ok(Language::EN_US), |code| Language::named(&code).ok_or_else(unknown))?;
            let vocabulary = settings.name("vocabularyName")?;
            Ok(LanguageChoice::One { language, vocabulary, model: settings.name("languageModelName")? })
        }
    }
}

/// <https://docs.aws.amazon.com/transcribe/latest/dg/lang-id-stream.html>
fn check_candidates(options: &[Language], preferred: Option<Language>) -> Result<(), InvalidSetting> {
    let mut languages: Vec<&str> = options.iter().map(|language| language.without_dialect()).collect();
    languages.sort_unstable();
    languages.dedup();
    if languages.len() < MIN_LANGUAGES || languages.len() < options.len() {
        let expected = "must have two languages or more, separated by commas, and one dialect of each, because \
                        languageCode is auto";
        return Err(InvalidSetting::new("languageOptions", expected));
    }
    match preferred {
        Some(preferred) if !options.contains(&preferred) => {
            Err(InvalidSetting::new("preferredLanguage", "is none of languageOptions"))
        }
        _ => Ok(()),
    }
}

fn filter(
    settings: &Settings<impl Fn(&str) -> Option<String>>,
    is_auto: bool,
) -> Result<Option<VocabularyFilter>, InvalidSetting> {
    let names = if is_auto {
        settings.names("vocabularyFilterNames")?
    } else {
        settings.name("vocabularyFilterName")?.into_iter().collect()
    };
    let method = settings.word("vocabularyFilterMethod", FilterMethod::EXPECTED, FilterMethod::named)?;
    let method = method.unwrap_or(FilterMethod::MASK);
    Ok((!names.is_empty()).then_some(VocabularyFilter { names, method }))
}

fn personal_data(
    settings: &Settings<impl Fn(&str) -> Option<String>>,
) -> Result<Option<PersonalData>, InvalidSetting> {
    let redact = settings.is_on("contentRedaction", PII)?;
    let identify = settings.is_on("contentIdentification", PII)?;
    let kinds = || settings.words("piiEntityTypes", PersonalDataKind::EXPECTED, PersonalDataKind::named);
    match (redact, identify) {
        (true, true) => {
            Err(InvalidSetting::new("contentIdentification", "cannot be combined with contentRedaction"))
        }
        (true, false) => Ok(Some(PersonalData::Redact(kinds()?))),
        (false, true) => Ok(Some(PersonalData::Identify(kinds()?))),
        (false, false) => Ok(None),
    }
}

fn medical(settings: &Settings<impl Fn(&str) -> Option<String>>) -> Result<Medical, InvalidSetting> {
    let is_english =
        settings.text("languageCode").is_none_or(|code| Language::named(&code) == Some(Language::EN_US));
    if !is_english {
        return Err(InvalidSetting::new("languageCode", "must be en-US, because engine is medical"));
    }
    if settings.is_on("contentRedaction", PII)? {
        return Err(InvalidSetting::new(
            "contentRedaction",
            "needs the standard engine, and engine is medical",
        ));
    }
    let specialty = settings.word("specialty", Specialty::EXPECTED, Specialty::named)?;
    Ok(Medical {
        specialty: specialty.unwrap_or(Specialty::PRIMARY_CARE),
        vocabulary: settings.name("vocabularyName")?,
        identify_health_data: settings.is_on("contentIdentification", PHI)?,
    })
}
