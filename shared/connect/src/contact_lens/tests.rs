use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn event(segments: Value) -> Value {
    json!({
        "Version": "1.0.0", "Channel": "VOICE", "AccountId": "123456789012",
        "InstanceId": "6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83", "ContactId": "c-1", "LanguageCode": "en-US",
        "EventType": "SEGMENTS", "Segments": segments,
    })
}

fn utterance() -> Value {
    json!({
        "Id": "u-1", "TranscriptId": "t-1", "ParticipantId": "CUSTOMER", "ParticipantRole": "CUSTOMER",
        "PartialContent": "My order has not", "BeginOffsetMillis": 1200, "EndOffsetMillis": 2400,
    })
}

fn transcript() -> Value {
    json!({
        "Id": "t-1", "ParticipantId": "CUSTOMER", "ParticipantRole": "CUSTOMER", "Content": "My order has not come.",
        "BeginOffsetMillis": 1200, "EndOffsetMillis": 3100, "Sentiment": "NEGATIVE",
    })
}

fn read(event: &Value) -> SegmentEvent<ReadSegment> {
    SegmentEvent::read(event.to_string().as_bytes()).unwrap()
}

fn only(segment: Value) -> ReadSegment {
    read(&event(json!([segment]))).segments.remove(0)
}

#[test]
fn what_connect_sends_is_read_and_written_the_same() {
    let details = json!({
        "Refund": { "PointsOfInterest": [{ "BeginOffsetMillis": 1200, "EndOffsetMillis": 3100 }], "RuleId": "r-1" },
    });
    let sent = event(json!([
        { "Utterance": utterance() },
        { "Transcript": transcript() },
        { "Categories": { "MatchedCategories": ["Refund"], "MatchedDetails": details } },
        { "PostContactSummary": { "Content": "An order is late.", "Status": "COMPLETED" } },
    ]));
    let strict: SegmentEvent = crate::from_value(sent.clone()).unwrap();
    assert_eq!(serde_json::to_value(&strict).unwrap(), sent);
    let each = read(&sent);
    assert_eq!((each.contact_id.as_str(), &each.event_type), ("c-1", &EventType::Segments));
    assert_eq!(each.segments.into_iter().collect::<Result<Vec<_>, _>>().unwrap(), strict.segments);
}

#[test]
fn the_beginning_and_the_end_have_no_segments() {
    for (name, kind) in
        [("STARTED", EventType::Started), ("COMPLETED", EventType::Completed), ("FAILED", EventType::Failed)]
    {
        let event = read(&json!({ "ContactId": "c-1", "EventType": name, "Segments": null }));
        assert_eq!((event.event_type, event.segments.len()), (kind, 0));
    }
}

#[test]
fn a_segment_that_cannot_be_read_does_not_take_the_others_with_it() {
    let mut no_id = utterance();
    no_id.as_object_mut().unwrap().remove("Id");
    let mut no_number = utterance();
    no_number["EndOffsetMillis"] = json!("My order has not");
    let event = read(&event(json!([
        { "Utterance": no_id }, { "Utterance": utterance() }, { "Utterance": no_number }, "My order", {},
        { "Utterance": utterance(), "Transcript": transcript() }, { "Transcript": transcript() },
    ])));
    let problems: Vec<_> =
        event.segments.iter().map(|segment| segment.as_ref().err().map(Malformed::to_string)).collect();
    let problem = |text: &str| Some(format!("cannot read the event: at {text}"));
    assert_eq!(problems[0], problem("Utterance: missing field `Id`"));
    assert_eq!(problems[2], problem("Utterance.EndOffsetMillis: invalid type: string, expected u32"));
    assert_eq!(
        problems[3],
        problem(".: invalid type: string, expected a segment: an object with one member")
    );
    assert_eq!(problems[4], problem(".: an empty segment"));
    assert!(problems[5].as_ref().unwrap().contains("several things at once"), "{problems:?}");
    assert_eq!((&problems[1], &problems[6]), (&None, &None));
}

#[test]
fn without_a_contact_it_is_no_event() {
    let mut nobody = event(json!([{ "Utterance": utterance() }]));
    nobody.as_object_mut().unwrap().remove("ContactId");
    let error = SegmentEvent::read(nobody.to_string().as_bytes()).unwrap_err();
    assert!(
        error.to_string().starts_with("cannot read the event: at .: missing field `ContactId`"),
        "{error}"
    );
    assert!(SegmentEvent::read(b"My order has not come").is_err());
    assert!(SegmentEvent::read(br#"{"ContactId":"../c-1","EventType":"SEGMENTS"}"#).is_err());
}

#[test]
fn what_is_null_or_new_is_read_all_the_same() {
    let summary = only(json!({
        "Utterance": null, "PostContactSummary": { "Content": null, "Status": "FAILED", "FailureCode": "QUOTA_EXCEEDED" }
    }));
    let Ok(Segment::PostContactSummary(summary)) = summary else { panic!("{summary:?}") };
    assert_eq!((summary.content, summary.status), (None, Some(SummaryStatus::Failed)));
    assert_eq!(only(json!({ "Brand": { "new": [1] } })).unwrap(), Segment::Other("Brand".into()));
    let both = only(json!({ "Utterance": utterance(), "Brand": {} })).unwrap();
    assert!(matches!(both, Segment::Utterance(_)), "{both:?}");
    let mut event = event(json!(null));
    event["Channel"] = json!("");
    assert!(read(&event).is_voice());
    event["Channel"] = json!("CHAT");
    assert!(!read(&event).is_voice());
}

#[test]
fn a_category_need_not_have_details() {
    let categories = only(json!({ "Categories": {
        "MatchedCategories": ["Refund", "Angry", "Silent"],
        "MatchedDetails": { "Refund": { "PointsOfInterest": null }, "Angry": null },
    } }));
    let Ok(Segment::Categories(categories)) = categories else { panic!("{categories:?}") };
    for category in &categories.matched_categories {
        assert_eq!(categories.points_of_interest(category), [], "{category}");
    }
    assert!(matches!(
        only(json!({ "Categories": { "MatchedCategories": ["a"] } })),
        Ok(Segment::Categories(_))
    ));
}

#[test]
fn who_speaks_is_told_by_role_or_by_id() {
    assert_eq!(ParticipantRole::of(None, Some("AGENT")), ParticipantRole::Agent);
    assert_eq!(ParticipantRole::of(Some(ParticipantRole::Customer), Some("p-1")), ParticipantRole::Customer);
    assert_eq!(ParticipantRole::of(None, None), ParticipantRole::Other(String::new()));
}

#[test]
fn what_was_said_is_not_shown() {
    let event = read(&event(json!([
        { "Utterance": utterance() }, { "Transcript": transcript() },
        { "PostContactSummary": { "Content": "An order is late." } },
    ])));
    assert!(!format!("{event:?}").contains("order"), "{event:?}");
}

proptest! {
    #[test]
    fn no_bytes_make_reading_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = SegmentEvent::read(&bytes);
    }
}
