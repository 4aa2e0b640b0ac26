//! The words that Amazon Transcribe knows. What it does not know it refuses when the call is already going on and nobody
//! is looking, so it is better refused while the flow can still be told.

/// A word out of a list, read in any case and kept as Transcribe spells it.
macro_rules! known_words {
    ($($(#[$meta:meta])* $name:ident = $words:expr;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(&'static str);

        impl $name {
            /// All there are, as Transcribe spells them.
            pub const ALL: &[&str] = &$words;

            /// The word, if it is one of these, in whatever case it is written.
            pub fn named(text: &str) -> Option<Self> {
                Self::ALL.iter().find(|known| known.eq_ignore_ascii_case(text)).map(|known| Self(known))
            }

            /// As Transcribe spells it.
            pub fn as_str(self) -> &'static str {
                self.0
            }
        }
    )+};
}

known_words! {
    /// A language of streaming transcription.
    /// <https://docs.aws.amazon.com/transcribe/latest/dg/supported-languages.html>
    Language = [
        "af-ZA", "am-ET", "ar-AE", "ar-SA", "be-BY", "bg-BG", "bn-IN", "bs-BA", "ca-ES", "ckb-IQ", "ckb-IR",
        "cs-CZ", "cy-WL", "da-DK", "de-CH", "de-DE", "el-GR", "en-AB", "en-AU", "en-GB", "en-IE", "en-IN",
        "en-NZ", "en-US", "en-WL", "en-ZA", "es-ES", "es-MX", "es-US", "et-ET", "eu-ES", "fa-AF", "fa-IR",
        "fi-FI", "fr-CA", "fr-FR", "gl-ES", "gu-IN", "he-IL", "hi-IN", "hr-HR", "ht-HT", "hu-HU", "hy-AM",
        "id-ID", "is-IS", "it-IT", "ja-JP", "jv-ID", "ka-GE", "kab-DZ", "kk-KZ", "km-KH", "kn-IN", "ko-KR",
        "lg-IN", "lt-LT", "lv-LV", "mk-MK", "ml-IN", "mr-IN", "ms-MY", "my-MM", "ne-NP", "nl-NL", "no-NO",
        "or-IN", "pa-IN", "pl-PL", "ps-AF", "pt-BR", "pt-PT", "ro-RO", "ru-RU", "si-LK", "sk-SK", "sl-SI",
        "so-SO", "sq-AL", "sr-RS", "su-ID", "sv-SE", "sw-BI", "sw-KE", "sw-RW", "sw-TZ", "sw-UG", "ta-IN",
        "te-IN", "th-TH", "tl-PH", "tr-TR", "uk-UA", "uz-UZ", "vi-VN", "zh-CN", "zh-HK", "zh-TW", "zu-ZA",
    ];

    /// What a medical conversation is about.
    /// <https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_StartMedicalStreamTranscription.html>
    Specialty = ["CARDIOLOGY", "NEUROLOGY", "ONCOLOGY", "PRIMARYCARE", "RADIOLOGY", "UROLOGY"];

    /// What happens to the words of a vocabulary filter.
    /// <https://docs.aws.amazon.com/transcribe/latest/dg/vocabulary-filtering.html>
    FilterMethod = ["mask", "remove", "tag"];

    /// How soon the words of a partial result stay as they are.
    /// <https://docs.aws.amazon.com/transcribe/latest/dg/streaming-partial-results.html>
    Stability = ["low", "medium", "high"];

    /// A kind of personal data.
    /// <https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_StartStreamTranscription.html>
    PersonalDataKind = [
        "ADDRESS", "AGE", "ALL", "BANK_ACCOUNT_NUMBER", "BANK_ROUTING", "CREDIT_DEBIT_CVV", "CREDIT_DEBIT_EXPIRY",
        "CREDIT_DEBIT_NUMBER", "DATE_TIME", "EMAIL", "LICENSE_PLATE", "NAME", "PASSPORT_NUMBER", "PASSWORD", "PHONE",
        "PIN", "SSN", "USERNAME", "VEHICLE_IDENTIFICATION_NUMBER",
    ];
}

impl Language {
    pub(super) const EXPECTED: &str = "a language that Amazon Transcribe streams in, such as en-US \
                                       (https://docs.aws.amazon.com/transcribe/latest/dg/supported-languages.html)";

    /// What is spoken where nobody says.
    pub const EN_US: Self = Self("en-US");

    /// The language without the country: `en` of `en-US`.
    pub fn without_dialect(self) -> &'static str {
        self.0.split_once('-').map_or(self.0, |(language, _)| language)
    }
}

impl Specialty {
    pub(super) const EXPECTED: &str = "CARDIOLOGY, NEUROLOGY, ONCOLOGY, PRIMARYCARE, RADIOLOGY or UROLOGY";

    /// What a medical conversation is about where nobody says.
    pub const PRIMARY_CARE: Self = Self("PRIMARYCARE");
}

impl FilterMethod {
    pub(super) const EXPECTED: &str = "mask, remove or tag";

    /// What happens to filtered words where nobody says: `***` takes their place.
    pub const MASK: Self = Self("mask");
}

impl Stability {
    pub(super) const EXPECTED: &str = "low, medium or high";
}

impl PersonalDataKind {
    pub(super) const EXPECTED: &str = "a kind of personal data that Amazon Transcribe knows, such as NAME or \
                                       CREDIT_DEBIT_NUMBER (PiiEntityTypes of StartStreamTranscription)";
}
