use proptest::prelude::*;
use serde_json::json;

use super::*;

/// The file with every oddity that AWS documents or that was seen, as bytes.
fn bytes(file: &Value) -> Vec<u8> {
    serde_json::to_vec(file).unwrap()
}

fn turn(participant: &str, begin: u32, content: &str) -> Value {
    json!({
        "Id": format!("turn-{begin}"),
        "ParticipantId": participant,
        "Content": content,
        "BeginOffsetMillis": begin,
        "EndOffsetMillis": begin + 500,
        "Sentiment": "POSITIVE",
        "LoudnessScore": [78.2, null, 0],
        "Redaction": { "RedactedTimestamps": [{ "BeginOffsetMillis": begin, "EndOffsetMillis": begin + 1 }] }
    })
}

#[test]
fn participants_have_ids_of_their_own_or_are_called_by_their_role() {
    let file = bytes(&json!({
        "Participants": [
            { "ParticipantId": "e9b36a6d", "ParticipantRole": "CUSTOMER" },
            { "ParticipantId": "f36a545d", "ParticipantRole": "AGENT" },
        ],
        "Transcript": [turn("e9b36a6d", 0, "a"), turn("f36a545d", 1, "b"), turn("CUSTOMER", 2, "c"), turn("?", 3, "d")],
    }));
    let analysis = Analysis::read(&file).unwrap();
    let roles: Vec<ParticipantRole> = analysis.turns.iter().map(|turn| analysis.role_of(turn)).collect();
    assert_eq!(roles[..3], [ParticipantRole::Customer, ParticipantRole::Agent, ParticipantRole::Customer]);
    assert_eq!(roles[3], ParticipantRole::Other("?".to_owned()));
}

#[test]
fn what_a_file_may_lack_is_not_there() {
    let nulls = json!({
        "Channel": null, "CustomerMetadata": null, "Participants": null, "Transcript": null,
        "ConversationCharacteristics": { "Sentiment": { "OverallSentiment": null }, "TotalConversationDurationMillis": null },
    });
    for file in [json!({}), nulls] {
        let file = bytes(&file);
        let analysis = Analysis::read(&file).unwrap();
        assert_eq!((analysis.channel.clone(), analysis.duration_millis()), (None, None));
        assert_eq!(analysis.customer_metadata, CustomerMetadata::default());
        assert!(analysis.turns.is_empty() && analysis.overall_scores().next().is_none());
    }
    let file = bytes(&json!({ "Transcript": [
        { "BeginOffsetMillis": 1, "EndOffsetMillis": 2 },
        { "BeginOffsetMillis": 1, "EndOffsetMillis": 2, "Content": null, "Sentiment": null, "Id": null },
    ] }));
    for turn in Analysis::read(&file).unwrap().turns {
        assert_eq!((turn.content.as_ref(), turn.sentiment), ("", None));
    }
}

#[test]
fn overall_scores_are_those_that_are_numbers() {
    let file = bytes(&json!({ "ConversationCharacteristics": {
        "TotalConversationDurationMillis": 86_727,
        "Sentiment": { "OverallSentiment": { "AGENT": 0, "CUSTOMER": 3.1, "SUPERVISOR": null, "SYSTEM": "none" } },
    } }));
    let analysis = Analysis::read(&file).unwrap();
    let scores: Vec<_> = analysis.overall_scores().collect();
    assert_eq!(scores, [(ParticipantRole::Agent, 0.0), (ParticipantRole::Customer, 3.1)]);
    assert_eq!(analysis.duration_millis(), Some(86_727));
}

#[test]
fn texts_of_all_languages_stay_where_they_are_in_the_file() {
    const SAID: [&str; 3] = ["Schöne Grüße aus Übersee", "¿Qué tal? – 日本語", "👋"];
    let turns: Vec<Value> = (0..).zip(SAID).map(|(at, said)| turn("AGENT", at, said)).collect();
    let file = bytes(&json!({ "Transcript": turns }));
    let analysis = Analysis::read(&file).unwrap();
    for (turn, said) in analysis.turns.iter().zip(SAID) {
        assert_eq!(turn.content, said);
        assert!(matches!(turn.content, Cow::Borrowed(_)));
    }
}

#[test]
fn neither_debug_nor_an_error_tells_what_was_said() {
    let file = bytes(&json!({ "Transcript": [turn("AGENT", 0, "the secret")] }));
    assert!(!format!("{:?}", Analysis::read(&file).unwrap()).contains("secret"));
    let mut wrong = turn("AGENT", 0, "a");
    wrong["EndOffsetMillis"] = json!("the secret");
    let error = Analysis::read(&bytes(&json!({ "Transcript": [turn("AGENT", 0, "a"), wrong] }))).unwrap_err();
    assert_eq!(error.path(), "Transcript[1].EndOffsetMillis");
    assert!(!error.to_string().contains("secret"), "{error}");
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Analysis::read(&bytes);
    }

    #[test]
    fn what_is_said_is_read_as_it_was_written(said in any::<String>(), at in any::<u32>()) {
        let mut turn = turn("AGENT", 0, &said);
        turn["BeginOffsetMillis"] = json!(at);
        let file = bytes(&json!({ "Transcript": [turn] }));
        let analysis = Analysis::read(&file).unwrap();
        prop_assert_eq!(&analysis.turns[0].content, &said);
        prop_assert_eq!(analysis.turns[0].begin_offset_millis, at);
    }
}
