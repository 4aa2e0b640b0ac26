use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::from_value;

const CONTACT: &str = "1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6";

/// What Salesforce's function sends, with these fields in addition or instead.
fn sent(fields: Value) -> Value {
    let mut sent = json!({
        "streamARN": "arn:aws:kinesisvideo:us-west-2:123456789012:stream/support/1772470000000",
        "startFragmentNum": "91343852333181469813289274412097650478312965023",
        "audioStartTimestamp": "1772471047250",
        "customerPhoneNumber": "+12065550100",
        "voiceCallId": CONTACT,
        "languageCode": "en-US",
        "streamAudioFromCustomer": true,
        "streamAudioToCustomer": true,
        "instanceARN": "arn:aws:connect:us-west-2:123456789012:instance/6f1d0c52",
        "engine": "standard",
    });
    sent.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    sent
}

fn job(fields: Value) -> TranscriptionJob {
    from_value(sent(fields)).unwrap()
}

/// What is wrong with this job.
fn refusal(fields: Value) -> String {
    from_value::<TranscriptionJob>(sent(fields)).unwrap_err().problem().to_owned()
}

fn engine(settings: Value) -> Result<Engine, InvalidSetting> {
    Engine::read(|name| settings.get(name)?.as_str().map(str::to_owned))
}

#[test]
fn the_event_of_salesforces_function_is_a_job() {
    let job = job(json!({}));
    assert_eq!((job.contact_id.as_str(), job.conversation_id.as_str()), (CONTACT, CONTACT));
    assert_eq!((job.starts_at_ms, job.sides), (1_772_471_047_250, Sides::Both));
    assert_eq!((&job.secret_name, &job.lease_id, &job.checkpoint), (&None, &None, &None));
    let language = LanguageChoice::One { language: Language::EN_US, vocabulary: None, model: None };
    let plain = Standard { language, filter: None, personal_data: None, stability: None };
    assert_eq!(job.engine, Engine::Standard(plain));
    assert!(!format!("{job:?}").contains("2065550"), "{job:?}");
}

#[test]
fn a_job_is_written_so_that_salesforces_function_can_read_it() {
    let mut written = sent(json!({ "conversationId": CONTACT }));
    assert_eq!(json!(job(json!({}))), written);
    let more = json!({ "vocabularyName": "A", "vocabularyFilterName": "B", "vocabularyFilterMethod": "tag" });
    written.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    assert_eq!(json!(job(more)), written);
}

#[test]
fn what_may_be_absent_may_be_absent() {
    let mut least = sent(json!({ "audioStartTimestamp": 1_772_471_047_250_i64 }));
    for field in ["customerPhoneNumber", "instanceARN", "languageCode", "engine", "streamAudioFromCustomer"] {
        least.as_object_mut().unwrap().remove(field);
    }
    let least: TranscriptionJob = from_value(least).unwrap();
    assert_eq!((least.starts_at_ms, least.customer), (1_772_471_047_250, None));
    assert_eq!((least.sides, least.engine), (Sides::Both, job(json!({})).engine));
}

#[test]
fn what_cannot_be_used_is_refused_without_its_value() {
    for (fields, expected) in [
        (json!({ "streamARN": "arn:aws:kinesis:x:1:stream/secret" }), "ARN of a video stream"),
        (json!({ "startFragmentNum": "12e4" }), "fragment number"),
        (json!({ "startFragmentNum": "1".repeat(129) }), "fragment number"),
        (json!({ "audioStartTimestamp": "2004-05-01" }), "milliseconds since 1970"),
        (json!({ "voiceCallId": "../secret" }), "contact id"),
        (
            json!({ "streamAudioFromCustomer": false, "streamAudioToCustomer": "false" }),
            "nothing to transcribe",
        ),
        (json!({ "languageCode": "secret" }), "neither auto nor a language that"),
        (
            json!({ "checkpoint": { "afterFragment": "x", "resumeAtMs": 1, "generation": 1 } }),
            "fragment number",
        ),
    ] {
        let refusal = refusal(fields);
        assert!(refusal.contains(expected) && !refusal.contains("secret"), "{refusal}");
    }
}

#[test]
fn sides_are_on_unless_they_are_false() {
    for (from, to, expected) in [
        (json!("false"), json!("true"), Sides::Agent),
        (json!(false), json!(null), Sides::Agent),
        (json!("true"), json!("FALSE"), Sides::Customer),
        (json!(""), json!("no"), Sides::Both),
    ] {
        let job = job(json!({ "streamAudioFromCustomer": from, "streamAudioToCustomer": to }));
        assert_eq!(job.sides, expected);
    }
}

#[test]
fn settings_become_what_transcribe_takes() {
    let auto = json!({
        "languageCode": "AUTO", "languageOptions": "en-us, es-US,", "preferredLanguage": "es-US",
        "vocabularyNames": "A,B", "vocabularyName": "C", "languageModelName": "D", "vocabularyFilterNames": "E",
    });
    let Ok(Engine::Standard(standard)) = engine(auto) else { panic!() };
    let spanish = Language::named("es-US").unwrap();
    let expected = LanguageChoice::Auto {
        options: vec![Language::EN_US, spanish],
        preferred: Some(spanish),
        vocabularies: vec!["A".to_owned(), "B".to_owned()],
    };
    assert_eq!(standard.language, expected, "what only goes with one language is ignored");
    assert_eq!(
        standard.filter,
        Some(VocabularyFilter { names: vec!["E".to_owned()], method: FilterMethod::MASK })
    );

    let one = json!({ "languageOptions": "en-US", "preferredLanguage": "x", "contentRedaction": "true",
        "piiEntityTypes": "name,SSN", "vocabularyFilterMethod": "tag", "partialResultsStability": "High" });
    let Ok(Engine::Standard(standard)) = engine(one) else { panic!() };
    let kinds = ["NAME", "SSN"].map(|kind| PersonalDataKind::named(kind).unwrap());
    assert_eq!(standard.personal_data, Some(PersonalData::Redact(kinds.to_vec())));
    assert_eq!((standard.filter, standard.stability), (None, Stability::named("high")));

    let medical = json!({ "engine": "Medical", "vocabularyFilterName": "E", "contentIdentification": "PHI" });
    let specialty = Specialty::PRIMARY_CARE;
    let expected = Medical { specialty, vocabulary: None, identify_health_data: true };
    assert_eq!(
        engine(medical),
        Ok(Engine::Medical(expected)),
        "filters are ignored, as they have always been"
    );
}

#[test]
fn an_error_names_the_setting_and_what_is_expected() {
    for (settings, setting, expected) in [
        (json!({ "engine": "premium" }), "engine", "neither standard nor medical"),
        (json!({ "languageCode": "auto" }), "languageOptions", "two languages or more"),
        (
            json!({ "languageCode": "auto", "languageOptions": "en-US,en-GB,fr-CA" }),
            "languageOptions",
            "one dialect",
        ),
        (
            json!({ "languageCode": "auto", "languageOptions": "en-US,Spanish" }),
            "languageOptions",
            "each item a language",
        ),
        (
            json!({ "languageCode": "auto", "languageOptions": "en-US,fr-FR", "preferredLanguage": "fr-CA" }),
            "preferredLanguage",
            "none of languageOptions",
        ),
        (
            json!({ "languageCode": "auto", "languageOptions": "en-US,fr-FR", "contentRedaction": "PII" }),
            "contentRedaction",
            "cannot be auto",
        ),
        (
            json!({ "contentRedaction": "PII", "contentIdentification": "PII" }),
            "contentIdentification",
            "combined",
        ),
        (json!({ "contentRedaction": "yes" }), "contentRedaction", "neither PII nor true nor false"),
        (
            json!({ "contentIdentification": "PII", "piiEntityTypes": "NAMES" }),
            "piiEntityTypes",
            "such as NAME",
        ),
        (json!({ "vocabularyName": "two words" }), "vocabularyName", "no name in Amazon Transcribe"),
        (json!({ "vocabularyFilterMethod": "hide" }), "vocabularyFilterMethod", "mask, remove or tag"),
        (json!({ "partialResultsStability": "max" }), "partialResultsStability", "low, medium or high"),
        (json!({ "engine": "medical", "specialty": "TEETH" }), "specialty", "CARDIOLOGY"),
        (json!({ "engine": "medical", "languageCode": "en-GB" }), "languageCode", "engine is medical"),
        (json!({ "engine": "medical", "contentRedaction": "PII" }), "contentRedaction", "standard engine"),
    ] {
        let error = engine(settings).unwrap_err();
        assert_eq!(error.setting(), setting);
        assert!(error.to_string().starts_with(setting) && error.to_string().contains(expected), "{error}");
    }
}

#[test]
fn the_furthest_place_counts() {
    let at = |resume_at_ms, generation| {
        let after_fragment = "91343852333181469813289274412097650478312965099".to_owned();
        Checkpoint { after_fragment, resume_at_ms, generation }
    };
    let start = 1_772_471_047_250;
    let mut job = job(json!({ "checkpoint": at(start + 60_000, 1) }));
    job.resume_from(at(start + 59_999, 7));
    assert_eq!(job.checkpoint, Some(at(start + 60_000, 1)), "of an earlier generation");
    job.resume_from(at(start + 90_000, 2));
    assert_eq!(job.checkpoint, Some(at(start + 90_000, 2)));
    job.checkpoint = None;
    job.resume_from(at(start - 1, 3));
    assert_eq!(job.checkpoint, None, "of an earlier stretch of streaming");
    job.resume_from(at(start, 1));
    assert_eq!(job.checkpoint, Some(at(start, 1)));
}

/// Settings that may be anything, and often mean something.
fn settings() -> impl Strategy<Value = BTreeMap<&'static str, String>> {
    let name = prop::sample::select(vec![
        "engine",
        "languageCode",
        "languageOptions",
        "preferredLanguage",
        "languageModelName",
        "vocabularyName",
        "vocabularyNames",
        "vocabularyFilterName",
        "vocabularyFilterNames",
        "vocabularyFilterMethod",
        "specialty",
        "contentRedaction",
        "contentIdentification",
        "piiEntityTypes",
        "partialResultsStability",
        "streamAudioFromCustomer",
        "streamAudioToCustomer",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "auto",
            "en-US,fr-CA",
            "fr-CA",
            "en-US",
            "medical",
            "standard",
            "PII",
            "PHI",
            "false",
            "true",
            "mask",
            "NAME",
            "NAME,PIN",
            "high",
            "UROLOGY",
            "",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::btree_map(name, value, 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_job_is_the_same_after_the_way_to_the_next_invocation(settings in settings()) {
        if let Ok(job) = from_value::<TranscriptionJob>(sent(json!(settings))) {
            let again: TranscriptionJob = from_value(json!(job)).unwrap();
            prop_assert_eq!(again, job);
        }
    }
}
