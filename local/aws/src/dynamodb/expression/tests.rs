use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Condition, Placeholders, Update};
use crate::dynamodb::Item;
use crate::dynamodb::value::plain_item;

fn item(wire: Json) -> Item {
    serde_json::from_value(wire).unwrap()
}

/// The placeholders that the expressions below may use.
fn placeholders() -> Placeholders {
    let names =
        BTreeMap::from([("#state".to_owned(), "state".to_owned()), ("#pk".to_owned(), "pk".to_owned())]);
    let values = item(json!({
        ":two": {"N": "2"}, ":ten": {"N": "10"}, ":text": {"S": "2026-01-02T03:04:05Z"},
        ":lease": {"S": "lease-"}, ":yes": {"BOOL": true},
    }));
    Placeholders::new(Some(names), Some(values)).unwrap()
}

fn holds(expression: &str, wire: Json) -> bool {
    Condition::parse(expression, &placeholders()).unwrap_or_else(|error| panic!("{error}")).holds(&item(wire))
}

fn refusal(expression: &str) -> String {
    Condition::parse(expression, &placeholders()).unwrap_err()
}

fn updated(expression: &str, wire: Json) -> Result<Json, String> {
    let update = Update::parse(expression, &placeholders())?;
    update.apply(&item(wire)).map(|item| plain_item(&item))
}

#[test]
fn comparisons_know_types() {
    let lease =
        || json!({"pk": {"S": "lease-1"}, "state": {"N": "9"}, "seen": {"S": "2026-01-02T03:04:04Z"}});
    for (expression, expected) in [
        ("#state < :ten", true),
        ("#state > :two", true),
        ("#state <= :two", false),
        ("#state >= #state", true),
        ("#state = :ten", false),
        ("#state <> :ten", true),
        ("seen < :text", true),
        ("seen >= :text", false),
        (":text > seen", true),
        ("seen < :ten", false),
        ("seen > :ten", false),
        ("begins_with(pk, :lease)", true),
        ("begins_with(seen, :lease)", false),
        ("begins_with(#state, :lease)", false),
    ] {
        assert_eq!(holds(expression, lease()), expected, "{expression}");
    }
}

#[test]
fn a_missing_attribute_only_differs() {
    for (expression, expected) in [
        ("attribute_exists(#pk)", false),
        ("attribute_not_exists(#pk)", true),
        ("#state = :two", false),
        ("#state <> :two", true),
        ("#state < :two", false),
        ("#state > :two", false),
        ("seen = #state", false),
        ("begins_with(pk, :lease)", false),
    ] {
        assert_eq!(holds(expression, json!({})), expected, "{expression}");
    }
}

#[test]
fn not_binds_tighter_than_and_and_that_tighter_than_or() {
    let wire = || json!({"yes": {"BOOL": true}, "nope": {"BOOL": false}});
    for (expression, expected) in [
        ("yes = :yes OR nope = :yes AND nope = :yes", true),
        ("(yes = :yes OR nope = :yes) AND nope = :yes", false),
        ("NOT nope = :yes AND yes = :yes", true),
        ("NOT (nope = :yes OR yes = :yes)", false),
        ("not not yes = :yes", true),
        ("nope = :yes or yes = :yes and NOT attribute_exists(gone)", true),
    ] {
        assert_eq!(holds(expression, wire()), expected, "{expression}");
    }
}

#[test]
fn a_condition_that_dynamodb_refuses_is_refused() {
    for (expression, because) in [
        ("", "empty"),
        ("#state =", "<EOF>"),
        ("#state = :two )", "\")\""),
        ("(#state = :two", "<EOF>"),
        ("#state :two", "\":two\""),
        ("state = :two", "reserved keyword: state"),
        ("TTL > :two", "reserved keyword: TTL"),
        ("#other = :two", "not defined; placeholder: #other"),
        ("#state = :other", "not defined; placeholder: :other"),
        ("#state < :yes", "operand type: BOOL"),
        ("begins_with(#state, :two)", "operand type: N"),
        ("attribute_exists(:two)", "\":two\""),
    ] {
        let error = refusal(expression);
        assert!(error.contains(because), "{expression}: {error}");
    }
}

#[test]
fn what_is_not_stood_in_for_is_named() {
    for expression in ["size(seen) > :two", "#state BETWEEN :two AND :ten", "#state IN (:two)", "a.b = :two"]
    {
        let error = refusal(expression);
        assert!(error.contains("local-aws does not stand in for"), "{expression}: {error}");
    }
    let error = updated("ADD attempts :two", json!({})).unwrap_err();
    assert!(error.contains("clause: ADD"), "{error}");
}

#[test]
fn an_update_sets_and_removes() {
    let before = || json!({"attempts": {"N": "2"}, "seen": {"S": "x"}});
    for (expression, after) in [
        ("SET #state = :text", json!({"attempts": 2, "seen": "x", "state": "2026-01-02T03:04:05Z"})),
        ("set attempts = attempts + :ten", json!({"attempts": 12, "seen": "x"})),
        ("SET attempts = attempts - :ten", json!({"attempts": -8, "seen": "x"})),
        ("SET runs = if_not_exists(runs, :two) + :ten", json!({"attempts": 2, "seen": "x", "runs": 12})),
        ("SET attempts = if_not_exists(attempts, :ten)", json!({"attempts": 2, "seen": "x"})),
        ("REMOVE seen, gone", json!({"attempts": 2})),
        ("REMOVE seen SET twin = seen, attempts = :ten", json!({"attempts": 10, "twin": "x"})),
        ("SET seen = attempts, attempts = seen", json!({"attempts": "x", "seen": 2})),
    ] {
        assert_eq!(updated(expression, before()), Ok(after), "{expression}");
    }
}

#[test]
fn an_update_that_dynamodb_refuses_is_refused() {
    for (expression, because) in [
        ("", "empty"),
        ("attempts = :two", "\"attempts\""),
        ("SET attempts", "<EOF>"),
        ("SET attempts = :two,", "<EOF>"),
        ("SET attempts = :two SET seen = :two", "\"SET\""),
        ("SET attempts = :two REMOVE attempts", "overlap"),
        ("SET :two = :ten", "\":two\""),
        ("SET attempts = gone", "does not exist"),
        ("SET attempts = gone + :two", "does not exist"),
        ("SET attempts = :two + :text", "incorrect data type"),
        ("REMOVE counter", "reserved keyword: counter"),
    ] {
        let error = updated(expression, json!({})).unwrap_err();
        assert!(error.contains(because), "{expression}: {error}");
    }
}

#[test]
fn what_no_expression_uses_is_refused() {
    let placeholders = placeholders();
    Condition::parse("#state = :two AND #pk <> :text", &placeholders).unwrap();
    Update::parse("SET a = :lease", &placeholders).unwrap();
    let error = placeholders.all_used().unwrap_err();
    assert!(error.contains("\":ten\", \":yes\""), "{error}");
    Condition::parse("#state = :ten AND #pk <> :yes", &placeholders).unwrap();
    assert_eq!(placeholders.all_used(), Ok(()));
    assert!(Placeholders::new(Some(BTreeMap::new()), None).is_err());
}

proptest::proptest! {
    /// Whatever arrives, there is an answer and no panic.
    #[test]
    fn any_text_is_read_or_refused(
        noise in ".*",
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..12),
    ) {
        for text in [noise, words.join(" ")] {
            if let Ok(condition) = Condition::parse(&text, &placeholders()) {
                condition.holds(&Item::new());
            }
            if let Ok(update) = Update::parse(&text, &placeholders()) {
                update.apply(&Item::new()).ok();
            }
        }
    }
}

/// Words that make nearly valid expressions.
const WORDS: &[&str] = &[
    "SET",
    "REMOVE",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    ",",
    "=",
    "<>",
    "<",
    "+",
    "-",
    "#state",
    ":two",
    ":text",
    "seen",
    "begins_with(",
    "attribute_exists(",
    "if_not_exists(",
];
