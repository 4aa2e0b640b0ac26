use std::time::Duration;

use serde_json::json;
use tokio::time::Instant;

use super::*;
use crate::report;
use crate::selection::Selection;

fn message(number: u32, body: &Value) -> Message {
    Message {
        id: format!("m-{number}"),
        body: body.to_string(),
        sent: DateTime::from_timestamp_millis(1_800_000_000_000 + i64::from(number) * 1000),
        attributes: HashMap::new(),
        receipt: String::new(),
        held_until: Instant::now() + Duration::from_secs(60),
    }
}

/// A dead letter of a record in one part of several.
fn part(id: &str, (part, of): (u32, u32), content: &str) -> Value {
    json!({
        "format": 1,
        "id": id,
        "part": part,
        "of": of,
        "function": "Center-CTRDataSyncFunction",
        "reason": { "code": "Refused", "message": "Salesforce refused it" },
        "source": { "eventId": id, "sequenceNumber": id, "partitionKey": "c-1" },
        "record": { "encoding": "text", "content": content },
    })
}

fn event(id: &str, content: &str) -> Value {
    let mut letter = part(id, (1, 1), content);
    letter["function"] = json!("Center-HandleContactEventsFunction");
    letter["source"] = json!({ "eventId": id });
    letter
}

fn letters(bodies: &[Value]) -> Vec<Letter> {
    read(bodies.iter().zip(1..).map(|(body, number)| message(number, body)).collect())
}

fn messages_of(letter: &Letter) -> Vec<&str> {
    letter.messages.iter().map(|message| message.id.as_str()).collect()
}

#[test]
fn parts_and_doubles_are_one_letter() {
    let letters = letters(&[
        part("7", (2, 2), "\"b\"}"),
        part("8", (1, 1), "{}"),
        part("7", (1, 2), "{\"a\":"),
        part("8", (1, 1), "{}"),
        part("7", (1, 2), "{\"a\":"),
    ]);
    assert_eq!(letters.len(), 2);
    assert_eq!(messages_of(&letters[0]), ["m-1", "m-3", "m-5"]);
    assert!(matches!(&letters[0].work, Work::Record(source, data)
        if data == br#"{"a":"b"}"# && source.sequence_number.as_deref() == Some("7")));
    assert_eq!(messages_of(&letters[1]), ["m-2", "m-4"]);
}

#[test]
fn a_letter_of_which_a_part_is_missing_stays() {
    let letters = letters(&[part("7", (1, 2), "{\"a\":")]);
    assert!(
        matches!(&letters[0].work, Work::Nothing(why) if why == "part 2 of 2 of the record is not in the queue")
    );
    assert_eq!(letters[0].reason.code, "Refused");
}

#[test]
fn two_events_without_an_id_are_two() {
    assert_eq!(letters(&[event("", "{\"a\":1}"), event("", "{\"a\":2}")]).len(), 2);
}

#[test]
fn an_event_is_sent_as_it_came_and_only_if_it_can_be_one() {
    let letters = letters(&[event("1", "{ \"a\" : 1.10 }"), event("2", "no JSON")]);
    assert!(letters[0].work == Work::Event("{ \"a\" : 1.10 }".into()));
    assert!(matches!(letters[1].work, Work::Nothing(_)));
}

#[test]
fn sequence_numbers_are_numbers() {
    assert!(position("99") < position("100"));
    assert!(position("0100") > position("99"));
    assert_eq!(position("007"), position("7"));
    let letters = letters(&[part("100", (1, 1), "{}"), part("99", (1, 1), "{}")]);
    assert!(letters[1].position() < letters[0].position());
    assert_eq!(letters[0].lane(), letters[1].lane());
}

#[test]
fn a_selection_takes_the_oldest_that_fit() {
    let all =
        || letters(&[part("1", (1, 1), "{}"), event("2", "{}"), part("3", (1, 1), "{}"), event("4", "{}")]);
    let ids = |selection: Selection| -> Vec<String> {
        selection.split(all()).0.into_iter().map(|letter| letter.id).collect()
    };
    let list = |text: &str| vec![text.to_owned()];
    assert_eq!(ids(Selection::default()), ["1", "2", "3", "4"]);
    assert_eq!(ids(Selection { limit: Some(3), ..Selection::default() }), ["1", "2", "3"]);
    let contact_events = Selection { functions: list("HandleContactEventsFunction"), ..Selection::default() };
    assert_eq!(ids(contact_events.clone()), ["2", "4"]);
    assert_eq!(ids(Selection { limit: Some(1), ..contact_events.clone() }), ["2"]);
    assert_eq!(ids(Selection { ids: vec!["4".into(), "1".into()], ..contact_events }), ["4"]);
    assert_eq!(ids(Selection { reasons: list("refused"), ..Selection::default() }).len(), 4);
    assert_eq!(ids(Selection { reasons: list("other"), ..Selection::default() }).len(), 0);
    let (_, others) = Selection { limit: Some(1), ..Selection::default() }.split(all());
    assert_eq!(others.len(), 3, "nothing is forgotten");
}

#[test]
fn the_summary_has_everything_but_what_is_in_the_letters() {
    let mut hostile = event("\u{1b}[2J\n5", "{}");
    hostile["reason"]["message"] = json!("\u{1b}[31m".to_owned() + &"x".repeat(1000));
    let letters = letters(&[
        part("1", (1, 1), "{\"secret\":true}"),
        part("2", (1, 1), "{}"),
        part("3", (1, 2), "{"),
        part("4", (1, 1), "{}"),
        part("5", (1, 1), "{}"),
        hostile,
    ]);
    let summary = report::summary(&letters);
    let shortened = summary.replace(&"x".repeat(295), "x");
    assert!(summary.len() > shortened.len(), "a long text is shown up to a length");
    insta::assert_snapshot!(shortened, @r"
    4  Refused  Center-CTRDataSyncFunction
       Salesforce refused it
       a record of a stream, sent as one and waited for
       2027-01-15 08:00:01 to 2027-01-15 08:00:05 UTC; id 1, 2, 4, …
    1  Refused  Center-CTRDataSyncFunction
       Salesforce refused it
       cannot be sent: part 2 of 2 of the record is not in the queue
       2027-01-15 08:00:03 UTC; id 3
    1  Refused  Center-HandleContactEventsFunction
        [31mx…
       an event, which Lambda takes and delivers
       2027-01-15 08:00:06 UTC; id  [2J 5
    ");
}

#[test]
fn a_group_tells_different_reasons_but_not_all_of_them() {
    let bodies: Vec<Value> = (1..=5)
        .map(|number| {
            let mut letter = part(&number.to_string(), (1, 1), "{}");
            letter["reason"]["message"] = json!(format!("reason {number}"));
            letter
        })
        .collect();
    let summary = report::summary(&letters(&bodies));
    assert!(
        summary.contains("reason 1\n        reason 2\n        reason 3\n        and 2 other reasons\n"),
        "{summary}"
    );
}

#[test]
fn a_letter_that_is_shown_is_shown_whole() {
    let letters = letters(&[part("1", (1, 1), "{\"a\":1}"), event("2", "{\"b\":2}")]);
    assert_eq!(letters[0].show()["record"], json!({ "a": 1 }));
    assert_eq!(letters[1].show()["event"], json!({ "b": 2 }));
    assert!(!format!("{letters:?}").contains("\\\"a\\\""), "but not by accident");
}
