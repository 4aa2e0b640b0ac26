use std::path::Path;

use super::*;
use crate::script::{Finding, Script, Signals};

/// The script whose steps these lines are, in a call that Contact Lens listens to.
fn script(settings: &str, steps: &str) -> Result<Script, String> {
    let yaml = format!(
        "summary: s
contact: {{ from: '+12065550100', contact_lens: {settings} }}
steps:
  - {{ at: 5s, answer: agent-1 }}
{steps}
  - {{ at: 1m, hang_up: customer }}
"
    );
    Script::parse(Path::new("a-call.yaml"), &yaml).map_err(|error| error.to_string())
}

const LINES: &str = "
  - { at: 6s, agent: What can I do for you today please? }
  - { at: 10s, customer: { text: Cancel it., length: 1s, sentiment: negative } }
";

/// What is put on the stream, in the order in which it is.
fn told(script: &Script) -> String {
    let entries = entries(script.analysis().unwrap(), &script.steps).into_iter();
    let lines = entries.map(|(at, leg, entry)| format!("{} leg {leg} {entry:?}", at.as_millis()));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_said_is_told_in_parts_and_then_as_a_whole() {
    let script = script(
        "{ summary: Somebody cancels. }",
        &format!("{LINES}\n  - {{ at: 12s, category: Cancellation }}"),
    );
    insta::assert_snapshot!(told(&script.unwrap()), @r"
    5000 leg 0 Started
    7950 leg 0 Utterance { line: 0, part: 0 }
    9000 leg 0 Utterance { line: 0, part: 1 }
    9800 leg 0 Transcript { line: 0 }
    11200 leg 0 Utterance { line: 1, part: 0 }
    12000 leg 0 Transcript { line: 1 }
    12000 leg 0 Category { number: 0 }
    62000 leg 0 Summary
    62000 leg 0 Completed
    ");
}

#[test]
fn a_fault_changes_what_is_put_after_it() {
    let with = |faults: &str| told(&script("true", &format!("{LINES}{faults}")).unwrap());
    let without = with("");
    let late = with("  - { at: 10.5s, fault: { contact_lens: { late: 8s } } }");
    assert_ne!(late, without);
    assert!(late.ends_with("12000 leg 0 Transcript { line: 1 }\n19200 leg 0 Utterance { line: 1, part: 0 }\n62000 leg 0 Completed"), "{late}");
    let doubled = with("  - { at: 10.5s, fault: { contact_lens: { doubled: 1 } } }");
    let utterance = "11200 leg 0 Utterance { line: 1, part: 0 }\n";
    assert_eq!(doubled, without.replace(utterance, &utterance.repeat(2)));
    let malformed = with("  - { at: 10.5s, fault: { contact_lens: { malformed: 2 } } }");
    assert_eq!(
        malformed,
        without.replace(utterance, &format!("{}{utterance}", "10500 leg 0 Malformed\n".repeat(2)))
    );
    let failed = with("  - { at: 10.5s, fault: { contact_lens: failed } }");
    assert!(failed.ends_with("Transcript { line: 0 }\n10500 leg 0 Failed"), "{failed}");
    assert_eq!(with("  - { at: 10.5s, fault: { contact_lens: again } }"), without);
}

#[test]
fn a_transferred_leg_is_analyzed_by_itself_from_when_its_agent_answers() {
    let script = script(
        "true",
        "  - { at: 6s, customer: Hello }
  - { at: 10s, transfer: Billing }
  - { at: 20s, answer: agent-2 }
  - { at: 21s, agent: Hello again }",
    )
    .unwrap();
    let legs = &script.analysis().unwrap().legs;
    let spans: Vec<_> = legs
        .iter()
        .map(|leg| (leg.audio.from.as_secs(), leg.audio.to.as_secs(), leg.audio.lines.len()))
        .collect();
    assert_eq!(spans, [(5, 20, 1), (20, 60, 1)]);
}

#[test]
fn what_salesforce_is_to_have_follows_from_how_it_is_told() {
    let texts = |settings: &str, functions: &str| {
        let yaml = format!(
            "summary: s
contact: {{ from: '+12065550100', contact_lens: {settings} }}
{functions}
steps:
  - {{ at: 5s, answer: agent-1 }}
{LINES}
  - {{ at: 1m, hang_up: customer }}
"
        );
        let script = Script::parse(Path::new("a-call.yaml"), &yaml).unwrap();
        let said = script.said(script.streamed());
        said.into_iter().map(|said| said.text).collect::<Vec<_>>()
    };
    let (parts, turns) = (
        ["What can I do for", "you today please?", "Cancel it."],
        ["What can I do for you today please?", "Cancel it."],
    );
    assert_eq!(texts("true", ""), parts);
    let in_turns = "functions: { persist-transcripts: { variables: { TRANSCRIPT_SOURCE: transcript } } }";
    assert_eq!(texts("true", in_turns), turns);
    assert_eq!(texts("{ real_time: false }", ""), turns);
}

#[test]
fn what_nobody_could_hear_or_find_is_refused() {
    let errors = [
        ("maybe", LINES),
        ("{ live: true }", LINES),
        ("true", "  - { at: 6s, media_streaming: start }"),
        ("true", "  - { at: 6s, category: Cancellation }"),
        ("true", "  - { at: 6s, hold: 5s }\n  - { at: 7s, customer: Hello }"),
        ("true", "  - { at: 59.9s, customer: Hello there }"),
        ("true", "  - { at: 6s, transfer: Billing }\n  - { at: 7s, customer: Hello }\n  - { at: 8s, answer: agent-2 }"),
        ("false", "  - { at: 6s, category: Cancellation }"),
        ("false", "  - { at: 6s, customer: Hello }"),
        ("true", "  - { at: 6s, backfill: {} }"),
        ("true", "  - { at: 6s, customer: { text: Hello, mood: bad } }"),
        ("true", "  - { at: 6s, fault: { contact_lens: { slow: 1s } } }"),
    ]
    .map(|(settings, steps)| script(settings, steps).unwrap_err());
    insta::assert_snapshot!(errors.join("\n"), @r#"
    a-call.yaml:2: contact_lens is true, or has settings: invalid type: string "maybe", expected a map
    a-call.yaml:2: contact_lens is true, or has settings: unknown field `live`, expected one of `real_time`, `post_call`, `redacted`, `summary`
    a-call.yaml:5: every line would come twice: the contact has `contact_lens` in real time (`real_time: false` only writes the file)
    a-call.yaml:5: nothing has been said yet that the category could match
    a-call.yaml:6: nobody hears this: the customer is on hold meanwhile
    a-call.yaml:5: the leg ends before this is said
    a-call.yaml:6: nobody hears this: Contact Lens listens from when an agent has answered
    a-call.yaml:5: only Contact Lens finds categories: the contact needs `contact_lens: true`
    a-call.yaml:5: nobody listens: a `media_streaming: start` step has to come before, or the contact has `contact_lens: true`
    a-call.yaml:5: only calls that are over are filled in: backfill comes after hang_up
    a-call.yaml:5: what somebody says is a text, or {text, length, sentiment}
    a-call.yaml:5: unknown variant `slow`, expected one of late, doubled, malformed, failed, again
    "#);
}

#[test]
fn the_media_stream_may_be_heard_where_only_the_file_is_written() {
    let script = script(
        "{ real_time: false }",
        "  - { at: 6s, media_streaming: start }
  - { at: 7s, customer: Hello }",
    )
    .unwrap();
    assert_eq!((script.streamed().len(), script.analysis().unwrap().legs[0].audio.lines.len()), (1, 1));
    assert_eq!(script.said(script.streamed()).len(), 1);
}

#[test]
fn signals_are_expected_as_they_are_written() {
    let yaml = "summary: s
contact: { from: '+12065550100', contact_lens: true }
steps: [{ at: 1s, hang_up: customer }]
expect:
  signals: [{ category: Cancellation }]
";
    let script = Script::parse(Path::new("a-call.yaml"), yaml).unwrap();
    let Some(Signals::List(signals)) = script.expect.signals else { panic!("{:?}", script.expect) };
    assert_eq!(signals[0].what, Finding::Category("Cancellation".to_owned()));
}
