//! Results, as the service puts them.
//! <https://docs.aws.amazon.com/transcribe/latest/APIReference/API_streaming_Result.html>

use serde_json::{Value, json};

use super::parameters::{Parameters, Pii};
use super::recognizer::{Recognized, Word};

/// How many digits make a word a phone number: the only personal data that is recognized.
const PHONE_DIGITS: usize = 7;

/// What a word's certainty always is.
const CONFIDENCE: f64 = 0.98;

/// A `Result`. `channel` is `None` where channels are not told apart.
pub(super) fn result(recognized: &Recognized, channel: Option<usize>, parameters: &Parameters) -> Value {
    let words: Vec<Word> = recognized.words.iter().map(|word| redacted(word, parameters.pii)).collect();
    let transcript = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let stable = parameters.stabilized.then_some(true);
    let mut alternative = json!({
        "Transcript": transcript,
        "Items": words.iter().flat_map(|word| items(word, stable)).collect::<Vec<_>>(),
    });
    // Personal data is looked for in final results only.
    if parameters.pii != Pii::Leave && !recognized.partial {
        let phones = recognized.words.iter().zip(&words).filter(|(word, _)| is_phone(&word.text));
        alternative["Entities"] = phones.map(|(_, word)| entity(word)).collect();
    }
    let mut result = json!({
        "ResultId": recognized.id,
        "StartTime": rounded(recognized.start),
        "EndTime": rounded(recognized.end),
        "IsPartial": recognized.partial,
        "Alternatives": [alternative],
    });
    if let Some(channel) = channel {
        result["ChannelId"] = json!(format!("ch_{channel}"));
    }
    if parameters.identified {
        result["LanguageCode"] = json!(parameters.language);
        result["LanguageIdentification"] = json!([{ "LanguageCode": parameters.language, "Score": 0.97 }]);
    }
    result
}

/// A word and the punctuation after it, as two items.
fn items(word: &Word, stable: Option<bool>) -> Vec<Value> {
    let bare = word.text.trim_end_matches([',', '.', '?', '!', ';', ':']);
    let item = |content: &str, kind: &str, start: f64| {
        let mut item = json!({
            "Content": content,
            "Type": kind,
            "StartTime": rounded(start),
            "EndTime": rounded(word.end),
            "VocabularyFilterMatch": false,
        });
        if kind == "pronunciation" {
            item["Confidence"] = json!(CONFIDENCE);
        }
        if let Some(stable) = stable {
            item["Stable"] = json!(stable);
        }
        item
    };
    let mut items = vec![item(bare, "pronunciation", word.start)];
    if bare.len() < word.text.len() {
        items.push(item(&word.text[bare.len()..], "punctuation", word.end));
    }
    items
}

fn redacted(word: &Word, pii: Pii) -> Word {
    if pii == Pii::Redact && is_phone(&word.text) {
        return Word { text: "[PHONE]".to_owned(), ..word.clone() };
    }
    word.clone()
}

fn is_phone(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= PHONE_DIGITS
}

fn entity(word: &Word) -> Value {
    json!({
        "Category": "PII",
        "Type": "PHONE",
        "Content": word.text,
        "Confidence": CONFIDENCE,
        "StartTime": rounded(word.start),
        "EndTime": rounded(word.end),
    })
}

/// Seconds to the millisecond, as the service gives them.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}
