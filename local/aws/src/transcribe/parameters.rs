//! What a request asks for, in its headers.

use std::collections::BTreeMap;

use axum::http::HeaderMap;
use uuid::Uuid;

use super::languages::LANGUAGES;
use crate::error::AwsError;

const PREFIX: &str = "x-amzn-transcribe-";

/// Which of the two operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Standard,
    Medical,
}

impl Kind {
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Kind::Standard => "StartStreamTranscription",
            Kind::Medical => "StartMedicalStreamTranscription",
        }
    }

    fn knows(self, name: &str) -> bool {
        const BOTH: [&str; 8] = [
            "content-identification-type",
            "enable-channel-identification",
            "language-code",
            "media-encoding",
            "number-of-channels",
            "sample-rate",
            "session-id",
            "vocabulary-name",
        ];
        const STANDARD: [&str; 14] = [
            "content-redaction-type",
            "enable-partial-results-stabilization",
            "identify-language",
            "identify-multiple-languages",
            "language-model-name",
            "language-options",
            "partial-results-stability",
            "pii-entity-types",
            "preferred-language",
            "transcript-format",
            "vocabulary-filter-method",
            "vocabulary-filter-name",
            "vocabulary-filter-names",
            "vocabulary-names",
        ];
        const MEDICAL: [&str; 2] = ["specialty", "type"];
        let own: &[&str] = if self == Kind::Standard { &STANDARD } else { &MEDICAL };
        BOTH.contains(&name) || own.contains(&name)
    }
}

/// What is done about personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pii {
    Leave,
    Identify,
    Redact,
}

/// A request that is in order.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    pub(super) kind: Kind,
    /// Samples per second and channel.
    pub(super) rate: u32,
    pub(super) channels: usize,
    pub(super) session_id: String,
    /// The language that the results are in. Where it is to be identified, the first candidate.
    pub(super) language: String,
    pub(super) identified: bool,
    pub(super) stabilized: bool,
    pub(super) pii: Pii,
    /// Every parameter, by the name of its header without the prefix.
    pub(super) all: BTreeMap<String, String>,
}

impl Parameters {
    pub(super) fn read(kind: Kind, headers: &HeaderMap) -> Result<Parameters, AwsError> {
        let mut all = BTreeMap::new();
        for (name, value) in headers {
            if let Some(name) = name.as_str().strip_prefix(PREFIX) {
                require(kind.knows(name), || {
                    format!("local-aws does not know '{name}' in {}", kind.operation())
                })?;
                all.insert(name.to_owned(), value.to_str().unwrap_or_default().to_owned());
            }
        }
        let given = Given(&all);
        given.check_audio(kind)?;
        given.check_language(kind)?;
        given.check_vocabularies()?;
        given.check_content(kind)?;
        let identified = given.is_on("identify-language") || given.is_on("identify-multiple-languages");
        let candidate = || given.get("preferred-language").or_else(|| given.list("language-options").next());
        let language = given.get("language-code").or_else(candidate).unwrap_or_default().to_owned();
        let session_id = match given.get("session-id") {
            Some(id) => {
                require(id.len() == 36 && Uuid::parse_str(id).is_ok(), || {
                    "SessionId must be a UUID.".to_owned()
                })?;
                id.to_owned()
            }
            None => Uuid::new_v4().to_string(),
        };
        let pii = match (given.get("content-identification-type"), given.get("content-redaction-type")) {
            (_, Some(_)) => Pii::Redact,
            (Some("PII"), _) => Pii::Identify,
            _ => Pii::Leave,
        };
        Ok(Parameters {
            kind,
            rate: given.number("sample-rate").unwrap_or_default(),
            channels: if given.is_on("enable-channel-identification") { 2 } else { 1 },
            session_id,
            language,
            identified,
            stabilized: given.is_on("enable-partial-results-stabilization"),
            pii,
            all,
        })
    }

    /// The vocabularies, filters and models that it names.
    pub(super) fn vocabularies(&self) -> impl Iterator<Item = &str> {
        let names = [
            "vocabulary-name",
            "vocabulary-names",
            "vocabulary-filter-name",
            "vocabulary-filter-names",
            "language-model-name",
        ];
        names
            .into_iter()
            .filter_map(|name| self.all.get(name))
            .flat_map(|value| value.split(',').map(str::trim))
    }
}

/// The parameters as they came.
struct Given<'a>(&'a BTreeMap<String, String>);

impl<'a> Given<'a> {
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).map(String::as_str)
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn is_on(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok()
    }

    fn list(&self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.get(name).unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty())
    }

    /// Is one of these, if it is given.
    fn check_enum(&self, name: &str, allowed: &[&str]) -> Result<(), AwsError> {
        require(self.get(name).is_none_or(|value| allowed.contains(&value)), || {
            format!("'{name}' must be one of {}.", allowed.join(", "))
        })
    }

    fn check_audio(&self, kind: Kind) -> Result<(), AwsError> {
        require(self.get("media-encoding") == Some("pcm"), || {
            "local-aws hears only MediaEncoding pcm.".to_owned()
        })?;
        let lowest = if kind == Kind::Medical { 16_000 } else { 8000 };
        require(self.number("sample-rate").is_some_and(|rate| (lowest..=48_000).contains(&rate)), || {
            format!("MediaSampleRateHertz must be between {lowest} and 48000.")
        })?;
        self.check_enum("enable-channel-identification", &["true", "false"])?;
        self.check_enum("number-of-channels", &["2"])?;
        require(self.is_on("enable-channel-identification") == self.has("number-of-channels"), || {
            "EnableChannelIdentification and NumberOfChannels belong together.".to_owned()
        })
    }

    fn check_language(&self, kind: Kind) -> Result<(), AwsError> {
        let ways = ["identify-language", "identify-multiple-languages"].map(|name| self.is_on(name));
        let ways = ways.into_iter().chain([self.has("language-code")]).filter(|&given| given).count();
        require(ways == 1, || {
            "Exactly one of LanguageCode, IdentifyLanguage and IdentifyMultipleLanguages must be given."
                .to_owned()
        })?;
        let languages: &[&str] = if kind == Kind::Medical { &["en-US"] } else { LANGUAGES };
        let unknown = self.get("language-code").into_iter().chain(self.list("language-options"));
        if let Some(unknown) = unknown.into_iter().find(|code| !languages.contains(code)) {
            return Err(bad(format!("'{unknown}' is not a language of this operation.")));
        }
        let identified = !self.has("language-code");
        require(identified == self.has("language-options"), || {
            "LanguageOptions belong to language identification, and it needs them.".to_owned()
        })?;
        let mut bare: Vec<&str> =
            self.list("language-options").filter_map(|code| code.split('-').next()).collect();
        let options = bare.len();
        bare.sort_unstable();
        bare.dedup();
        require(!identified || (options >= 2 && bare.len() == options), || {
            "LanguageOptions must be two or more, and only one dialect of each language.".to_owned()
        })?;
        let preferred = self.get("preferred-language");
        require(
            preferred.is_none_or(|code| self.list("language-options").any(|option| option == code)),
            || "PreferredLanguage must be one of LanguageOptions.".to_owned(),
        )
    }

    fn check_vocabularies(&self) -> Result<(), AwsError> {
        let identified = !self.has("language-code");
        for (one, many) in
            [("vocabulary-name", "vocabulary-names"), ("vocabulary-filter-name", "vocabulary-filter-names")]
        {
            require(!(identified && self.has(one)), || {
                format!("With language identification, '{many}' takes the place of '{one}'.")
            })?;
            require(identified || !self.has(many), || {
                format!("'{many}' needs language identification: use '{one}'.")
            })?;
        }
        self.check_enum("vocabulary-filter-method", &["mask", "remove", "tag"])?;
        let filtered = self.has("vocabulary-filter-name") || self.has("vocabulary-filter-names");
        require(filtered || !self.has("vocabulary-filter-method"), || {
            "VocabularyFilterMethod needs a vocabulary filter.".to_owned()
        })?;
        require(!(identified && self.has("language-model-name")), || {
            "Language identification cannot be combined with custom language models.".to_owned()
        })
    }

    fn check_content(&self, kind: Kind) -> Result<(), AwsError> {
        let identification = if kind == Kind::Medical { "PHI" } else { "PII" };
        self.check_enum("content-identification-type", &[identification])?;
        self.check_enum("content-redaction-type", &["PII"])?;
        let (identify, redact) =
            (self.has("content-identification-type"), self.has("content-redaction-type"));
        require(!(identify && redact), || {
            "ContentIdentificationType and ContentRedactionType cannot be combined.".to_owned()
        })?;
        require(!redact || self.has("language-code"), || {
            "Language identification cannot be combined with redaction.".to_owned()
        })?;
        require(identify || redact || !self.has("pii-entity-types"), || {
            "PiiEntityTypes needs ContentIdentificationType or ContentRedactionType.".to_owned()
        })?;
        self.check_enum("enable-partial-results-stabilization", &["true", "false"])?;
        self.check_enum("partial-results-stability", &["high", "medium", "low"])?;
        let stabilized = self.is_on("enable-partial-results-stabilization");
        require(stabilized || !self.has("partial-results-stability"), || {
            "PartialResultsStability needs EnablePartialResultsStabilization.".to_owned()
        })?;
        // What is said is answered as it is scripted, numbers and all.
        self.check_enum("transcript-format", &["written"])?;
        if kind == Kind::Medical {
            let specialties = ["CARDIOLOGY", "NEUROLOGY", "ONCOLOGY", "PRIMARYCARE", "RADIOLOGY", "UROLOGY"];
            require(self.has("specialty") && self.has("type"), || {
                "Specialty and Type are required.".to_owned()
            })?;
            self.check_enum("specialty", &specialties)?;
            self.check_enum("type", &["CONVERSATION", "DICTATION"])?;
        }
        Ok(())
    }
}

fn require(holds: bool, message: impl FnOnce() -> String) -> Result<(), AwsError> {
    if holds { Ok(()) } else { Err(bad(message())) }
}

fn bad(message: String) -> AwsError {
    AwsError::refused("BadRequestException", message)
}
