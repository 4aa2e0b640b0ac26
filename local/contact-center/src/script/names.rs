//! The names that a script uses: functions are called by their folder, records as the script calls them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lines;
use super::expect::{Expectations, Expected};
use super::fault::Fault;
use super::flows::Flows;
use super::model::{Action, Step};
use super::target::Transfer;
use crate::functions::ALL;

type Wrong = (u64, String);

/// Flows and their blocks must be there, and what is said of keys must be keys.
pub(super) fn check_flows(text: &str, lines: &Lines, steps: &[Step], flows: &Flows) -> Result<(), Wrong> {
    for step in steps {
        let at_step = |problem: String| (step.line, problem);
        match &step.action {
            Action::Transfer(Transfer { flow: Some(flow), .. }) => flows.check(flow).map_err(at_step)?,
            Action::Presses(_) if flows.is_empty() => {
                return Err(at_step(
                    "only a contact flow asks for keys: the script needs a `flow`".to_owned(),
                ));
            }
            Action::Presses(keys) if keys.is_empty() || !keys.chars().all(is_key) => {
                return Err(at_step(format!("`{keys}` are no keys: write digits, * and #, in quotes")));
            }
            _ => {}
        }
    }
    let expect = &lines.expect;
    let waypoints = expect.path.iter().chain(&expect.not_path).flatten().map(|waypoint| &waypoint.block);
    for block in waypoints.chain(lines.outcomes.keys()) {
        if !flows.has_block(block) {
            let problem = format!(
                "no contact flow of this script has a block {block}; a block is called by its identifier or its type"
            );
            return Err((line_with(text, block), problem));
        }
    }
    Ok(())
}

fn is_key(key: char) -> bool {
    key.is_ascii_digit() || matches!(key, '*' | '#')
}

/// The first line that has this text, outside of comments.
fn line_with(text: &str, part: &str) -> u64 {
    let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim_start().starts_with('#'));
    lines.find(|(line, _)| line.contains(part)).map_or(1, |(_, number)| number)
}

/// The line that says which contact flows there are.
pub(super) fn line_of_flows(text: &str) -> u64 {
    let says = |line: &str| ["flow:", "flows:", "aliases:", "hooks:"].iter().any(|key| line.starts_with(key));
    text.lines().zip(1..).find(|(line, _)| says(line)).map_or(1, |(_, number)| number)
}

/// Every function must be one that there is. Whoever is wrong about that is told before anything is played.
pub(super) fn check_functions(text: &str, lines: &Lines, steps: &[Step]) -> Result<(), Wrong> {
    for step in steps {
        match &step.action {
            Action::Flow(flow) => check_function(&flow.function, || step.line)?,
            Action::Fault(Fault::Kill(function)) => check_function(function, || step.line)?,
            _ => {}
        }
    }
    for name in lines.functions.keys() {
        check_function(name, || line_under(text, "functions:", name))?;
    }
    for name in lines.expect.invocations.keys() {
        check_function(name, || line_under(text, "invocations:", name))?;
    }
    Ok(())
}

fn check_function(name: &str, line: impl FnOnce() -> u64) -> Result<(), Wrong> {
    if ALL.iter().any(|function| function.package == name) {
        return Ok(());
    }
    let known: Vec<&str> = ALL.iter().map(|function| function.package).collect();
    Err((line(), format!("no function is called {name}; there are: {}", known.join(", "))))
}

/// Every `@name` must be one of a record that is there by then.
pub(super) fn check_records(text: &str, lines: &Lines, steps: &[Step]) -> Result<(), Wrong> {
    let mut known = BTreeSet::new();
    for record in &lines.salesforce.records {
        check_names(text, record.fields.values(), &known)?;
        known.extend(record.name.as_deref());
    }
    for step in steps {
        if let Action::Flow(flow) = &step.action {
            check_names(text, flow.parameters.values(), &known)?;
        }
    }
    check_names(text, expected(&lines.expect), &known)
}

fn check_names<'v>(
    text: &str,
    values: impl IntoIterator<Item = &'v Value>,
    known: &BTreeSet<&str>,
) -> Result<(), Wrong> {
    for name in values.into_iter().filter_map(name_in) {
        if !known.contains(name) {
            let known: Vec<&str> = known.iter().copied().collect();
            let there_are = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            let problem =
                format!("no record above is called {name}; of records with `as` there are: {there_are}");
            return Err((line_with_name(text, name), problem));
        }
    }
    Ok(())
}

/// The name in a text like `@case`; `@` in front of something else is just a text.
fn name_in(value: &Value) -> Option<&str> {
    let name = value.as_str()?.strip_prefix('@')?;
    (!name.is_empty() && name.chars().all(is_of_name)).then_some(name)
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

fn expected(expect: &Expectations) -> impl Iterator<Item = &Value> {
    let voice_calls = expect.voice_calls.iter().flatten();
    let fields = voice_calls.chain(expect.records.values().flatten()).flat_map(|fields| fields.values());
    fields.chain(expect.attributes.values()).filter_map(|expected| match expected {
        Expected::Equals(value) => Some(value),
        _ => None,
    })
}

/// The first line that uses this name; one that is wrong is used nowhere rightly.
fn line_with_name(text: &str, name: &str) -> u64 {
    let uses = |line: &str| {
        line.match_indices(&format!("@{name}"))
            .any(|(at, found)| !line[at + found.len()..].starts_with(is_of_name))
    };
    let mut lines = text.lines().zip(1..).filter(|(line, _)| !line.trim_start().starts_with('#'));
    lines.find(|(line, _)| uses(line)).map_or(1, |(_, number)| number)
}

/// The line of a key below, or beside, that of a section.
pub(super) fn line_under(text: &str, section: &str, key: &str) -> u64 {
    let below = text.lines().zip(1..).skip_while(|(line, _)| !line.trim_start().starts_with(section));
    let key = format!("{key}:");
    below.into_iter().find(|(line, _)| line.contains(&key)).map_or(1, |(_, number)| number)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::script::Script;

    fn error(yaml: &str) -> String {
        Script::parse(Path::new("a-call.yaml"), yaml).unwrap_err().to_string()
    }

    const CALL: &str = "summary: s
contact: { from: '+12065550100' }
";

    #[test]
    fn functions_are_called_by_their_folder() {
        let end = "steps:\n  - { at: 2s, hang_up: customer }\n";
        let errors = [
            format!("{CALL}functions:\n  voice-call: {{ timeout: 1s }}\n  transcriber: {{ timeout: 1s }}\n{end}"),
            format!("{CALL}functions: {{ kvsTranscriber: {{ timeout: 1s }} }}\n{end}"),
            format!("{CALL}steps:\n  - {{ at: 1s, fault: {{ kill: transcriber }} }}\n  - {{ at: 2s, hang_up: customer }}\n"),
            format!("{CALL}steps:\n  - at: 1s\n    flow: {{ function: create }}\n  - {{ at: 2s, hang_up: customer }}\n"),
            format!("{CALL}{end}expect:\n  invocations:\n    voice-call: 0\n    create: 1\n"),
        ]
        .map(|yaml| error(&yaml));
        let known = "; there are: voice-call, salesforce-rest, start-transcription, transcribe-call, \
                     sync-contact-records, contact-events, persist-transcripts, post-call-analysis, \
                     backfill-transcripts";
        let short: Vec<String> = errors.iter().map(|error| error.replace(known, "")).collect();
        assert!(errors.iter().all(|error| error.ends_with(known)), "{errors:#?}");
        insta::assert_snapshot!(short.join("\n"), @r"
        a-call.yaml:5: no function is called transcriber
        a-call.yaml:3: no function is called kvsTranscriber
        a-call.yaml:4: no function is called transcriber
        a-call.yaml:4: no function is called create
        a-call.yaml:8: no function is called create
        ");
    }

    #[test]
    fn records_are_called_as_the_script_calls_them() {
        let rest = "steps:\n  - { at: 2s, hang_up: customer }\n";
        let contact = "    - { object: Contact, as: caller, fields: { LastName: Caller } }\n";
        let case = "    - object: Case\n      fields:\n        ContactId: '@caller'\n";
        let errors = [
            format!("{CALL}salesforce:\n  records:\n{case}{contact}{rest}"),
            format!("{CALL}salesforce:\n  # not @callers\n  records:\n{contact}{}{rest}", case.replace("caller", "callers")),
            format!(
                "{CALL}salesforce:\n  records:\n{contact}steps:\n  - at: 1s\n    flow:\n      function: salesforce-rest\n      \
                 parameters: {{ recordId: '@case' }}\n  - {{ at: 2s, hang_up: customer }}\n"
            ),
            format!("{CALL}{rest}expect:\n  attributes:\n    case: '@case'\n"),
        ]
        .map(|yaml| error(&yaml));
        insta::assert_snapshot!(errors.join("\n"), @r"
        a-call.yaml:7: no record above is called caller; of records with `as` there are: none
        a-call.yaml:9: no record above is called callers; of records with `as` there are: caller
        a-call.yaml:10: no record above is called case; of records with `as` there are: caller
        a-call.yaml:7: no record above is called case; of records with `as` there are: none
        ");
    }

    #[test]
    fn a_text_that_only_begins_like_a_name_is_a_text() {
        let yaml = format!(
            "{CALL}salesforce:\n  records:\n    - {{ object: Case, fields: {{ Subject: '@home or away' }} }}\n\
             steps:\n  - {{ at: 2s, hang_up: customer }}\n"
        );
        assert!(Script::parse(Path::new("a-call.yaml"), &yaml).is_ok());
    }
}
