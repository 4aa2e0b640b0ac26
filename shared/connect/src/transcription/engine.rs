//! What Amazon Transcribe is asked for, in shapes that hold only what it accepts together.

use super::known::{FilterMethod, Language, PersonalDataKind, Specialty, Stability};

/// Which of the two kinds of transcription, with its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Engine {
    /// `StartStreamTranscription`.
    Standard(Standard),
    /// `StartMedicalStreamTranscription`: English (US), and 16 kHz at least.
    Medical(Medical),
}

/// Settings of the standard engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standard {
    /// The language, or how it is found.
    pub language: LanguageChoice,
    /// Words that are not to be shown.
    pub filter: Option<VocabularyFilter>,
    /// What happens to personal data; `None` leaves it as it is.
    pub personal_data: Option<PersonalData>,
    /// Set where partial results are to settle sooner.
    pub stability: Option<Stability>,
}

/// The language, with what only goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LanguageChoice {
    /// Known.
    One {
        /// The language.
        language: Language,
        /// A custom vocabulary.
        vocabulary: Option<String>,
        /// A custom language model.
        model: Option<String>,
    },
    /// Identified from what is said (`languageCode` is `auto`).
    Auto {
        /// The candidates: two or more, one dialect of each language.
        options: Vec<Language>,
        /// The likeliest of them.
        preferred: Option<Language>,
        /// Custom vocabularies; those of the identified language are used.
        vocabularies: Vec<String>,
    },
}

/// Words that are not to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VocabularyFilter {
    /// Custom vocabulary filters: one, or several where the language is identified. Never none.
    pub names: Vec<String>,
    /// What happens to the words.
    pub method: FilterMethod,
}

/// What happens to personal data. The lists hold the kinds; empty means all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonalData {
    /// `[NAME]` takes the place of a name. Only where the language is known.
    Redact(Vec<PersonalDataKind>),
    /// Results say where it is.
    Identify(Vec<PersonalDataKind>),
}

/// Settings of the medical engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Medical {
    /// What it is about.
    pub specialty: Specialty,
    /// A custom medical vocabulary.
    pub vocabulary: Option<String>,
    /// Whether results say where health data is.
    pub identify_health_data: bool,
}
