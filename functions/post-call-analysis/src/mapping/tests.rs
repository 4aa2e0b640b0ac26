use std::fmt::Write;

use proptest::prelude::*;
use serde_json::{Value, json};
use stage::{event, event_names};

use super::*;

const KEY: &str = "Analysis/Voice/2026/03/02/c-1_analysis_2026-03-02T17:05:10Z.json";

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

fn times() -> CallTimes {
    CallTimes {
        audio_start: at("2026-03-02T17:05:10.250Z").unwrap(),
        end: at("2026-03-02T17:11:42Z").unwrap(),
    }
}

fn events_of(file: &Value, overall_scores: bool) -> Vec<Value> {
    let bytes = serde_json::to_vec(file).unwrap();
    let signals = signals(&Analysis::read(&bytes).unwrap(), overall_scores);
    signals.iter().map(|signal| serde_json::to_value(signal.of_call(&times())).unwrap()).collect()
}

#[test]
fn each_analysis_becomes_these_signals() {
    let mut story = String::new();
    for name in event_names("analyses").unwrap() {
        writeln!(story, "# {name}").unwrap();
        for event in events_of(&event(&format!("analyses/{name}")).unwrap(), true) {
            writeln!(story, "{event}").unwrap();
        }
    }
    insta::assert_snapshot!(story);
}

#[test]
fn overall_scores_can_be_left_out() {
    let file = event("analyses/original.json").unwrap();
    let overall = |events: &[Value]| {
        events.iter().filter(|event| event["type"] == "IntelligenceSignal__OverallSentimentScore").count()
    };
    let (with, without) = (events_of(&file, true), events_of(&file, false));
    assert_eq!((overall(&with), overall(&without)), (2, 0));
    assert_eq!(with[2..], without);
}

#[test]
fn offsets_count_from_the_moment_on_that_the_call_was_heard() {
    let told = DescribedContact {
        initiation: at("2026-03-02T17:04:05.118Z"),
        connected_to_system: at("2026-03-02T17:04:05.341Z"),
        connected_to_agent: at("2026-03-02T17:05:10.250Z"),
        disconnect: at("2026-03-02T17:11:42Z"),
        ..DescribedContact::default()
    };
    let key = AnalysisKey::parse(KEY).unwrap();
    let start = |told: &DescribedContact| CallTimes::of(told, &key, None).map(|times| times.audio_start);
    assert_eq!(CallTimes::of(&told, &key, Some(1)), Some(times()));
    let no_agent = DescribedContact { connected_to_agent: None, ..told.clone() };
    assert_eq!(start(&no_agent), told.connected_to_system);
    let never_connected = DescribedContact { connected_to_system: None, ..no_agent };
    assert_eq!(start(&never_connected), told.initiation);
    let nothing = DescribedContact::default();
    assert_eq!(start(&nothing), at("2026-03-02T17:05:10Z"), "from the file's name");
    let nameless = AnalysisKey { connected_to_agent: None, ..key.clone() };
    assert_eq!(CallTimes::of(&nothing, &nameless, None), None);
}

#[test]
fn a_call_ends_when_it_was_ended_or_else_when_nothing_more_was_heard() {
    let key = AnalysisKey::parse(KEY).unwrap();
    let started = at("2026-03-02T17:05:10Z");
    let told = DescribedContact { connected_to_agent: started, ..DescribedContact::default() };
    let end = |told: &DescribedContact, heard| CallTimes::of(told, &key, heard).map(|times| times.end);
    assert_eq!(end(&told, Some(60_000)), at("2026-03-02T17:06:10Z"));
    assert_eq!(end(&told, None), started);
    let before = DescribedContact { disconnect: at("2026-03-02T17:05:09Z"), ..told };
    assert_eq!(end(&before, None), started, "never before it began");
}

proptest! {
    #[test]
    fn signals_come_in_order_and_none_is_lost(turns in prop::collection::vec((any::<u32>(), any::<u32>(), 0..5_usize), 0..80)) {
        const SENTIMENTS: [Option<&str>; 5] =
            [Some("POSITIVE"), Some("NEUTRAL"), Some("MIXED"), Some("NEGATIVE"), None];
        let with_sentiment = turns.iter().filter(|turn| SENTIMENTS[turn.2].is_some()).count();
        let turns: Vec<Value> = turns
            .iter()
            .map(|(begin, end, sentiment)| json!({
                "ParticipantId": "CUSTOMER",
                "BeginOffsetMillis": begin,
                "EndOffsetMillis": end,
                "Sentiment": SENTIMENTS[*sentiment],
            }))
            .collect();
        let events = events_of(&json!({ "Transcript": turns }), true);
        prop_assert_eq!(events.len(), with_sentiment);
        prop_assert!(events.is_sorted_by_key(|event| event["startTime"].as_i64()));
        prop_assert!(events.iter().all(|event| event["endTime"].as_i64() >= event["startTime"].as_i64()));
    }

    #[test]
    fn no_time_is_too_far_away(start in any::<i64>(), begin in any::<u32>(), end in any::<u32>()) {
        let Some(start) = DateTime::from_timestamp_millis(start) else { return Ok(()) };
        let told = DescribedContact { connected_to_agent: Some(start), ..DescribedContact::default() };
        let key = AnalysisKey::parse(KEY).unwrap();
        let times = CallTimes::of(&told, &key, Some(end)).unwrap();
        let signal = Signal {
            kind: SignalType::Sentiment,
            value: Cow::Borrowed("0"),
            participant: SignalParticipant::Agent,
            begin,
            end: Some(end),
        };
        signal.of_call(&times);
    }
}
